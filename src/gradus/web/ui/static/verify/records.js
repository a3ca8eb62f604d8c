// SPDX-License-Identifier: Apache-2.0
// Whether a value has the shape of a record. The shapes come with the page (trust/shapes.py), so there is one copy of them.
import { isDay, readInstant } from "./instants.js";
import { Refusal, fault } from "./refusal.js";

const EXAMPLES = { instant: "2026-06-30T01:00:00Z", day: "2026-06-30", text: '"..."' };

const isObject = value => value !== null && typeof value === "object" && !Array.isArray(value);
const length = text => [...text].length;

/** Refuses a value that has not that shape, with every fault. */
export function checkRecord(rules, record, value, file) {
  const faults = [];
  new Shapes(rules, faults, file).check(rules.records[record], value, "");
  if (faults.length) throw new Refusal(faults);
}

class Shapes {
  constructor(rules, faults, file) {
    Object.assign(this, { rules, faults, file });
  }

  check(shape, value, path) {
    const good = this[`_${shape.is}`](shape, value, path);
    if (!good) this.#fault("record.wrong_value", path || "-", { expected: example(shape) });
  }

  _maybe(shape, value, path) {
    if (value !== null) this.check(shape.of, value, path);
    return true;
  }

  _list(shape, value, path) {
    if (!Array.isArray(value) || value.length > this.rules.longest_list) return false;
    value.forEach((each, at) => this.check(shape.of, each, `${path}[${at}]`));
    return true;
  }

  _record(shape, value, path) {
    if (!isObject(value)) return false;
    const inside = key => (path ? `${path}.${key}` : key);
    const more = Object.keys(value).filter(key => !Object.hasOwn(shape.fields, key));
    const less = Object.keys(shape.fields).filter(key => !(key in value));
    for (const key of more.sort()) this.#fault("record.unknown_key", inside(key));
    for (const key of less.sort()) this.#fault("record.missing_key", inside(key));
    for (const key of Object.keys(shape.fields)) {
      if (key in value) this.check(shape.fields[key], value[key], inside(key));
    }
    return true;
  }

  _words(shape, value, path) {
    const before = this.faults.length;
    if (!isObject(value)) return this.#fault("record.wrong_value", path, { expected: "{...}" });
    this._record(shape, value, path);
    const unseen = new RegExp(`[${this.rules.unseen}]`, "u");
    const says = text => text.trim() !== "" && length(text) <= this.rules.longest_text && !unseen.test(text);
    return this.faults.length > before || Object.values(value).every(says);
  }

  _text(shape, value) {
    return typeof value === "string" && (!shape.pattern || new RegExp(`^(?:${shape.pattern})$`, "u").test(value));
  }

  _one(shape, value) {
    return shape.of.includes(value);
  }

  _count(_, value) {
    return Number.isSafeInteger(value) && value >= 0;
  }

  _instant(_, value) {
    return typeof value === "string" && readInstant(value) !== null;
  }

  _day(_, value) {
    return typeof value === "string" && isDay(value);
  }

  #fault(code, path, more = {}) {
    this.faults.push(fault(code, { path, ...more }, this.file));
    return true;
  }
}

function example(shape) {
  if (shape.is === "list") return "[...]";
  if (shape.is === "record") return "{...}";
  if (shape.is === "words") return '{"zh": ..., "en": ...}';
  return shape.is === "one" ? shape.of.join(", ") : (shape.example ?? EXAMPLES[shape.is]);
}
