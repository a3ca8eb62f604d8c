// SPDX-License-Identifier: Apache-2.0
// The receipt and its checkpoint (docs/formats/receipt.md): C2SP signed notes and stamps, RFC 6962 inclusion.
import { parseCanonical } from "./canonical.js";
import { concat, fromBase64, multikey, same, sha256, toBase64, toHex, utf8, verifyEd25519 } from "./encodings.js";
import { checkRecord } from "./records.js";
import { refuse } from "./refusal.js";

const PLAIN = 1;
const STAMPED = 4;
const LARGEST_TREE = 2 ** 40;

export function readReceipt(data, rules, file) {
  const receipt = parseCanonical(data, file, rules.largest.receipt, rules.deepest);
  checkRecord(rules, "receipt", receipt, file);
  const checkpoint = readCheckpoint(receipt.checkpoint, rules.largest.checkpoint) ?? refuse("checkpoint.form", {}, file);
  if ([receipt.leaf_hash, ...receipt.inclusion_path].some(each => fromBase64(each) === null)) {
    refuse("receipt.hash", {}, file);
  }
  return { ...receipt, checkpoint };
}

function readCheckpoint(text, most) {
  const [whole, origin, size, encoded, signatures] =
    /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n\n((?:[^\n]+\n)+)$/.exec(text) ?? [];
  const root = whole === undefined ? null : fromBase64(encoded);
  if (root?.length !== 32 || [...text].length > most || Number(size) > LARGEST_TREE) return null;
  const lines = signatures.slice(0, -1).split("\n").map(readLine);
  if (lines.length > 32 || lines.includes(null)) return null;
  return { origin, size: Number(size), root, body: `${origin}\n${size}\n${encoded}\n`, lines };
}

function readLine(line) {
  const [dash, name, encoded, more] = line.split(" ");
  const data = encoded === undefined ? null : fromBase64(encoded);
  if (more !== undefined || dash !== "\u2014" || !name || (data?.length !== 68 && data?.length !== 76)) return null;
  return { name, id: toHex(data.subarray(0, 4)), rest: data.subarray(4) };
}

async function keyId(name, kind, key) {
  return toHex((await sha256(concat(utf8(`${name}\n`), [kind], key))).subarray(0, 4));
}

/** Whether the log's signature is there, and good. */
export async function signedBy(checkpoint, publicKey) {
  const key = multikey(publicKey);
  const id = await keyId(checkpoint.origin, PLAIN, key);
  for (const each of checkpoint.lines) {
    const asked = each.name === checkpoint.origin && each.id === id && each.rest.length === 64;
    if (asked && (await verifyEd25519(key, each.rest, utf8(checkpoint.body)))) return true;
  }
  return false;
}

/** When that key stamped it; null when it did not, or when the stamp is not good. */
export async function stampedBy(checkpoint, name, publicKey) {
  const key = multikey(publicKey);
  const id = await keyId(name, STAMPED, key);
  for (const each of checkpoint.lines) {
    if (each.name !== name || each.id !== id || each.rest.length !== 72) continue;
    const seconds = Number(BigInt(`0x${toHex(each.rest.subarray(0, 8))}`));
    const message = utf8(`cosignature/v1\ntime ${seconds}\n${checkpoint.body}`);
    if (seconds < 2 ** 33 && (await verifyEd25519(key, each.rest.subarray(8), message))) return seconds * 1000;
  }
  return null;
}

/** The names on lines besides the log's two and one stamp of each witness. */
export async function strangers(checkpoint, logKey, witnesses) {
  const { origin } = checkpoint;
  const known = [[origin, PLAIN, logKey], [origin, STAMPED, logKey], ...witnesses.map(each => [each.name, STAMPED, each.public_key])];
  const ids = new Set();
  for (const [name, kind, key] of known) ids.add(`${name} ${await keyId(name, kind, multikey(key))}`);
  return checkpoint.lines.filter(each => !ids.delete(`${each.name} ${each.id}`)).map(each => each.name);
}

/** Whether these bytes are the leaf, and the leaf is in the tree of the checkpoint. */
export async function receiptHolds(receipt, leaf) {
  const { checkpoint, leaf_hash, leaf_index, tree_size, inclusion_path } = receipt;
  const hashed = await sha256(concat([0], leaf));
  if (toBase64(hashed) !== leaf_hash || tree_size !== checkpoint.size) return false;
  return includes(hashed, leaf_index, tree_size, inclusion_path.map(fromBase64), checkpoint.root);
}

/** RFC 9162, 2.1.3.2. Halves, not shifts: a tree may have more leaves than 32 bits count. */
async function includes(leaf, index, size, path, root) {
  if (index >= size || size > LARGEST_TREE || path.length > 64) return false;
  const half = number => Math.floor(number / 2);
  let [place, last, found] = [index, size - 1, leaf];
  for (const each of path) {
    if (last === 0) return false;
    if (place % 2 || place === last) {
      found = await sha256(concat([1], each, found));
      while (place % 2 === 0 && place) [place, last] = [half(place), half(last)];
    } else {
      found = await sha256(concat([1], found, each));
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && same(found, root);
}
