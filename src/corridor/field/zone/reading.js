// What does one picture say? Its lines found, its characters read, the format chosen that fits best.

import { DARKER, greyOf, inkOf, spotsOf } from "./ink.js";
import { zonePlaces } from "./lines.js";
import { placed } from "./plane.js";
import { SHAPES, allowed } from "./shapes.js";

const BESIDE = 3; // so many columns beyond the spots that were found are looked at too
const PLACES_MOST = 60; // columns: more is no zone
const BESIDE_SURE = Math.log(0.4); // of the column beside a line, that it shows none
const FITS_LEAST = -0.5; // the mean logarithm of the best characters' odds: below, it is another print or no zone
const FITS_WELL = -0.2; // above, nothing better is looked for

/** What a picture says: `shape`, `text`, `odds` (by line and column over all signs, as logarithms), `fits` (their mean, beside
 * the zone too) and `ends` that may not be the ends; null: nothing. */
export function readPicture(picture, letters) {
  const seen = picture.grey ? picture : greyOf(picture);
  let best = null;
  for (const spreads of DARKER) {
    const spots = spotsOf(inkOf(seen, spreads), seen.width, seen.height);
    for (const place of zonePlaces(spots)) {
      if (place.to - place.from > PLACES_MOST) continue;
      const found = readPlace(seen, place, letters);
      if (found && (!best || found.fits > best.fits)) best = found;
      if (best?.fits > FITS_WELL) return best;
    }
  }
  return best && best.fits >= FITS_LEAST ? best : null;
}

/** The characters of one place, by the format and the first column that fit best; null when none can. */
function readPlace(picture, place, letters) {
  const columns = [];
  for (let column = place.from - BESIDE; column <= place.to + BESIDE; column += 1) columns.push(column);
  const lines = Array.from({ length: place.lines }, (_, line) => oddsOfLine(picture, place, line, columns, letters));
  const none = letters.signs.length - 1;
  let best = null;
  for (const shape of SHAPES) {
    if (shape.lines !== place.lines) continue;
    for (let start = 0; start + shape.width <= columns.length; start += 1) {
      let sum = 0;
      for (let line = 0; line < shape.lines; line += 1) {
        for (let at = 0; at < columns.length; at += 1) {
          const odds = lines[line][at];
          const here = at - start;
          if (here < 0 || here >= shape.width) sum += Math.max(odds[none], -4); // one smudge beside it does not undo a zone
          else sum += Math.max(bestOf(odds, allowed(shape, line, here)).odds, -6);
        }
      }
      // all columns count for every format, so that formats of any width can be compared
      const fits = sum / (columns.length * shape.lines);
      if (!best || fits > best.fits) best = { shape, start, fits };
    }
  }
  if (!best) return null;
  const odds = lines.map((line) => line.slice(best.start, best.start + best.shape.width));
  const text = odds.map((line, at) => line.map((one, column) => letters.signs[bestOf(one, allowed(best.shape, at, column)).sign]).join(""));
  return { shape: best.shape, odds, text, fits: best.fits, ends: endsIn(lines, best, none) };
}

/** The characters at an end of a line beyond which there seems to be another: the zone may be of a longer format. */
function endsIn(lines, { shape, start }, none) {
  return lines.flatMap((line, at) =>
    [[start - 1, 0], [start + shape.width, shape.width - 1]].filter(([beside]) => line[beside]?.[none] < BESIDE_SURE).map(([, column]) => ({ line: at, column })));
}

/** The likeliest of some signs. */
export function bestOf(odds, signs) {
  let sign = signs[0];
  for (const one of signs) if (odds[one] > odds[sign]) sign = one;
  return { sign, odds: odds[sign] };
}

/** How likely each sign is in every column of a line. */
function oddsOfLine(picture, place, line, columns, letters) {
  const patches = columns.map((column) => patchAt(picture, place, column, line, letters.cell));
  const spreads = patches.map(evenOut);
  const usual = [...spreads].sort((one, other) => one - other)[spreads.length >> 1];
  return patches.map((patch, at) => {
    const by = Math.max(spreads[at], letters.cell.faintest * usual, 1);
    for (let one = 0; one < patch.length; one += 1) patch[one] /= by;
    return letters.odds(patch);
  });
}

/** Takes the mean away, and says how much the values differ. */
function evenOut(patch) {
  let sum = 0;
  for (const value of patch) sum += value;
  const mean = sum / patch.length;
  let square = 0;
  for (let at = 0; at < patch.length; at += 1) {
    patch[at] -= mean;
    square += patch[at] * patch[at];
  }
  return Math.sqrt(square / patch.length);
}

/** The patch about one character: what lies between pixels is mixed, what is too fine is averaged. */
export function patchAt({ grey, width, height }, place, column, line, cell) {
  const { pitch, spacing } = place;
  const cut = Math.max(1, Math.round(pitch / cell.pitch));
  const [x0, y0] = placed(place, column, line);
  // Within one character the page is as good as even: its two directions are found once.
  const [xr, yr] = placed(place, column + 0.5, line);
  const [xl, yl] = placed(place, column - 0.5, line);
  const half = 0.5 / spacing;
  const [xd, yd] = placed(place, column, line + half);
  const [xu, yu] = placed(place, column, line - half);
  const step = 1 / (cell.pitch * cut);
  const patch = new Float32Array(cell.rows * cell.columns);
  for (let row = 0; row < cell.rows * cut; row += 1) {
    const v = (row + 0.5) * step - cell.rows / 2 / cell.pitch;
    for (let at = 0; at < cell.columns * cut; at += 1) {
      const u = (at + 0.5) * step - cell.columns / 2 / cell.pitch;
      const x = Math.min(width - 1.001, Math.max(0, x0 + u * (xr - xl) + v * (xd - xu)));
      const y = Math.min(height - 1.001, Math.max(0, y0 + u * (yr - yl) + v * (yd - yu)));
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const from = top * width + left;
      const upper = grey[from] + (grey[from + 1] - grey[from]) * (x - left);
      const lower = grey[from + width] + (grey[from + width + 1] - grey[from + width]) * (x - left);
      patch[Math.floor(row / cut) * cell.columns + Math.floor(at / cut)] += upper + (lower - upper) * (y - top);
    }
  }
  if (cut > 1) for (let at = 0; at < patch.length; at += 1) patch[at] /= cut * cut;
  return patch;
}
