// The time left. The server says how many seconds there are; the phone only counts how long that is ago.

const SHORT = 300;
const ANNOUNCED = [300, 60];

export function startTimer(element, seconds, { words, announce, over }) {
  const begun = [performance.now(), Date.now()];
  let before = seconds;

  const tick = () => {
    // One clock stands still while a phone sleeps, the other may be set: the one that went further is believed.
    const passed = Math.max(performance.now() - begun[0], Date.now() - begun[1]) / 1000;
    const left = Math.max(0, Math.ceil(seconds - passed));
    element.textContent = words.left.replace("{time}", told(left));
    element.classList.toggle("timer-short", left <= SHORT);
    const minute = ANNOUNCED.findLast((mark) => left <= mark && before > mark);
    if (minute) announce(words.minutesLeft.replace("{n}", minute / 60));
    before = left;
    if (left) return;
    clearInterval(ticking);
    element.textContent = words.over;
    over();
  };
  const ticking = setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => before && tick());
  tick();
}

function told(left) {
  const parts = [Math.floor(left / 60) % 60, left % 60];
  const hours = Math.floor(left / 3600);
  if (hours) parts.unshift(hours);
  return parts.map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":");
}
