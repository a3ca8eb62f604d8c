// SPDX-License-Identifier: Apache-2.0
// The one field that stands in the active cell. It is there before anything is typed, its text selected, so that typing
// replaces and an input method for Chinese works from the first key on. Modes: "ready", "typing" (arrows leave the cell),
// "editing" (arrows move in the text).

class Editor {
  constructor({ commit, describe }) {
    this.commit = commit;
    this.input = Object.assign(document.createElement("input"), { type: "text", className: "cell-input", autocomplete: "off", spellcheck: false });
    this.input.setAttribute("aria-describedby", "cell-says");
    this.list = Object.assign(document.createElement("ul"), { id: "choices", className: "choices", hidden: true });
    this.list.setAttribute("role", "listbox");
    document.body.append(this.list);
    this.describe = describe;
    this.mode = "ready";
    this.input.addEventListener("compositionstart", () => this.mode === "ready" && this.edit("typing"));
    this.input.addEventListener("input", () => {
      if (this.mode === "ready") this.edit("typing");
      this.chosen = null;
      this.#offer(this.input.value);
    });
    this.input.addEventListener("blur", () => this.finish());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  // Stand in a cell. `column` knows its label, its choices and whether it may be written.
  place(cell, column, label, { focus = true } = {}) {
    if (cell !== this.cell) this.finish();
    this.cell?.classList.remove("here");
    cell.classList.add("here");
    this.cell = cell;
    this.column = column;
    this.input.setAttribute("aria-label", label);
    this.input.readOnly = cell.getAttribute("aria-readonly") === "true";
    const offers = column.choices.size > 0 && !this.input.readOnly;
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", "choices"]])
      offers ? this.input.setAttribute(name, value) : this.input.removeAttribute(name);
    if (this.input.parentNode !== cell) cell.append(this.input);
    this.refresh();
    if (focus) this.input.focus({ preventScroll: true });
    this.input.select();
  }

  rename(label) {
    this.input.setAttribute("aria-label", label);
  }

  refresh() {
    if (this.mode !== "ready" || !this.cell) return;
    this.input.value = this.#text();
    const invalid = this.cell.getAttribute("aria-invalid");
    invalid ? this.input.setAttribute("aria-invalid", invalid) : this.input.removeAttribute("aria-invalid");
    if (document.activeElement === this.input) this.input.select();
    this.describe(this.cell, this.column);
  }

  #text() {
    return shown(this.cell, this.column).replaceAll("\n", " ");
  }

  edit(mode) {
    if (this.input.readOnly) return;
    if (this.mode === "ready") this.began = { value: valueOf(this.cell), text: this.#text() };
    this.mode = mode;
    this.chosen = null;
    this.cell.classList.add("editing");
    if (mode === "editing") {
      this.input.setSelectionRange(this.input.value.length, this.input.value.length);
      this.#offer("");
    }
  }

  cancel() {
    this.#close();
    this.refresh();
  }

  // Take what stands in the field, when it is something else than before. What its writer saw is what stood there when
  // the writing began: somebody else's value may have come into the cell since, hidden behind the field.
  finish() {
    if (this.mode === "ready") return;
    const wanted = this.chosen ?? this.#only() ?? this.input.value.trim();
    const cell = this.cell;
    this.#close();
    if (wanted !== this.began.text && wanted !== valueOf(cell)) {
      cell.dataset.seen ??= this.began.value;
      this.commit(cell, wanted);
    }
    this.refresh();
  }

  // In a closed list, what can only mean one value means it.
  #only() {
    const options = this.list.children;
    return this.column.closed && this.input.value.trim() && options.length === 1 ? options[0].dataset.value : null;
  }

  move(step) {
    const options = [...this.list.children];
    if (this.list.hidden || !options.length) return false;
    const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
    const next = options[(at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length];
    for (const each of options) each.setAttribute("aria-selected", String(each === next));
    next.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", next.id);
    this.chosen = next.dataset.value;
    this.input.value = next.textContent;
    return true;
  }

  choose(option) {
    this.chosen = option.dataset.value;
    this.finish();
  }

  #offer(typed) {
    const wanted = typed.trim().toLowerCase();
    const fits = [...this.column.choices].filter(([value, words]) => !wanted || `${value}\n${words}`.toLowerCase().includes(wanted));
    this.list.replaceChildren(
      ...fits.slice(0, 200).map(([value, words], at) => {
        const option = Object.assign(document.createElement("li"), { id: `choice-${at}`, textContent: words });
        option.dataset.value = value;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    this.input.removeAttribute("aria-activedescendant");
    const open = fits.length > 0 && this.column.choices.size > 0;
    this.list.hidden = !open;
    if (!this.column.choices.size) return;
    this.list.setAttribute("aria-label", this.column.label);
    this.input.setAttribute("aria-expanded", String(open));
    const box = this.cell.getBoundingClientRect();
    const below = innerHeight - box.bottom > 200 || box.top < 200;
    this.list.style.left = `${Math.min(box.left, innerWidth - 240)}px`;
    this.list.style.minWidth = `${box.width}px`;
    this.list.style.top = below ? `${box.bottom}px` : "auto";
    this.list.style.bottom = below ? "auto" : `${innerHeight - box.top}px`;
  }

  #close() {
    this.mode = "ready";
    this.list.hidden = true;
    this.cell.classList.remove("editing");
    this.input.removeAttribute("aria-activedescendant");
    if (this.input.hasAttribute("aria-expanded")) this.input.setAttribute("aria-expanded", "false");
  }
}
