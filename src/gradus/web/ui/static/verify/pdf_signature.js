// SPDX-License-Identifier: Apache-2.0
// The signature container (CMS, RFC 5652, in the one form of docs/formats/certificate-pdf.md), its certificate and who issued
// it: trust/pdf_der.py, pdf_signature.py, pdf_certificate.py and pdf_trust.py in JavaScript.
import { concat, fromHex, same, sha256, toHex, verifyP256 } from "./encodings.js";
import { calendar } from "./pdf_file.js";
import { Refusal, fault, refuse } from "./refusal.js";

const [BOOLEAN, INTEGER, BITS, OCTETS, OID, SEQUENCE, SET] = [0x01, 0x02, 0x03, 0x04, 0x06, 0x30, 0x31];
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const ECDSA_SHA256 = "300a06082a8648ce3d040302";
const P256_KEY = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
const SHA256 = "300d06096086480165030402010500";
const SIGNED_DATA = "06092a864886f70d010702";
const DATA = "06092a864886f70d010701";
const CONTENT_TYPE = "06092a864886f70d010903";
const MESSAGE_DIGEST = "06092a864886f70d010904";
const SIGNING_CERTIFICATE = "060b2a864886f70d010910022f";

const BASIC_CONSTRAINTS = "551d13";
const KEY_USAGE = "551d0f";
const KEY_PURPOSES = "551d25";
const DOCUMENT_SIGNING = "2b06010505070324";
const [SIGNS, CERTIFIES] = [0xc0, 0x04]; // digitalSignature or contentCommitment; keyCertSign

const malformed = () => refuse("pdf.container_form");

/** A DER value (X.690, 10 and 11): its tag, its content, and all its bytes. */
class Der {
  constructor(tag, content, raw) {
    Object.assign(this, { tag, content, raw });
  }

  /** The values inside, which must have just these tags in this order. */
  parts(...tags) {
    const inside = this.all();
    if (inside.length !== tags.length || inside.some((each, at) => each.tag !== tags[at])) malformed();
    return inside;
  }

  all() {
    const inside = [];
    for (let at = 0; at < this.content.length; at += inside.at(-1).raw.length) inside.push(readDer(this.content, at));
    return inside;
  }

  get hex() {
    return toHex(this.raw);
  }
}

/** Tags of one byte, lengths of up to two bytes: what is longer does not occur in a signature of ours. */
function readDer(data, at) {
  if (data.length - at < 2 || (data[at] & 0x1f) === 0x1f) malformed();
  let [length, begin] = [data[at + 1], at + 2];
  if (length > 0x7f) {
    const count = length & 0x7f;
    length = count === 1 ? data[at + 2] : (data[at + 2] << 8) | data[at + 3];
    begin += count;
    if ((count !== 1 && count !== 2) || !(length >= (count === 1 ? 0x80 : 0x100))) malformed();
  }
  const end = begin + length;
  if (end > data.length) malformed();
  return new Der(data[at], data.subarray(begin, end), data.subarray(at, end));
}

const sequence = value => (value.tag === SEQUENCE ? value : malformed());

function readOne(data) {
  const value = readDer(data, 0);
  return value.raw.length === data.length ? value : malformed();
}

