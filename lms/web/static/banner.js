// The one large thing that is wrong now: no link, signed out, somebody else signed in. It stands at the foot of the
// screen until it is over. After a while it offers the answers as a file.

const LONG = 120_000;

export class Banner {
  #box;
  #text;
  #words;
  #since = 0;
  #timer = 0;

  // `waiting()`: how many answers the server does not have.
  constructor(box, words, waiting) {
    this.#box = box;
    this.#text = box.querySelector("[data-banner-text]");
    this.#words = words;
    this.waiting = waiting;
  }

  get state() {
    return this.#box.hidden ? "ok" : this.#box.dataset.state;
  }

  // `state`: ok, or lost, server, signed-out, stranger, choose, submit, stuck, over. `why`: what else there is to say.
  show(state, why = "") {
    if (state === "ok") return this.#hide();
    this.#since ||= performance.now();
    this.#box.dataset.state = state;
    const door = this.#box.querySelector("[data-sign-in]"); // none where a platform lets people in
    if (door) door.hidden = !["signed-out", "stranger"].includes(state);
    this.#box.querySelector("[data-take-back]").hidden = !["submit", "choose"].includes(state);
    const told = `${this.#words[`banner-${state}`]} ${why}`.trim();
    if (this.#text.textContent !== told) this.#text.textContent = told;
    this.#box.hidden = false;
    this.#remind();
  }

  #remind() {
    clearTimeout(this.#timer);
    const left = LONG - (performance.now() - this.#since);
    this.#box.querySelector("[data-file]").hidden = left > 0 || !this.waiting();
    if (left > 0) this.#timer = setTimeout(() => this.#remind(), left);
  }

  #hide() {
    clearTimeout(this.#timer);
    this.#since = 0;
    this.#box.hidden = true;
  }
}
