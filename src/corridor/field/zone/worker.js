// Pictures are read in a thread of their own: the screen stays quick while the camera looks for a zone.

import { lettersBy } from "./letters.js";
import { readPicture } from "./reading.js";
import { Votes } from "./voting.js";

let votes = null;
const letters = (async () => {
  const found = lettersBy(await (await fetch(new URL("../zone-letters.json", import.meta.url), { credentials: "omit" })).json());
  votes = new Votes(found.signs);
  return found;
})();

self.onmessage = async ({ data: { id, width, height, pixels } }) => {
  try {
    const by = await letters;
    if (!pixels) {
      votes.forget();
      return postMessage({ id, answer: null });
    }
    const began = performance.now();
    const reading = readPicture({ data: new Uint8ClampedArray(pixels), width, height }, by);
    const together = votes.add(reading);
    postMessage({ id, answer: { read: reading !== null, together, ms: performance.now() - began } });
  } catch (error) {
    postMessage({ id, error: String(error?.stack ?? error) });
  }
};
