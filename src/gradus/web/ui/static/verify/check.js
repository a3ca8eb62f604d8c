// SPDX-License-Identifier: Apache-2.0
// Files that a visitor chose, checked here: a PDF goes through its own steps first, then through those of its credential.
import { latin1, utf8 } from "./encodings.js";
import { dayOf, ends } from "./instants.js";
import { openPdf } from "./pdf.js";
import { untold } from "./refusal.js";
import { verify } from "./verify.js";

/** Of a file that is no certificate at all nothing can be told (trust/pdf_verify.py). */
const noCertificate = (id, at) => ({ at, steps: [{ id, ...untold("verify.no_certificate") }], statement: null, loggedAt: null, statusAsOf: null });

const isPdf = data => latin1(data.subarray(0, 5)) === "%PDF-";

/** Which file is the certificate, and which its receipt, by what is in them; else the code of what is wrong. */
export function sorted(given) {
  const receipts = given.filter(each => !isPdf(each.data) && latin1(each.data).includes('"gradus-receipt/'));
  const certificates = given.filter(each => !receipts.includes(each));
  if (!given.length) return { wrong: "verify_page.no_file" };
  if (receipts.length && !certificates.length) return { wrong: "verify_page.only_receipt" };
  if (certificates.length !== 1 || receipts.length > 1) return { wrong: "verify_page.one_certificate" };
  return { certificate: certificates[0], receipt: receipts[0] ?? null };
}

/** The instant that stands for a day (its last second in China), or for now where none, or today, was asked about. */
export function asked(day, now) {
  const today = dayOf(now);
  if (!day || day === today) return { day: null, at: now, toCome: false };
  return { day, at: ends(day) - 1000, toCome: day > today };
}

/** The whole check, with what the page carries: the trust bundle, status lists, and the shapes of records. */
export async function check({ certificate, receipt }, { bundle, lists, overtaken, rules }, at, now, told) {
  const given = { bundle, rules, at, now, lists: lists.map(({ name, text }) => ({ name, data: utf8(text) })) };
  const checked = async files => {
    const found = await verify({ ...given, ...files }, told);
    // Of what was decided since, and is in no list yet, the lists tell nothing.
    return overtaken.includes(found.statement?.number) ? verify({ ...given, ...files, lists: [] }) : found;
  };
  const text = latin1(certificate.data);
  const marked = rules.marks.some(each => text.includes(each));
  if (!isPdf(certificate.data)) return marked ? checked({ credential: certificate, receipt }) : noCertificate("1", at);
  const opened = await openPdf(certificate.data, bundle, rules, told);
  if (!marked && opened.steps[0].state === "failed") return noCertificate("P1", at);
  if (!opened.credential) return { at, steps: opened.steps, statement: null, loggedAt: null, statusAsOf: null };
  const found = await checked({ credential: opened.credential, receipt: receipt ?? opened.receipt });
  return { ...found, steps: [...opened.steps, ...found.steps] };
}