/** A container with its padding; any form but the one is refused. */
export async function readSignature(content) {
  const whole = sequence(readDer(content, 0));
  if (content.subarray(whole.raw.length).some(each => each !== 0)) refuse("pdf.padding");
  const [kind, inside] = whole.parts(OID, 0xa0);
  const [signedData] = inside.parts(SEQUENCE);
  const [version, digests, about, certificates, signers] = signedData.parts(INTEGER, SET, SEQUENCE, 0xa0, SET);
  const [raw] = certificates.parts(SEQUENCE);
  const [signer] = signers.parts(SEQUENCE);
  const [number, who, digest, attributes, algorithm, value] = signer.parts(INTEGER, SEQUENCE, SEQUENCE, 0xa0, SEQUENCE, OCTETS);
  const certificate = readCertificate(raw.raw);
  const fixed = [
    [kind.hex, SIGNED_DATA],
    [version.hex, "020101"],
    [toHex(digests.content), SHA256],
    [toHex(about.content), DATA],
    [number.hex, "020101"],
    [toHex(who.content), certificate.issuer + certificate.serial],
    [digest.hex, SHA256],
    [algorithm.hex, ECDSA_SHA256],
  ];
  if (fixed.some(([found, expected]) => found !== expected)) malformed();
  const [r, s] = numbers(value.content);
  if (!(0n < r && r < ORDER && 0n < s && s <= ORDER / 2n)) malformed(); // of (r, s) and (r, n - s) only the lower
  const signed = concat([SET], attributes.raw.subarray(1));
  return { digest: await digestOf(attributes, certificate), signed, value: value.content, certificate };
}

/** The digest among the signed attributes, which must be the ones PAdES asks, in their order. */
async function digestOf(attributes, certificate) {
  const all = attributes.all();
  const values = new Map(all.map(each => each.parts(OID, SET)).map(([kind, value]) => [kind.hex, value]));
  const written = all.map(each => each.hex);
  const asked = [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE];
  const sorted = [...written].sort().every((each, at) => each === written[at]);
  if (all.length !== 3 || !asked.every(each => values.has(each)) || !sorted) refuse("pdf.attributes");
  if (toHex(values.get(CONTENT_TYPE).content) !== DATA) refuse("pdf.attributes");
  const [digest] = values.get(MESSAGE_DIGEST).parts(OCTETS);
  const [lists] = values.get(SIGNING_CERTIFICATE).parts(SEQUENCE);
  const [named] = lists.parts(SEQUENCE);
  const [first] = named.parts(SEQUENCE);
  const hashes = first.all().filter(each => each.tag === OCTETS);
  const expected = await sha256(certificate.raw);
  if (hashes.length !== 1 || !same(hashes[0].content, expected)) refuse("pdf.signing_certificate");
  return digest.content;
}

/** An X.509 certificate of the one kind that signs certificates' PDF files (RFC 5280). */
function readCertificate(raw) {
  const [signed, algorithm, signature] = sequence(readOne(raw)).parts(SEQUENCE, SEQUENCE, BITS);
  const [version, serial, inner, issuer, validity, subject, key, extensions] = signed.parts(
    0xa0, INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, 0xa3,
  );
  if (algorithm.hex !== ECDSA_SHA256 || inner.hex !== ECDSA_SHA256 || !key.hex.startsWith(P256_KEY)) refuse("pdf.algorithm");
  if (version.hex !== "a003020102" || signature.content[0] !== 0) refuse("pdf.certificate_form");
  numbers(signature.content.subarray(1));
  const both = validity.all();
  if (both.length !== 2) refuse("pdf.certificate_form");
  return {
    raw,
    signed: signed.raw,
    signature: signature.content.subarray(1),
    serial: serial.hex,
    issuer: issuer.hex,
    subject: subject.hex,
    first: instant(both[0]),
    last: instant(both[1]),
    key: key.raw.subarray(P256_KEY.length / 2),
    extensions: readExtensions(extensions),
  };
}

/** The numbers r and s (RFC 3279, 2.2.3), positive and without a needless byte. */
function numbers(signature) {
  return sequence(readOne(signature)).parts(INTEGER, INTEGER).map(({ content }) => {
    const needless = content.length > 1 && content[0] === 0 && content[1] < 0x80;
    if (!content.length || content[0] > 0x7f || needless) malformed();
    return BigInt(`0x${toHex(content)}`);
  });
}

/** Whether a key made a signature; WebCrypto takes r and s as two times 32 bytes. */
export async function verifies(key, signature, signed) {
  const written = numbers(signature).map(each => each.toString(16).padStart(64, "0"));
  if (written.some(each => each.length > 64)) return false;
  return verifyP256(key, fromHex(written.join("")), signed);
}

