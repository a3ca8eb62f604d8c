// SPDX-License-Identifier: Apache-2.0
// Data Integrity proofs, cryptosuite eddsa-jcs-2022 (W3C Data Integrity EdDSA Cryptosuites 1.0, 3.3.2).
import { canonical } from "./canonical.js";
import { concat, fromBase58, multikey, sha256, utf8, verifyEd25519 } from "./encodings.js";
import { readInstant } from "./instants.js";
import { checkRecord } from "./records.js";
import { refuse } from "./refusal.js";

/** Everything but some keys. */
export function without(value, ...keys) {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** The proof of a signed document. */
export function readProof(document, rules, file) {
  const found = document.proof;
  const good = found !== null && typeof found === "object" && !Array.isArray(found);
  const context = each => (each["@context"] === undefined ? "" : canonical(each["@context"]));
  if (!good || context(found) !== context(document)) refuse("credential.no_proof", {}, file);
  checkRecord(rules, "proof", without(found, "@context"), file);
  return found;
}

/** Whether that key made the proof over that document. */
export async function proofHolds(document, proof, publicKey) {
  const signature = fromBase58(proof.proofValue, 64);
  if (signature === null) return false;
  const parts = [without(proof, "proofValue"), without(document, "proof")];
  const hashes = await Promise.all(parts.map(each => sha256(utf8(canonical(each)))));
  return verifyEd25519(multikey(publicKey), signature, concat(...hashes));
}

/** The bundle's key of that address. */
export const keyOf = (bundle, method) => bundle.keys.find(each => `${bundle.issuer.id}#${each.public_key}` === method);

/** Whether a key of the bundle was in use at an instant. */
export function signsAt(period, at) {
  return readInstant(period.valid_from) <= at && (period.valid_until === null || at < readInstant(period.valid_until));
}
