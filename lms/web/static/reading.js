// The reading place: tells the server which heading was passed last, and that the end was reached.

const SETTLE = 2000; // a place counts once the reader has stayed this long
const END = 1500;

// `door`: with the token that is good now. `ended(body)`: the end was reached, which must not be lost.
export function rememberPlace(lesson, door, ended) {
  const headings = [...lesson.querySelectorAll(".prose :is(h2, h3)[id], .check[id]")];
  const told = { anchor: null, read: false };
  let read = false;
  let timer = 0;
  let ending = 0;

  const tell = () => {
    clearTimeout(timer);
    timer = 0;
    const anchor = passed(headings);
    if (anchor === told.anchor && read === told.read) return;
    const reached = read && !told.read;
    Object.assign(told, { anchor, read });
    if (reached) return ended([["anchor", anchor], ["read", "1"]]);
    const body = new URLSearchParams({ csrf_token: door.csrf, anchor });
    // Lost on a bad link it is told again at the next heading; nothing hangs on one of them.
    fetch(lesson.dataset.position, { method: "POST", body, keepalive: true }).catch(() => {
      told.anchor = null;
    });
  };
  const soon = () => {
    timer ||= setTimeout(tell, SETTLE);
  };

  addEventListener("scroll", soon, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && timer) tell();
  });
  new IntersectionObserver(([end]) => {
    clearTimeout(ending);
    if (end.isIntersecting && !read) {
      ending = setTimeout(() => {
        read = true;
        soon();
      }, END);
    }
  }).observe(lesson.querySelector("#akhir"));
  soon();
}

// The last heading in the upper half of the screen or above it; "" before the first.
function passed(headings) {
  const line = innerHeight / 2;
  return headings.findLast((heading) => heading.getBoundingClientRect().top < line)?.id ?? "";
}
