// SPDX-License-Identifier: Apache-2.0
// The values that a PDF file is written in (ISO 32000-1, 7.3), read within bounds: trust/pdf_syntax.py in JavaScript. A
// file is a text of its bytes (latin1), so that offsets are offsets.
import { refuse } from "./refusal.js";

const MOST_VALUES = 200_000;
const DEEPEST = 24;
const WHITE = "\\0\\t\\n\\f\\r ";
const END = `(?![^${WHITE}()<>\\[\\]{}/%])`;
const TOKEN = new RegExp(
  `[${WHITE}]*(?:(?<ref>\\d{1,7}) (?<generation>\\d{1,5}) R${END}` +
    "|(?<number>[+-]?(?:\\d{1,12}(?:\\.\\d{0,12})?|\\.\\d{1,12}))(?![\\d.])" +
    `|/(?<name>[^${WHITE}()<>\\[\\]{}/%]{0,127})` +
    "|(?<open><<|\\[|\\()|(?<close>>>|\\])" +
    "|<(?<hex>[0-9A-Fa-f]*)>" +
    `|(?<word>true|false|null)${END})`,
  "y",
);
const WORDS = { true: true, false: false, null: null };
const ESCAPED = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", "\n": "", "\r": "", "\r\n": "" };

export class Name {
  constructor(text) {
    this.text = text;
  }
}

export class Ref {
  constructor(number) {
    this.number = number;
  }
}

/** A number with a point, as it is written. */
export class Real {
  constructor(text) {
    this.text = text;
  }
}

export class Text {
  constructor(text) {
    this.text = text;
  }
}

/** A pattern's match at an offset, and nowhere else. */
export function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

export const wrong = (code, at) => refuse(code, { position: String(at + 1) });

export const isDictionary = value => value instanceof Map;

/** Whether two values are the same. */
export function equal(one, other) {
  if (one instanceof Map) {
    return other instanceof Map && one.size === other.size && [...one].every(([key, each]) => other.has(key) && equal(each, other.get(key)));
  }
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && one.every((each, at) => equal(each, other[at]));
  if (one === null || typeof one !== "object") return one === other;
  const [first, second] = [one.text ?? one.number, other?.text ?? other?.number];
  return one.constructor === other?.constructor && first === second;
}

/** Reads one value after the other from the text of a file, and counts them. */
export class Reader {
  #left = MOST_VALUES;

  constructor(text) {
    this.text = text;
  }

  /** The value that begins at an offset, and the offset after it. */
  value(at, deep = 0) {
    const token = match(TOKEN, this.text, at);
    this.#left -= 1;
    if (token === null || token.groups.close || deep > DEEPEST || this.#left < 0) wrong("pdf.syntax", at);
    const { ref, generation, number, name, open, hex, word } = token.groups;
    const end = at + token[0].length;
    if (open) return this.#opened(open, end, deep);
    if (ref) return generation === "0" ? [new Ref(Number(ref)), end] : wrong("pdf.syntax", at);
    if (number !== undefined) return [number.includes(".") ? new Real(number) : Number(number), end];
    if (name !== undefined) return [new Name(name.replace(/#([0-9A-Fa-f]{2})/g, (_, code) => sign(code, 16))), end];
    if (hex !== undefined) {
      const digits = hex + "0".repeat(hex.length % 2);
      return [new Text(digits.replace(/../g, each => sign(each, 16))), end];
    }
    return [WORDS[word], end];
  }

  #opened(opening, at, deep) {
    if (opening === "(") return this.#string(at);
    if (opening === "[") return this.#until("]", at, deep);
    const [items, end] = this.#until(">>", at, deep);
    const found = new Map();
    for (let each = 0; each < items.length; each += 2) {
      if (!(items[each] instanceof Name) || each + 1 === items.length || found.has(items[each].text)) wrong("pdf.syntax", at);
      found.set(items[each].text, items[each + 1]);
    }
    return [found, end];
  }

  #until(closing, at, deep) {
    const items = [];
    for (;;) {
      const token = match(TOKEN, this.text, at);
      if (token?.groups.close) {
        return token.groups.close === closing ? [items, at + token[0].length] : wrong("pdf.syntax", at);
      }
      const [item, end] = this.value(at, deep + 1);
      items.push(item);
      at = end;
    }
  }

  #string(start) {
    const inside = /\\[^]|[()]/g;
    inside.lastIndex = start;
    let depth = 1;
    for (let found; (found = inside.exec(this.text)); ) {
      depth += { "(": 1, ")": -1 }[found[0]] ?? 0;
      if (depth === 0) {
        const written = this.text.slice(start, found.index);
        return [new Text(written.replace(/\\([0-7]{1,3}|\r\n|[^])/g, unescaped)), inside.lastIndex];
      }
    }
    return wrong("pdf.syntax", start);
  }
}

const sign = (code, base) => String.fromCharCode(parseInt(code, base) & 255);

const unescaped = (_, code) => (/^[0-7]/.test(code) ? sign(code, 8) : (ESCAPED[code] ?? code));
