// A file instead of the network: what would have been sent, sealed so that only headquarters opens it.

import { hex, joined, sha256, utf8 } from "../record/bytes.js";
import { agree } from "../record/home.js";
import { writeRequest } from "./exchange.js";

export const FILE_BYTES_MAX = 8_000_000;
const INFO = utf8("corridor/export/1");
const subtle = crypto.subtle;

/** Seals bytes to headquarters' P-256 key (65 bytes in hex), as docs/reference/exchange.md says. */
export async function sealFile(bytes, exportKey) {
  const { point: own, shared } = await agree(exportKey);
  const how = { name: "HKDF", hash: "SHA-256", salt: own, info: INFO };
  const drawnOut = new Uint8Array(await subtle.deriveBits(how, shared, 44 * 8));
  const key = await subtle.importKey("raw", drawnOut.slice(0, 32), "AES-GCM", false, ["encrypt"]);
  const head = utf8(`corridor/export/1\n${JSON.stringify({ key: hex(own), to: exportKey })}\n`);
  const sealing = { name: "AES-GCM", iv: drawnOut.slice(32), additionalData: head };
  return joined(head, new Uint8Array(await subtle.encrypt(sealing, key, bytes)));
}

/** The file of everything that waits, or of its oldest part; and what it holds, to be kept for the answer's file. */
export async function writeFile(phone, exportKey) {
  const push = await phone.outbox.outgoing(FILE_BYTES_MAX);
  const { nonce, bytes } = await writeRequest({
    facts: {
      device: phone.device, epoch: phone.outbox.epoch, sent_at: phone.now(), token: null, roster: null,
      instructions: null, ...(await phone.health()),
    },
    push,
    sign: phone.sign,
  });
  const batches = push.map(({ epoch, first, last, ids }) => ({ epoch, first, last, ids }));
  const name = `${phone.device}-${hex((await sha256(bytes)).slice(0, 4))}.corridor`;
  return { name, bytes: await sealFile(bytes, exportKey), nonce, batches };
}
