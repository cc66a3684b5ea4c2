// The map of questions: which are answered, flagged or empty, in words and in numbers.

export class QuestionMap {
  #links = new Map();
  #page;
  #words;

  constructor(page, words) {
    this.#page = page;
    this.#words = words;
    for (const link of page.querySelectorAll("[data-for]")) {
      this.#links.set(link.dataset.for, { link, answered: link.matches(".is-answered"), flagged: link.matches(".is-flagged") });
    }
  }

  mark(item, answered, flagged) {
    const entry = this.#links.get(item);
    Object.assign(entry, { answered, flagged });
    entry.link.classList.toggle("is-answered", answered);
    entry.link.classList.toggle("is-flagged", flagged);
    const words = this.#words;
    entry.link.querySelector("[data-word]").textContent =
      words.question.replace("{n}", entry.link.dataset.place) +
      (answered ? words.answered : words.unanswered) + (flagged ? words.flagged : "");
    this.#write("[data-answered]", this.#count((one) => one.answered));
    this.#write("[data-flagged]", this.#count((one) => one.flagged));
    this.#write("[data-empty]", this.#count((one) => !one.answered));
  }

  // Copies of the links to the questions that are still empty, or flagged.
  get empty() {
    return this.#copies((one) => !one.answered);
  }

  get flagged() {
    return this.#copies((one) => one.flagged);
  }

  #copies(which) {
    return [...this.#links.values()].filter(which).map(({ link }) => {
      const copy = link.cloneNode(true);
      copy.removeAttribute("data-for");
      copy.removeAttribute("aria-current");
      return copy;
    });
  }

  #count(which) {
    return [...this.#links.values()].filter(which).length;
  }

  #write(selector, count) {
    for (const element of this.#page.querySelectorAll(selector)) element.textContent = count;
  }
}
