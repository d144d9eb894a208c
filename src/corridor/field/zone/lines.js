// Which spots are the lines of a zone? Characters of one height at one pitch, in two or three lines of the same length.

import { pageThrough } from "./plane.js";

const PITCH_OF_HEIGHT = 1.05; // from one character to the next, by the height of one
const NEXT_MOST = 3.4; // the next spot of a line is at most so many heights away: a character or two may be missing
const SPOTS_LEAST = 9; // of a line
const LENGTH_LEAST = 22; // characters between a line's first and last spot: less is no line of a zone
const ROUNDS = [1, 0.6, 0.4, 0.3, 0.22]; // pitches: what lies further off the page is no character of it
const SPACING = { least: 1.6, most: 3.6 }; // from line to line, in pitches

/** Where a zone may lie, the likeliest first: `plane` and `bend` of its page, `from` and `to` (columns, counted from any),
 * `lines`, `pitch` in pixels, `spacing` from line to line in pitches. */
export function zonePlaces(spots) {
  const lines = chains(spots).map(counted).filter(({ length }) => length >= LENGTH_LEAST);
  return groups(lines).map(fitted).filter(Boolean);
}

/** Spots in rows from left to right: each takes the nearest one at its right as the next. */
function chains(spots) {
  const sorted = [...spots].sort((one, other) => one.x - other.x);
  const next = new Map();
  const before = new Map(); // spot -> [what it costs, the spot before it]
  for (let at = 0; at < sorted.length; at += 1) {
    const one = sorted[at];
    let best = null;
    let least = Infinity;
    for (let to = at + 1; to < sorted.length; to += 1) {
      const other = sorted[to];
      const right = other.x - one.x;
      if (right > NEXT_MOST * one.high) break;
      const alike = other.high / one.high;
      if (right < 0.45 * one.high || alike < 0.66 || alike > 1.5) continue;
      const down = Math.abs(other.y - one.y);
      if (down > 0.3 * one.high + 0.12 * right) continue;
      const costs = right + 3 * down;
      if (costs < least) [best, least] = [other, costs];
    }
    if (best && (before.get(best)?.[0] ?? Infinity) > least) {
      if (before.has(best)) next.delete(before.get(best)[1]);
      before.set(best, [least, one]);
      next.set(one, best);
    }
  }
  const found = [];
  for (const one of sorted) {
    if (before.has(one)) continue;
    const chain = [];
    for (let at = one; at; at = next.get(at)) chain.push(at);
    if (chain.length >= 3) found.push(chain);
  }
  return joined(found).filter((chain) => chain.length >= SPOTS_LEAST);
}

/** Pieces of one line, put together: the later begins where the earlier points at. */
function joined(pieces) {
  const sorted = [...pieces].sort((one, other) => one[0].x - other[0].x);
  const found = [];
  for (const piece of sorted) {
    const height = middle(piece.map(({ high }) => high));
    let best = null;
    let least = Infinity;
    for (const line of found) {
      const gap = piece[0].x - line.at(-1).x;
      if (gap < 0.45 * height || gap > 14 * height) continue;
      const high = middle(line.map((spot) => spot.high));
      if (high / height < 0.75 || high / height > 1.33) continue;
      const slope = slopeOf(line.length + piece.length > 12 ? [...line, ...piece] : line);
      const start = meanOf(line.slice(-5));
      const there = meanOf(piece.slice(0, 5));
      const off = Math.abs(there.y - start.y - slope * (there.x - start.x));
      if (off < 0.4 * height && gap < least) [best, least] = [line, gap];
    }
    if (best) best.push(...piece);
    else found.push([...piece]);
  }
  return found;
}

const meanOf = (spots) => ({ x: spots.reduce((sum, { x }) => sum + x, 0) / spots.length, y: spots.reduce((sum, { y }) => sum + y, 0) / spots.length });

function slopeOf(spots) {
  const { x, y } = meanOf(spots);
  const [down, across] = spots.reduce(([a, b], spot) => [a + (spot.x - x) * (spot.y - y), b + (spot.x - x) ** 2], [0, 0]);
  return across ? down / across : 0;
}

const middle = (values) => [...values].sort((one, other) => one - other)[values.length >> 1];