/** RFC 5280, 4.1.2.5: years of two digits are 1950 to 2049. */
function instant({ tag, content }) {
  const found = /^(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(String.fromCharCode(...content));
  if (found?.[1].length !== { 0x17: 2, 0x18: 4 }[tag]) refuse("pdf.certificate_form");
  let [year, ...rest] = found.slice(1).map(Number);
  if (found[1].length === 2) year += year >= 50 ? 1900 : 2000;
  return calendar(year, ...rest) ?? refuse("pdf.certificate_form");
}

function readExtensions(wrapped) {
  const [listed] = wrapped.parts(SEQUENCE);
  const found = new Map();
  for (const each of listed.all()) {
    const inside = each.all();
    const marked = inside.length === 3;
    const tags = [OID, ...(marked ? [BOOLEAN] : []), OCTETS];
    const good = inside.length === tags.length && inside.every((part, at) => part.tag === tags[at]);
    if (!good || (marked && inside[1].hex !== "0101ff") || found.has(toHex(inside[0].content))) refuse("pdf.certificate_form");
    found.set(toHex(inside[0].content), { value: inside.at(-1).content, mustBeKnown: marked });
  }
  return found;
}

/** Refuses with everything that speaks against the signer's certificate at an instant (RFC 5280, 6.1; RFC 9336). */
export async function checkSigner(certificate, roots, at) {
  const root = await issuerOf(certificate, roots);
  if (!root) refuse("pdf.unknown_root");
  const understood = [BASIC_CONSTRAINTS, KEY_USAGE, KEY_PURPOSES];
  for (const [oid, { mustBeKnown }] of certificate.extensions) {
    if (mustBeKnown && !understood.includes(oid)) refuse("pdf.certificate_form");
  }
  const faults = signsDocuments(certificate) ? [] : [fault("pdf.key_usage")];
  if (!isAuthority(root) || !(usage(root) & CERTIFIES)) faults.push(fault("pdf.root_usage"));
  const day = each => new Date(each).toISOString().slice(0, 10);
  for (const [{ first, last }, code] of [[certificate, "pdf.certificate_dates"], [root, "pdf.root_dates"]]) {
    if (at < first || at > last) faults.push(fault(code, { first: day(first), last: day(last), at: day(at) }));
  }
  if (faults.length) throw new Refusal(faults);
}

/** The root of the bundle whose subject and key issued a certificate. */
async function issuerOf(certificate, roots) {
  for (const raw of roots) {
    let root;
    try {
      root = readCertificate(raw);
    } catch (error) {
      if (error instanceof Refusal) continue; // of a kind that signs no certificate of ours
      throw error;
    }
    const named = root.subject === certificate.issuer;
    if (named && (await verifies(root.key, certificate.signature, certificate.signed))) return root;
  }
  return null;
}

function signsDocuments(certificate) {
  const purposes = certificate.extensions.get(KEY_PURPOSES);
  const named = purposes ? sequence(readOne(purposes.value)).all().map(each => toHex(each.content)) : [];
  return !isAuthority(certificate) && (usage(certificate) & SIGNS) !== 0 && named.includes(DOCUMENT_SIGNING);
}

/** RFC 5280, 4.2.1.9. */
function isAuthority(certificate) {
  const constraints = certificate.extensions.get(BASIC_CONSTRAINTS);
  const [first] = constraints ? sequence(readOne(constraints.value)).all() : [];
  return first?.tag === BOOLEAN && toHex(first.content) === "ff";
}

/** The first eight bits of RFC 5280, 4.2.1.3, the highest first; none where nothing is said. */
function usage(certificate) {
  const found = certificate.extensions.get(KEY_USAGE);
  const bits = found ? readOne(found.value) : null;
  return bits?.tag === BITS && bits.content.length > 1 ? bits.content[1] : 0;
}
