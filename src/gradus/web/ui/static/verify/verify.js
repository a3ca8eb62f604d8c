// SPDX-License-Identifier: Apache-2.0
// Whether a certificate holds, found out in the visitor's browser: the nine steps of docs/formats/verify.md, with the same
// numbers and the same answers as trust/verify.py. Nothing is fetched and nothing is sent.
import { canonical, parseCanonical } from "./canonical.js";
import { begins, ends, readInstant, shown } from "./instants.js";
import { readReceipt, receiptHolds, signedBy, stampedBy, strangers } from "./log.js";
import { keyOf, proofHolds, readProof, signsAt } from "./proof.js";
import { PASSED, Refusal, Unsupported, failed, fault, refuse, untold } from "./refusal.js";
import { isCertificate, readStatement, statementFaults } from "./statement.js";
import { checkStatus } from "./status.js";

const STEPS = [readable, issuerKnown, proofGood, statementGood, checkpointSigned, included, keyGood, withinDates, statusClear];

/**
 * Run every step. `credential` and `receipt` are {name, data}, `lists` several of them; `bundle` is the trust bundle or
 * null; `at` is in milliseconds, and so is `now`, after which no status is known; `told(step)` hears of each step as it ends.
 */
export async function verify({ credential, receipt, lists, bundle, rules, at, now }, told = () => {}) {
  const found = { credential, receipt, lists, bundle, rules, at, now, steps: [], loggedAt: null, statusAsOf: null };
  for (const [at, step] of STEPS.entries()) {
    found.steps.push({ id: String(at + 1), ...(await outcome(() => step(found))) });
    await told(found.steps.at(-1));
  }
  return { at, steps: found.steps, statement: trusted(found), loggedAt: found.loggedAt, statusAsOf: found.statusAsOf };
}

/** What a step says: a refusal fails it, and what the browser cannot do leaves it untold. */
export async function outcome(step) {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Refusal) return { state: "failed", said: error.faults };
    if (error instanceof Unsupported) return untold("verify_page.no_algorithm", { value: error.message });
    throw error;
  }
}

/** One failed step is enough to refuse; nothing holds while something cannot be told. */
export function verdictOf(steps) {
  const states = new Set(steps.map(each => each.state));
  if (states.has("failed")) return "does_not_hold";
  return states.has("cannot_tell") || !states.size ? "cannot_tell" : "holds";
}

/** The statement, once steps 1 to 4 passed. */
function trusted(found) {
  return found.steps.length >= 4 && !stoppedAt(found) ? found.statement : null;
}

/** The first of steps 1 to 4 that did not pass; "" once all did. */
const stoppedAt = found => found.steps.slice(0, 4).find(each => each.state !== "passed")?.id ?? "";

const notReached = step => untold("verify.not_reached", { step });

function readable(found) {
  const { name, data } = found.credential;
  const document = parseCanonical(data, name, found.rules.largest.credential, found.rules.deepest);
  if (document === null || typeof document !== "object" || Array.isArray(document)) refuse("credential.other_kind", {}, name);
  found.proof = readProof(document, found.rules, name);
  found.document = document;
  return PASSED;
}

function issuerKnown(found) {
  const { proof, bundle } = found;
  if (!proof) return notReached("1");
  if (!bundle) return untold("verify.no_bundle");
  found.period = keyOf(bundle, proof.verificationMethod);
  if (!found.period) return unknownKey(proof.verificationMethod, bundle);
  return PASSED;
}

export function unknownKey(said, { issuer: { name } }) {
  return failed("verify.unknown_key", { said, issuer_zh: name.zh, issuer_en: name.en });
}

async function proofGood(found) {
  if (!found.period) return notReached("2");
  const good = await proofHolds(found.document, found.proof, found.period.public_key);
  return good ? PASSED : failed("verify.proof");
}

function statementGood(found) {
  const { proof, bundle, document, rules } = found;
  if (!proof) return notReached("1");
  const statement = readStatement(document, rules, found.credential.name);
  const faults = statementFaults(statement, rules);
  const [created, expected] = [proof.created, isCertificate(statement) ? statement.issued_at : statement.recorded_at];
  if (created !== expected) {
    faults.push(fault("verify.made_at", { value: shown(readInstant(created)), expected: shown(readInstant(expected)) }));
  }
  const known = bundle && [bundle.issuer, ...bundle.former_issuers].map(canonical);
  if (known && !known.includes(canonical(statement.issuer))) {
    faults.push(fault("verify.issuer_differs", { value: statement.issuer.name.zh }));
  }
  if (faults.length) throw new Refusal(faults);
  found.statement = statement;
  return PASSED;
}

