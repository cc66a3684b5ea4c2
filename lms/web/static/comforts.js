// Comforts of every page that it can be read without: they come once it is there (lms.js).

// The worker that answers without a link is for those who are signed in, where it is wanted at all (LMS_OFFLINE); no page
// in a frame is its affair.
const keepable = document.querySelector("[data-kept-notice]");
if (window.parent === window && document.querySelector("body:not([data-no-worker]) [data-sign-out]")) {
  navigator.serviceWorker
    ?.register(new URL("../sw.js", import.meta.url))
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => keepable && active.postMessage({ do: "opened", page: location.origin + location.pathname }))
    .catch(() => {}); // a browser that lets no site keep anything
}

// A page that comes out of the memory of the browser, or of this device, is worn as one reads here by now (look.js).
wear();
addEventListener("pageshow", wear);

function wear() {
  const words = /(?:^|[ -])latsar-look=([\w.-]*)/.exec(document.cookie)?.[1] ?? "";
  const page = document.documentElement;
  if (words || page.dataset.look) page.dataset.look = words.replaceAll(".", " ");
}

// Another tab has sent all that waited on this device: what a lesson says of it is true no more.
addEventListener("storage", ({ key, newValue }) => {
  if (key === "latsar-waiting" && newValue === null) import("./catch-up.js").then(({ catchUp }) => catchUp());
});

// What few ask for comes when it is asked for: an element names its script and the event that asks.
for (const element of document.querySelectorAll("[data-script]")) {
  const fetched = () => import(element.dataset.script).then(({ begin }) => begin(element));
  element.addEventListener(element.dataset.on, fetched, { once: true });
}

// A lesson can be heard where the device has an Indonesian voice, which may turn up late; to some "in" still means it.
const aloud = document.getElementById("dengarkan");
if (aloud && window.speechSynthesis) {
  const offer = () => {
    const voice = speechSynthesis.getVoices().find(({ lang }) => /^i[dn]\b|^i[dn]_/i.test(lang));
    aloud.hidden = !voice;
    aloud.dataset.voice = voice?.lang;
  };
  speechSynthesis.onvoiceschanged = offer;
  offer();
}

// One key does something where nobody is typing, unless that was switched off.
const keys = document.querySelector("[data-keys]");
addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (!"?/jkbt".includes(key) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (target.closest("input, textarea, select") || switchedOff()) return;
  event.preventDefault();
  import(keys.dataset.keys).then(({ press }) => press(key, keys.href));
});

function switchedOff() {
  try {
    return localStorage.getItem("latsar-keys") === "off";
  } catch {
    return false; // this browser keeps nothing
  }
}
