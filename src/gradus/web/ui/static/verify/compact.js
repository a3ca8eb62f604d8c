// SPDX-License-Identifier: Apache-2.0
// The code on the paper (docs/formats/compact.md): what stands behind # of the address, which is sent to nobody. It tells
// whether the paper bears what was signed, never whether it holds.
import { fromBase64url, multikey, utf8, verifyEd25519 } from "./encodings.js";
import { isDay } from "./instants.js";
import { PASSED, failed, untold } from "./refusal.js";
import { isNumber } from "./statement.js";
import { outcome, unknownKey } from "./verify.js";

const day = text => text.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");

function readCompact(text, most) {
  const [version, number, uscc, rung, from, until, key, encoded, more] = text.split("~");
  if (text.length > most || version !== "1" || more !== undefined || encoded === undefined) return null;
  const signature = fromBase64url(encoded);
  const good = isNumber(number) && [from, until].every(each => isDay(day(each))) && key.length === 8;
  if (!good || signature?.length !== 64) return null;
  const signed = text.slice(0, text.lastIndexOf("~"));
  return { number, uscc, outcome: rung, from: day(from), until: day(until), key, signed, signature };
}

/** {step, compact}: whether the certification body signed it; the number in the address must be the one signed. */
export async function checkCompact(text, number, { bundle, rules }) {
  const compact = readCompact(text, rules.largest.compact);
  const step = await outcome(() => checked(compact, number, bundle));
  return { ...step, compact };
}

async function checked(compact, number, bundle) {
  if (compact === null) return failed("compact.form");
  if (!bundle) return untold("verify.no_bundle");
  const period = bundle.keys.find(each => each.public_key.endsWith(compact.key));
  if (!period) return unknownKey(`…${compact.key}`, bundle);
  const message = utf8(`gradus-compact/1\n${compact.signed}`);
  if (!(await verifyEd25519(multikey(period.public_key), compact.signature, message))) return failed("compact.proof");
  if (period.compromised_at !== null) return untold("compact.key_stolen");
  if (number && compact.number !== number) {
    return failed("verify_page.code.other_number", { value: compact.number, expected: number });
  }
  return PASSED;
}
