// Asking the roster's thread: a question goes there, its answer comes back as a promise.

export class People {
  #asked = new Map();
  #last = 0;

  constructor() {
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.onProgress = () => {};
    this.worker.onmessage = ({ data }) => {
      if (data.read !== undefined) return this.onProgress(data.read);
      const { done, failed } = this.#asked.get(data.id);
      this.#asked.delete(data.id);
      if (data.error) failed(new Error(data.error));
      else done(data.answer);
    };
    this.worker.onerror = (event) => {
      for (const { failed } of this.#asked.values()) failed(new Error(event.message));
      this.#asked.clear();
    };
  }

  ask(call, args) {
    return new Promise((done, failed) => {
      const id = (this.#last += 1);
      this.#asked.set(id, { done, failed });
      this.worker.postMessage({ id, call, args });
    });
  }
}
