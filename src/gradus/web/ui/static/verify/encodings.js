// SPDX-License-Identifier: Apache-2.0
// Bytes as text, each in its one form; bytes one after another; hashes and signatures by the browser's own WebCrypto.
import { Unsupported } from "./refusal.js";

const BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

export const utf8 = text => new TextEncoder().encode(text);

export function latin1(data) {
  const parts = [];
  for (let at = 0; at < data.length; at += 8192) parts.push(String.fromCharCode(...data.subarray(at, at + 8192)));
  return parts.join("");
}

export const bytesOf = text => Uint8Array.from(text, sign => sign.charCodeAt(0));

export const fromHex = text => Uint8Array.from(text.match(/../g) ?? [], each => parseInt(each, 16));

export const toHex = data => Array.from(data, each => each.toString(16).padStart(2, "0")).join("");

export const toBase64 = data => btoa(latin1(data));

/** Padded base64 in its one form; null for any other. */
export function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    const data = bytesOf(atob(text));
    return toBase64(data) === text ? data : null;
  } catch {
    return null;
  }
}

/** base64url without padding, RFC 4648 section 5; null for any other form. */
export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4));
}

/** Multibase base58btc of exactly so many bytes; null for any other form. */
export function fromBase58(text, length) {
  if (!text.startsWith("z") || text.length > (length * 3) / 2 + 2) return null;
  let number = 0n;
  for (const sign of text.slice(1)) {
    const place = BITCOIN.indexOf(sign);
    if (place < 0) return null;
    number = number * 58n + BigInt(place);
  }
  if (number >> BigInt(8 * length)) return null;
  const data = fromHex(number.toString(16).padStart(2 * length, "0"));
  const zeros = data.findIndex(each => each !== 0);
  return text.slice(1).match(/^1*/)[0].length === (zeros < 0 ? length : zeros) ? data : null;
}

/** The 32 bytes of an Ed25519 key written as a Multikey (W3C Controlled Identifiers 1.0, 2.2.2). */
export function multikey(text) {
  const data = fromBase58(text, 34);
  return data !== null && data[0] === 0xed && data[1] === 0x01 ? data.subarray(2) : null;
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of parts) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}

export const same = (one, other) => one.length === other.length && one.every((each, at) => each === other[at]);

export const sha256 = async data => new Uint8Array(await crypto.subtle.digest("SHA-256", data));

export const verifyEd25519 = (key, signature, message) => verifyWith("Ed25519", { name: "Ed25519" }, key, signature, message);

export const verifyP256 = (key, signature, message) =>
  verifyWith("ECDSA P-256", { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }, key, signature, message);

async function verifyWith(name, algorithm, key, signature, message) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["verify"]);
  } catch (error) {
    if (error?.name === "DataError") return false; // the key is no point of the curve
    throw new Unsupported(name);
  }
  return crypto.subtle.verify(algorithm, imported, signature, message);
}

/** What a compressed text holds, at most so many bytes; null where it is not wholly of that form, or longer. */
export async function inflated(data, format, most) {
  if (!globalThis.DecompressionStream) throw new Unsupported(format);
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const parts = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return concat(...parts);
      parts.push(value);
      length += value.length;
      if (length > most) {
        await reader.cancel();
        return null;
      }
    }
  } catch {
    return null;
  }
}
