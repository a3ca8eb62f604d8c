// SPDX-License-Identifier: Apache-2.0
// A signed PDF taken apart so that every byte belongs to something, and what its update may change
// (docs/formats/certificate-pdf.md): trust/pdf_container.py and pdf_update.py in JavaScript.
import { Name, Reader, Ref, Text, equal, isDictionary, match, wrong } from "./pdf_syntax.js";
import { refuse } from "./refusal.js";

const HEADER = /%PDF-1\.7\n%[\x80-\xff]{4}\n\n/y;
const END = /\nstartxref\n(0|[1-9]\d{0,8})\n%%EOF\n/y;
const SECTION = /(\d{1,7}) (\d{1,7})\n/y;
const ENTRY = /(\d{10}) (\d{5}) ([nf])(?: \n|\r\n)/y;
const TRAILER = /trailer\n/y;
const OBJECT = /(\d{1,7}) 0 obj\n/y;
const STREAM = /\nstream\n/y;
const STREAM_END = /\nendstream/y;
const OBJECT_END = /\nendobj\n{1,2}/y;
const SIGNATURE = /(\d{1,7} 0 obj\n<<\n\/Contents )(<[0-9A-F]+>)\n\/ByteRange \[0 (\d{1,9}) (\d{1,9}) (\d{1,9})\] *\n/y;
const TIME = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

const map = entries => new Map(Object.entries(entries));
const name = text => new Name(text);
const changed = what => refuse("pdf.update", { what });

/** The objects that the page or the update brings, by their numbers, and the trailer. */
class Revision {
  constructor(objects, trailer) {
    Object.assign(this, { objects, trailer });
  }

  /** The object that a reference means. */
  get(ref) {
    return (ref instanceof Ref && this.objects.get(ref.number)) || refuse("pdf.lacks_object");
  }

  /** A dictionary's entries; another kind of object is refused. */
  entries(ref) {
    const { value, at } = this.get(ref);
    return isDictionary(value) ? value : wrong("pdf.syntax", at);
  }
}

/** Take a file apart; refuses it where a byte belongs to nothing. */
export function readFile(text, most) {
  const header = match(HEADER, text, 0);
  if (text.length > most || header === null) refuse("pdf.no_certificate");
  const end = match(END, text, Math.max(0, text.lastIndexOf("\nstartxref\n")));
  if (end === null || END.lastIndex !== text.length) refuse("pdf.end");
  const reader = new Reader(text);
  const updateTable = readTable(text, reader, Number(end[1]), text.length);
  const before = updateTable.trailer.get("Prev");
  if (typeof before !== "number" || before >= updateTable.at) refuse("pdf.one_update");
  const pageTable = readTable(text, reader, before, null);
  if (pageTable.trailer.has("Prev") || pageTable.end > updateTable.at) refuse("pdf.one_update");
  const page = readRevision(text, reader, pageTable, header[0].length);
  const update = readRevision(text, reader, updateTable, pageTable.end);
  for (const key of ["Root", "Info"]) {
    if (!equal(page.trailer.get(key), update.trailer.get(key))) changed(`/${key}`);
  }
  const known = ["Size", "Root", "Info", "ID", "Prev"];
  if ([...page.trailer.keys(), ...update.trailer.keys()].some(each => !known.includes(each))) changed("trailer");
  return { text, page, update };
}

/** Where the signature container stands: it covers all of the file but itself. */
export function readContainer(file, signature) {
  const { text, update } = file;
  const { at } = update.get(signature);
  const found = match(SIGNATURE, text, at) ?? refuse("pdf.container_form");
  const start = at + found[1].length;
  const end = start + found[2].length;
  const range = found.slice(3).map(Number);
  if (!equal(range, [start, end, text.length - end]) || (end - start) % 2) refuse("pdf.range");
  return { start, end };
}

function readTable(text, reader, at, end) {
  if (!text.startsWith("xref\n", at)) wrong("pdf.syntax", at);
  const offsets = new Map();
  let place = at + 5;
  for (let section; (section = match(SECTION, text, place)); ) {
    place += section[0].length;
    const first = Number(section[1]);
    for (let number = first; number < first + Number(section[2]); number += 1) {
      const entry = match(ENTRY, text, place);
      if (entry === null || offsets.has(number) || (entry[3] === "f") !== (number === 0)) wrong("pdf.syntax", place);
      offsets.set(number, Number(entry[1]));
      place += entry[0].length;
    }
  }
  offsets.delete(0);
  if (match(TRAILER, text, place) === null) wrong("pdf.syntax", place);
  const [trailer, after] = reader.value(TRAILER.lastIndex);
  const last = match(END, text, after);
  if (!isDictionary(trailer) || last === null || Number(last[1]) !== at) wrong("pdf.syntax", after);
  if (end !== null && END.lastIndex !== end) refuse("pdf.end");
  return { at, end: END.lastIndex, offsets, trailer };
}

