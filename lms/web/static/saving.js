// The answers of one attempt on their way: first to this device's queue, then to the server, the newest of each
// question last. Knows nothing of the page: it is given answers and tells what became of them.

import { askFresh, pause, sameAnswer, sendAnswer, sendSubmit, uuid } from "./sending.js";

const AT_ONCE = 3; // requests on their way side by side
const SPREAD = 200; // milliseconds over which answers of many people that came at once are spread
const RUSH = 2_000; // the same when a link is back for everybody at once

export class Saving {
  #waiting = new Map(); // item -> its newest answer, until the server has it
  #sending = new Set();
  #chosen = new Map(); // item -> an answer that waits for the person's choice
  #submit = null;
  #submitting = false;
  #home;
  #token;
  #clock;
  #queue;
  #tell;
  #link;
  #stopped = false; // signed out, or somebody else is: nothing is sent until the person is back
  #tries = 0;
  #notBefore = 0;
  #timer = 0;

  // `home`: { user, attempt, save, submit, page, title } of the attempt. `tell(item, state, details)`: unsaved, device,
  // saved, conflict, refused, numbered. `link(state, details)`: ok, lost, signed-out, stranger, choose, deadline,
  // submitted, ended, stuck.
  constructor({ home, token, clock, queue, tell, link }) {
    this.#home = home;
    this.#token = token;
    this.#clock = clock;
    this.#queue = queue;
    this.#tell = tell;
    this.#link = link;
  }

  // How many answers the server does not have yet, and how many of them would be lost with this page.
  get unsaved() {
    return this.#waiting.size + this.#chosen.size;
  }

