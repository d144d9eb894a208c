// What is on the phone's disk: enrolments, records, the roster, and what headquarters last said; in IndexedDB.
//
// Everything of persons is sealed before it comes here. Plain are only: whose enrolment it is, how many records wait
// since when, hashes, the clock, and when headquarters was last heard. A write is done when the browser says that it is on the disk (durability "strict").

const NAME = "corridor-field";
const VERSION = 1;

/** Opens the phone's store, making it the first time. */
export function openStore(name = NAME) {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(name, VERSION);
    asked.onupgradeneeded = () => {
      const made = asked.result;
      made.createObjectStore("enrolments", { keyPath: "device" });
      made.createObjectStore("records", { keyPath: ["device", "epoch", "seq"] });
      made.createObjectStore("receipts", { keyPath: ["device", "epoch"] });
      made.createObjectStore("roster", { keyPath: ["device", "page"] });
      made.createObjectStore("kept", { keyPath: ["device", "name"] });
    };
    asked.onsuccess = () => done(new Store(asked.result));
    asked.onerror = () => failed(asked.error);
    asked.onblocked = () => failed(new Error("the store is open in another tab"));
  });
}

class Store {
  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close();
  }

  /** Runs `work(stores...)` in one transaction; resolves, with what the work returned, once it is on the disk. */
  write(names, work) {
    return new Promise((done, failed) => {
      const transaction = this.database.transaction(names, "readwrite", { durability: "strict" });
      let answer;
      transaction.oncomplete = () => done(answer);
      transaction.onabort = () => failed(transaction.error ?? new Error("the write was given up"));
      try {
        answer = work(...names.map((name) => transaction.objectStore(name)), transaction);
      } catch (error) {
        transaction.abort();
        failed(error);
      }
    });
  }

  get(name, key) {
    return this.#read(name, (store) => store.get(key));
  }

  /** Everything of a store whose key begins with `prefix` (an array), in the order of its keys; from where it goes on
   * with `from`. */
  all(name, prefix = null, from = null) {
    const range = prefix && IDBKeyRange.bound(from === null ? prefix : [...prefix, from], [...prefix, []]);
    return this.#read(name, (store) => store.getAll(range));
  }

  put(name, value) {
    return this.write([name], (store) => void store.put(value));
  }

  close() {
    this.database.close();
  }

  #read(name, ask) {
    return new Promise((done, failed) => {
      const asked = ask(this.database.transaction(name, "readonly").objectStore(name));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  }
}

/** Asks the browser never to clear the store by itself: whether it promised, and how much room there is, in bytes. */
export async function askForRoom() {
  const storage = navigator.storage;
  const persisted = (await storage?.persisted?.()) || (await storage?.persist?.()) || false;
  const { usage = null, quota = null } = (await storage?.estimate?.()) ?? {};
  return { persisted, usedBytes: usage, quotaBytes: quota }; // null: the browser does not say
}
