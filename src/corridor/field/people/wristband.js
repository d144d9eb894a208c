// What a scanned or typed code says: whose wristband it is, and whether headquarters signed it.

import { unbase64, utf8 } from "../record/bytes.js";
import { validId } from "../record/wire.js";

/** What a code says, or null when the text is none: `person`, `party` (null: none on it), `printed` (second since 1970,
 * null: not on it), and `proof`: `signed` by headquarters, `unsigned` as older cards and manifests are, or `bad`. */
export async function readCode(text, { operation, verify }) {
  const code = text.trim();
  if (/^C2\//i.test(code)) {
    const [, person, party, printed, signature] = code.split("/");
    if (!validId(person) || (party && !validId(party)) || !/^\d{1,12}$/.test(printed ?? "")) return null;
    const said = utf8(`corridor/wristband/1\n${operation}\n${person}/${party}/${printed}`);
    return { person, party: party || null, printed: Number(printed), proof: (await good()) ? "signed" : "bad" };

    async function good() {
      try {
        return await verify(said, unbase64(signature ?? ""));
      } catch {
        return false; // what is no base64 is no signature either
      }
    }
  }
  const [prefix, person, check] = code.split(":");
  if (prefix.toUpperCase() !== "C1" || check === undefined || !validId(person)) return null;
  return { person, party: null, printed: null, proof: "unsigned" };
}
