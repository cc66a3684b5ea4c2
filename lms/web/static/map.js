// The map of questions: which are answered, and how many.

export class QuestionMap {
  #links;
  #counts;
  #words;

  constructor(page, words) {
    this.#links = new Map([...page.querySelectorAll("[data-for]")].map((link) => [link.dataset.for, link]));
    this.#counts = page.querySelectorAll("[data-answered]");
    this.#words = words;
  }

  mark(item, answered) {
    const link = this.#links.get(item);
    link.classList.toggle("is-answered", answered);
    link.querySelector("[data-word]").textContent = answered ? this.#words.answered : this.#words.unanswered;
    const count = [...this.#links.values()].filter((one) => one.classList.contains("is-answered")).length;
    for (const element of this.#counts) element.textContent = count;
  }
}
