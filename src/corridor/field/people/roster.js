// The roster: who the officer may meet, in pages as headquarters gave them; and who is meant by what is scanned or typed.

import { hex, joined, sha256, unhex, utf8 } from "../record/bytes.js";
import { NameIndex } from "./search.js";
import { readCode } from "./wristband.js";
import { readZone } from "./zone.js";

const FOUND_MAX = 30;
const HASH_BYTES = 4;

/** A document's number as headquarters folds it: capitals, digits of every script as 0 to 9, nothing between them. */
export const foldNumber = (text) =>
  [...text.normalize("NFKC").toUpperCase()].filter((one) => /[\p{L}\p{N}]/u.test(one)).map(digitOf).join("");

function digitOf(letter) {
  if (letter <= "\x7f" || !/\p{Nd}/u.test(letter)) return letter;
  const code = letter.codePointAt(0);
  let first = code; // digits stand in runs of ten, from 0 to 9
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/** The hash under which a document's number stands in a roster with this salt (hex). */
export async function numberHash(salt, number) {
  const bytes = joined(utf8("corridor/document/1\n"), unhex(salt), utf8(foldNumber(number)));
  return hex((await sha256(bytes)).slice(0, HASH_BYTES));
}

export class Roster {
  constructor(names) {
    this.names = names;
    this.index = new NameIndex(names);
    this.rows = []; // [columns, place in them], or null when gone
    this.rowOf = new Map(); // person, and every other id of the same human being -> row
    this.parties = new Map(); // party -> rows
    this.endings = new Map(); // last three characters of a document -> rows
    this.salt = null;
  }

  get size() {
    return this.rows.length - this.index.gone.size;
  }

  /** Applies one page; what it names again takes the place of what was there. */
  apply(page) {
    this.salt = page.salt;
    const { columns } = page;
    for (const [place, person] of columns.person.entries()) {
      this.#remove(person);
      const row = this.rows.push([columns, place]) - 1;
      for (const id of [person, ...(columns.also?.[place] ?? [])]) this.rowOf.set(id, row);
      into(this.parties, columns.party?.[place], row);
      const documents = columns.documents?.[place] ?? [];
      for (let at = 1; at < documents.length; at += 2) into(this.endings, documents[at], row);
      this.index.add(row, columns.names?.[place] ?? []);
    }
    for (const person of page.gone) this.#remove(person);
  }

  #remove(person) {
    const row = this.rowOf.get(person);
    if (row === undefined || !this.rows[row]) return;
    const [columns, place] = this.rows[row];
    if (columns.person[place] !== person) return; // the id is only one more name of somebody else
    for (const id of [person, ...(columns.also?.[place] ?? [])]) this.rowOf.delete(id);
    this.rows[row] = null;
    this.index.remove(row);
  }

  /** One person, by any of their ids; null when they are not in the roster. */
  person(id) {
    const row = this.rowOf.get(id);
    return row === undefined ? null : this.#row(row);
  }

  #row(row) {
    const kept = this.rows[row];
    if (!kept) return null;
    const [columns, place] = kept;
    return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column?.[place] ?? null]));
  }

  #people(rows = []) {
    return rows.map((row) => this.#row(row)).filter(Boolean);
  }

  /** Everybody of a party. */
  party(id) {
    return this.#people(this.parties.get(id));
  }

  /** Everybody planned on a movement or aboard it. */
  onMovement(id) {
    return this.#where(({ movement, account }, place) => movement?.[place] === id || account[place] === `aboard:${id}`);
  }

  /** Everybody in an account. */
  inAccount(id) {
    return this.#where(({ account }, place) => account[place] === id);
  }

  #where(holds) {
    const rows = [];
    for (const [row, kept] of this.rows.entries()) if (kept && holds(kept[0], kept[1])) rows.push(row);
    return this.#people(rows);
  }

  /** Who is meant by a text, scanned or typed: `how` it was understood (`code`, `zone`, `document`, `id`, `name`), the
   * `people`, the best first, and what a `code` or `zone` said. */
  async find(text, facts) {
    const query = text.trim();
    if (!query) return { how: "name", people: [] };
    const code = await readCode(query, facts);
    if (code) {
      const person = code.proof === "bad" ? null : this.person(code.person);
      const from = person?.codes_from ?? null;
      const revoked = from !== null && (code.printed === null || code.printed < from);
      return { how: "code", code: { ...code, revoked }, people: person ? [person] : [] };
    }
    const zone = readZone(query);
    if (zone) return { how: "zone", zone, people: await this.#byZone(zone) };
    const byId = this.person(query) ?? this.person(query.toLowerCase());
    if (byId) return { how: "id", people: [byId] };
    const party = this.party(query);
    if (party.length) return { how: "id", people: party };
    if (/\p{Nd}/u.test(query)) return { how: "document", people: await this.#byNumber(query) };
    return { how: "name", people: this.#byName(query) };
  }

  #byName(query) {
    return this.#people(this.index.find(query, FOUND_MAX).map(([row]) => row));
  }

  async #byNumber(query) {
    if (this.salt === null) return []; // no page has come yet, or all are erased
    const number = foldNumber(query);
    const ending = this.#people(this.endings.get(number.slice(-3)));
    if (number.length <= 3) return ending.slice(0, FOUND_MAX);
    const hash = await numberHash(this.salt, number);
    const whole = ending.filter(({ documents }) => documents.some((one, place) => place % 2 === 0 && one === hash));
    return (whole.length ? whole : ending).slice(0, FOUND_MAX);
  }

  async #byZone(zone) {
    const byNumber = zone.number.length > 3 ? await this.#byNumber(zone.number) : [];
    const hash = byNumber.length ? await numberHash(this.salt, zone.number) : null;
    if (byNumber.some(({ documents }) => documents.includes(hash))) return byNumber;
    const named = this.#byName(`${zone.surname} ${zone.givenNames}`);
    const sameYear = ({ birth_year }) => birth_year !== null && birth_year % 100 === zone.birthYear;
    return [...named.filter(sameYear), ...named.filter((one) => !sameYear(one))];
  }
}

function into(lists, key, row) {
  if (key === null || key === undefined) return;
  const rows = lists.get(key);
  if (rows) rows.push(row);
  else lists.set(key, [row]);
}
