// The camera: shown in a room of the screen, and looked through for QR codes by the browser's own detector or ours.

import { t } from "../texts/speak.js";
import { h } from "./dom.js";

const EVERY_MS = 120;
const SAME_AGAIN_MS = 2_500;
const LONGEST_SIDE = 960;

let reading = null; // the reader of codes, made once

async function reader() {
  const own = globalThis.BarcodeDetector;
  if (own && (await own.getSupportedFormats()).includes("qr_code")) {
    const detector = new own({ formats: ["qr_code"] });
    return async (canvas) => (await detector.detect(canvas)).map(({ rawValue }) => rawValue);
  }
  const { prepareZXingModule, readBarcodes } = await import("../vendor/zxing/reader/index.js");
  const wasm = new URL("../vendor/zxing/reader/zxing_reader.wasm", import.meta.url).href;
  await prepareZXingModule({ overrides: { locateFile: (path) => (path.endsWith(".wasm") ? wasm : path) }, fireImmediately: true });
  return async (canvas, context) => {
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
    return found.filter(({ isValid }) => isValid).map(({ text }) => text);
  };
}

/** Shows the camera in `room` until the screen is left or `stop` is called; null when there is none or it is refused.
 * `width` is how wide its pictures should be; `isOn()` says whether it still is. */
export async function openCamera(app, room, width) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: width } }, audio: false });
  } catch {
    return null;
  }
  const video = h("video", { muted: true, playsinline: true, autoplay: true, "aria-label": t("camera") });
  video.muted = true;
  video.srcObject = stream;
  room.replaceChildren(video);
  let on = true;
  const stop = () => {
    on = false;
    for (const track of stream.getTracks()) track.stop();
    room.replaceChildren();
  };
  app.leaving = stop;
  await video.play().catch(() => {}); // a browser that waits for a touch plays at the next one
  return { video, stop, isOn: () => on };
}

/** Shows the camera in `room` and calls `scanned` with each code; leaving the screen turns it off. */
export async function cameraView(app, room, scanned, said) {
  const camera = await openCamera(app, room, 1280);
  if (!camera) {
    app.camera = false;
    said.textContent = t("no_camera");
    return;
  }
  const { video } = camera;
  reading ??= reader();
  const read = await reading;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  while (camera.isOn()) {
    if (video.videoWidth) {
      const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const [code] = await read(canvas, context);
      if (camera.isOn() && code && isNew(app, code)) await scanned(code);
    }
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
}

/** Whether a code is another than the one that lies before the camera already. */
function isNew(app, code) {
  const { code: last, at } = app.lastScan ?? {};
  const now = performance.now();
  app.lastScan = { code, at: now };
  return code !== last || now - at > SAME_AGAIN_MS;
}
