// What became of each answer, in words: below its question, and in sum at the top.

import { inWords } from "./answers.js";

export class States {
  #summary;
  #words;
  #clock;
  #open = new Map(); // section -> what is not on the server yet

  constructor(form, words) {
    this.#summary = document.querySelector("[data-summary]");
    this.#words = words;
    this.#clock = new Intl.DateTimeFormat("id", { // as the server writes it, whatever the language
      hour: "2-digit",
      minute: "2-digit",
      timeZone: form.dataset.zone,
      timeZoneName: "short",
    });
    this.#summary.textContent = "late" in form.dataset ? words.allSaved : words.automatic;
  }

  // `state`: unsaved, device, saved, conflict or refused.
  show(section, state, details = {}) {
    const line = section.querySelector(".saving");
    line.dataset.state = state;
    line.replaceChildren(...this.#told(section, state, details));
    if (state === "saved") this.#open.delete(section);
    else this.#open.set(section, state);
    this.#sum();
  }

  #told(section, state, { at, message, mine, useMine, useOther }) {
    const words = this.#words;
    switch (state) {
      case "saved":
        return [words.saved.replace("{time}", this.#clock.format(new Date(at)))];
      case "conflict":
        return [
          `${words.conflict} ${words.yours.replace("{answer}", inWords(section, mine) || words.nothing)} `,
          actions(button(words.useMine, useMine), button(words.useOther, useOther)),
        ];
      case "refused":
        return [`${words.refused.replace("{message}", message)} `, link(words.reload, location.href)];
      default:
        return [words[state]];
    }
  }

  #sum() {
    const states = [...this.#open.values()].filter((state) => state !== "refused");
    const refused = this.#open.size - states.length;
    const words = this.#words;
    this.#summary.dataset.state = this.#open.size ? "unsaved" : "saved";
    if (!this.#open.size) this.#summary.textContent = words.allSaved;
    else if (!states.length) this.#summary.textContent = words.someRefused.replace("{n}", refused);
    else if (states.every((state) => state === "device")) this.#summary.textContent = words.onDevice.replace("{n}", states.length);
    else this.#summary.textContent = words.someUnsaved.replace("{n}", states.length);
  }
}

function actions(...buttons) {
  const row = document.createElement("span");
  row.className = "row";
  row.append(...buttons);
  return row;
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
