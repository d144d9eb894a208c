// Bytes and their written forms: text, hex, base64url, SHA-256, gzip.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export const utf8 = (text) => encoder.encode(text);
export const textOf = (bytes) => decoder.decode(bytes);

/** Bytes as lower-case hex digits. */
export const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The bytes of hex digits; throws when it is none. */
export function unhex(digits) {
  if (digits.length % 2 || !/^[0-9a-f]*$/i.test(digits)) throw new Error("these are no hex digits");
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

/** The bytes of base64url text, with or without its padding; throws when it is none. */
export function unbase64(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, ""));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** Bytes as base64url text without padding. */
export function base64(bytes) {
  let plain = "";
  for (const byte of new Uint8Array(bytes)) plain += String.fromCharCode(byte);
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Several runs of bytes as one. */
export function joined(...runs) {
  const whole = new Uint8Array(runs.reduce((size, run) => size + run.byteLength, 0));
  let at = 0;
  for (const run of runs) {
    whole.set(new Uint8Array(run.buffer ?? run, run.byteOffset ?? 0, run.byteLength), at);
    at += run.byteLength;
  }
  return whole;
}

export const same = (one, other) =>
  one.byteLength === other.byteLength && one.every((byte, place) => byte === other[place]);

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export const gzip = (bytes) => through(bytes, new CompressionStream("gzip"));
export const gunzip = (bytes) => through(bytes, new DecompressionStream("gzip"));

async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

/** Random bytes as hex digits. */
export const drawn = (bytes) => hex(crypto.getRandomValues(new Uint8Array(bytes)));
