// Counts down until a password may be tried again. The page says the whole wait in words, and works without this.

for (const timer of document.querySelectorAll("[data-wait]")) countDown(timer);

function countDown(timer) {
  const until = performance.now() + timer.dataset.wait * 1000;
  const ticking = setInterval(show, 500);
  show();

  function show() {
    const left = Math.ceil((until - performance.now()) / 1000);
    timer.textContent = left > 0 ? clock(left) : timer.dataset.over;
    if (left <= 0) clearInterval(ticking);
  }
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
