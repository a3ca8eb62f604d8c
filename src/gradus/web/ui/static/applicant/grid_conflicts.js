// SPDX-License-Identifier: Apache-2.0
// What was not saved because somebody else was there before: shown with both values until its writer has decided.

class Conflicts {
  constructor(grid) {
    this.grid = grid;
    this.section = document.getElementById("conflicts");
    this.name = `conflicts ${grid.prefix}`;
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

  // Everything that was typed into a row that is gone is one offer: the row with it as a new one.
  #lostRow(each) {
    let lost = this.open.find((other) => other.removed && other.row === each.row);
    if (!lost) {
      const line = this.grid.cells.row(each.row);
      const cells = [...(line?.querySelectorAll("td[data-value]") ?? [])].map((cell) => [cell.dataset.column, valueOf(cell)]);
      lost = { ...each, number: this.#number(each.row), cells: Object.fromEntries(cells) };
      this.open.push(lost);
      if (line) this.grid.take({ rows: [], removed: [each.row], marks: [], panel: document.getElementById("panel").innerHTML, tables: document.getElementById("tables").innerHTML });
    }
    lost.cells[each.column] = each.wanted;
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
    const column = cells.columns.get(each.column);
    const item = document.createElement("li");
    const place = fill(words.cell_of, { column: column && !each.removed ? column.label : "", row: each.number }).replace(/^[,，\s]+/, "");
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
