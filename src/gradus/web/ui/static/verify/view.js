// SPDX-License-Identifier: Apache-2.0
// A verification in words, the same value as formats/verification_view.py makes, of the sentences that the page carries.
import { shown } from "./instants.js";
import { isCertificate } from "./statement.js";
import { verdictOf } from "./verify.js";

const SIGNS = { holds: "✓", does_not_hold: "×", cannot_tell: "?", passed: "✓", failed: "×" };
const OF_THE_DAY = ["8", "9"];
const ALTERED = ["P1", "P2", "P3", "P4", "P5", "P6", "1", "3"];
const OTHER_KINDS = { "verify.no_certificate": "verify.verdict.no_certificate", "pdf.attachments": "verify.verdict.signed_page" };

export class Voice {
  constructor(sentences, language) {
    Object.assign(this, { sentences, language });
  }

  /** The sentence of a code, its blanks filled. */
  words(code, blanks = {}) {
    const formed = this.sentences[code].replace(/\{(\w+):([^{}|]*)\|([^{}|]*)\}/g, (_, name, one, many) =>
      blanks[name] === "1" ? one : many,
    );
    return formed.replace(/\{(\w+)\}/g, (_, name) => blanks[name] ?? "");
  }

  /** What a fault says, with the file it is about. */
  sentence({ code, params, file }) {
    const cut = ([name, value]) => [name, short(value, name === "expected" || name === "said" ? 600 : 60)];
    const said = this.words(code, Object.fromEntries(Object.entries(params ?? {}).map(cut)));
    return file ? `${short(file, 600)}: ${said}` : said;
  }
}

function short(value, most) {
  const signs = [...value].map(each => (/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(each) ? " " : each));
  return signs.length <= most ? signs.join("") : `${signs.slice(0, most).join("")}…`;
}

/** `day`: the day that was asked about, null for now; `toCome`: it has not come yet. */
export function viewOf(found, voice, day, toCome) {
  const { statement } = found;
  const state = verdictOf(found.steps);
  const certificate = statement && isCertificate(statement);
  const heading = certificate ? (state === "holds" ? "says" : "says_unproven") : "says_change";
  const outcome = certificate ? statement.outcome : null;
  const said = text => text[voice.language];
  return {
    state,
    sign: SIGNS[state],
    verdict: verdictWords(found.steps, state, statement, voice, day),
    subject: subject(statement, voice),
    asked: voice.words("verify_page.asked", { at: shown(found.at) }),
    why: why(found.steps, state, voice, untoldCode(day, toCome)),
    outcome: outcome ? said(outcome.text) : "",
    rank: outcome ? voice.words("verify_page.rank", { order: said(outcome.order), meaning: said(outcome.meaning) }) : "",
    heading: statement ? voice.words(`verify_page.${heading}`) : "",
    facts: statement ? facts(statement, voice) : [],
    proves: proves(found, state, voice),
    steps: found.steps.map(each => stepView(each, voice)),
  };
}

export function stepView(step, voice) {
  return {
    id: step.id,
    state: step.state,
    sign: SIGNS[step.state],
    word: voice.words(`verify.state.${step.state}`),
    title: voice.words(`verify.step.${step.id}`),
    said: step.said.map(each => voice.sentence(each)),
  };
}

/** The code of what a file is instead of a certificate: nothing of ours, or a page that the body signed about something else; "" for all
 * others. */
function otherKind(steps) {
  const { state, said } = steps.at(-1);
  return (state === "cannot_tell" && OTHER_KINDS[said[0].code]) || "";
}

/** Whether everything else passed, and just its status at that instant cannot be told. */
export function onlyStatusUnknown(steps) {
  const others = steps.filter(each => each.state !== "passed");
  return others.length === 1 && others[0].id === "9" && others[0].state === "cannot_tell";
}

const untoldCode = (day, toCome) => (toCome ? "verify.to_come" : day ? "verify_page.status_past" : "verify_page.status_unknown");

