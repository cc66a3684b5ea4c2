// The server's time as this page knows it. The phone's own clock is never asked: it may be set to anything.

const LATEST = 20_000; // no reply is waited for that long

export class Clock {
  #start; // the server's time, in milliseconds, at the moment at which the page's own counting began

  // `now`: what the server's clock said when it made the page, which arrived at `at`.
  constructor(now, at = arrival()) {
    this.#start = Date.parse(now) - at;
  }

  now() {
    return new Date(this.#start + performance.now());
  }

  // Whatever the server says is a little old when it arrives, so of several words the latest is the nearest to the
  // truth. It also makes up for the sleep of a phone, during which the counting stands still. A counting that is further
  // ahead than a reply can be late has gone wrong.
  hear(now) {
    const start = Date.parse(now) - performance.now();
    if (start > this.#start || start < this.#start - LATEST) this.#start = start;
  }
}

function arrival() {
  return performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
}
