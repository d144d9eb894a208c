// Enrolment: a one-time code of headquarters and a key made here become a device.

import { drawn, hex, utf8 } from "../record/bytes.js";
import { signer, verifier } from "../record/keys.js";
import { Refused, post, readAnswer, refusalOf } from "./answer.js";

const CODE = /^[A-Z2-7]{26}$/;

/** What an address or a typed text says: `code`, null when it is none, and headquarters' `key`, null when only typed. */
export function readEnrolment(text) {
  const [, hash = text] = text.match(/#(.*)$/) ?? [];
  const said = new URLSearchParams(hash.includes("=") ? hash : `enrol=${hash}`);
  const code = (said.get("enrol") ?? "").toUpperCase().replace(/[\s-]/g, "");
  const key = (said.get("hq") ?? "").toLowerCase();
  return { code: CODE.test(code) ? code : null, key: /^[0-9a-f]{64}$/.test(key) ? key : null };
}

/** Asks headquarters to admit a signing key; the same call may be repeated when the answer was lost.
 *
 * Returns headquarters' signed answer. Throws Refused. */
export async function enrol({ code, key, signingKey, app }) {
  const nonce = drawn(16);
  const said = `corridor/enrol/1\n${code}\n${signingKey.publicKey}`;
  const proof = hex(await signer(signingKey)(utf8(said)));
  const body = JSON.stringify({ code, public_key: signingKey.publicKey, proof, nonce, app });
  const response = await post("enrol", body, { "Content-Type": "application/json" });
  if (response.status !== 200) throw refusalOf(response);
  const answer = await readAnswer(response.bytes, nonce, ({ headquarters_key: theirs }) => {
    if (key && theirs !== key) throw new Refused("another_headquarters");
    return verifier(theirs);
  });
  if (answer.type !== "enrolled") throw new Refused("not_an_answer");
  return answer;
}
