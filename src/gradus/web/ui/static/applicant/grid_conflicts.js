// SPDX-License-Identifier: Apache-2.0
// What was not saved because somebody else was there before: shown with both values until its writer has decided.

class Conflicts {
  constructor(grid) {
    this.grid = grid;
    this.section = document.getElementById("conflicts");
    this.name = `conflicts ${grid.prefix}`;
    this.gone = new Map();
    this.open = JSON.parse(localStorage.getItem(this.name) ?? "[]");
    this.show();
  }

  add(conflicts) {
    for (const each of conflicts) {
      const same = this.open.find((other) => other.row === each.row && other.column === each.column && !other.removed);
      if (same) this.open.splice(this.open.indexOf(same), 1);
      if (each.removed) this.#lostRow(each);
      else this.open.push({ ...each, number: this.#number(each.row) });
    }
  }

  // What stood in a row that goes: what was typed into it may still be on its way to the server.
  keep(line) {
    const cells = [...line.querySelectorAll("td[data-value]")].map((cell) => [cell.dataset.column, valueOf(cell)]);
    this.gone.set(line.dataset.row, { number: line.rowIndex, cells: Object.fromEntries(cells) });
  }

  // Everything that was typed into a row that is gone is one offer: the row with it as a new one.
  #lostRow(each) {
    let lost = this.open.find((other) => other.removed && other.row === each.row);
    if (!lost) {
      const line = this.grid.cells.row(each.row);
      if (line) this.grid.take({ rows: [], removed: [each.row], marks: [], panel: document.getElementById("panel").innerHTML, tables: document.getElementById("tables").innerHTML });
      lost = { ...each, number: 1, cells: {}, ...this.gone.get(String(each.row)), typed: {} };
      this.open.push(lost);
    }
    lost.cells[each.column] = lost.typed[each.column] = each.wanted;
  }

  // A row that was removed and is there again: what was typed into it is offered for its cells.
  back(rows) {
    for (const { id, cells } of rows) {
      const lost = this.open.find((each) => each.removed && each.row === id);
      if (!lost) continue;
      this.open.splice(this.open.indexOf(lost), 1);
      for (const [column, wanted] of Object.entries(lost.typed ?? {}))
        if ((cells[column] ?? "") !== wanted)
          this.open.push({ row: id, column, wanted, number: this.#number(id), says: fill(this.grid.words.row_back, { wanted }) });
    }
  }

  #number(row) {
    const line = this.grid.cells.row(row);
    return line && line.tagName === "TR" ? line.rowIndex : 1;
  }

  show() {
    try {
      if (this.open.length) localStorage.setItem(this.name, JSON.stringify(this.open));
      else localStorage.removeItem(this.name);
    } catch {
      // Shown all the same.
    }
    for (const cell of this.grid.grid.querySelectorAll(".conflict")) {
      cell.classList.remove("conflict");
      delete cell.dataset.mine;
    }
    for (const each of this.open) {
      const cell = each.column && !each.removed ? this.grid.cells.cell(each.row, each.column) : null;
      cell?.classList.add("conflict");
      if (cell) cell.dataset.mine = each.wanted;
    }
    this.section.hidden = !this.open.length;
    this.section.querySelector("ul").replaceChildren(...this.open.map((each) => this.#line(each)));
  }

  #line(each) {
    const { words, cells } = this.grid;
    const names = Object.keys(each.typed ?? { [each.column]: 0 }).map((name) => cells.columns.get(name)?.label ?? "");
    const item = document.createElement("li");
    const place = fill(words.cell_of, { column: names.join(words.comma), row: each.number }).replace(/^[,，\s]+/, "");
    item.append(Object.assign(document.createElement("strong"), { textContent: place }), ` ${each.says} `);
    const button = (text, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: text });
      made.addEventListener("click", () => {
        this.open.splice(this.open.indexOf(each), 1);
        act();
        this.show();
        this.grid.editor.input.focus();
      });
      item.append(made, " ");
    };
    if (each.removed) {
      button(words.add_again, () => this.#addAgain(each));
      button(words.dismiss, () => {});
    } else if (each.column) {
      button(words.keep_theirs, () => {});
      button(words.take_mine, () => {
        const cell = cells.cell(each.row, each.column);
        if (cell) this.grid.change([[cell, each.wanted]]);
        this.grid.editor.refresh();
      });
    } else button(words.dismiss, () => {});
    return item;
  }

  #addAgain(each) {
    const line = this.grid.cells.empty;
    const pairs = Object.entries(each.cells).map(([column, value]) => [line.querySelector(`td[data-column="${column}"]`), value]);
    this.grid.change(pairs.filter(([cell, value]) => cell && value));
  }
}
