// Long work of the server goes on while its page is open, a second at a time, and shows how far it has come. The work is
// kept by the server: whoever opens the page next, or the server's own clock, does what is left.

import { pause } from "./sending.js";

for (const section of document.querySelectorAll("[data-carry-on]")) carryOn(section);

async function carryOn(section) {
  const form = section.querySelector("form");
  form.hidden = true;
  const told = section.querySelector("[role=status]");
  const bar = section.querySelector("progress");
  const words = told.textContent;
  const from = [bar.value, bar.max];
  for (let failures = 0; failures < 5; ) {
    const left = await ask(section.dataset.carryOn, new FormData(form));
    if (left?.finished) return location.reload();
    if (left) {
      failures = 0;
      [bar.value, bar.max] = [left.done, left.total];
      told.textContent = words.replace(from[0], left.done).replace(from[1], left.total);
    } else {
      await new Promise((resolve) => setTimeout(resolve, pause(failures++)));
    }
  }
  form.hidden = false; // the link is gone: the button is still there
}

async function ask(url, body) {
  try {
    const reply = await fetch(url, { method: "POST", headers: { Accept: "application/json" }, body });
    return reply.ok ? await reply.json() : null;
  } catch {
    return null;
  }
}