  get fleeting() {
    return [...this.#waiting.values()].filter((answer) => !answer.kept).length;
  }

  get submitWaits() {
    return this.#submit !== null;
  }

  // The bodies that are waiting, as the server would be sent them.
  bodies() {
    return [...this.#waiting.values(), ...this.#chosen.values()].map((answer) => answer.body);
  }

  // An answer of this moment, unless it says when it was made: { response, revision, flagged, confidence, made_at }.
  async put(item, answer) {
    const body = { item, save_id: uuid(), made_at: this.#clock.now().toISOString(), ...answer };
    const mine = { ...this.#key(), item, url: this.#home.save, body, kept: false };
    this.#chosen.delete(item);
    this.#waiting.set(item, mine);
    this.#tell(item, "unsaved");
    await this.#keep(mine);
    setTimeout(() => this.#pump(), Math.random() * SPREAD);
  }

  // Answers of this person that an earlier page, or another tab that is gone, left on this device.
  async recall() {
    const { user, attempt } = this.#home;
    const left = (await this.#queue?.answers(user, attempt).catch(() => [])) ?? [];
    const found = left.filter(({ item, body }) => {
      const known = this.#waiting.get(item) ?? this.#chosen.get(item);
      return !known || (known.kept && known.body.revision < body.revision);
    });
    for (const answer of found) {
      this.#chosen.delete(answer.item);
      this.#waiting.set(answer.item, { ...answer, url: this.#home.save, kept: true });
    }
    const [submit] = (await this.#queue?.submits(user, attempt).catch(() => [])) ?? [];
    this.#submit ??= submit ?? null;
    this.#pump();
    return found;
  }

  // The link is back, or the person is: a fresh token, then whatever waits. `rush`: so it may be for everybody.
  async hurry({ rush = false } = {}) {
    this.#stopped = false;
    this.#tries = 0;
    this.#notBefore = rush ? performance.now() + Math.random() * RUSH : 0;
    await this.renew();
    return this.recall();
  }

  // Asks the server who is signed in, for a good token, and for the time.
  async renew() {
    const told = await askFresh(this.#home.attempt);
    if (told.kind !== "fresh") {
      if (told.kind === "signed-out") this.#stop("signed-out");
      else this.#lost(told);
      return told;
    }
    this.#clock.hear(told.now);
    if (told.user !== this.#home.user) {
      this.#stop("stranger");
      return { kind: "stranger" };
    }
    this.#token = told.csrf;
    this.#link("deadline", told);
    this.#found();
    if (told.revisions) await this.compare(told.revisions);
    return told;
  }

  // What the server holds, as { item: revision }. What it acknowledged and lacks all the same, it is sent again.
  async compare(revisions) {
    const { user, attempt } = this.#home;
    const lacking = (await this.#queue?.lacking(user, attempt, revisions).catch(() => [])) ?? [];
    for (const { arrived: _, ...answer } of lacking) {
      if (this.#waiting.has(answer.item) || this.#chosen.has(answer.item)) continue;
      const mine = { ...answer, url: this.#home.save, kept: false };
      this.#waiting.set(answer.item, mine);
      await this.#keep(mine);
    }
    if (lacking.length) this.#pump();
  }

  async submit() {
    this.#submit = { ...this.#key(), url: this.#home.submit };
    this.#notBefore = 0;
    await this.#queue?.putSubmit(this.#submit).catch(() => {});
    this.#pump();
  }

  async takeBackSubmit() {
    this.#submit = null;
    await this.#queue?.removeSubmit(this.#home).catch(() => {});
  }

  // The other answer is the right one: mine is forgotten.
  async yield(item) {
    const mine = this.#chosen.get(item);
    this.#chosen.delete(item);
    if (mine) await this.#queue?.remove(mine).catch(() => {});
    this.#pump();
  }

  // Another tab of this person has the answer now, or something newer.
  overtaken(item, revision) {
    if (this.#waiting.get(item)?.body.revision <= revision) this.#waiting.delete(item);
    this.#chosen.delete(item);
    this.#pump();
  }

  #key() {
    const { user, attempt, page, title } = this.#home;
    return { user, attempt, page, title };
  }

  async #keep(answer) {
    try {
      if (!this.#queue) return;
      const { kept: _, ...record } = answer;
      answer.body.revision = await this.#queue.put(record);
      answer.kept = true;
      if (this.#waiting.get(answer.item) !== answer) return;
      this.#tell(answer.item, "numbered", { revision: answer.body.revision });
      this.#tell(answer.item, "device");
    } catch {
      // A full disk: the answer stays in the page, which says so, and goes to the server as quickly.
    }
  }

  // --- sending ---

  #pump() {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const wait = this.#notBefore - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#pump(), wait);
      return;
    }
    for (const answer of this.#waiting.values()) {
      if (this.#sending.size < AT_ONCE && !this.#sending.has(answer.item)) this.#send(answer);
    }
    if (this.#submit && !this.#waiting.size) this.#sendSubmit();
  }

  async #send(answer) {
    const { item } = answer;
    this.#sending.add(item);
    const sent = structuredClone(answer.body);
    const reply = await sendAnswer({ url: answer.url, body: sent }, this.#token);
    this.#sending.delete(item);
    await this.#replies[reply.kind](answer, reply, this.#waiting.get(item) !== answer);
    this.#pump();
  }

  #replies = {
    saved: async (answer, { at }, newer) => {
      this.#found();
      this.#clock.hear(at);
      if (newer) return;
      this.#waiting.delete(answer.item);
      this.#tell(answer.item, "saved", { at, revision: answer.body.revision });
      await this.#queue?.arrive(answer).catch(() => {});
    },
    older: async (answer, { revision, response }, newer) => {
      this.#found();
      const newest = this.#waiting.get(answer.item);
      if (newer && newest) {
        // Changed here since: that is the newest answer of all, and takes its number after the other one.
        newest.body.revision = Math.max(newest.body.revision, revision + 1);
        if (newest.kept) await this.#keep(newest);
        return;
      }
      if (newer) return;
      this.#waiting.delete(answer.item);
      if (sameAnswer(answer.body.response, response)) {
        this.#tell(answer.item, "saved", { at: this.#clock.now(), revision });
        await this.#queue?.remove(answer).catch(() => {});
        return;
      }
      this.#chosen.set(answer.item, answer);
      this.#tell(answer.item, "conflict", { revision, response, mine: answer.body });
      if (this.#submit) this.#link("choose");
    },
    refused: async (answer, { message }, newer) => {
      this.#found();
      if (newer) return;
      this.#waiting.delete(answer.item);
      this.#tell(answer.item, "refused", { message, mine: answer.body });
      await this.#queue?.remove(answer).catch(() => {});
    },
    stale: async (answer, reply, newer) => {
      // Perhaps only the token is old, or another person has signed in meanwhile. It is the answer itself when it is
      // sent with a good token by the right person and still not taken.
      if (answer.renewed === 2) return this.#replies.refused(answer, reply, newer);
      const told = await this.renew();
      if (told.kind === "fresh") answer.renewed = (answer.renewed ?? 0) + 1;
    },
    "signed-out": () => this.#stop("signed-out"),
    lost: (_answer, reply) => this.#lost(reply),
  };

  async #sendSubmit() {
    if (this.#submitting) return;
    if (this.#chosen.size) return this.#link("choose");
    this.#submitting = true;
    const submit = this.#submit;
    const told = await this.renew(); // the server may lack what it acknowledged, and then that goes first
    const reply = told.kind === "fresh" && !this.#waiting.size ? await sendSubmit(submit, this.#token) : null;
    this.#submitting = false;
    if (!reply) return this.#pump();
    if (reply.kind === "submitted") {
      this.#submit = null;
      await this.#queue?.removeSubmit(submit).catch(() => {});
      await this.#queue?.forget(submit).catch(() => {});
      this.#link("submitted", reply);
    } else if (reply.kind === "lost") {
      this.#lost(reply);
      this.#pump();
    } else if (reply.kind === "signed-out") this.#stop("signed-out");
    else if (reply.kind === "refused") {
      await this.takeBackSubmit(); // the time was over before it came: the server ends the attempt by itself
      this.#link("ended");
    } else if (submit.renewed !== 2) {
      const told = await this.renew();
      if (told.kind === "fresh") submit.renewed = (submit.renewed ?? 0) + 1;
      this.#pump();
    } else {
      await this.takeBackSubmit();
      this.#link("stuck", reply);
    }
  }

  #found() {
    this.#tries = 0;
    this.#notBefore = Math.min(this.#notBefore, performance.now() + RUSH);
    this.#link("ok");
  }

  #lost({ server, after }) {
    this.#notBefore = performance.now() + pause(this.#tries++, after);
    this.#link("lost", { server });
    if (this.#waiting.size || this.#submit) this.#pump();
  }

  #stop(why) {
    this.#stopped = true;
    this.#link(why);
  }
}