/** A line whose spots are counted: `column` of each from its first; the pitch may change slowly along the line. */
function counted(spots) {
  const steps = spots.slice(1).map((spot, at) => spot.x - spots[at].x);
  const height = middle(spots.map(({ high }) => high));
  const near = steps.filter((step) => step > 0.6 * PITCH_OF_HEIGHT * height && step < 1.6 * PITCH_OF_HEIGHT * height);
  const pitch = near.length >= 4 ? middle(near) : PITCH_OF_HEIGHT * height;
  // A pulse runs along the line at the pitch and follows the spots a little: half a character moves it less than a column.
  const columns = [0];
  let [at, column, local] = [spots[0].x, 0, pitch];
  for (const [place, { x }] of spots.slice(1).entries()) {
    const count = Math.round((x - at) / local);
    const off = x - at - count * local;
    column += count;
    columns.push(column);
    at += count * local + (place < 4 ? 0.4 : 0.25) * off;
    local = Math.min(1.2 * pitch, Math.max(0.83 * pitch, local + (0.06 * off) / Math.max(1, count)));
  }
  // Two spots of one column are pieces of a character: the taller one stays.
  const kept = [];
  for (const [place, spot] of spots.entries()) {
    const one = { ...spot, column: columns[place] };
    if (kept.at(-1)?.column === one.column) {
      if (kept.at(-1).high < one.high) kept[kept.length - 1] = one;
    } else kept.push(one);
  }
  return { spots: kept, pitch, height, slope: slopeOf(spots), length: column + 1 };
}

/** Lines that lie below each other, are as long and as dense: the longest first. */
function groups(lines) {
  const found = [];
  for (const line of [...lines].sort((one, other) => other.length - one.length)) {
    const below = (other) => {
      const slope = (line.slope + other.slope) / 2;
      const mine = meanOf(line.spots);
      const its = meanOf(other.spots);
      return (its.y - mine.y - slope * (its.x - mine.x)) / Math.sqrt(1 + slope * slope) / line.pitch;
    };
    const like = lines
      .filter((other) => other === line || (Math.abs(other.pitch / line.pitch - 1) < 0.15 && Math.abs(other.slope - line.slope) < 0.06))
      .filter((other) => other === line || (other.spots[0].x < line.spots.at(-1).x && other.spots.at(-1).x > line.spots[0].x))
      .map((other) => ({ other, at: other === line ? 0 : below(other) }))
      .sort((one, other) => one.at - other.at);
    for (const count of [2, 3]) {
      for (let first = 0; first + count <= like.length; first += 1) {
        const some = like.slice(first, first + count);
        if (!some.some(({ other }) => other === line)) continue;
        const gaps = some.slice(1).map(({ at }, place) => at - some[place].at);
        if (gaps.some((gap) => gap < SPACING.least || gap > SPACING.most)) continue;
        if (Math.max(...gaps) / Math.min(...gaps) > 1.25) continue;
        const key = some.map(({ other }) => lines.indexOf(other)).join();
        if (!found.some((one) => one.key === key)) found.push({ key, lines: some.map(({ other }) => other), spacing: gaps[0] });
      }
    }
  }
  const size = ({ lines: some }) => some.reduce((sum, { spots }) => sum + spots.length, 0);
  return found.sort((one, other) => size(other) - size(one)).slice(0, 4);
}

/** The page through all spots of a group: columns of all lines counted alike, what lies off left out. */
function fitted({ lines, spacing }) {
  const [first] = lines;
  const turn = Math.atan(first.slope);
  const points = [];
  for (const [down, line] of lines.entries()) {
    const start = line.spots[0];
    const along = (start.x - first.spots[0].x) * Math.cos(turn) + (start.y - first.spots[0].y) * Math.sin(turn);
    const shift = Math.round(along / line.pitch);
    for (const spot of line.spots) points.push([spot.column + shift, down, spot.x, spot.y]);
  }
  const pitch = middle(lines.map((line) => line.pitch));
  const page = pageThrough(points, ROUNDS.map((most) => most * pitch));
  if (!page || page.kept.length < 12 || lines.some((_, down) => page.kept.filter((point) => point[1] === down).length < 5)) return null;
  const { plane, bend, kept } = page;
  const columns = kept.map(([across]) => across);
  return { plane, bend, from: Math.min(...columns), to: Math.max(...columns), lines: lines.length, pitch, spacing };
}
