// SPDX-License-Identifier: Apache-2.0
// What a spreadsheet puts on the clipboard: cells parted by tabs, a cell with a tab, a line end or a quotation mark in quotes.

function parseTsv(text) {
  const lines = [[""]];
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at++) {
    const sign = source[at];
    const line = lines.at(-1);
    if (quoted) {
      if (sign !== '"') line[line.length - 1] += sign;
      else if (source[at + 1] === '"') line[line.length - 1] += source[++at];
      else quoted = false;
    } else if (sign === '"' && line.at(-1) === "" && closes(source, at)) quoted = true;
    else if (sign === "\t") line.push("");
    else if (sign === "\n") lines.push([""]);
    else line[line.length - 1] += sign;
  }
  return lines;
}

// A quotation mark opens a quoted cell only when its partner stands at the end of a cell; else it is a plain sign.
function closes(source, from) {
  return /^"(?:[^"]|"")*"(?=[\t\n]|$)/.test(source.slice(from));
}

function writeTsv(lines) {
  const cell = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return lines.map((line) => line.map(cell).join("\t")).join("\n");
}

// The columns that a first line names, in its order; null when it is no header. A label may bear its unit and its star.
// Among several names of columns some may be strange: a sheet has columns of its own.
function headerColumns(line, columns) {
  const bare = (text) => text.split("\n")[0].replace(/[\s*#]+|[（(][^（）()]*[）)]$/g, "").toLowerCase();
  const byName = new Map();
  for (const column of columns) for (const name of column.names) byName.set(bare(name), column.id);
  const named = line.map((text) => (text.trim() ? byName.get(bare(text.trim())) : undefined));
  const told = line.filter((text) => text.trim()).length;
  const known = named.filter(Boolean);
  const header = known.length > 0 && (known.length === told || (known.length > 1 && known.length * 2 > told));
  return header && new Set(known).size === known.length ? named : null;
}
