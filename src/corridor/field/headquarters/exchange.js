// The exchange: one request pushes what was recorded and pulls what is needed; repeated until nothing is left.

import { drawn, gzip, hex, joined, sha256, utf8 } from "../record/bytes.js";
import { verifier } from "../record/keys.js";
import { Refused, post, readAnswer, refusalOf } from "./answer.js";

export const PUSH_BYTES = 150_000; // unpacked: about 60,000 packed, what a bad 2G minute carries
const ROSTER_ROWS = { first: 1000, least: 250, most: 5000 }; // 43 bytes each, packed
const QUICK_MS = 3_000;
const SLOW_MS = 30_000;
const LAPSE_MS = 2_000;

/** The bytes of a request, and its nonce. `push` are batches of the outbox, `facts` the fields of the second line. */
export async function writeRequest({ facts, push, sign, nonce = drawn(16) }) {
  const body = joined(...push.map(({ bytes }) => bytes));
  const { device, epoch, sent_at, token, roster, instructions, ...health } = facts;
  const header = {
    device, epoch, nonce, sent_at, token, batches: push.map(({ bytes }) => bytes.length), body: hex(await sha256(body)),
    roster, instructions, ...health,
  };
  const signed = utf8(`corridor/exchange/1\n${JSON.stringify(header)}\n`);
  return { nonce, bytes: joined(signed, utf8(`${hex(await sign(signed))}\n`), body) };
}

/** Headquarters' clock against this one's, as one exchange showed it; null when this one was set meanwhile. */
export function measureClock({ sentAt, heardAt, lapseMs, receivedAt, answeredAt }) {
  if (Math.abs(heardAt - sentAt - lapseMs) > LAPSE_MS) return null;
  const offsetMs = Math.round((receivedAt - sentAt + (answeredAt - heardAt)) / 2);
  const uncertaintyMs = Math.max(1, Math.ceil((heardAt - sentAt - (answeredAt - receivedAt)) / 2));
  return { offsetMs, uncertaintyMs };
}

/** Exchanges with headquarters until nothing is left to push or pull. `phone` is what `phone.js` offers:
 *
 * `outbox`, `device`, `headquartersKey`, `sign` (newest key), `now()`, `lapse()` (monotonic), `health()`, `asking()`
 * (its `cursor` is undefined when no roster is wanted),
 * `skipped()`, `keepClock`, `keepVerdicts`, `keepPage`, `keepInstructions`, `forked(tips)`, `revoked()`, `onStep()`.
 * Throws Refused; what was heard before it stays heard. */
export async function exchange(phone) {
  const pushed = new Set(phone.skipped());
  let tips = null;
  let rows = ROSTER_ROWS.first;
  for (let round = 0; ; round += 1) {
    const push = await phone.outbox.outgoing(PUSH_BYTES, tips, pushed);
    const { answer, revoked, lapseMs } = await ask(phone, push, rows);
    if (answer.roster) rows = rowsAfter(rows, lapseMs);
    for (const batch of push) for (const id of batch.ids) pushed.add(id);
    await hear(phone, push, answer);
    if (revoked) {
      await phone.revoked();
      throw new Refused("device_is_revoked", { ...answer.refusal });
    }
    tips = answer.tips ?? {};
    if (phone.outbox.isForked(tips)) await phone.forked(tips);
    phone.onStep();
    const more = (await phone.outbox.outgoing(1, tips, pushed)).length > 0;
    const again = answer.refusal?.code === "token_needed" && round < 3;
    if (answer.refusal && !again) throw new Refused(answer.refusal.code, answer.refusal);
    if (!more && !again && !answer.roster?.more) return;
  }
}

/** How many people to ask for next, by how long the last answer took: few turns where the network is quick. */
export function rowsAfter(rows, lapseMs) {
  if (lapseMs > SLOW_MS) return Math.max(ROSTER_ROWS.least, Math.floor(rows / 2));
  return lapseMs < QUICK_MS ? Math.min(ROSTER_ROWS.most, rows * 2) : rows;
}

async function ask(phone, push, rows) {
  const sentAt = phone.now();
  const began = phone.lapse();
  const { token, cursor, digest } = phone.asking();
  const { nonce, bytes } = await writeRequest({
    facts: {
      device: phone.device, epoch: phone.outbox.epoch, sent_at: sentAt, token,
      roster: cursor === undefined ? null : { cursor, rows }, instructions: digest, ...(await phone.health()),
    },
    push,
    sign: phone.sign,
  });
  const packed = await gzip(bytes);
  const small = packed.length < bytes.length;
  const headers = { "Content-Type": "application/octet-stream", ...(small ? { "Content-Encoding": "gzip" } : {}) };
  const response = await post("exchange", small ? packed : bytes, headers);
  const heardAt = phone.now();
  const lapseMs = phone.lapse() - began;
  if (response.status !== 200 && response.status !== 403) throw refusalOf(response);
  const answer = await signed(response, nonce, phone.headquartersKey);
  const { received_at: receivedAt, answered_at: answeredAt } = answer;
  await phone.keepClock(measureClock({ sentAt, heardAt, lapseMs, receivedAt, answeredAt }), answeredAt);
  return { answer, revoked: response.status === 403, lapseMs };
}

async function signed(response, nonce, key) {
  if (response.status === 200) return readAnswer(response.bytes, nonce, () => verifier(key));
  try {
    const answer = await readAnswer(response.bytes, nonce, () => verifier(key));
    if (answer.refusal?.code === "device_is_revoked") return answer;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  throw refusalOf(response); // unsigned: shown, and nothing else follows from it
}

/** Takes in what an answer says of batches, roster and instructions; also of an answer that came as a file. */
export async function hear(phone, push, answer) {
  const held = [];
  for (const [place, verdict] of (answer.verdicts ?? []).entries()) {
    if (verdict.receipt) await phone.outbox.hearReceipt(verdict.receipt);
    else if (push[place]) held.push({ ids: push[place].ids, code: verdict.code });
  }
  await phone.keepVerdicts(push, held);
  phone.keepToken(answer.token ?? null, answer.answered_at);
  if (answer.instructions) await phone.keepInstructions(answer.instructions);
  if (answer.roster) await phone.keepPage(answer.roster, answer.answered_at);
}
