// SPDX-License-Identifier: Apache-2.0
// A PDF certificate in the visitor's browser: steps P1 to P8 of docs/formats/certificate-pdf.md, with the same numbers and
// answers as trust/pdf_check.py; then what it carries is handed on.
import { concat, fromBase64, fromHex, inflated, latin1, same, sha256 } from "./encodings.js";
import { readInstant, shown } from "./instants.js";
import { checkLinks } from "./pdf_links.js";
import { readContainer, readFile, signatureOf } from "./pdf_file.js";
import { checkSigner, readSignature, verifies } from "./pdf_signature.js";
import { Name, Text, equal, isDictionary } from "./pdf_syntax.js";
import { PASSED, refuse, untold } from "./refusal.js";
import { outcome } from "./verify.js";

/** The steps, and credential and receipt, null where a step failed. */
export async function openPdf(data, bundle, rules, told = () => {}) {
  const found = { data, rules, chains: bundle?.pdf ?? [] };
  const steps = [];
  let broken = null;
  for (const [at, work] of [readPage, readUpdate, readRange, readForm, compareDigest, checkSignature, whoSigned, readAttached].entries()) {
    const id = `P${at + 1}`;
    steps.push({ id, ...(broken ? untold("verify.not_reached", { step: broken }) : await outcome(() => work(found))) });
    if (steps.at(-1).state === "failed") broken = id;
    await told(steps.at(-1));
  }
  // A page that the body signed, with nothing of a certificate in it, is genuine, and tells of no certificate.
  const last = steps.at(-1);
  const genuine = steps.slice(0, -1).every(each => each.state === "passed");
  if (genuine && last.said.map(each => each.code).join() === "pdf.attachments") last.state = "cannot_tell";
  const carried = name => (!broken && found.attached?.has(name) ? { name, data: found.attached.get(name) } : null);
  return { steps, credential: carried("credential.json"), receipt: carried("receipt.json") };
}

function readPage(found) {
  found.file = readFile(latin1(found.data), found.rules.largest.pdf);
  return PASSED;
}

function readUpdate(found) {
  Object.assign(found, signatureOf(found.file));
  return PASSED;
}

function readRange(found) {
  found.container = readContainer(found.file, found.reference);
  return PASSED;
}

async function readForm(found) {
  const { start, end } = found.container;
  found.signature = await readSignature(fromHex(found.file.text.slice(start + 1, end - 1)));
  return PASSED;
}

async function compareDigest({ data, container, signature }) {
  const covered = await sha256(concat(data.subarray(0, container.start), data.subarray(container.end)));
  return same(covered, signature.digest) ? PASSED : refuse("pdf.digest");
}

async function checkSignature({ signature }) {
  const good = await verifies(signature.certificate.key, signature.value, signature.signed);
  return good ? PASSED : refuse("pdf.signature");
}

async function whoSigned({ signature, chains, claimed }) {
  const certificates = chain => chain.certificates.map(fromBase64);
  const roots = chains.filter(each => each.certificates.length).map(each => certificates(each).at(-1));
  if (!roots.length) return untold("verify.no_bundle");
  await checkSigner(signature.certificate, roots, claimed);
  const stolen = chains.filter(
    each => each.compromised_at !== null && certificates(each).some(raw => same(raw, signature.certificate.raw)),
  );
  if (!stolen.length) return PASSED;
  // Whoever stole a key can claim any time before, so what it signed proves nothing.
  return untold("pdf.stolen", { value: shown(Math.min(...stolen.map(each => readInstant(each.compromised_at)))) });
}

/** Exactly the expected files, by name, each with its relationship (ISO 32000-1, 7.11.4). */
async function readAttached(found) {
  const { page } = found.file;
  const expected = new Map(Object.entries(found.rules.attached));
  const wrong = () => refuse("pdf.attachments", { names: [...expected.keys()].join(", ") });
  const catalog = page.entries(page.trailer.get("Root"));
  const names = inside(inside(catalog.get("Names")).get("EmbeddedFiles")).get("Names");
  if (!Array.isArray(names) || !equal(names.filter((_, at) => at % 2), catalog.get("AF"))) wrong();
  const attached = new Map();
  for (let at = 0; at + 1 < names.length; at += 2) {
    const specification = page.entries(names[at + 1]);
    const name = names[at] instanceof Text ? names[at].text : "";
    if (!expected.has(name) || attached.has(name) || names.length !== 2 * expected.size) wrong();
    checkAssociation(specification, names[at], expected.get(name));
    attached.set(name, await content(found, page.get(inside(specification.get("EF")).get("F")), name));
  }
  if (attached.size !== expected.size) wrong();
  checkLinks(page, attached.get("credential.json"), found.rules);
  found.attached = attached;
  return PASSED;
}

function checkAssociation(specification, name, relationship) {
  const wrong = () => refuse("pdf.association", { name: name.text });
  if (!equal(specification.get("AFRelationship"), new Name(relationship))) wrong();
  if (!equal(specification.get("F"), name) || !equal(specification.get("UF"), name)) wrong();
  const files = inside(specification.get("EF"));
  const others = [...files.keys()].some(each => each !== "F" && each !== "UF");
  if (others || !equal(files.get("F"), files.get("UF"))) wrong();
}

async function content({ data, rules }, { at, value, stream }, name) {
  const entries = isDictionary(value) ? value : refuse("pdf.syntax", { position: String(at + 1) });
  const wrong = () => refuse("pdf.attachment_form", { name });
  const method = entries.get("Filter") ?? null;
  if (stream === null || entries.has("DecodeParms") || !(method === null || equal(method, new Name("FlateDecode")))) wrong();
  const most = rules.largest.attachment;
  const raw = data.subarray(...stream);
  const found = method === null ? raw : ((await inflated(raw, "deflate", most)) ?? wrong());
  if (found.length > most || inside(entries.get("Params")).get("Size") !== found.length) wrong();
  return found;
}

const inside = value => (isDictionary(value) ? value : new Map());
