// A passport's machine-readable zone as typed: three formats of ICAO Doc 9303, and whether its check digits hold.

const WEIGHTS = [7, 3, 1];
const FORMATS = {
  TD3: { lines: 2, letters: 44 },
  TD2: { lines: 2, letters: 36 },
  TD1: { lines: 3, letters: 30 },
};

const valueOf = (letter) =>
  letter === "<" ? 0 : /[0-9]/.test(letter) ? Number(letter) : letter.charCodeAt(0) - "A".charCodeAt(0) + 10;

/** The check digit of a field (ICAO Doc 9303-3, 4.9). */
export const checkDigit = (field) =>
  [...field].reduce((sum, letter, place) => sum + valueOf(letter) * WEIGHTS[place % 3], 0) % 10;

/** The lines of a zone in a text as typed; null when it looks like something else. */
export function zoneLines(text) {
  const lines = text.toUpperCase().split(/\s+/).map((line) => line.replaceAll("«", "<<")).filter(Boolean);
  if (!lines.every((line) => /^[A-Z0-9<]+$/.test(line)) || !lines.some((line) => line.includes("<"))) return null;
  const whole = lines.join("");
  for (const { lines: count, letters } of Object.values(FORMATS)) {
    if (whole.length === count * letters && (lines.length === 1 || lines.length === count)) {
      return Array.from({ length: count }, (_, at) => whole.slice(at * letters, (at + 1) * letters));
    }
  }
  return null;
}

/** What a zone says: `number`, `surname`, `givenNames`, `birthYear` (two digits, null: not known), and in `wrong` the
 * names of the fields whose check digit does not hold. Null when the text is no zone. */
export function readZone(text) {
  const lines = zoneLines(text);
  if (!lines) return null;
  const second = lines[1];
  const td1 = lines.length === 3;
  const fields = td1
    ? { number: lines[0].slice(5, 14), numberCheck: lines[0][14], birth: second.slice(0, 6), birthCheck: second[6] }
    : { number: second.slice(0, 9), numberCheck: second[9], birth: second.slice(13, 19), birthCheck: second[19] };
  let { number, numberCheck } = fields;
  let checked = [number];
  const rest = (td1 ? lines[0].slice(15) : lines.length === 2 && second.length === 36 ? second.slice(28, 35) : "").split("<")[0];
  if (numberCheck === "<" && rest) {
    // A long number goes on after its filler, its check digit last; states count the filler, or do not.
    checked = [number + rest.slice(0, -1), `${number}<${rest.slice(0, -1)}`];
    [number, numberCheck] = [checked[0], rest.slice(-1)];
  }
  const wrong = [];
  const empty = /^<*$/.test(number) && numberCheck === "<";
  if (!empty && !checked.some((field) => String(checkDigit(field)) === numberCheck)) wrong.push("number");
  if (String(checkDigit(fields.birth)) !== fields.birthCheck) wrong.push("birth");
  const [surname, givenNames = ""] = (td1 ? lines[2] : lines[0].slice(5)).replace(/<+$/, "").split("<<");
  const plain = (part) => part.replaceAll("<", " ").trim();
  const birthYear = /^\d\d/.test(fields.birth) ? Number(fields.birth.slice(0, 2)) : null;
  return { number: number.replaceAll("<", ""), surname: plain(surname), givenNames: plain(givenNames), birthYear, wrong };
}
