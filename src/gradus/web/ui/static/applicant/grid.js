// SPDX-License-Identifier: Apache-2.0
// A table of the dossier under the hands of its writer: keys, ranges, pasting, and what the server says to it.

class Grid {
  constructor(grid) {
    this.grid = grid;
    this.words = JSON.parse(grid.dataset.words);
    this.editable = "editable" in grid.dataset;
    this.cells = new Cells(grid);
    this.says = document.getElementById("cell-says");
    this.editor = new Editor({
      commit: (cell, wanted) => this.change([[cell, wanted]]),
      describe: (cell, column) => this.#describe(cell, column),
    });
    this.prefix = `gradus ${grid.dataset.account} ${grid.dataset.save} `;
    this.conflicts = new Conflicts(this);
    if (this.editable) {
      this.saves = new Saves({
        save: grid.dataset.save,
        undo: grid.dataset.undo,
        prefix: this.prefix,
        undoable: Number(grid.dataset.undoable ?? 0), // one's last change, made on this page before it was loaded anew
        changed: (state) => this.#stateChanged(state),
        answered: (answer, batch) => this.#answered(answer, batch),
        refused: (batch, sentences) => this.#refused(batch, sentences),
      });
      this.#tools();
    }
    this.#listen();
    requestAnimationFrame(() => this.#unfold());
    const { asked } = grid.dataset; // the column that an address names: its cell is what its reader came for
    const pointed = asked && grid.querySelector(`${"single" in grid.dataset ? "" : ".pointed-at "}td[data-column="${CSS.escape(asked)}"]`);
    const start = pointed || (grid.querySelector(".pointed-at td") ?? this.cells.at(1, 1));
    if (start) this.go(start, { focus: Boolean(pointed) });
    if (pointed || start?.closest(".pointed-at")) this.#centre(start);
    if (this.saves?.count) this.tell(fill(this.words.kept_here, { count: this.saves.count }));
    this.saves?.start();
    // What was typed is taken when its page is left, as when its cell is left.
    addEventListener("pagehide", () => this.editor.finish());
    setInterval(() => document.hidden || this.poll(), 10_000);
  }

  // The rows far down, a few with every frame, so that the page answers from the first moment.
  #unfold() {
    const some = [...this.grid.querySelectorAll(".later")].slice(0, 30);
    for (const each of some) each.classList.remove("later");
    if (some.length) requestAnimationFrame(() => this.#unfold());
  }

  // ---- Where one stands, and what is selected

  go(cell, { extend = false, focus = true } = {}) {
    if (!extend) this.anchor = cell;
    this.head = cell;
    this.chosen = focus; // where the page begins, or a removed row has left one, is nobody's selection
    this.editor.place(cell, this.cells.column(cell), this.#name(cell), { focus });
    if (focus) this.#reveal(cell);
    this.#paint();
  }

  // Into view, and out from under the sticky headings.
  #reveal(cell) {
    const view = this.grid.parentNode;
    const box = cell.getBoundingClientRect();
    const seen = view.getBoundingClientRect();
    const top = seen.top + (this.grid.tHead?.offsetHeight ?? 0);
    const left = seen.left + (cell.parentNode.cells[0].offsetWidth ?? 0);
    const bottom = seen.top + view.clientHeight;
    const right = seen.left + view.clientWidth;
    if (box.top < top) view.scrollTop -= top - box.top;
    else if (box.bottom > bottom) view.scrollTop += box.bottom - bottom;
    if (box.left < left) view.scrollLeft -= left - box.left;
    else if (box.right > right) view.scrollLeft += Math.min(box.right - right, box.left - left);
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // All cells of a row; with `extend`, of all rows from where one stood. The focus goes to the first of them.
  goRow(line, { extend = false } = {}) {
    const row = (extend ? this.anchor.parentNode : line).rowIndex;
    this.editor.finish();
    this.anchor = this.cells.at(row, this.cells.lastColumn);
    this.go(this.cells.at(line.rowIndex, 1), { extend: true });
  }

  // A row in the middle of the table's view, the headings in sight above it.
  #centre(cell) {
    const view = this.grid.parentNode;
    const [box, seen] = [cell.getBoundingClientRect(), view.getBoundingClientRect()];
    view.scrollTop += box.top - seen.top - (view.clientHeight - box.height) / 2;
    view.scrollIntoView({ block: "nearest" });
  }

  get range() {
    const [[r1, c1], [r2, c2]] = [this.cells.place(this.anchor), this.cells.place(this.head)];
    return { top: Math.min(r1, r2), bottom: Math.max(r1, r2), left: Math.min(c1, c2), right: Math.max(c1, c2) };
  }

  selected() {
    const { top, bottom, left, right } = this.range;
    const lines = [];
    for (let row = top; row <= bottom; row++) {
      const line = [];
      for (let column = left; column <= right; column++) line.push(this.cells.at(row, column));
      lines.push(line);
    }
    return lines;
  }

  #paint() {
    for (const each of this.grid.querySelectorAll("[aria-selected=true]")) each.removeAttribute("aria-selected");
    const cells = this.selected().flat();
    for (const each of cells) each?.setAttribute("aria-selected", "true");
    const { left, right } = this.range;
    const lines = this.#lines();
    if (left === 1 && right === this.cells.lastColumn && right > 1 && lines.length) this.tell(fill(this.words.selected_rows, this.#numbers(lines)));
    else if (cells.length > 1) this.tell(fill(this.words.selected, { count: cells.length }));
    this.#offer();
  }

  // The buttons of the selected rows: removing says which ones, opening as a form is for one that is saved.
  #offer() {
    const button = document.getElementById("remove");
    if (!button) return;
    const lines = this.chosen ? this.#lines() : [];
    button.setAttribute("aria-disabled", String(!lines.length));
    const form = document.getElementById("open-row");
    const link = lines.length === 1 && lines[0].querySelector(".row-number a");
    form.hidden = !link;
    if (link) form.href = link.href;
    button.textContent = lines.length ? fill(this.words.remove_rows, this.#numbers(lines)) : this.words.remove;
  }

  // The selected rows, without the empty one in which new ones begin.
  #lines() {
    const { top, bottom } = this.range;
    return [...this.grid.rows].slice(top, bottom + 1).filter((line) => line.dataset.row);
  }

  #numbers(lines) {
    const [first, last] = [lines[0].rowIndex, lines.at(-1).rowIndex];
    return { rows: first === last ? first : `${first}–${last}`, count: lines.length };
  }

