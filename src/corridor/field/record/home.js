// What is recorded, sealed for headquarters: so that it can be sent while the phone is locked, and by nobody read.
//
// Each time the phone is unlocked it makes a P-256 key, agrees with headquarters' key on an AES key that can only seal,
// and forgets the first. When it is locked it can open what it sealed no more than a thief can.
// `corridor/ledger/device/sealed_batch.py` opens it.

import { hex, joined, unhex, utf8 } from "./bytes.js";

const MAGIC = utf8("corridor/sealed-batch/1\n");
const LINE = "corridor/sealed-line/1";
export const KEYS_MAX = 16; // of one batch
const subtle = crypto.subtle;
const P256 = { name: "ECDH", namedCurve: "P-256" };

/** A new P-256 key's point (65 bytes), and the HKDF key of what it agrees on with headquarters' point (in hex). */
export async function agree(exportKey) {
  const pair = await subtle.generateKey(P256, false, ["deriveBits"]);
  const point = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const theirs = await subtle.importKey("raw", unhex(exportKey), P256, false, []);
  const secret = await subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256);
  return { point, shared: await subtle.importKey("raw", secret, "HKDF", false, ["deriveBits", "deriveKey"]) };
}

/** Seals lines for headquarters: `{key, bytes}`, the sitting's point and the sealed line with its nonce before it. */
export async function openSealer(exportKey) {
  const { point, shared } = await agree(exportKey);
  const how = { name: "HKDF", hash: "SHA-256", salt: point, info: utf8(LINE) };
  const key = await subtle.deriveKey(how, shared, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  return async (line, id) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const about = { name: "AES-GCM", iv, additionalData: utf8(`${LINE}\n${id}`) };
    return { key: point, bytes: joined(iv, new Uint8Array(await subtle.encrypt(about, key, line))) };
  };
}

/** A sealed batch: its header and signature as text, headquarters' key as enrolled, and its lines as sealed. */
export function sealedBatch({ header, signature, to, homes }) {
  const keys = [...new Set(homes.map(({ key }) => hex(key)))];
  const lines = homes.map(({ key, bytes }) => [keys.indexOf(hex(key)), bytes.length]);
  const said = `${header}\n${signature}\n${JSON.stringify({ to, keys, lines })}\n`;
  return joined(MAGIC, utf8(said), ...homes.map(({ bytes }) => bytes));
}
