// How does a page lie in a picture? From places that are known: the plane of a flat page, which makes
// pixels of (character, line), and how the page is bent along its lines.

const BENT_LEAST = 20; // places: fewer do not tell how a page is bent
const BEYOND = 1.1; // the bend goes on as far beyond what was seen, then stays

/** Pixels of a place given in characters and lines, by the page's `plane` and `bend` (null: it is flat). */
export function placed({ plane, bend }, across, down) {
  const [x, y] = flat(plane, across, down);
  if (!bend) return [x, y];
  const [right, low] = bentBy(bend, across);
  return [x + right, y + low];
}

function bentBy({ middle, half, right, low }, across) {
  const at = Math.max(-BEYOND, Math.min(BEYOND, (across - middle) / half));
  const by = ([one, two, three, four]) => one + at * (two + at * (three + at * four));
  return [by(right), by(low)];
}

/** How the page lies on which `[across, down, x, y]` each are places: what lies further off than `most` pixels, less with every
 * round, is left out. `{ plane, bend, kept }`; null when they say too little. */
export function pageThrough(points, rounds) {
  let kept = points;
  let page = null;
  for (const most of rounds) {
    const before = page?.bend;
    const even = before ? kept.map(([across, down, x, y]) => {
      const [right, low] = bentBy(before, across);
      return [across, down, x - right, y - low];
    }) : kept;
    const plane = planeThrough(even);
    if (!plane) return null;
    const bend = kept.length < BENT_LEAST ? null : bendOf(plane, kept);
    page = { plane, bend };
    kept = points.filter(([across, down, x, y]) => {
      const [there, below] = placed(page, across, down);
      return Math.hypot(there - x, below - y) < most;
    });
  }
  return { ...page, kept };
}

/** What is left over once the page is taken for flat, as a curve of the third degree along the lines. */
function bendOf(plane, points) {
  const columns = points.map(([across]) => across);
  const [first, last] = [Math.min(...columns), Math.max(...columns)];
  const [middle, half] = [(first + last) / 2, Math.max(1, (last - first) / 2)];
  const curve = (of) => {
    const whole = Array.from({ length: 4 }, (_, at) => Float64Array.from({ length: 5 }, (__, to) => (at === to ? 0.5 : 0)));
    for (const point of points) {
      const at = (point[0] - middle) / half;
      const powers = [1, at, at * at, at * at * at];
      const value = of(point);
      for (let row = 0; row < 4; row += 1) {
        for (let column = 0; column < 4; column += 1) whole[row][column] += powers[row] * powers[column];
        whole[row][4] += powers[row] * value;
      }
    }
    return solve(whole) ?? [0, 0, 0, 0];
  };
  return {
    middle, half,
    right: curve(([across, down, x]) => x - flat(plane, across, down)[0]),
    low: curve(([across, down, , y]) => y - flat(plane, across, down)[1]),
  };
}

function flat(plane, across, down) {
  const depth = plane[6] * across + plane[7] * down + plane[8];
  return [(plane[0] * across + plane[1] * down + plane[2]) / depth, (plane[3] * across + plane[4] * down + plane[5]) / depth];
}

/** The plane that fits best for `[across, down, x, y]` each, by least squares; null when they say too little. */
function planeThrough(points) {
  if (points.length < 6) return null;
  const mean = [0, 1, 2, 3].map((at) => points.reduce((sum, point) => sum + point[at], 0) / points.length);
  const size = [0, 1, 2, 3].map((at) => Math.max(1e-9, Math.sqrt(points.reduce((sum, point) => sum + (point[at] - mean[at]) ** 2, 0) / points.length)));
  const whole = Array.from({ length: 8 }, () => new Float64Array(9));
  const add = (row, value) => {
    for (let one = 0; one < 8; one += 1) {
      if (row[one] === 0) continue;
      for (let other = 0; other < 8; other += 1) whole[one][other] += row[one] * row[other];
      whole[one][8] += row[one] * value;
    }
  };
  for (const point of points) {
    const [u, v, x, y] = point.map((value, at) => (value - mean[at]) / size[at]);
    add([u, v, 1, 0, 0, 0, -u * x, -v * x], x);
    add([0, 0, 0, u, v, 1, -u * y, -v * y], y);
  }
  whole[6][6] += points.length * 1e-4; // what the points do not tell of the angle is none
  whole[7][7] += points.length * 1e-4;
  const solved = solve(whole);
  if (!solved) return null;
  const even = [...solved, 1];
  // Back from places of mean 0 and spread 1: pixels = back · even · to.
  const to = [1 / size[0], 0, -mean[0] / size[0], 0, 1 / size[1], -mean[1] / size[1], 0, 0, 1];
  const back = [size[2], 0, mean[2], 0, size[3], mean[3], 0, 0, 1];
  return product(product(back, even), to);
}

function product(one, other) {
  return Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [3 * Math.floor(at / 3), at % 3];
    return one[row] * other[column] + one[row + 1] * other[column + 3] + one[row + 2] * other[column + 6];
  });
}

/** Solves equations in place, the largest of a column first; null when they have no one solution. */
function solve(rows) {
  const count = rows.length;
  for (let at = 0; at < count; at += 1) {
    let best = at;
    for (let row = at + 1; row < count; row += 1) if (Math.abs(rows[row][at]) > Math.abs(rows[best][at])) best = row;
    if (Math.abs(rows[best][at]) < 1e-12) return null;
    [rows[at], rows[best]] = [rows[best], rows[at]];
    for (let row = 0; row < count; row += 1) {
      if (row === at) continue;
      const times = rows[row][at] / rows[at][at];
      if (times) for (let column = at; column <= count; column += 1) rows[row][column] -= times * rows[at][column];
    }
  }
  return rows.map((row, at) => row[count] / row[at]);
}
