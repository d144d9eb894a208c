// What each field of a zone says, where it stands, and whether its check digit holds: what an officer compares.

import { checkDigit, zoneLines } from "./zone.js";

// [line, start, stop]; a check is over some spans, and stands at [line, column].
const SECOND = {
  number: [1, 0, 9], nationality: [1, 10, 13], birth_date: [1, 13, 19], sex: [1, 20, 21], expiry_date: [1, 21, 27],
};
const LAYOUTS = {
  TD3: {
    spans: { issuing_state: [0, 2, 5], names: [0, 5, 44], ...SECOND, optional: [1, 28, 42] },
    composite: { over: [[1, 0, 10], [1, 13, 20], [1, 21, 43]], at: [1, 43] },
  },
  TD2: {
    spans: { issuing_state: [0, 2, 5], names: [0, 5, 36], ...SECOND, optional: [1, 28, 35] },
    composite: { over: [[1, 0, 10], [1, 13, 20], [1, 21, 35]], at: [1, 35] },
  },
  TD1: {
    spans: {
      issuing_state: [0, 2, 5], names: [2, 0, 30], number: [0, 5, 14], nationality: [1, 15, 18], birth_date: [1, 0, 6], sex: [1, 7, 8],
      expiry_date: [1, 8, 14], optional: [0, 15, 30],
    },
    composite: { over: [[0, 5, 30], [1, 0, 7], [1, 8, 15], [1, 18, 29]], at: [1, 29] },
  },
};
const CHECKED = ["number", "birth_date", "expiry_date"]; // the digit stands right after the field
const ORDER = ["surname", "given_names", "number", "nationality", "issuing_state", "birth_date", "sex", "expiry_date", "optional"];

/** The fields of a zone as printed: `name`, `text`, `spans` (where its characters and its digit stand), and `holds`
 * (null: it has no digit of its own). `composite` comes last where the digit over several fields does not hold, though
 * each of their own does. Null when the text is no zone. */
export function zoneFields(text) {
  const lines = zoneLines(text);
  if (!lines || (lines[0].length === 36 && lines[0].startsWith("IDFRA"))) return null; // the old French card has its own fields
  const layout = LAYOUTS[lines.length === 3 ? "TD1" : lines[0].length === 44 ? "TD3" : "TD2"];
  const visa = lines[0][0] === "V"; // a visa has no digit over all, and may write anything at the end
  const at = ([line, start, stop]) => lines[line].slice(start, stop);
  const found = Object.fromEntries(Object.entries(layout.spans).filter(([name]) => name !== "names")
    .map(([name, span]) => [name, { name, text: at(span).replace(/<+$/, ""), spans: [span], holds: null }]));
  for (const name of CHECKED) checked(found[name], lines, layout.spans[name]);
  overflowing(found, lines, layout);
  if (layout === LAYOUTS.TD3 && !visa) {
    found.optional.holds = holds(at(layout.spans.optional), lines[1][42]);
    found.optional.spans.push([1, 42, 43]);
  }
  Object.assign(found, names(at(layout.spans.names), layout.spans.names));
  const fields = ORDER.map((name) => found[name]).filter(({ name, text: says, holds: does }) => name !== "optional" || says || does === false);
  const { over, at: [line, column] } = layout.composite;
  if (!visa && !holds(over.map(at).join(""), lines[line][column]) && fields.every((field) => field.holds !== false)) {
    fields.push({ name: "composite", text: lines[line][column], spans: [[line, column, column + 1]], holds: false });
  }
  return fields;
}

const holds = (field, digit) => String(checkDigit(field)) === digit || (digit === "<" && /^<*$/.test(field));

function checked(field, lines, [line, start, stop]) {
  field.holds = holds(lines[line].slice(start, stop), lines[line][stop]);
  field.spans.push([line, stop, stop + 1]);
}

/** A long number goes on in the optional data after a filler, its digit last; states count the filler, or do not. */
function overflowing({ number, optional }, lines, { spans }) {
  const [line, , stop] = spans.number;
  const [rest] = optional.text.split("<");
  if (lines[0].length === 44 || lines[line][stop] !== "<" || !rest) return;
  const first = lines[line].slice(stop - 9, stop);
  const [more, digit] = [rest.slice(0, -1), rest.slice(-1)];
  number.text = first + more;
  number.holds = [first + more, `${first}<${more}`].some((whole) => holds(whole, digit));
  number.spans.push([spans.optional[0], spans.optional[1], spans.optional[1] + rest.length]);
}

/** Surname and given names, each with where it stands. */
function names(text, [line, start]) {
  const parted = text.indexOf("<<");
  const end = parted < 0 ? text.length : parted;
  const plain = (part) => part.replaceAll("<", " ").trim();
  const field = (name, from, to) => ({ name, text: plain(text.slice(from, to)), spans: [[line, start + from, start + to]], holds: null });
  return { surname: field("surname", 0, parted < 0 ? end : end + 2), given_names: field("given_names", Math.min(end + 2, text.length), text.length) };
}
