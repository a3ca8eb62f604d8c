// SPDX-License-Identifier: Apache-2.0
// The statement in a credential, and what no statement may be, whoever signed it (trust/statement.py, credential.py).
import { canonical } from "./canonical.js";
import { begins, dayOf, ends, readInstant, writeInstant } from "./instants.js";
import { without } from "./proof.js";
import { checkRecord } from "./records.js";
import { fault, refuse } from "./refusal.js";

const KINDS = { GradedCertificate: "certificate", CertificateStatusChange: "change" };
const CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY";

export const isCertificate = statement => "holder" in statement;

/** The statement of a credential, whose outside must say the same. */
export function readStatement(document, rules, file) {
  const { type, credentialSubject: subject } = document;
  const last = Array.isArray(type) && typeof type.at(-1) === "string" ? type.at(-1) : "";
  const inside = subject !== null && typeof subject === "object" && !Array.isArray(subject) && "statement" in subject;
  if (!Object.hasOwn(KINDS, last) || !inside) refuse("credential.other_kind", {}, file);
  const statement = subject.statement;
  checkRecord(rules, KINDS[last], statement, file);
  const asked = outside(statement, last);
  const said = without(document, "proof");
  const keys = [...new Set([...Object.keys(asked), ...Object.keys(said)])].sort();
  const differ = keys.filter(key => !(key in asked && key in said) || canonical(asked[key]) !== canonical(said[key]));
  if (differ.length) refuse("credential.outside_differs", { keys: differ.join(", ") }, file);
  return statement;
}

/** The credential without its proof, as it follows from the statement. */
function outside(statement, kind) {
  const envelope = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "urn:gradus:certification:1"],
    id: statement.verification_url,
    type: ["VerifiableCredential", kind],
    issuer: { id: statement.issuer.id, name: statement.issuer.name.zh },
  };
  if (!isCertificate(statement)) {
    return {
      ...envelope,
      id: `${statement.verification_url}#${statement.recorded_at}`,
      validFrom: statement.effective_at,
      credentialSubject: { statement },
    };
  }
  return {
    ...envelope,
    validFrom: writeInstant(begins(statement.valid_from)),
    validUntil: writeInstant(ends(statement.last_valid_on)),
    credentialStatus: statement.status.map(each => ({
      id: `${each.list}#${each.index}`,
      type: "BitstringStatusListEntry",
      statusPurpose: each.purpose,
      statusListIndex: String(each.index),
      statusListCredential: each.list,
    })),
    credentialSubject: { name: statement.holder.name.zh, statement },
  };
}

export function statementFaults(statement, rules) {
  const found = isNumber(statement.number) ? [] : [fault("statement.number", { value: statement.number })];
  for (const authority of rules.authorities) {
    if (borrowable(statement).includes(authority)) found.push(fault("statement.authority", { value: authority }));
  }
  const more = isCertificate(statement) ? certificateFaults(statement) : changeFaults(statement);
  return [...found, ...more.filter(([wrong]) => wrong).map(([, code, params]) => fault(code, params))];
}

function certificateFaults(statement) {
  const decided = readInstant(statement.decision.decided_at);
  const issued = readInstant(statement.issued_at);
  const { supersedes, valid_from, last_valid_on, holder, scope } = statement;
  const early = valid_from < dayOf(decided);
  return [
    [issued < decided, "statement.before_decision"],
    [early, "statement.valid_before_decision", { value: valid_from }],
    [last_valid_on < valid_from, "statement.ends_before_it_begins"],
    [statement.first_issued_on > dayOf(issued), "statement.first_issue_later"],
    [!isCreditCode(holder.uscc), "statement.uscc", { value: holder.uscc }],
    [!scope.length || new Set(scope.map(each => each.id)).size < scope.length, "statement.scope"],
    [statement.outcome.rank === 0, "statement.no_outcome"],
    [statement.status.map(each => each.purpose).sort().join() !== "revocation,suspension", "statement.status_entries"],
    [supersedes === statement.number || (supersedes !== null && !isNumber(supersedes)), "statement.supersedes"],
  ];
}

function changeFaults(statement) {
  const { superseded_by: successor, change, number } = statement;
  const fits = successor === null || (isNumber(successor) && successor !== number);
  return [
    [readInstant(statement.recorded_at) < readInstant(statement.decision.decided_at), "statement.before_decision"],
    [!fits || (successor !== null) !== (change === "superseded"), "statement.superseded_by"],
  ];
}

function borrowable(statement) {
  const { issuer, scheme, outcome, surveillance } = statement;
  const texts = [issuer.name];
  if (isCertificate(statement)) texts.push(scheme.text, outcome.text, outcome.meaning, outcome.order, surveillance);
  return texts.map(each => `${each.zh} ${each.en}`).join(" ");
}

/** A certificate number with the right check characters (ISO 7064 MOD 1271-36): read in base 36 it leaves 1. */
export function isNumber(text) {
  if (!/^[A-Z]{2,8}-\d{4}-\d{6}-[0-9A-Z]{2}$/.test(text)) return false;
  return [...text.replaceAll("-", "")].reduce((rest, sign) => (rest * 36 + parseInt(sign, 36)) % 1271, 0) === 1;
}

/** A unified social credit code with the right check character (GB 32100-2015). */
function isCreditCode(code) {
  const places = [...code].map(sign => CREDIT.indexOf(sign));
  if (places.length !== 18 || places.includes(-1)) return false;
  let [total, weight] = [0, 1];
  for (const place of places.slice(0, 17)) {
    total += place * weight;
    weight = (weight * 3) % 31;
  }
  return (31 - (total % 31)) % 31 === places[17];
}
