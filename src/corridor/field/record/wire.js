// The wire format, version 1 (docs/reference/wire.md): event lines, the hash chain, signed batches, receipts.
//
// The bytes are those that `corridor/ledger/device/wire.py` makes; tests/golden/wire holds both to the same vectors.

import { hex, joined, sha256, textOf, unhex, utf8 } from "./bytes.js";

const MAGIC = "corridor/batch/1\n";
const BEFORE_A_HASH = utf8("corridor/event/1\n");
const BEFORE_A_RECEIPT = "corridor/receipt/1\n";
export const ZERO_HASH = new Uint8Array(32);
export const BATCH_EVENTS_MAX = 256;
export const EVENT_BYTES_MAX = 16_384;
export const EVENT_PERSONS_MAX = 64;
const ID = /^[!#-&(-.0-;=?-[\]-~]{1,64}$/;

/** Whether a text may be an id: 1 to 64 printable ASCII characters, no blank, quote, slash, backslash, `<` or `>`. */
export const validId = (text) => typeof text === "string" && ID.test(text);

const broken = (holds, what) => {
  if (!holds) throw new Error(what);
};

/** The line of a new event, as bytes. `offsetMs` and `uncertaintyMs` are null while the clock was never measured.
 *
 * A device never mints what it cannot send: a draft that breaks a rule of the format throws. */
export function writeLine(draft, offsetMs, uncertaintyMs) {
  const { at, by, kind, persons = [], source = null, target = null, body = {} } = draft;
  broken(Number.isSafeInteger(at), "an event has a time in whole milliseconds");
  broken(persons.length <= EVENT_PERSONS_MAX, "too many persons in one event");
  broken(new Set(persons).size === persons.length, "a person is named once in an event");
  broken(source === null || target !== null, "a source without a target moves people nowhere");
  broken(target === null || (persons.length && target !== source), "a move needs persons and another account");
  const line = { at, by, kind };
  if (persons.length) line.persons = persons;
  if (source !== null) line.source = source;
  if (target !== null) line.target = target;
  if (offsetMs !== null) line.offset_ms = offsetMs;
  if (uncertaintyMs !== null) line.uncertainty_ms = uncertaintyMs;
  line.body = body;
  const bytes = utf8(JSON.stringify(line));
  broken(bytes.length <= EVENT_BYTES_MAX, `an event of ${bytes.length} bytes`);
  return bytes;
}

/** What a line says, as plain values. */
export const readLine = (line) => ({ persons: [], source: null, target: null, body: {}, ...JSON.parse(textOf(line)) });

/** The hash of each line in turn, starting after `before`. */
export async function chain(before, lines) {
  const hashes = [];
  for (const line of lines) {
    before = await sha256(joined(BEFORE_A_HASH, before, line));
    hashes.push(before);
  }
  return hashes;
}

/** The header and signature of a batch, as text. The header names the hash `head` that the lines lead to, so that it
 * can be signed without them. `sign` gives 64 bytes over what it is given; `first` is the first line's number. */
export async function signHeader({ device, epoch, first, count, before, head }, sign) {
  broken(count >= 1 && count <= BATCH_EVENTS_MAX, "a batch holds 1 to 256 events");
  const header = JSON.stringify({ device, epoch, first, count, prev: hex(before), head: hex(head), alg: "ed25519" });
  return { header, signature: hex(await sign(utf8(`${MAGIC}${header}\n`))) };
}

/** A signed batch of lines, as bytes. */
export async function frame({ lines, ...facts }, sign) {
  const { header, signature } = await signHeader({ ...facts, count: lines.length }, sign);
  const feed = utf8("\n");
  const parts = [utf8(`${MAGIC}${header}\n${signature}`), feed];
  for (const line of lines) parts.push(line, feed);
  return joined(...parts);
}

/** What a receipt says, once its signature by headquarters is verified; null when it is not good. */
export async function readReceipt(receipt, verify) {
  if (typeof receipt?.text !== "string" || typeof receipt.signature !== "string") return null;
  let signature;
  try {
    signature = unhex(receipt.signature);
  } catch {
    return null; // what is no hex is no signature either
  }
  return (await verify(utf8(BEFORE_A_RECEIPT + receipt.text), signature)) ? JSON.parse(receipt.text) : null;
}
