// Comforts of every page. Each works without: citations are links, menus are the browser's own, places have a button.

import { openCards } from "./cards.js";

openCards(document.body);

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
try {
  if (localStorage.getItem("latsar-waiting")) import("./flush.js").then(({ flush }) => flush());
} catch {
  // A browser that keeps nothing has nothing to send.
}
