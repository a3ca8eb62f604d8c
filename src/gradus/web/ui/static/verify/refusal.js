// SPDX-License-Identifier: Apache-2.0
// What is wrong, as data: a code and its blanks, and the file it is about. view.js says it.

export class Refusal extends Error {
  constructor(faults) {
    super(faults.map(each => each.code).join(", "));
    this.faults = faults;
  }
}

/** The browser does not know an algorithm: nothing can be told, and nothing is called valid. */
export class Unsupported extends Error {}

export const fault = (code, params = {}, file = "") => ({ code, params, file });

export function refuse(code, params = {}, file = "") {
  throw new Refusal([fault(code, params, file)]);
}

export const PASSED = { state: "passed", said: [] };
export const failed = (code, params = {}) => ({ state: "failed", said: [fault(code, params)] });
export const untold = (code, params = {}) => ({ state: "cannot_tell", said: [fault(code, params)] });
