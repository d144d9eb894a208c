// Where is ink in a picture, and which spots of it may be characters? Darker than its surroundings, whatever the light.

const AROUND_SHARE = 1 / 44; // how far around a place is looked, of the longer side: about one character and a half
/** So many spreads darker than the mean around is ink: the second is for paper with a dark pattern, the third for shadow. */
export const DARKER = [1, 1.25, 0.75];
const DARKER_LEAST = 9; // and no less than so many of 255, or noise on white paper were ink

export const SPOT_HEIGHT = { least: 7, most: 70 }; // pixels: a character of 11 to 60 pixels from one to the next

/** Grey values 0 to 255 of a picture of the canvas. */
export function greyOf({ data, width, height }) {
  const grey = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < grey.length; at += 1, from += 4) {
    grey[at] = (data[from] * 77 + data[from + 1] * 150 + data[from + 2] * 29) >> 8;
  }
  return { grey, width, height };
}

/** Every place smoothed over three by three: single spots of noise go. */
function smoothed({ grey, width, height }) {
  const rows = new Uint16Array(grey.length);
  const found = new Uint8Array(grey.length);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    for (let x = 1; x < width - 1; x += 1) rows[row + x] = grey[row + x - 1] + grey[row + x] + grey[row + x + 1];
    rows[row] = rows[row + 1];
    rows[row + width - 1] = rows[row + width - 2];
  }
  for (let y = 0; y < height; y += 1) {
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0, row = y * width; x < width; x += 1) found[row + x] = ((rows[above + x] + rows[row + x] + rows[below + x]) * 7282) >> 16;
  }
  return found;
}

/** One byte a place: 1 where there is ink; `spreads` is one of `DARKER`. */
export function inkOf(picture, spreads = DARKER[0]) {
  const { width, height } = picture;
  const grey = smoothed(picture);
  const around = Math.max(8, Math.round(Math.max(width, height) * AROUND_SHARE));
  const ink = new Uint8Array(width * height);
  const sums = new Int32Array(width); // of each column, over the rows around
  const squares = new Int32Array(width);
  const addRow = (y, sign) => {
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      const value = grey[at];
      sums[x] += sign * value;
      squares[x] += sign * value * value;
    }
  };
  for (let y = 0; y < Math.min(height, around); y += 1) addRow(y, 1);
  for (let y = 0; y < height; y += 1) {
    if (y + around < height) addRow(y + around, 1);
    if (y - around - 1 >= 0) addRow(y - around - 1, -1);
    const rows = Math.min(height, y + around + 1) - Math.max(0, y - around);
    let sum = 0;
    let square = 0;
    for (let x = 0; x < Math.min(width, around); x += 1) {
      sum += sums[x];
      square += squares[x];
    }
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      if (x + around < width) {
        sum += sums[x + around];
        square += squares[x + around];
      }
      if (x - around - 1 >= 0) {
        sum -= sums[x - around - 1];
        square -= squares[x - around - 1];
      }
      const count = rows * (Math.min(width, x + around + 1) - Math.max(0, x - around));
      const darker = sum / count - grey[at];
      if (darker < DARKER_LEAST) continue;
      const variance = square / count - (sum / count) * (sum / count);
      if (darker * darker > spreads * spreads * variance) ink[at] = 1;
    }
  }
  return ink;
}

/** The spots of ink that may be characters by their size: `x`, `y` (the middle), `wide`, `high`. */
export function spotsOf(ink, width, height) {
  const parent = [];
  const box = []; // left, top, right, bottom of a spot, by its number
  const root = (one) => {
    while (parent[one] !== one) one = parent[one] = parent[parent[one]];
    return one;
  };
  const join = (one, other) => {
    const [to, from] = [root(one), root(other)];
    if (to === from) return to;
    parent[from] = to;
    const [a, b] = [box[to], box[from]];
    box[to] = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
    return to;
  };
  let before = []; // the runs of the row above: start, stop, number
  for (let y = 0; y < height; y += 1) {
    const runs = [];
    let above = 0;
    for (let x = 0, row = y * width; x < width; x += 1) {
      if (!ink[row + x]) continue;
      const start = x;
      while (x < width && ink[row + x]) x += 1;
      let number = -1;
      while (above < before.length && before[above][1] < start) above += 1;
      for (let at = above; at < before.length && before[at][0] <= x; at += 1) number = number < 0 ? root(before[at][2]) : join(number, before[at][2]);
      if (number < 0) {
        number = parent.push(parent.length) - 1;
        box.push([start, y, x - 1, y]);
      } else {
        const found = box[number];
        box[number] = [Math.min(found[0], start), found[1], Math.max(found[2], x - 1), y];
      }
      runs.push([start, x, number]);
    }
    before = runs;
  }
  const spots = [];
  for (let number = 0; number < parent.length; number += 1) {
    if (parent[number] !== number) continue;
    const [left, top, right, bottom] = box[number];
    const [wide, high] = [right - left + 1, bottom - top + 1];
    if (high < SPOT_HEIGHT.least || high > SPOT_HEIGHT.most || wide < high * 0.12 || wide > high * 1.5) continue;
    spots.push({ x: (left + right) / 2, y: (top + bottom) / 2, wide, high });
  }
  return spots;
}
