// What every page does at once. Each works without: citations are links, menus are the browser's own, places have a
// button. What can wait until the page is there comes then.

import { openCards } from "./cards.js";

openCards(document.body);
addEventListener("load", () => import(document.body.dataset.comforts));

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

// What an attempt or a lesson left on this device is sent from any page.
if (waiting()) import("./flush.js").then(({ flush }) => flush());

// Whoever signs out while some wait is asked before: the page of the same address says what they are.
addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]") || event.defaultPrevented || !waiting()) return;
  event.preventDefault();
  location.assign(event.target.dataset.signOut);
});

function waiting() {
  try {
    return localStorage.getItem("latsar-waiting") !== null;
  } catch {
    return false; // a browser that keeps nothing has nothing to send
  }
}