async function checkpointSigned(found) {
  if (!found.receipt) return untold("verify.no_receipt");
  const receipt = readReceipt(found.receipt.data, found.rules, found.receipt.name);
  if (!found.bundle) return untold("verify.no_bundle");
  const { log, witnesses } = found.bundle;
  const { checkpoint } = receipt;
  if (checkpoint.origin !== log.origin) return failed("verify.other_log", { value: checkpoint.origin, expected: log.origin });
  let period = null;
  for (const each of log.keys) period ??= (await signedBy(checkpoint, each.public_key)) ? each : null;
  const stampedAt = period && (await stampedBy(checkpoint, log.origin, period.public_key));
  if (stampedAt === null) return failed("verify.checkpoint");
  const stamps = [stampedAt];
  const missing = [];
  for (const { name, public_key } of witnesses) {
    const at = await stampedBy(checkpoint, name, public_key);
    (at === null ? missing : stamps).push(at ?? name);
  }
  if (missing.length) return failed("verify.no_witness", { value: missing.join(", ") });
  if (!signsAt(period, stampedAt)) return failed("verify.log_key_period", { value: shown(stampedAt) });
  // The latest stamp counts: whoever stamps too early gains nothing as long as one of the others is honest.
  const stampedLast = Math.max(...stamps);
  const stolen = period.compromised_at === null ? null : readInstant(period.compromised_at);
  if (stolen !== null && !(witnesses.length && stampedLast < stolen)) {
    return untold("verify.log_key_stolen", { value: shown(stolen) });
  }
  const unknown = await strangers(checkpoint, period.public_key, witnesses);
  if (unknown.length) return untold("verify.stranger", { value: unknown.join(", ") });
  found.stampedAt = stampedLast;
  found.readReceipt = receipt;
  return PASSED;
}

async function included(found) {
  if (!found.receipt) return untold("verify.no_receipt");
  if (!found.readReceipt) return notReached("5");
  if (!(await receiptHolds(found.readReceipt, found.credential.data))) return failed("verify.not_included");
  found.loggedAt = found.stampedAt;
  return PASSED;
}

function keyGood({ period, proof, loggedAt }) {
  if (!period) return notReached("2");
  const stolen = period.compromised_at === null ? null : readInstant(period.compromised_at);
  if (loggedAt === null) {
    return stolen === null ? notReached("6") : untold("verify.key_stolen_no_receipt", { value: shown(stolen) });
  }
  const [value, created] = [shown(loggedAt), readInstant(proof.created)];
  if (loggedAt < created) return failed("verify.logged_before_made", { value, expected: shown(created) });
  if (!signsAt(period, loggedAt)) return failed("verify.key_period", { value });
  if (stolen !== null && loggedAt >= stolen) return failed("verify.key_stolen", { value, expected: shown(stolen) });
  return PASSED;
}

function withinDates(found) {
  const [statement, at] = [trusted(found), shown(found.at)];
  if (!statement) return notReached(stoppedAt(found));
  if (!isCertificate(statement)) {
    return found.at < readInstant(statement.effective_at) ? failed("verify.not_in_effect", { at }) : PASSED;
  }
  const { valid_from, last_valid_on, issued_at } = statement;
  if (found.at < Math.max(begins(valid_from), readInstant(issued_at))) {
    return failed("verify.not_yet_valid", { at, value: valid_from });
  }
  return found.at >= ends(last_valid_on) ? failed("verify.expired", { at, value: last_valid_on }) : PASSED;
}

async function statusClear(found) {
  const statement = trusted(found);
  if (!statement) return notReached(stoppedAt(found));
  if (!isCertificate(statement)) return PASSED;
  if (!found.bundle) return untold("verify.no_bundle");
  const [outcome, asOf] = await checkStatus(statement, found.lists, found.bundle, found.rules, found.at, found.now);
  found.statusAsOf = asOf;
  return outcome;
}
