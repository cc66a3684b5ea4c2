// One question a page without asking the server for each: all of them are in the page, one of them is shown. So a bad
// link takes nobody's next question away.

export class OneByOne {
  #form;
  #questions;
  #shown;
  #words;

  constructor(form, words) {
    this.#form = form;
    this.#words = words;
    const template = form.querySelector("template[data-others]");
    const [first] = form.querySelectorAll("[data-number]");
    const all = [...template.content.querySelectorAll("[data-number]"), first];
    all.sort((one, other) => numberOf(one) - numberOf(other));
    for (const question of all) question.hidden = question !== first;
    template.replaceWith(...all);
    this.#questions = new Map(all.map((question) => [numberOf(question), question]));
    this.#shown = numberOf(first);
    this.#listen();
    this.#turned();
  }

  #listen() {
    addEventListener("click", (event) => {
      const button = event.target.closest("[data-turn]");
      if (!button) return;
      event.preventDefault();
      this.show(this.#shown + Number(button.dataset.turn));
    });
    addEventListener("popstate", (event) => {
      if (event.state?.number) this.#open(event.state.number);
    });
    history.replaceState({ number: this.#shown }, "");
  }

  show(number) {
    if (!this.#questions.has(number) || number === this.#shown) return this.#enter();
    const address = new URL(location.href);
    address.searchParams.set("soal", number);
    history.pushState({ number: number }, "", address.pathname + address.search);
    this.#open(number);
  }

  #open(number) {
    this.#questions.get(this.#shown).hidden = true;
    this.#questions.get(number).hidden = false;
    this.#shown = number;
    this.#turned();
    this.#enter();
  }

  #enter() {
    const question = this.#questions.get(this.#shown);
    this.#form.scrollIntoView();
    question.querySelector(".question").focus({ preventScroll: true });
  }

  #turned() {
    const last = this.#questions.size;
    for (const button of this.#form.querySelectorAll("[data-turn]")) {
      const to = this.#shown + Number(button.dataset.turn);
      button.hidden = to < 1 || to > last;
    }
    for (const place of document.querySelectorAll("[data-at]")) {
      place.textContent = this.#words.place.replace("{n}", this.#shown).replace("{total}", last);
    }
    for (const link of document.querySelectorAll(".side a[data-place]")) {
      if (Number(link.dataset.place) === this.#shown) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    this.#form.querySelector(".finish").hidden = this.#shown !== last;
  }
}

function numberOf(question) {
  return Number(question.dataset.number);
}
