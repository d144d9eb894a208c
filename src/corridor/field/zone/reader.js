// Asking the thread that reads pictures: a picture goes there, what all pictures so far say comes back as a promise.

export class ZoneReader {
  #asked = new Map();
  #last = 0;

  constructor() {
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data: { id, answer, error } }) => {
      const { done, failed } = this.#asked.get(id);
      this.#asked.delete(id);
      if (error) failed(new Error(error));
      else done(answer);
    };
    this.worker.onerror = (event) => {
      for (const { failed } of this.#asked.values()) failed(new Error(event.message));
      this.#asked.clear();
    };
  }

  /** Reads a picture of the canvas; its pixels are handed over. Answers `read` (whether this one said anything),
   * `together` (see `Votes.add`) and `ms`. */
  read({ width, height, data }) {
    return this.#ask({ width, height, pixels: data.buffer }, [data.buffer]);
  }

  /** What was seen so far is of another document. */
  forget() {
    return this.#ask({});
  }

  close() {
    this.worker.terminate();
    this.#asked.clear();
  }

  #ask(what, handed = []) {
    return new Promise((done, failed) => {
      const id = (this.#last += 1);
      this.#asked.set(id, { done, failed });
      this.worker.postMessage({ id, ...what }, handed);
    });
  }
}
