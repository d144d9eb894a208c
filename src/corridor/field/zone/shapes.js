// The three shapes of a zone (ICAO Doc 9303 parts 4 to 7), and which characters may stand where.

const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SIGNS = `${DIGITS}${LETTERS}<`;

const signs = (text) => [...text].map((one) => SIGNS.indexOf(one));
const ALPHABETS = { a: signs(`${LETTERS}<`), d: signs(`${DIGITS}<`), c: signs(DIGITS), x: signs("FMX<"), n: signs(SIGNS) };

// One letter a place: a letters, d digits (`<`: not known), c a check digit, x the sex, n anything.
const SECOND = "nnnnnnnnndaaaddddddcxddddddd";
export const SHAPES = [
  { name: "TD3", lines: 2, width: 44, places: ["a".repeat(44), `${SECOND}${"n".repeat(16)}`] },
  { name: "TD2", lines: 2, width: 36, places: ["a".repeat(36), `${SECOND}${"n".repeat(8)}`] },
  { name: "TD1", lines: 3, width: 30, places: [`aaaaa${"n".repeat(9)}d${"n".repeat(15)}`, `ddddddcxdddddddaaa${"n".repeat(11)}d`, "a".repeat(30)] },
];

/** The numbers of the signs that may stand at a place. */
export const allowed = (shape, line, column) => ALPHABETS[shape.places[line][column]];