  step(down, across, extend = false) {
    const [row, column] = this.cells.place(this.head);
    const to = this.cells.at(
      Math.min(Math.max(row + down, 1), this.cells.lastRow),
      Math.min(Math.max(column + across, 1), this.cells.lastColumn),
    );
    if (to) this.go(to, { extend });
  }

  // Tab goes on to the next line; past the last cell it leaves the table.
  #tab(back) {
    const [row, column] = this.cells.place(this.head);
    const beyond = back ? column - 1 < 1 : column + 1 > this.cells.lastColumn;
    const to = beyond
      ? this.cells.at(row + (back ? -1 : 1), back ? this.cells.lastColumn : 1)
      : this.cells.at(row, column + (back ? -1 : 1));
    if (to) this.go(to);
    return Boolean(to);
  }

  #name(cell) {
    return fill(this.words.cell_of, { column: this.cells.column(cell).label, row: this.cells.number(cell) });
  }

  #describe(cell, column) {
    const value = Number(valueOf(cell));
    const large = column.numeric && column.unit && Math.abs(value) >= 10_000;
    const amount = large && new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", compactDisplay: "long", maximumFractionDigits: 4 }).format(value);
    const part = (name, text) => Object.assign(document.createElement("span"), { className: name, textContent: `${text} ` });
    const mark = { warning: "warning", expired: "warning", carried: "carried" }[cell.dataset.mark] ?? "fault";
    this.says.replaceChildren(
      part("label", column.label),
      ...(amount ? [part("amount", `= ${amount} ${column.unit}`)] : []),
      ...(cell.dataset.says ? [part(mark, cell.dataset.says)] : []),
      part("note", column.note),
    );
    this.says.hidden = false;
  }

  // ---- Changing

  change(pairs) {
    const changes = new Map();
    const written = [];
    for (const [cell, wanted] of pairs) {
      if (cell.getAttribute("aria-readonly") === "true") continue;
      if (valueOf(cell) === wanted) continue;
      const row = this.cells.begun(cell);
      if (!changes.has(row)) changes.set(row, { row, cells: {} });
      changes.get(row).cells[cell.dataset.column] = [cell.dataset.seen ?? valueOf(cell), wanted];
      delete cell.dataset.seen;
      written.push([cell, wanted]);
    }
    if (!changes.size) return "";
    for (const [cell, wanted] of written) this.cells.write(cell, wanted);
    this.#offer();
    const key = this.saves.add([...changes.values()]);
    for (const [cell] of written) cell.dataset.pending = key;
    return key;
  }

  paste(text) {
    let lines = parseTsv(text);
    const said = [];
    const single = "single" in this.grid.dataset;
    const wide = Math.max(...lines.map((line) => line.length));
    const named = !single && (lines.length > 1 || wide > 1) ? headerColumns(lines[0], [...this.cells.columns.values()]) : null;
    if (named) {
      lines = lines.slice(1);
      said.push(this.words.header_skipped);
    }
    if (single && lines.length === 1) lines = lines[0].map((value) => [value]);
    const { top, left, bottom, right } = this.range;
    if (lines.length === 1 && lines[0].length === 1 && !named) {
      const value = lines[0][0];
      lines = Array.from({ length: bottom - top + 1 }, () => Array(right - left + 1).fill(value));
    }
    const positions = named && this.#positions(named);
    const columns = new Set();
    const beyond = new Set();
    const pairs = [];
    lines.forEach((line, down) => {
      line.forEach((value, across) => {
        const column = positions ? (positions[across] ?? 0) : left + across;
        if (!column || column > this.cells.lastColumn) return void (value.trim() && beyond.add(across));
        columns.add(column);
        const cell = this.#cellFor(top + down, column, value);
        if (cell) pairs.push([cell, value.trim()]);
      });
    });
    const key = this.change(pairs);
    this.editor.refresh();
    said.unshift(fill(this.words.pasted, { rows: lines.length, columns: columns.size }));
    if (beyond.size) said.push(fill(this.words.beyond, { count: beyond.size }));
    this.tell(said.join(""));
    if (key) this.pasted = { key, said, cells: this.#touched(pairs), at: this.head };
  }

  // The cells that were pasted; of a row that began with it also those that stayed empty.
  #touched(pairs) {
    const fresh = new Set(pairs.map(([cell]) => cell.parentNode).filter((line) => line.dataset.row?.startsWith("new-")));
    return [...new Set([...pairs.map(([cell]) => cell), ...[...fresh].flatMap((line) => [...line.querySelectorAll("td")])])];
  }

  // How many of these cells are marked; and to the first of them, unless its writer has gone on meanwhile.
  #judge({ said, cells, at }) {
    const bad = cells.filter((cell) => cell.isConnected && cell.getAttribute("aria-invalid") === "true");
    if (!bad.length) return;
    bad.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    if (this.head === at && this.editor.mode === "ready") this.go(bad[0], { focus: document.activeElement === this.editor.input });
    const empty = bad.filter((cell) => cell.dataset.mark === "empty").length;
    const marked = fill(this.words.pasted_bad, { count: bad.length, first: this.#name(bad[0]) });
    this.tell(said.join("") + marked + (empty ? fill(this.words.pasted_empty, { count: empty }) : ""));
  }

  // A cell to paste into; below the last row the table grows.
  #cellFor(row, column, value) {
    const there = this.cells.at(row, column);
    if (there && !there.closest(".new-row")) return there;
    if (!value.trim() || !this.cells.empty) return null;
    while (this.cells.lastRow <= row) this.cells.begun(this.cells.at(this.cells.lastRow, 1));
    return this.cells.at(row, column);
  }

  #positions(named) {
    const heads = [...this.grid.tHead.rows[0].cells];
    return named.map((id) => (id ? heads.findIndex((head) => head.dataset.column === id) : 0));
  }

  copy() {
    return writeTsv(this.selected().map((line) => line.map((cell) => (cell ? shown(cell, this.cells.column(cell)) : ""))));
  }

  clear() {
    this.change(this.selected().flat().filter(Boolean).map((cell) => [cell, ""]));
    this.editor.refresh();
  }

  async removeRows() {
    this.editor.finish();
    const lines = this.chosen ? this.#lines() : [];
    if (!lines.length) return this.tell(this.words.remove_nothing);
    const names = lines.map((line) => this.#rowName(line));
    await this.saves.idle();
    const removals = lines
      .filter((line) => /^\d+$/.test(line.dataset.row))
      .map((line) => ({ row: Number(line.dataset.row), version: Number(line.dataset.version) }));
    if (!removals.length) return;
    this.names = new Map(lines.map((line, at) => [line.dataset.row, names[at]]));
    this.removing = this.saves.add([], removals);
  }

  // A row as its writer calls it: by what tells it from the others, else by its number.
  #rowName(line) {
    const keys = [...this.cells.columns.values()].filter((column) => column.key);
    const said = keys.map((column) => valueOf(line.querySelector(`td[data-column="${column.id}"]`))).filter(Boolean);
    return said.join(" ") || fill(this.words.row, { number: line.rowIndex });
  }

  #tellRemoved(ids) {
    const names = ids.map((id) => this.names.get(String(id))).filter(Boolean);
    const rows = names.slice(0, 10).join(this.words.comma) + (names.length > 10 ? "…" : "");
    if (names.length) this.tell(fill(this.words.removed, { count: names.length, rows }));
  }

  undo() {
    this.saves.takeBack(this.saves.undoable, this.saves.redoable);
  }

  redo() {
    this.saves.takeBack(this.saves.redoable, this.saves.undoable);
  }

  // ---- What the server says

  #answered(answer, batch) {
    for (const cell of this.grid.querySelectorAll(`[data-pending="${batch.key}"]`)) delete cell.dataset.pending;
    for (const [name, id] of Object.entries(answer.new)) {
      const line = this.cells.row(name);
      if (line) line.dataset.row = id;
    }
    this.conflicts.add(answer.conflicts);
    this.take(answer);
    if (batch.from) this.tell(batch.from === this.saves.undoable ? this.words.undone : "");
    if (this.removing === batch.key) this.#tellRemoved(answer.removed);
    if (this.pasted?.key !== batch.key) return;
    const pasted = this.pasted;
    this.pasted = null;
    this.#judge(pasted);
  }

  take(answer) {
    const news = answer.rows.filter((row) => this.cells.take(row));
    this.conflicts.back(answer.rows);
    for (const id of answer.removed) this.#drop(this.cells.row(id));
    this.cells.markAll(answer.marks);
    this.cells.renumber();
    if (this.head) this.editor.rename(this.#name(this.head)); // its row may have moved
    this.#offer();
    this.conflicts.show();
    const carried = document.querySelector(".carried-over");
    if (carried) carried.hidden = !this.grid.querySelector("[data-carried]");
    document.getElementById("panel").innerHTML = answer.panel;
    document.getElementById("tables").innerHTML = answer.tables;
    this.editor.refresh();
    return news;
  }

  #drop(line) {
    if (!line) return;
    const lost = [this.anchor, this.head].some((cell) => line.contains(cell));
    const [row, column] = this.cells.place(this.head);
    const focus = document.activeElement === this.editor.input;
    // What is being typed into a row that goes is sent all the same: the answer offers the row with it as a new one.
    if (lost) this.editor.finish();
    this.conflicts.keep(line);
    if (lost) {
      line.remove();
      this.go(this.cells.at(Math.min(row, this.cells.lastRow), column) ?? this.cells.at(1, 1), { focus });
    } else line.remove();
  }

  // What the server refuses as a whole is shown with its reason; what was typed stays in its cells.
  #refused(batch, sentences) {
    const says = this.words.refused + sentences.join(" ");
    for (const cell of this.grid.querySelectorAll(`[data-pending="${batch.key}"]`)) {
      const change = batch.changes.find((each) => String(this.saves.ids.get(each.row) ?? each.row) === this.cells.owner(cell).dataset.row);
      delete cell.dataset.pending;
      cell.dataset.seen = change?.cells[cell.dataset.column]?.[0] ?? "";
      this.cells.mark(cell, "fault", says);
    }
    this.refusal = says;
    this.editor.refresh();
  }

  async poll() {
    try {
      const url = `${this.grid.dataset.changes}?since=${this.grid.dataset.sequence}`;
      const response = await fetch(url, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (!response.ok) return;
      const answer = await response.json();
      this.grid.dataset.sequence = answer.sequence;
      if (!answer.rows) return;
      const before = new Set([...this.grid.querySelectorAll("[data-row]")].map((line) => line.dataset.row));
      const gone = answer.removed.filter((id) => before.has(String(id))).length;
      const news = this.take(answer);
      const fresh = news.filter(({ id }) => !before.has(String(id))).length;
      const told = { others_changed: news.length - fresh, others_added: fresh, others_removed: gone };
      if (answer.replaced) this.tell(fill(this.words.replaced, answer));
      else if (answer.by && news.length + gone) {
        this.tell(Object.entries(told).map(([name, count]) => (count ? fill(this.words[name], { by: answer.by, count }) : "")).join(""));
        for (const { id } of news) this.#flash(this.cells.row(id));
      }
    } catch {
      // The next poll will tell.
    }
  }

  #flash(line) {
    line.classList.add("by-other");
    setTimeout(() => line.classList.remove("by-other"), 5000);
  }

  // ---- Tools and keys

  tell(text) {
    document.getElementById("said-by-grid").textContent = text;
  }

  #stateChanged(state) {
    const place = document.getElementById("save-state");
    const refused = state === "saved" && this.refusal;
    place.textContent = refused ? this.refusal : fill(this.words[state], { count: this.saves.count });
    place.dataset.state = refused ? "refused" : state;
    document.getElementById("retry").hidden = !["not_saved", "signed_out"].includes(state);
    document.getElementById("undo").disabled = !this.saves.undoable.length;
    document.getElementById("redo").disabled = !this.saves.redoable.length;
    if (refused) this.refusal = "";
  }

  #tools() {
    document.getElementById("grid-tools").hidden = false;
    const on = (id, act) => document.getElementById(id)?.addEventListener("click", act);
    on("undo", () => this.undo());
    on("redo", () => this.redo());
    on("remove", () => this.removeRows());
    on("retry", () => this.saves.retry());
  }

  #listen() {
    // A row's number selects the row; with Ctrl, in the middle or twice it is the link to the row's form.
    const numbered = (event) => (event.button || event.ctrlKey || event.metaKey ? null : event.target.closest("tbody .row-number")?.parentNode);
    this.grid.addEventListener("mousedown", (event) => {
      const line = numbered(event);
      if (!line) return;
      event.preventDefault();
      this.goRow(line, { extend: event.shiftKey });
      this.draggingRows = true;
    });
    this.grid.addEventListener("click", (event) => event.detail && numbered(event) && event.preventDefault());
    this.grid.addEventListener("mousedown", (event) => {
      const cell = event.target.closest("td[data-column]");
      if (!cell || event.button || (cell === this.head && this.editor.mode !== "ready")) return;
      event.preventDefault();
      this.go(cell, { extend: event.shiftKey });
      this.dragging = true;
    });
    this.grid.addEventListener("mouseover", (event) => {
      const cell = event.target.closest("td[data-column]");
      if (this.dragging && event.buttons & 1 && cell && cell !== this.head) this.go(cell, { extend: true });
      const line = event.target.closest("tbody tr");
      if (this.draggingRows && event.buttons & 1 && line && line !== this.head.parentNode) this.goRow(line, { extend: true });
    });
    addEventListener("mouseup", () => (this.dragging = this.draggingRows = false));
    this.grid.addEventListener("dblclick", (event) => {
      const form = event.target.closest("tbody .row-number")?.querySelector("a");
      if (form) location.assign(form.href);
      if (this.editor.mode === "ready" && event.target.closest("td[data-column]")) this.editor.edit("editing");
    });
    this.grid.addEventListener("keydown", (event) => this.#key(event));
    for (const name of ["copy", "cut"])
      this.grid.addEventListener(name, (event) => {
        if (this.editor.mode !== "ready") return;
        event.preventDefault();
        event.clipboardData.setData("text/plain", this.copy());
        if (name === "cut" && this.editable) this.clear();
      });
    this.grid.addEventListener("paste", (event) => {
      if (this.editor.mode !== "ready" || !this.editable) return;
      event.preventDefault();
      this.paste(event.clipboardData.getData("text/plain"));
    });
  }

  #key(event) {
    if (event.isComposing || event.target !== this.editor.input) return;
    const handled = this.editor.mode === "ready" ? this.#readyKey(event) : this.#editingKey(event);
    if (handled) event.preventDefault();
  }

  #readyKey(event) {
    const { key, shiftKey } = event;
    const control = event.ctrlKey || event.metaKey;
    const far = control ? 1e6 : 1;
    const moves = { ArrowUp: [-far, 0], ArrowDown: [far, 0], ArrowLeft: [0, -far], ArrowRight: [0, far], PageUp: [-15, 0], PageDown: [15, 0] };
    if (event.altKey && key === "ArrowDown") return this.editor.edit("editing"), true;
    if (moves[key]) return this.step(...moves[key], shiftKey), true;
    if (key === "Home") return this.step(control ? -1e6 : 0, -1e6, shiftKey), true;
    if (key === "End") return this.step(control ? 1e6 : 0, 1e6, shiftKey), true;
    if (key === "Enter" && !shiftKey && this.editable && !this.editor.input.readOnly) return this.editor.edit("editing"), true;
    if (key === "Enter") return this.step(shiftKey ? -1 : 1, 0), true;
    if (key === "Tab") return this.#tab(shiftKey);
    if (key === "Escape") return (document.querySelector("#grid-tools:not([hidden]) .past-grid") ?? document.getElementById("panel")).focus(), true;
    if (control && key.toLowerCase() === "a") return this.go(this.cells.at(1, 1)), this.go(this.cells.at(this.cells.lastRow, this.cells.lastColumn), { extend: true }), true;
    if (key === " " && shiftKey && !("single" in this.grid.dataset)) return this.goRow(this.head.parentNode), true;
    if (!this.editable) return false;
    if (key === "F2") return this.editor.edit("editing"), true;
    if (key === "Delete" || key === "Backspace") return this.clear(), true;
    if (control && key.toLowerCase() === "z") return shiftKey ? this.redo() : this.undo(), true;
    if (control && key.toLowerCase() === "y") return this.redo(), true;
    if (control && key === "-" && document.getElementById("remove")) return this.removeRows(), true;
    return false;
  }

  #editingKey(event) {
    const { key, shiftKey } = event;
    const vertical = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (key === "Escape") return this.editor.cancel(), true;
    if (vertical && this.editor.move(vertical)) return true;
    if (key === "Enter") return this.editor.finish(), this.step(shiftKey ? -1 : 1, 0), true;
    if (key === "Tab") return this.editor.finish(), this.#tab(shiftKey);
    if (this.editor.mode === "typing" && key.startsWith("Arrow")) {
      this.editor.finish();
      return this.step(vertical ?? 0, { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0), true;
    }
    return false;
  }
}

// As gradus.formats.wording: {n:row|rows} is the first form where n is 1.
function fill(sentence, blanks) {
  const formed = sentence.replace(/\{(\w+):([^{}|]*)\|([^{}|]*)\}/g, (_, name, one, many) =>
    String(blanks[name]) === "1" ? one : many,
  );
  return formed.replace(/\{(\w+)\}/g, (whole, name) => blanks[name] ?? whole);
}

const table = document.getElementById("grid");
if (table) window.grid = new Grid(table);
