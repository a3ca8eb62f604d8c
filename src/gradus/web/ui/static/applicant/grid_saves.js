// SPDX-License-Identifier: Apache-2.0
// The line of changes on their way to the server. Each action is one request under a key of its own, kept in the browser
// until the server has answered: what was sent again after a lost answer is done once.

function freshKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Saves {
  constructor({ save, undo, prefix, undoable, changed, answered, refused }) {
    Object.assign(this, { save, undo, prefix, changed, answered, refused });
    this.line = [];
    this.ids = new Map(); // the page's own names of new rows, and what the server calls them
    this.undoable = undoable ? [undoable] : [];
    this.redoable = [];
    this.state = "saved";
    this.waiters = [];
    this.delay = 1000;
    this.#recover();
    addEventListener("online", () => this.retry());
  }

  get count() {
    return this.line.reduce((sum, each) => sum + (each.changes?.length ?? 0) + (each.removals?.length ?? 0), 0);
  }

  add(changes, removals = []) {
    const batch = { key: freshKey(), order: Date.now(), changes, removals };
    this.line.push(batch);
    this.#keep(batch);
    this.#send();
    return batch.key;
  }

  takeBack(from, to) {
    this.line.push({ key: freshKey(), from, to });
    this.#send();
  }

  retry() {
    clearTimeout(this.timer);
    this.sending ||= false;
    this.#send();
  }

  idle() {
    return this.line.length ? new Promise((done) => this.waiters.push(done)) : Promise.resolve();
  }

  async #send() {
    if (this.sending) return;
    clearTimeout(this.timer);
    while (this.line.length) {
      const batch = this.line[0];
      if (batch.from && !(batch.entry ??= batch.from.pop())) {
        this.line.shift();
        continue;
      }
      this.#say("saving");
      this.sending = true;
      const outcome = await this.#post(batch);
      this.sending = false;
      if (outcome.later) {
        this.#say(outcome.later);
        this.timer = setTimeout(() => this.#send(), (this.delay = Math.min(this.delay * 2, 30_000)));
        return;
      }
      this.delay = 1000;
      this.line.shift();
      localStorage.removeItem(this.prefix + batch.key);
      if (outcome.refused) this.refused(batch, outcome.refused);
      else this.#accept(batch, outcome.answer);
    }
    this.#say("saved");
    for (const done of this.waiters.splice(0)) done();
  }

  async #post(batch) {
    const said = batch.from
      ? { key: batch.key, entry: batch.entry }
      : { key: batch.key, changes: batch.changes.map((each) => this.#named(each)), removals: batch.removals };
    const body = JSON.stringify(said);
    try {
      const response = await fetch(batch.from ? this.undo : this.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
        body,
        keepalive: body.length < 20_000, // arrives also when the page is left; browsers allow 64 KB for that
        redirect: "manual",
        signal: AbortSignal.timeout(30_000),
      });
      if (response.ok) return { answer: await response.json() };
      if (response.type === "opaqueredirect" || response.status === 403) return { later: "signed_out" };
      if ([400, 404, 413, 422].includes(response.status)) {
        const told = await response.json().catch(() => ({}));
        return { refused: told.refused ?? [String(response.status)] };
      }
    } catch {
      // No connection, or none any more: the answer may be lost, the change is not.
    }
    return { later: "not_saved" };
  }

  #named(change) {
    if (typeof change.row === "number") return change;
    return { row: this.ids.get(change.row) ?? 0, key: change.row, cells: change.cells };
  }

  #accept(batch, answer) {
    for (const [name, id] of Object.entries(answer.new)) this.ids.set(name, id);
    for (const each of this.line) {
      for (const change of each.changes ?? []) change.row = this.ids.get(change.row) ?? change.row;
      this.#keep(each);
    }
    if (answer.entry) (batch.to ?? this.undoable).push(answer.entry);
    if (!batch.from) this.redoable.length = 0;
    this.answered(answer, batch);
  }

  #keep(batch) {
    if (batch.from) return;
    try {
      localStorage.setItem(this.prefix + batch.key, JSON.stringify(batch));
    } catch {
      // The browser keeps nothing more for us; the change still goes to the server.
    }
  }

  #recover() {
    const keys = Object.keys(localStorage).filter((name) => name.startsWith(this.prefix));
    this.line = keys.map((name) => JSON.parse(localStorage.getItem(name))).filter((each) => each?.key && each.changes);
    this.line.sort((one, other) => one.order - other.order);
  }

  start() {
    this.#send();
  }

  #say(state) {
    this.state = state;
    this.changed(state);
  }
}

// The token of the page, or of a later sign-in in another window.
function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? document.body.dataset.csrf ?? "";
}
