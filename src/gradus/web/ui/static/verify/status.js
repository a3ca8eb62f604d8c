// SPDX-License-Identifier: Apache-2.0
// Step 9: what the status lists say (W3C Bitstring Status List 1.0). Fails closed, as trust/status_check.py.
import { canonical, parseCanonical } from "./canonical.js";
import { fromBase64url, inflated } from "./encodings.js";
import { readInstant, shown } from "./instants.js";
import { keyOf, proofHolds, readProof, signsAt, without } from "./proof.js";
import { PASSED, Refusal, fault, refuse } from "./refusal.js";

const SET = { revocation: "verify.revoked", suspension: "verify.suspended" };

/** The outcome of the step, and the instant of the older one of the lists that answered. */
export async function checkStatus(statement, given, bundle, rules, at, now) {
  const [lists, reasons] = await readable(given, rules);
  const [said, unknown, answered] = [[], [], []];
  for (const entry of statement.status) {
    const [found, why] = await newest(entry, lists, statement.issuer.id, bundle, at);
    const bit = found && bitOf(found, entry.index);
    const forGood = bit && entry.purpose === "revocation";
    if (found === null) {
      unknown.push(...why);
    } else if (!forGood && (at > now || at >= found.until)) {
      unknown.push(...why, at > now ? fault("status.to_come", { value: shown(now) }) : notInForce(found));
    } else if (bit === null) {
      unknown.push(fault("status.no_such_index", { said: entry.list, value: String(entry.index) }));
    } else {
      answered.push(found.from);
      if (bit) said.push(fault(SET[entry.purpose], { value: shown(found.from) }));
    }
  }
  const asOf = answered.length ? Math.min(...answered) : null;
  if (said.length) return [{ state: "failed", said }, asOf];
  if (unknown.length) return [{ state: "cannot_tell", said: once([...unknown, ...reasons]) }, asOf];
  return [PASSED, asOf];
}

/** What holds for both lists is said once. */
function once(faults) {
  const written = faults.map(each => JSON.stringify(each));
  return faults.filter((_, at) => written.indexOf(written[at]) === at);
}

async function readable(given, rules) {
  const [lists, faults] = [[], []];
  for (const { name, data } of given) {
    try {
      lists.push(await readList(data, rules, name));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      faults.push(...error.faults);
    }
  }
  return [lists, faults];
}

async function readList(data, rules, file) {
  const document = parseCanonical(data, file, rules.largest.list, rules.deepest);
  const wrong = () => refuse("status.not_a_list", {}, file);
  if (document === null || typeof document !== "object" || Array.isArray(document)) wrong();
  const proof = readProof(document, rules, file);
  const subject = document.credentialSubject ?? {};
  const [from, until] = [document.validFrom, document.validUntil].map(each => readInstant(String(each)));
  const bits = await readBits(subject.encodedList, rules);
  if (from === null || until === null || until <= from || bits === null) wrong();
  if (!Object.hasOwn(SET, subject.statusPurpose)) wrong();
  const { id, issuer } = document;
  const asked = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    id,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer,
    validFrom: document.validFrom,
    validUntil: document.validUntil,
    credentialSubject: {
      id: `${id}#list`,
      type: "BitstringStatusList",
      statusPurpose: subject.statusPurpose,
      encodedList: subject.encodedList,
    },
  };
  if (typeof id !== "string" || typeof issuer !== "string") wrong();
  if (canonical(asked) !== canonical(without(document, "proof"))) wrong();
  return { file, id, issuer, purpose: subject.statusPurpose, from, until, bits, proof, document };
}

async function readBits(text, rules) {
  const [least, most] = rules.bits;
  const data = typeof text === "string" && text.startsWith("u") ? fromBase64url(text.slice(1)) : null;
  const bits = data && (await inflated(data, "gzip", most / 8));
  return bits && 8 * bits.length >= least ? bits : null;
}

const notInForce = each => fault("status.not_in_force", { from: shown(each.from), until: shown(each.until) }, each.file);

/** The newest trusted list of an entry that had begun at the instant, or why there is none. One that has ended is followed by
 * none of the older ones; but what has ended has ended for good, of that it speaks when it is over, too. */
async function newest(entry, lists, issuer, bundle, at) {
  const mine = lists.filter(each => each.id === entry.list && each.purpose === entry.purpose);
  if (!mine.length) return [null, [fault("status.missing", { said: entry.list })]];
  const [why, begun] = [[], []];
  for (const each of mine) {
    if (!(await trusted(each, issuer, bundle))) {
      why.push(fault("status.not_trusted", {}, each.file));
    } else if (each.from > at) {
      why.push(notInForce(each));
    } else {
      begun.push(each);
    }
  }
  if (!begun.length) return [null, why];
  return [begun.reduce((last, each) => (outweighs(each, last, entry.index) ? each : last)), why];
}

/** The newest list weighs most; of two of one second the bit that is set counts, and the end that comes first. */
function outweighs(one, other, index) {
  if (one.from !== other.from) return one.from > other.from;
  const [set, otherSet] = [one, other].map(each => bitOf(each, index) !== 0);
  return set === otherSet ? one.until < other.until : set;
}

/** The bit of a list, the first one leftmost; null beyond the end. */
function bitOf(list, index) {
  return index < 8 * list.bits.length ? (list.bits[Math.floor(index / 8)] >> (7 - (index % 8))) & 1 : null;
}

/** Lists are in no log: once a key was stolen, no list signed with it is believed. */
async function trusted(list, issuer, bundle) {
  const period = keyOf(bundle, list.proof.verificationMethod);
  const fits =
    list.issuer === issuer && period && period.compromised_at === null && signsAt(period, list.from);
  return Boolean(fits && readInstant(list.proof.created) === list.from && (await proofHolds(list.document, list.proof, period.public_key)));
}

