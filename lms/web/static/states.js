// What became of each answer, in words: below its question, in sum at the top, and in the banner of a lost link.

import { inWords } from "./answers.js";

export class States {
  #summary;
  #words;
  #clock;
  #open = new Map(); // item -> what is not on the server yet

  constructor(form, words) {
    this.#summary = form.querySelector("[data-summary]");
    this.#words = words;
    this.#clock = new Intl.DateTimeFormat(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: form.dataset.zone,
      timeZoneName: "short",
    });
    this.#summary.textContent = words.automatic;
  }

  show(section, state, details = {}) {
    const line = section.querySelector(".saving");
    line.dataset.state = LOOKS[state] ?? state;
    line.replaceChildren(...this.#told(section, state, details));
    if (state === "saved" || state === "conflict" || state === "closed") this.#open.delete(section);
    else this.#open.set(section, state);
    this.#sum();
  }

  #told(section, state, { at, message, mine, useMine }) {
    const words = this.#words;
    switch (state) {
      case "saved":
        return [words.saved.replace("{time}", this.#clock.format(new Date(at)))];
      case "conflict":
        return [
          `${words.conflict} ${words.yours.replace("{answer}", inWords(section, mine) || words.nothing)} `,
          button(words.useMine, useMine),
        ];
      case "closed":
        return [`${message || words.closed} `, link(words.seeResult, location.pathname)];
      case "refused":
        return [words.refused.replace("{message}", message)];
      case "signed-out":
        return [words.signIn];
      default:
        return [words[state]];
    }
  }

  #sum() {
    const count = this.#open.size;
    this.#summary.dataset.state = count ? "unsaved" : "saved";
    this.#summary.textContent = count ? this.#words.someUnsaved.replace("{n}", count) : this.#words.allSaved;
  }
}

const LOOKS = { retrying: "unsaved", "signed-out": "failed", refused: "failed", closed: "failed" };

// Something went wrong on the way; said once at the foot of the page, until an answer arrives again.
export function banner(element) {
  const show = (lost) => {
    element.hidden = !lost;
  };
  addEventListener("offline", () => show(true));
  addEventListener("online", () => show(false));
  show(!navigator.onLine);
  return show;
}

function button(text, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", pressed);
  return made;
}

function link(text, href) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}