/** Whose certificate it is and its number, to be read beside the verdict. */
function subject(statement, voice) {
  if (!statement) return "";
  return isCertificate(statement) ? `${holderName(statement, voice)} · ${statement.number}` : statement.number;
}

function holderName({ holder }, voice) {
  return voice.language === "en" && holder.name.en ? `${holder.name.en} · ${holder.name.zh}` : holder.name.zh;
}

function verdictWords(steps, state, statement, voice, day) {
  const kind = otherKind(steps);
  if (kind) return voice.words(kind);
  if (ALTERED.includes(steps.find(each => each.state === "failed")?.id)) return voice.words("verify_page.altered");
  if (statement && !isCertificate(statement) && state === "holds") return voice.words("verify.verdict.change");
  return voice.words(`verify_page.${day ? "on" : "today"}.${state}`, { day });
}

function why(steps, state, voice, untold) {
  if (state === "holds") return [];
  const decisive = state === "does_not_hold" ? "failed" : "cannot_tell";
  const deciding = steps.filter(each => each.state === decisive);
  const ofTheDocument = steps.filter(each => !OF_THE_DAY.includes(each.id));
  const said = [];
  if (ofTheDocument.length && ofTheDocument.every(each => each.state === "passed")) said.push(voice.words("verify_page.genuine"));
  if (onlyStatusUnknown(steps)) return [...said, voice.words(untold)];
  if (otherKind(steps) === "verify.verdict.signed_page") return [...said, voice.words("verify.signed_page")];
  return [...said, ...new Set(deciding[0]?.said.map(each => voice.sentence({ ...each, file: "" })))];
}

function facts(statement, voice) {
  const said = text => text[voice.language];
  const label = each => voice.words(`verify_page.fact.${each}`);
  const { issuer, number } = statement;
  if (!isCertificate(statement)) {
    return [
      [label("number"), number],
      [label("change"), voice.words(`change.${statement.change}`)],
      [label("effective"), shown(Date.parse(statement.effective_at))],
      [label("reason"), said(statement.reason.text)],
      [label("issuer"), said(issuer.name)],
    ];
  }
  const { holder, scope, scheme, edition } = statement;
  const days = { from: statement.valid_from, until: statement.last_valid_on };
  return [
    [label("holder"), holderName(statement, voice)],
    [label("credit_code"), holder.uscc],
    [label("scope"), scope.map(each => said(each.text)).join(voice.language === "zh" ? "、" : ", ")],
    [label("validity"), voice.words("verify_page.from_until", days)],
    [label("condition"), said(statement.surveillance)],
    [label("number"), number],
    [label("scheme"), `${said(scheme.text)} · ${said(edition.criterion)}`],
    [label("issuer"), `${said(issuer.name)} · ${issuer.approval_no}`],
  ];
}

/** What the verdict proves and what it does not, how old the status is, and who vouches for the time. */
function proves({ at, steps, statement, loggedAt, statusAsOf }, state, voice) {
  const said = [];
  if (otherKind(steps)) {
    said.push(voice.words("verify.proves.no_certificate"));
  } else if (state !== "holds") {
    said.push(voice.words(`verify.proves.${state}`));
  } else if (statement && loggedAt !== null) {
    const blanks = { issuer: statement.issuer.name[voice.language], logged: shown(loggedAt), at: shown(at) };
    said.push(voice.words(isCertificate(statement) ? "verify.proves.holds" : "verify.proves.change", blanks));
  }
  if (statusAsOf !== null) {
    const hours = String(Math.floor((at - statusAsOf) / 3600_000));
    const age = hours === "0" ? "verify.status_fresh" : "verify.status_age";
    said.push(voice.words(age, { status: shown(statusAsOf), hours }));
    if (state === "holds") said.push(voice.words("verify.proves_not", { status: shown(statusAsOf) }));
  }
  if (state === "holds") said.push(voice.words("verify.time"));
  return said;
}
