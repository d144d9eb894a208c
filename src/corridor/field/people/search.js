// Who is meant: people found by any part of their name in any script, by their code, or by a document's digits.
//
// Names are held as keys, each once, with whom they belong to; what is typed is compared with the keys, not the people,
// so that a hundred thousand people cost little more than their different names.

const EXACT = 100;
const BONES = 70; // the same consonants, as of one name in two scripts
const BEGINS = 60;
const SLIP = 45; // one letter wrong, left out or too many
const BONES_BEGIN = 35;
const INSIDE = 25;
const QUERY_PARTS_MAX = 6;

class Keys {
  constructor() {
    this.numbers = new Map(); // key -> number of its list
    this.lists = [];
    this.sorted = null;
  }

  add(key, row) {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.lists.push([]) - 1;
      this.numbers.set(key, number);
      this.sorted = null;
    }
    const rows = this.lists[number];
    if (rows.at(-1) !== row) rows.push(row);
  }

  get(key) {
    const number = this.numbers.get(key);
    return number === undefined ? [] : this.lists[number];
  }

  /** The keys that begin so, in order. */
  *from(start) {
    this.sorted ??= [...this.numbers.keys()].sort();
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle] < start) low = middle + 1;
      else high = middle;
    }
    while (low < this.sorted.length && this.sorted[low].startsWith(start)) yield this.sorted[low++];
  }
}

/** People by their names; `names` is what `namesBy` of names.js gave. */
export class NameIndex {
  constructor(names) {
    this.names = names;
    this.plain = new Keys();
    this.bones = new Keys();
    this.keysOf = new Map(); // a part as written -> its keys: most parts are written many times
    this.leads = new Map(); // a word -> whether it is written before a part and belongs to it, as "abd" and "al" do
    this.rows = 0;
    this.gone = new Set();
  }

  /** Adds a person, by the row they have, which is one more than the last. */
  add(row, written) {
    this.rows = row + 1;
    for (const name of written) for (const part of this.#parts(name)) this.#addPart(row, part);
  }

  *#parts(name) {
    let before = "";
    for (const word of name.split(/\s+/)) {
      if (!word) continue;
      before = before ? `${before} ${word}` : word;
      if (this.#leads(word)) continue;
      yield before;
      before = "";
    }
    if (before) yield before;
  }

  #leads(word) {
    let leads = this.leads.get(word);
    if (leads === undefined) this.leads.set(word, (leads = this.names.keys(`${word} x`).length === 1));
    return leads;
  }

  #addPart(row, part) {
    let found = this.keysOf.get(part);
    if (!found) this.keysOf.set(part, (found = this.names.searchKeys(part)));
    for (const key of found) (key[0] === "n" ? this.plain : this.bones).add(key.slice(2), row);
  }

  /** A person who is not to be found any more by this row. */
  remove(row) {
    this.gone.add(row);
  }

  /** Sorts the keys now, so that the first search does not wait for it. */
  prepare() {
    for (const keys of [this.plain, this.bones]) keys.from("").next();
  }

  /** The best rows for a name or part of one: `[row, weight]`, the best first; weights of all parts add up. */
  find(query, most = 20) {
    const parts = this.names.keys(query).slice(0, QUERY_PARTS_MAX);
    const whole = new Float32Array(this.rows);
    const best = new Uint8Array(this.rows);
    const touched = [];
    for (const key of parts) {
      const seen = [];
      for (const [weight, rows] of this.#near(key)) {
        for (const row of rows) {
          if (best[row] === 0) seen.push(row);
          if (best[row] < weight) best[row] = weight;
        }
      }
      for (const row of seen) {
        if (whole[row] === 0) touched.push(row);
        whole[row] += best[row];
        best[row] = 0;
      }
    }
    return top(touched.filter((row) => !this.gone.has(row)), whole, most);
  }

  /** Rows of keys near one part, with the weight of how near. */
  *#near(key) {
    const [text] = this.names.searchKeys(key.replace(/^[+=]/, "")).filter((one) => one[0] === "n").map((one) => one.slice(2));
    const bones = this.names.skeleton(key);
    if (!text) return;
    for (const found of this.plain.from(text)) yield [found === text ? EXACT : BEGINS, this.plain.get(found)];
    if (bones.length > 1) {
      yield [BONES, this.bones.get(bones)];
      if (bones.length > 2) for (const found of this.bones.from(bones)) yield [BONES_BEGIN, this.bones.get(found)];
    }
    if (text.length < 3 || this.plain.numbers.has(text)) return; // a name that there is was hardly mistyped
    for (const found of this.plain.numbers.keys()) {
      if (found.length > text.length && found.includes(text, 1)) yield [INSIDE, this.plain.get(found)];
      else if (text.length > 3 && oneSlip(found, text)) yield [SLIP, this.plain.get(found)];
    }
  }
}

/** Whether two different texts are one letter apart: another, one more, one less, or two turned round. */
export function oneSlip(one, other) {
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  const more = long.length - short.length;
  if (more > 1) return false;
  let at = 0;
  while (at < short.length && long[at] === short[at]) at += 1;
  if (more) return long.slice(at + 1) === short.slice(at);
  if (long.slice(at + 1) === short.slice(at + 1)) return true;
  return long[at] === short[at + 1] && long[at + 1] === short[at] && long.slice(at + 2) === short.slice(at + 2);
}

/** The most heavy of some rows, without sorting them all. */
function top(rows, weights, most) {
  const found = []; // the best so far, the best first
  for (const row of rows) {
    const weight = weights[row];
    if (found.length === most && weight <= found.at(-1)[1]) continue;
    let place = found.length;
    while (place && found[place - 1][1] < weight) place -= 1;
    found.splice(place, 0, [row, weight]);
    if (found.length > most) found.pop();
  }
  return found;
}
