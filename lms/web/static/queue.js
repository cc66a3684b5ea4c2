// What waits on this device to be sent: the newest answer to each question, submits, and what else a person did. It
// survives closing the tab.
// Everything is kept under the person's id: somebody else on the same phone neither sees nor sends it.
//
// A waiting answer: { user, attempt, item, url, page, title, body }, with the body the server is sent. An answer that
// arrived is kept as well, with the moment as `arrived`, until its attempt is handed in: should the server lose its last
// minutes with its disk, they are still here.
// A waiting submit: { user, attempt, url, page, title }.
// A waiting deed, the newest of its kind and key: { user, kind, key, url, body, made_at, label }, with the body as the
// form's [name, value] pairs, when it was done in the server's time (ISO 8601), and the name the person knows it by. Of
// what holds a text that stands nowhere else, also `typed`.

const NAME = "latsar";
const STORES = {
  answers: ["user", "attempt", "item"],
  submits: ["user", "attempt"],
  deeds: ["user", "kind", "key"],
};
const FLAG = "latsar-waiting"; // tells lms.js, on every page, that there is something to send
const KEPT = 24 * 3_600_000; // milliseconds for which an answer is kept that arrived

// The queue, or null where the browser keeps nothing (a private window, a full disk).
export async function openQueue() {
  try {
    const asked = indexedDB.open(NAME, 2); // 1: without deeds
    asked.onupgradeneeded = () => {
      const known = asked.result.objectStoreNames;
      for (const [name, keyPath] of Object.entries(STORES)) {
        if (!known.contains(name)) asked.result.createObjectStore(name, { keyPath });
      }
    };
    return new Queue(await done(asked));
  } catch {
    return null;
  }
}

class Queue {
  #db;

  constructor(db) {
    this.#db = db;
    db.onversionchange = () => db.close();
  }

  // Keeps an answer and resolves once it is on the disk. What was typed last on this device is the newest, whichever
  // tab it was typed in: its revision is raised above the one it replaces. Resolves to the revision it got.
  async put(answer) {
    setFlag(true);
    const [store, end] = this.#begin("answers");
    const held = await done(store.get(keyOf(answer)));
    const revision = Math.max(answer.body.revision, (held?.body.revision ?? 0) + 1);
    if (held?.body.save_id === answer.body.save_id) store.put(answer);
    else store.put({ ...answer, body: { ...answer.body, revision } });
    await end;
    return held?.body.save_id === answer.body.save_id ? answer.body.revision : revision;
  }

  // The server has an answer: it waits no more, unless a newer one has taken its place.
  async arrive(answer) {
    const [store, end] = this.#begin("answers");
    const held = await done(store.get(keyOf(answer)));
    if (held?.body.save_id === answer.body.save_id) store.put({ ...held, arrived: Date.now() });
    await end;
    await this.#tidy();
  }

  // Forgets an answer that was refused, unless a newer one has taken its place.
  async remove(answer) {
    const [store, end] = this.#begin("answers");
    const held = await done(store.get(keyOf(answer)));
    if (held?.body.save_id === answer.body.save_id) store.delete(keyOf(answer));
    await end;
    await this.#tidy();
  }

  // Forgets what arrived of an attempt that is over.
  async forget({ user, attempt }) {
    for (const answer of await this.#all("answers", user, attempt)) if (answer.arrived) await this.remove(answer);
  }

  // The answers that wait.
  async answers(user, attempt) {
    return (await this.#all("answers", user, attempt)).filter((one) => !one.arrived);
  }

  // Answers that arrived once and that a server lacks which holds these revisions: { item: revision }.
  async lacking(user, attempt, revisions) {
    const arrived = (await this.#all("answers", user, attempt)).filter((one) => one.arrived);
    return arrived.filter(({ item, body }) => body.revision > (revisions[item] ?? 0));
  }

  submits(user, attempt) {
    return this.#all("submits", user, attempt);
  }

  async putSubmit(submit) {
    setFlag(true);
    const [store, end] = this.#begin("submits");
    store.put(submit);
    await end;
  }

  async removeSubmit({ user, attempt }) {
    const [store, end] = this.#begin("submits");
    store.delete([user, attempt]);
    await end;
    await this.#tidy();
  }

  // In the order in which they were made.
  async deeds(user) {
    return (await this.#all("deeds", user)).sort((one, other) => (one.made_at < other.made_at ? -1 : 1));
  }

  // Keeps what was done and resolves once it is on the disk; of two tabs the later one is right.
  async putDeed(deed) {
    setFlag(true);
    const [store, end] = this.#begin("deeds");
    const held = await done(store.get([deed.user, deed.kind, deed.key]));
    if (!(held?.made_at > deed.made_at)) store.put(deed);
    await end;
  }

  // The server has it, or will never take it. Resolves to whether it still waited: something newer stays.
  async removeDeed({ user, kind, key, made_at }) {
    const [store, end] = this.#begin("deeds");
    const held = await done(store.get([user, kind, key]));
    const waited = held?.made_at === made_at;
    if (waited) store.delete([user, kind, key]);
    await end;
    await this.#tidy();
    return waited;
  }

  #begin(name) {
    const transaction = this.#db.transaction(name, "readwrite", { durability: "strict" });
    const end = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    return [transaction.objectStore(name), end];
  }

  async #all(name, user, attempt) {
    const found = await done(this.#db.transaction(name).objectStore(name).getAll());
    return found.filter((one) => one.user === user && (!attempt || one.attempt === attempt));
  }

  async #tidy() {
    const transaction = this.#db.transaction(Object.keys(STORES), "readwrite");
    const [answers, submits, deeds] = Object.keys(STORES).map((name) => transaction.objectStore(name));
    const [held, ...others] = await Promise.all([answers.getAll(), submits.count(), deeds.count()].map(done));
    for (const one of held) if (one.arrived < Date.now() - KEPT) answers.delete(keyOf(one));
    if (!others.some(Boolean) && held.every((one) => one.arrived)) setFlag(false);
  }
}

function keyOf(answer) {
  return [answer.user, answer.attempt, answer.item];
}

function setFlag(waiting) {
  try {
    if (waiting) localStorage.setItem(FLAG, "1");
    else localStorage.removeItem(FLAG);
  } catch {
    // Then only the attempt's own page sends it.
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}
