// Which character does a patch of a picture show? The weights that `corridor.names.pictures` learned, in plain numbers.

const FORMAT = 1;

/** A reader of letters from the table of weights: `signs`, `cell` and `odds(patch)`, as logarithms. */
export function lettersBy(table) {
  if (table.format !== FORMAT) throw new Error(`weights of the format ${table.format}, ${FORMAT} is read`);
  const layers = Object.fromEntries(Object.entries(table.layers).map(([name, layer]) => [name, unpacked(layer)]));
  const { rows, columns } = table.cell;
  const [firstSize, firstStep] = table.windows.first;
  const [secondSize, secondStep] = table.windows.second;
  const first = windowLayer(layers.first, rows, columns, 1, firstSize, firstStep);
  const second = windowLayer(layers.second, first.rows, first.columns, layers.first.outputs, secondSize, secondStep);
  const third = new Float32Array(layers.third.outputs);
  const odds = (patch) => {
    whole(layers.third, second.run(first.run(patch)), third);
    for (let at = 0; at < third.length; at += 1) if (third[at] < 0) third[at] = 0;
    const scores = new Float32Array(layers.last.outputs);
    whole(layers.last, third, scores);
    const most = Math.max(...scores);
    const sum = Math.log(scores.reduce((total, score) => total + Math.exp(score - most), 0)) + most;
    return scores.map((score) => score - sum);
  };
  return { version: table.version, signs: table.signs, cell: table.cell, odds };
}

function unpacked({ shape: [outputs, inputs], rows, scales, offsets }) {
  const bytes = Int8Array.from(atob(rows), (one) => one.charCodeAt(0));
  const weights = new Float32Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) weights[at] = bytes[at] * scales[Math.floor(at / inputs)];
  return { outputs, inputs, weights, offsets: Float32Array.from(offsets) };
}

function whole({ outputs, inputs, weights, offsets }, values, found) {
  for (let output = 0, at = 0; output < outputs; output += 1) {
    let sum = offsets[output];
    for (let input = 0; input < inputs; input += 1, at += 1) sum += weights[at] * values[input];
    found[output] = sum;
  }
}

/** A layer that looks through windows of rows x columns x channels, with a border of zeroes; what is below 0 becomes 0. */
function windowLayer({ outputs, weights, offsets }, rows, columns, channels, size, step) {
  const border = size >> 1;
  const high = Math.ceil(rows / step);
  const broad = Math.ceil(columns / step);
  const found = new Float32Array(high * broad * outputs);
  const run = (values) => {
    for (let row = 0, out = 0; row < high; row += 1) {
      for (let column = 0; column < broad; column += 1) {
        const [top, left] = [row * step - border, column * step - border];
        const fromColumn = Math.max(0, -left);
        const toColumn = Math.min(size, columns - left);
        for (let output = 0; output < outputs; output += 1, out += 1) {
          let sum = offsets[output];
          for (let y = Math.max(0, -top); y < size && top + y < rows; y += 1) {
            let value = ((top + y) * columns + left + fromColumn) * channels;
            let weight = ((output * size + y) * size + fromColumn) * channels;
            for (let stop = weight + (toColumn - fromColumn) * channels; weight < stop; weight += 1, value += 1) sum += weights[weight] * values[value];
          }
          found[out] = sum > 0 ? sum : 0;
        }
      }
    }
    return found;
  };
  return { rows: high, columns: broad, run };
}
