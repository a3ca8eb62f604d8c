// SPDX-License-Identifier: Apache-2.0
// Instants as milliseconds, days as texts; a day is a calendar day in China, UTC+8 (trust/instants.py).
const CHINA = 8 * 3600_000;
const DAY = 24 * 3600_000;

/** Milliseconds of an instant written 2026-06-30T01:00:00Z; null for any other form, or one that no calendar has. */
export function readInstant(text) {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) || writeInstant(at) !== text || !sensible(text) ? null : at;
}

export const writeInstant = at => new Date(at).toISOString().replace(".000Z", "Z");

export const isDay = text => /^\d{4}-\d\d-\d\d$/.test(text) && readInstant(`${text}T00:00:00Z`) !== null;

const sensible = text => Number(text.slice(0, 4)) >= 1900 && Number(text.slice(0, 4)) <= 2999;

/** The first instant of a day in China, and the first after it. */
export const begins = day => Date.parse(`${day}T00:00:00Z`) - CHINA;
export const ends = day => begins(day) + DAY;

export const dayOf = at => new Date(at + CHINA).toISOString().slice(0, 10);

/** An instant for people: the clock in China. */
export const shown = at => `${new Date(at + CHINA).toISOString().slice(0, 19).replace("T", " ")} UTC+8`;
