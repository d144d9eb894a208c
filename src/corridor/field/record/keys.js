// The phone's secrets: its signing key, and the key of everything of persons, which only a PIN opens.
//
// The Ed25519 key is made by the browser and cannot be taken out of it, where the browser can do that; elsewhere it is
// made by a vendored library, and its seed is kept sealed. The data key is drawn at enrolment and kept only wrapped by
// a key that PBKDF2 makes of the PIN; without the PIN nothing on the phone can be read.

import { hex, unhex, utf8 } from "./bytes.js";

export const PIN_DIGITS_MIN = 6;
export const PBKDF2_ROUNDS = 600_000; // what OWASP's Password Storage Cheat Sheet asks of PBKDF2-HMAC-SHA256
const FREE_TRIES = 3;
const LONGEST_WAIT_MS = 15 * 60_000;
export const TRIES_MAX = 10;

const subtle = crypto.subtle;
const ed = () => import("../vendor/noble-ed25519.js");

/** Whether this browser has Ed25519 of its own. */
export async function hasOwnEd25519() {
  try {
    await subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return true;
  } catch {
    return false; // an older browser: the vendored library signs
  }
}

/** A new signing key: `publicKey` in hex, and either `own` (a key that cannot be taken out) or `seed` (32 bytes). */
export async function makeSigningKey(ownEd25519) {
  if (ownEd25519) {
    const pair = await subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return { own: pair.privateKey, seed: null, publicKey: hex(await subtle.exportKey("raw", pair.publicKey)) };
  }
  const { secretKey, publicKey } = await (await ed()).keygenAsync();
  return { own: null, seed: secretKey, publicKey: hex(publicKey) };
}

/** A function that signs bytes with a key of `makeSigningKey`. */
export function signer(key) {
  if (key.own) return async (bytes) => new Uint8Array(await subtle.sign("Ed25519", key.own, bytes));
  return async (bytes) => (await ed()).signAsync(bytes, key.seed);
}

/** Which of the keys `{from, sign}` signs an epoch's batches: the newest that is good for it; null: it is not there. */
export const signersOf = (keys) => (epoch) => keys.filter(({ from }) => from <= epoch).at(-1)?.sign ?? null;

/** A function that says whether a signature over bytes was made by the key with this public half (hex). */
export function verifier(publicKey) {
  let imported = null;
  return async (bytes, signature) => {
    if (signature.length !== 64) return false;
    try {
      imported ??= await subtle.importKey("raw", unhex(publicKey), "Ed25519", false, ["verify"]);
    } catch {
      return (await ed()).verifyAsync(signature, bytes, unhex(publicKey)); // an older browser
    }
    return subtle.verify("Ed25519", imported, signature, bytes);
  };
}

async function ofPin(pin, salt, rounds, usages) {
  const typed = await subtle.importKey("raw", utf8(pin.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, usages);
}

/** A new data key, and the vault that keeps it: only the PIN opens it. */
export async function makeVault(pin, rounds = PBKDF2_ROUNDS) {
  const data = await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const wrapped = await subtle.wrapKey("raw", data, await ofPin(pin, salt, rounds, ["wrapKey"]), { name: "AES-GCM", iv });
  const vault = { salt, iv, rounds, wrapped: new Uint8Array(wrapped) };
  return { vault, dataKey: await openVault(vault, pin) };
}

/** The data key, which cannot be taken out again; null when the PIN is wrong. */
export async function openVault(vault, pin) {
  const key = await ofPin(pin, vault.salt, vault.rounds, ["unwrapKey"]);
  const how = { name: "AES-GCM", iv: vault.iv };
  try {
    return await subtle.unwrapKey("raw", vault.wrapped, key, how, { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);
  } catch {
    return null; // AES-GCM: another key than it was wrapped with
  }
}

/** How long nobody may try again after so many wrong PINs in a row, in milliseconds: it doubles from the third on. */
export const waitAfter = (wrongPins) =>
  wrongPins < FREE_TRIES ? 0 : Math.min(1000 * 2 ** (wrongPins - FREE_TRIES + 1), LONGEST_WAIT_MS);

/** Bytes sealed for one place in the store: moved to another, they do not open. */
export async function seal(dataKey, bytes, place) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: utf8(place) };
  return { iv, bytes: new Uint8Array(await subtle.encrypt(how, dataKey, bytes)) };
}

/** The bytes of `seal`; throws when they were changed or belong elsewhere. */
export async function unseal(dataKey, sealed, place) {
  const how = { name: "AES-GCM", iv: sealed.iv, additionalData: utf8(place) };
  return new Uint8Array(await subtle.decrypt(how, dataKey, sealed.bytes));
}
