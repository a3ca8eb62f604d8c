// SPDX-License-Identifier: Apache-2.0
// The table as the page holds it: cells by their place, what they say, and how a row comes, changes and goes. The text of
// a cell stands in data-value as the server keeps it; what is shown are its words.

function readColumns(grid) {
  const columns = new Map();
  for (const head of grid.querySelectorAll("th[data-column]")) {
    const { column: id, label, note, names, choices } = head.dataset;
    const has = (name) => name in head.dataset;
    columns.set(id, {
      id, label, note, names: JSON.parse(names), choices: new Map(JSON.parse(choices)),
      closed: has("closed"), key: has("key"), numeric: has("numeric"), readonly: has("readonly"), unit: head.querySelector(".unit")?.textContent ?? "",
    });
  }
  return columns;
}

const valueOf = (cell) => cell.dataset.value ?? "";

function shown(cell, column) {
  return column.closed ? (column.choices.get(valueOf(cell)) ?? valueOf(cell)) : valueOf(cell);
}

class Cells {
  constructor(grid) {
    this.grid = grid;
    this.columns = readColumns(grid);
    this.empty = grid.querySelector(".new-row");
    this.numberSays = JSON.parse(grid.dataset.words).select_row;
    for (const link of grid.querySelectorAll("th a")) Object.assign(link, { tabIndex: -1, title: this.numberSays });
    if (this.empty) this.empty.hidden = false;
  }

  column(cell) {
    return this.columns.get(cell.dataset.column);
  }

  at(row, column) {
    const cell = this.grid.rows[row]?.cells[column];
    return cell?.dataset.column && cell.tagName === "TD" ? cell : null;
  }

  place(cell) {
    return [cell.parentNode.rowIndex, cell.cellIndex];
  }

  get lastRow() {
    return this.grid.rows.length - 1;
  }

  get lastColumn() {
    return this.grid.rows[this.lastRow].cells.length - 1;
  }

  row(id) {
    return this.grid.querySelector(`[data-row="${id}"]`);
  }

  owner(cell) {
    return cell.closest("[data-row]");
  }

  cell(id, column) {
    return this.row(id)?.querySelector(`td[data-column="${column}"]`) ?? null;
  }

  number(cell) {
    return "single" in this.grid.dataset ? 1 : cell.parentNode.rowIndex;
  }

  // The row of a cell, by the server's id or the page's own name. The empty last row becomes a row when it is written to.
  begun(cell) {
    const owner = this.owner(cell);
    if (owner) return /^\d+$/.test(owner.dataset.row) ? Number(owner.dataset.row) : owner.dataset.row;
    const line = cell.parentNode;
    const next = line.cloneNode(true);
    this.#vacate(next);
    line.classList.remove("new-row");
    line.dataset.row = `new-${freshKey()}`;
    line.after(next);
    this.empty = next;
    this.renumber();
    return line.dataset.row;
  }

  // A copy of the line in which one stands is a line in which one does not stand.
  #vacate(line) {
    line.querySelector("input")?.remove();
    line.querySelector(".here")?.classList.remove("here");
  }

  write(cell, value) {
    if (value) cell.dataset.value = value;
    else delete cell.dataset.value;
    this.mark(cell);
    this.#dress(cell);
  }

  #dress(cell) {
    const column = this.column(cell);
    const text = shown(cell, column);
    if (cell.firstChild?.nodeType === Node.TEXT_NODE) cell.firstChild.data = text;
    else if (text) cell.prepend(text);
  }

  mark(cell, kind = "", says = "") {
    if (kind) Object.assign(cell.dataset, { mark: kind, says });
    else for (const name of ["mark", "says"]) delete cell.dataset[name];
    cell.title = says;
    kind === "fault" || kind === "empty" ? cell.setAttribute("aria-invalid", "true") : cell.removeAttribute("aria-invalid");
  }

  markAll(marks) {
    const wanted = new Map(marks.map(([row, column, kind, says]) => [`${row} ${column}`, [kind, says]]));
    for (const cell of this.grid.querySelectorAll("td[data-mark]"))
      if (!wanted.has(`${this.owner(cell)?.dataset.row} ${cell.dataset.column}`)) this.mark(cell);
    for (const [row, column, kind, says] of marks) {
      const cell = this.cell(row, column);
      if (cell && !cell.dataset.pending) this.mark(cell, kind, says);
    }
  }

  // A row as the server holds it. Cells that still wait to be saved keep what was typed. Returns whether it was news.
  take({ id, version, position, cells, carried }) {
    const line = this.row(id) ?? this.#insert(id, position);
    const news = Number(line.dataset.version ?? 0) < version;
    Object.assign(line.dataset, { version, position });
    line.toggleAttribute("data-carried", carried);
    for (const cell of line.querySelectorAll("td[data-column]")) {
      const value = cells[cell.dataset.column] ?? "";
      if (!cell.dataset.pending && valueOf(cell) !== value) this.write(cell, value);
    }
    return news;
  }

  #insert(id, position) {
    const line = this.empty.cloneNode(true);
    this.#vacate(line);
    line.classList.remove("new-row");
    line.dataset.row = id;
    const later = [...this.grid.querySelectorAll("tbody tr")].find((each) => each === this.empty || Number(each.dataset.position) > position);
    later.before(line);
    return line;
  }

  renumber() {
    if ("single" in this.grid.dataset) return;
    const form = this.grid.dataset.rowForm;
    for (const line of this.grid.querySelectorAll("tbody [data-row]")) {
      const head = line.cells[0];
      if (head.textContent === String(line.rowIndex) && head.firstChild.href) continue;
      const saved = /^\d+$/.test(line.dataset.row);
      const link = Object.assign(document.createElement(saved ? "a" : "span"), { textContent: line.rowIndex, tabIndex: -1, title: saved ? this.numberSays : "" });
      if (saved) link.href = form.replace(/0\/$/, `${line.dataset.row}/`);
      head.replaceChildren(link);
    }
  }
}