function readRevision(text, reader, table, start) {
  const objects = new Map();
  let place = start;
  for (const [number, at] of [...table.offsets].sort((one, other) => one[1] - other[1])) {
    if (at !== place) wrong("pdf.gap", place);
    const object = readObject(text, reader, number, at);
    objects.set(number, object);
    place = object.end;
  }
  if (place !== table.at) wrong("pdf.gap", place);
  return new Revision(objects, table.trailer);
}

function readObject(text, reader, number, at) {
  const head = match(OBJECT, text, at);
  if (head === null || Number(head[1]) !== number) wrong("pdf.syntax", at);
  let [value, place] = reader.value(at + head[0].length);
  let stream = null;
  if (match(STREAM, text, place)) {
    const begin = STREAM.lastIndex;
    const length = isDictionary(value) ? value.get("Length") : null;
    place = Number.isInteger(length) && length >= 0 ? begin + length : text.length;
    stream = [begin, place];
    if (match(STREAM_END, text, place) === null) wrong("pdf.syntax", at);
    place = STREAM_END.lastIndex;
  }
  if (match(OBJECT_END, text, place) === null) wrong("pdf.syntax", place);
  return { at, value, stream, end: OBJECT_END.lastIndex };
}

const NO_CHANGES = [
  map({
    Type: name("SigRef"),
    TransformMethod: name("DocMDP"),
    TransformParams: map({ Type: name("TransformParams"), V: name("1.2"), P: 1 }),
  }),
];
const FIELD = { FT: name("Sig"), Type: name("Annot"), Subtype: name("Widget"), F: 132, Rect: [0, 0, 0, 0] };
const SIGNED = map({
  Type: name("Sig"),
  Filter: name("Adobe.PPKLite"),
  SubFilter: name("ETSI.CAdES.detached"),
  Reference: NO_CHANGES,
});

/** The one signature that the update adds, and when it claims to be made; any other change is refused. */
export function signatureOf({ page, update }) {
  const root = page.trailer.get("Root");
  const catalog = update.entries(root);
  onlyAdded(page.entries(root), catalog, ["AcroForm", "DSS", "Perms", "Extensions"], "catalog");
  const form = update.entries(catalog.get("AcroForm"));
  const fields = form.get("Fields");
  if (!Array.isArray(fields) || fields.length !== 1 || !equal(form, map({ Fields: fields, SigFlags: 3 }))) changed("AcroForm");
  const field = update.entries(fields[0]);
  const [signature, sheet] = [field.get("V"), field.get("P")];
  if (!(signature instanceof Ref && sheet instanceof Ref)) changed("AcroForm");
  if (!equal(field, map({ ...FIELD, T: field.get("T"), V: signature, P: sheet }))) changed("AcroForm");
  checkSheet(page.entries(sheet), update.entries(sheet), fields);
  if (!equal(catalog.get("Perms"), map({ DocMDP: signature }))) changed("Perms");
  const brought = [root, catalog.get("AcroForm"), fields[0], signature, sheet, catalog.get("DSS")];
  const known = new Set([...brought, ...stored(update, catalog.get("DSS"))].map(each => each?.number));
  if (known.size !== update.objects.size || [...update.objects.keys()].some(each => !known.has(each))) changed("objects");
  return { reference: signature, claimed: signedAt(update.entries(signature)) };
}

function onlyAdded(before, after, added, what) {
  const kept = new Map([...after].filter(([key]) => !added.includes(key)));
  if (!equal(kept, before) || !added.every(each => after.has(each))) changed(what);
}

/** The sheet of paper that the invisible signature stands on is as it was. */
function checkSheet(before, after, fields) {
  const links = before.has("Annots") ? before.get("Annots") : [];
  const good = equal(before.get("Type"), name("Page")) && Array.isArray(links) && equal(after.get("Annots"), [...links, ...fields]);
  if (!good) changed("page");
  onlyAdded(new Map([...before].filter(([key]) => key !== "Annots")), after, ["Annots"], "page");
}

/** The streams of the document security store: certificates. */
function stored(update, store) {
  const entries = update.entries(store);
  const certificates = entries.get("Certs");
  const refs = Array.isArray(certificates) ? certificates.filter(each => each instanceof Ref) : [];
  const known = ["Type", "Certs"];
  if (!equal(entries.get("Type"), name("DSS")) || [...entries.keys()].some(each => !known.includes(each))) changed("DSS");
  for (const ref of refs) {
    const keys = [...update.entries(ref).keys()];
    if (!equal(keys, ["Length"]) || update.get(ref).stream === null) changed("DSS");
  }
  return refs;
}

function signedAt(entries) {
  const made = entries.get("M");
  const fixed = new Map([...entries].filter(([key]) => !["Contents", "ByteRange", "M"].includes(key)));
  const time = made instanceof Text ? TIME.exec(made.text) : null;
  if (!equal(fixed, SIGNED) || time === null) changed("signature");
  return calendar(...time.slice(1).map(Number)) ?? changed("signature");
}

/** The instant of a year, month, day and time in UTC; null where the calendar has none. */
export function calendar(year, month, day, ...time) {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  at.setUTCHours(...time);
  const parts = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  return year > 0 && equal(parts, [year, month, day, ...time]) ? at.getTime() : null;
}
