// SPDX-License-Identifier: Apache-2.0
// JSON as one sequence of bytes: strict reading (RFC 7493) and the canonical form (RFC 8785), of whole numbers alone.
// JSON.parse will not do: it takes a key twice, and rounds numbers.
import { refuse } from "./refusal.js";

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|NaN/y;
const WORD = /true|false|null/y;
const WORDS = { true: true, false: false, null: null };
const SPACE = /[ \t\n\r]*/y;
const HALF = /\p{Cs}/u; // half of a character; not every browser has isWellFormed

/** The canonical text of a value. Keys are sorted by their UTF-16 code units, as JavaScript sorts. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/** The value that these bytes are the canonical form of; refuses any other bytes. */
export function parseCanonical(data, file, most, deepest) {
  if (data.length > most) refuse("json.too_large", { limit: String(Math.floor(most / 1024)) }, file);
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    refuse("json.not_utf8", {}, file);
  }
  const value = new Reader(text, file, deepest).whole();
  if (canonical(value) !== text) refuse("json.not_canonical", {}, file);
  return value;
}

class Reader {
  constructor(text, file, deepest) {
    Object.assign(this, { text, file, deepest, at: 0, half: false });
  }

  whole() {
    const value = this.#value(0);
    this.#skip();
    if (this.at < this.text.length) this.#wrong();
    if (this.half) refuse("json.surrogate", {}, this.file);
    return value;
  }

  #value(above) {
    this.#skip();
    if (above > this.deepest) refuse("json.too_deep", { limit: String(this.deepest) }, this.file);
    const sign = this.text[this.at];
    if (sign === "{") return this.#object(above);
    if (sign === "[") return this.#list(above);
    if (sign === '"') return this.#string();
    const word = this.#match(WORD);
    if (word) return WORDS[word];
    return this.#number(this.#match(NUMBER) ?? this.#wrong());
  }

  #object(above) {
    const found = Object.create(null); // so that "__proto__" is a key like any other
    let twice = null;
    this.at += 1;
    if (this.#taken("}")) return found;
    do {
      this.#skip();
      if (this.text[this.at] !== '"') this.#wrong();
      const key = this.#string();
      if (!this.#taken(":")) this.#wrong();
      if (key in found) twice ??= key;
      found[key] = this.#value(above + 1);
    } while (this.#taken(","));
    if (!this.#taken("}")) this.#wrong();
    if (twice !== null) refuse("json.key_twice", { value: twice }, this.file);
    return found;
  }

  #list(above) {
    const found = [];
    this.at += 1;
    if (this.#taken("]")) return found;
    do {
      found.push(this.#value(above + 1));
    } while (this.#taken(","));
    if (!this.#taken("]")) this.#wrong();
    return found;
  }

  #string() {
    const start = this.at;
    for (this.at += 1; this.text[this.at] !== '"'; this.at += this.text[this.at] === "\\" ? 2 : 1) {
      if (!(this.text.charCodeAt(this.at) >= 0x20)) this.#wrong();
    }
    this.at += 1;
    let value;
    try {
      value = JSON.parse(this.text.slice(start, this.at));
    } catch {
      this.#wrong();
    }
    this.half ||= HALF.test(value);
    return value;
  }

  #number(digits) {
    const value = Number(digits);
    if (!/^-?\d+$/.test(digits) || digits === "-0" || digits.length > 17 || !Number.isSafeInteger(value)) {
      refuse("json.number", { value: digits }, this.file);
    }
    return value;
  }

  #match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  #skip() {
    this.#match(SPACE);
  }

  #taken(sign) {
    this.#skip();
    const there = this.text[this.at] === sign;
    this.at += there ? 1 : 0;
    return there;
  }

  #wrong() {
    return refuse("json.syntax", {}, this.file);
  }
}
