// An answer of headquarters: believed only with its signature, under the key the phone was enrolled with.

import { textOf, unhex, utf8 } from "../record/bytes.js";

const FIRST_LINE = "corridor/answer/1";

/** Why an exchange or an enrolment came to nothing: `code` is headquarters' or one of the phone's own (`no_network`,
 * `not_an_answer`); `retryAfterMs` is null when headquarters did not say. */
export class Refused extends Error {
  constructor(code, { says = "", remedy = "", retryAfterMs = null, answer = null } = {}) {
    super(says || code);
    Object.assign(this, { code, says, remedy, retryAfterMs, answer });
  }
}

/** The JSON of a signed answer; `verifierOf(answer)` gives the check of its signature. Throws Refused when it is none. */
export async function readAnswer(bytes, nonce, verifierOf) {
  let lines;
  try {
    lines = textOf(bytes).split("\n");
  } catch {
    throw new Refused("not_an_answer"); // no UTF-8: some page between here and there
  }
  if (lines.length !== 4 || lines[0] !== FIRST_LINE || lines[3] !== "") throw new Refused("not_an_answer");
  let answer;
  let good = false;
  try {
    answer = JSON.parse(lines[1]);
    good = await (await verifierOf(answer))(utf8(`${lines[0]}\n${lines[1]}\n`), unhex(lines[2]));
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused("not_an_answer");
  }
  if (!good || answer.nonce !== nonce) throw new Refused("not_an_answer");
  return answer;
}

/** Sends a POST and gives the answer's status and bytes; throws Refused when there is no network. */
export async function post(address, body, headers, fetching = fetch) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), 90_000); // a bad 2G minute and a half
  try {
    const how = { method: "POST", body, headers, credentials: "omit", cache: "no-store", signal: stop.signal };
    const response = await fetching(address, how);
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, bytes, retryAfter: response.headers.get("Retry-After") };
  } catch {
    throw new Refused("no_network"); // fetch does not say which: refused, lost half-way, or too slow
  } finally {
    clearTimeout(late);
  }
}

/** The refusal of an unsigned answer; it is shown, and nothing else follows from it. */
export function refusalOf({ status, bytes, retryAfter }) {
  const retryAfterMs = /^\d+$/.test(retryAfter ?? "") ? Number(retryAfter) * 1000 : null;
  try {
    const { code, says, remedy } = JSON.parse(textOf(bytes)).refusal;
    return new Refused(code, { says, remedy, retryAfterMs });
  } catch {
    return new Refused("not_an_answer", { says: `HTTP ${status}`, retryAfterMs });
  }
}
