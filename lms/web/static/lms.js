// Comforts of every page. Each works without: citations are links, menus are the browser's own, places have a button.

import { openCards } from "./cards.js";
import { rememberPlace } from "./reading.js";

openCards(document.body);

const lesson = document.querySelector("[data-position]");
if (lesson) rememberPlace(lesson);

// A sheet of contents that lies over the page goes away once a place on the page was chosen.
for (const sheet of document.querySelectorAll("nav[popover]")) {
  sheet.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && sheet.matches(":popover-open")) sheet.hidePopover();
  });
}
