// Answers on their way to the server. One request at a time for each question; the newest answer goes last.
// Knows nothing of the page: it is given answers and tells what became of them.

const PATIENCE = 15_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

export class Saving {
  #waiting = new Map(); // item -> its newest answer, until the server has it
  #sending = new Set();
  #timers = new Map();
  #url;
  #token;
  #tell;
  #closed = false;

  // `tell(item, state, details)`: saving, saved, retrying, conflict, signed-out, refused, closed.
  constructor({ url, token, tell }) {
    this.#url = url;
    this.#token = token;
    this.#tell = tell;
  }

  get unsaved() {
    return this.#waiting.size;
  }

  put(item, response, revision) {
    if (this.#closed) return;
    this.#waiting.set(item, { item, response, revision, saveId: uuid(), tries: 0, renewed: false, refused: false });
    this.#send(item);
  }

  // Whatever waits is tried at once: the link is back, or the person is.
  hurry() {
    for (const [item, answer] of this.#waiting) if (!answer.refused) this.#send(item);
  }

  async #send(item) {
    clearTimeout(this.#timers.get(item));
    const answer = this.#waiting.get(item);
    if (!answer || this.#closed || this.#sending.has(item)) return;
    this.#sending.add(item);
    this.#tell(item, "saving");
    const outcome = await this.#ask(answer);
    this.#sending.delete(item);
    this.#outcomes[outcome.kind](answer, outcome, this.#waiting.get(item) !== answer);
  }

  async #ask(answer) {
    try {
      const reply = await fetch(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.#token },
        body: JSON.stringify({
          item: answer.item,
          response: answer.response,
          revision: answer.revision,
          save_id: answer.saveId,
        }),
        signal: AbortSignal.timeout?.(PATIENCE),
      });
      return judge(reply.status, await reply.json());
    } catch {
      return { kind: "lost", online: false };
    }
  }

  #outcomes = {
    saved: (answer, { at }, newer) => {
      if (newer) return this.#send(answer.item);
      this.#waiting.delete(answer.item);
      this.#tell(answer.item, "saved", { at });
    },
    older: (answer, { revision, response }, newer) => {
      if (newer) {
        // Changed here since: that is the newest answer of all, and takes its number after the other one.
        const newest = this.#waiting.get(answer.item);
        newest.revision = Math.max(newest.revision, revision + 1);
        return this.#send(answer.item);
      }
      this.#waiting.delete(answer.item);
      this.#tell(answer.item, "conflict", { revision, response, mine: answer.response });
    },
    closed: (answer, { message }) => {
      this.#closed = true;
      this.#waiting.clear();
      this.#tell(answer.item, "closed", { message });
    },
    signedOut: (answer) => {
      this.#later(answer);
      this.#tell(answer.item, "signed-out");
    },
    refused: async (answer, { message }, newer) => {
      if (newer) return this.#send(answer.item);
      if (!answer.renewed && (await this.#renewToken())) {
        answer.renewed = true;
        return this.#send(answer.item);
      }
      answer.refused = true;
      this.#tell(answer.item, "refused", { message });
    },
    lost: (answer, { online }, newer) => {
      this.#later(newer ? this.#waiting.get(answer.item) : answer);
      this.#tell(answer.item, "retrying", { online });
    },
  };

  #later(answer) {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** answer.tries++);
    const jitter = 0.5 + Math.random();
    this.#timers.set(answer.item, setTimeout(() => this.#send(answer.item), wait * jitter));
  }

  // After signing in again in another tab the old token is worth nothing; the page itself has a fresh one.
  async #renewToken() {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const found = page.querySelector("[name=csrf_token]")?.value;
      if (found) this.#token = found;
      return Boolean(found);
    } catch {
      return false;
    }
  }
}

function judge(status, body) {
  if (status === 200) return { kind: "saved", at: body.saved_at };
  if (status === 409 && "revision" in body) return { kind: "older", revision: body.revision, response: body.response };
  const message = body.error?.message ?? "";
  if (status === 409) return { kind: "closed", message };
  if (status === 401) return { kind: "signedOut" };
  if (status === 429 || status >= 500) return { kind: "lost", online: true };
  return { kind: "refused", message };
}

// crypto.randomUUID is missing where the site is not served over https.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
