// Long work of the server goes on while its page is open, a second at a time, and shows how far it has come. The work is
// kept by the server: whoever opens the page next, or the server's own clock, does what is left. Where the server's clock
// alone does it, the form only asks (GET), and the answer says after how many seconds to ask again.

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
    const left = await ask(section.dataset.carryOn, form);
    if (left?.finished) return location.reload();
    if (left) {
      failures = 0;
      [bar.value, bar.max] = [left.done, left.total];
      told.textContent = words.replace(from[0], left.done).replace(from[1], left.total);
      if (left.wait) await seconds(left.wait);
    } else {
      await seconds(pause(failures++) / 1000);
    }
  }
  form.hidden = false; // the link is gone: the button is still there
}

function seconds(many) {
  return new Promise((resolve) => setTimeout(resolve, many * 1000));
}

async function ask(url, form) {
  const body = form.method === "post" ? new FormData(form) : undefined;
  try {
    const reply = await fetch(url, { method: form.method, headers: { Accept: "application/json" }, body });
    return reply.ok ? await reply.json() : null;
  } catch {
    return null;
  }
}
