// What do several pictures of one zone say together? Their odds are averaged; where they are unsure, it is said.

import { bestOf } from "./reading.js";
import { allowed } from "./shapes.js";

const OTHER_SHARE = 0.3; // so many other characters: another document lies before the camera
const WORSE = 0.15; // in the mean logarithm of the odds
const SURE = 0.9; // a character is doubtful when all pictures together are less sure of it than this
const SURE_AGAINST = 0.97; // or less than this when one of the pictures saw another
const PICTURES_LEAST = 2;
const PICTURES_MOST = 6; // then what is doubtful stays doubtful

/** Collects pictures of one zone; `signs` is what letters may show. */
export class Votes {
  constructor(signs) {
    this.signs = signs;
    this.forget();
  }

  forget() {
    this.shape = null;
    this.sums = null;
    this.fits = 0; // of the first picture
    this.seen = []; // the texts of the pictures
    this.ends = []; // the ends of lines that each saw going on
  }

  /** Adds what one picture says (null: nothing), and answers what all say, null as long as none said anything:
   * `lines`, `doubts` (`line`, `column`, `or`: the next likely character) and `pictures`. */
  add(reading) {
    if (reading && !this.#isWorse(reading)) {
      if (this.shape !== reading.shape || this.#isOther(reading.text)) {
        this.forget();
        this.shape = reading.shape;
        this.fits = reading.fits;
        this.sums = reading.odds.map((line) => line.map((odds) => Float64Array.from(odds)));
      } else reading.odds.forEach((line, at) => line.forEach((odds, column) => odds.forEach((one, sign) => (this.sums[at][column][sign] += one))));
      this.seen.push(reading.text);
      this.ends.push(reading.ends);
    }
    return this.shape ? this.#together() : null;
  }

  /** A picture that says something else, and far less surely, was misread: what was seen before stays. */
  #isWorse(reading) {
    return this.shape && reading.fits < this.fits - WORSE && (this.shape !== reading.shape || this.#isOther(reading.text));
  }

  #isOther(text) {
    const [now, before] = [text.join(""), this.seen.at(-1).join("")];
    const others = [...now].filter((letter, at) => letter !== before[at]).length;
    return others > OTHER_SHARE * now.length;
  }

  #together() {
    const doubts = [];
    const lines = this.sums.map((line, at) =>
      line.map((sums, column) => {
        const mean = sums.map((one) => one / this.seen.length);
        const { sign, odds } = bestOf(mean, allowed(this.shape, at, column));
        const all = mean.reduce((sum, one) => sum + Math.exp(one), 0);
        const sure = Math.exp(odds) / all;
        const letter = this.signs[sign];
        const agreed = this.seen.every((text) => text[at][column] === letter);
        const isOpen = 2 * this.ends.filter((ends) => ends.some((end) => end.line === at && end.column === column)).length > this.seen.length;
        if (isOpen || sure < (agreed ? SURE : SURE_AGAINST)) doubts.push({ line: at, column, or: this.#next(mean, sign) });
        return letter;
      }).join(""));
    return { lines, doubts, pictures: this.seen.length };
  }

  /** The likeliest other character, wherever it may stand; null when it is none. */
  #next(mean, sign) {
    const others = [...this.signs].map((_, one) => one).filter((one) => one !== sign);
    const letter = this.signs[bestOf(mean, others).sign];
    return letter === " " ? null : letter;
  }
}

/** Whether the camera has seen enough: surely read, or as sure as it gets. `holds`: all check digits do. */
export const isEnough = ({ doubts, pictures }, holds) => pictures >= PICTURES_MOST || (pictures >= PICTURES_LEAST && holds && !doubts.length);
