// Comforts of every page. Each works without: citations are links, menus are the browser's own, places have a button.

import { openCards } from "./cards.js";

openCards(document.body);

// The worker that answers without a link is for those who are signed in; it waits until the page has all it needs.
const keepable = document.querySelector("[data-kept-notice]");
if (document.querySelector("[data-sign-out]")) addEventListener("load", register);

function register() {
  navigator.serviceWorker
    ?.register(new URL("../sw.js", import.meta.url))
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => keepable && active.postMessage({ do: "opened", page: location.origin + location.pathname }))
    .catch(() => {}); // a browser that lets no site keep anything
}

// What the server has to tell stands where the address leads, not a screen above it.
const target = document.getElementById(location.hash.slice(1));
const notices = document.querySelector(".notices");
if (notices && target?.matches("section")) {
  target.prepend(notices);
  target.scrollIntoView();
}

// A sheet of contents that lies over the page goes away once a place on the page was chosen.
for (const sheet of document.querySelectorAll("nav[popover]")) {
  sheet.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && sheet.matches(":popover-open")) sheet.hidePopover();
  });
}

// A page that comes back out of the browser's memory is worn as this device reads by now (look.js).
addEventListener("pageshow", () => {
  const words = /(?:^|[ -])latsar-look=([\w.-]*)/.exec(document.cookie)?.[1] ?? "";
  const page = document.documentElement;
  if (words || page.dataset.look) page.dataset.look = words.replaceAll(".", " ");
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
  if (target.closest("input, textarea, select") || kept("latsar-keys") === "off") return;
  event.preventDefault();
  import(keys.dataset.keys).then(({ press }) => press(key, keys.href));
});

// What an attempt or a lesson left on this device is sent from any page.
if (waiting()) import("./flush.js").then(({ flush }) => flush());

// Whoever signs out while some wait is asked before: the page of the same address says what they are.
addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]") || event.defaultPrevented || !waiting()) return;
  event.preventDefault();
  location.assign(event.target.dataset.signOut);
});

function waiting() {
  return kept("latsar-waiting") !== null;
}

function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // this browser keeps nothing
  }
}
