// The time left, as the server's clock has it. The display may run ahead when a phone has slept or its clock was set;
// what happens at the end is decided by asking the server.

const SHORT = 300;
const ANNOUNCED = [300, 60];
const LAST_WORDS = 3; // seconds before the end at which what is being typed is sent

export class Timer {
  #element;
  #words;
  #announce;
  #clock;
  #deadline;
  #nearing;
  #over;
  #before = Infinity;
  #ticking = 0;
  #slept;

  // `nearing()` is called a moment before the end, `over()` at it; `deadline`: in the server's time.
  constructor(element, { words, announce, clock, deadline, nearing, over }) {
    this.#element = element;
    this.#words = words;
    this.#announce = announce;
    this.#clock = clock;
    this.#deadline = deadline;
    this.#nearing = nearing;
    this.#over = over;
    this.start();
    document.addEventListener("visibilitychange", () => this.#ticking && this.#tick());
  }

  // Seconds that are truly left, by the server's clock.
  get left() {
    return Math.max(0, (this.#deadline - this.#clock.now()) / 1000);
  }

  // The server says until when: staff may have given more time meanwhile. Without an end nothing is shown any more.
  extend(deadline) {
    this.#deadline = deadline ?? Infinity;
    this.#element.hidden = deadline === null;
  }

  // Also after the server said that there is time left yet.
  start() {
    this.#slept = [performance.now(), Date.now()];
    clearInterval(this.#ticking);
    this.#ticking = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  #tick() {
    // One clock stands still while a phone sleeps, the other may be set: shown is the one that went further.
    const sleep = Math.max(0, Date.now() - this.#slept[1] - (performance.now() - this.#slept[0])) / 1000;
    const left = Math.max(0, Math.ceil(this.left - sleep));
    this.#element.textContent = this.#words.left.replace("{time}", told(left));
    this.#element.classList.toggle("timer-short", left <= SHORT);
    const minute = ANNOUNCED.findLast((mark) => left <= mark && this.#before > mark && left > mark - 60);
    if (minute) this.#announce(this.#words.minutesLeft.replace("{n}", minute / 60));
    if (left <= LAST_WORDS && this.#before > LAST_WORDS) this.#nearing();
    this.#before = left;
    if (left) return;
    clearInterval(this.#ticking);
    this.#ticking = 0;
    this.#element.textContent = this.#words.over;
    this.#over();
  }
}

function told(left) {
  const parts = [Math.floor(left / 60) % 60, left % 60];
  const hours = Math.floor(left / 3600);
  if (hours) parts.unshift(hours);
  return parts.map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":");
}
