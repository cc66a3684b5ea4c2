// The marking desk: what is typed is kept as a draft as it is typed (deeds.js), the points of the criteria are summed up,
// and Ctrl + Enter saves and opens the next answer.

import { keepAndSend, moment } from "./deeds.js";

const form = document.querySelector(".marking-form");
if (form) begin();

function begin() {
  const { user, draft, key, label, now } = form.dataset;
  const door = { user, csrf: form.elements.csrf_token.value };
  const said = form.querySelector(".saving");
  const points = [...form.querySelectorAll("[data-points]")];
  const total = form.querySelector("output");
  let timer = 0;
  let unkept = false;

  form.querySelector("[data-keys-hint]").hidden = false;
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(".button-main"));
  });

  form.addEventListener("input", () => {
    unkept = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
    sum();
  });
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  addEventListener("pagehide", keep);
  form.addEventListener("submit", () => {
    unkept = false; // what is sent now is more than a draft
    clearTimeout(timer);
  });
  sum();
  // Who has the answer beside the fields types at once; on a phone it is read first.
  if (matchMedia("(min-width: 62rem)").matches && !form.querySelector("[autofocus]")) points[0].focus({ preventScroll: true });

  async function keep() {
    if (!unkept) return;
    unkept = false;
    clearTimeout(timer);
    const body = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
    const deed = { user, kind: "judgement", key, url: draft, body, made_at: moment(now), label };
    const { reply, kept } = await keepAndSend(deed, door);
    said.textContent = reply.kind === "done" ? form.dataset.sent : kept ? form.dataset.kept : form.dataset.lost;
  }

  function sum() {
    if (!total) return;
    const numbers = points.map(({ value, dataset }) => {
      const typed = Number(value.trim().replace(",", ".") || NaN);
      return typed >= 0 && typed <= Number(dataset.points) ? typed : NaN; // a sum of what cannot be saved misleads
    });
    const together = numbers.every(Number.isFinite) ? numbers.reduce((a, b) => a + b, 0) : NaN;
    const shown = Number.isNaN(together) ? "–" : together.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 4 });
    total.textContent = shown;
    form.querySelector(".marking-sum").hidden = false;
  }
}
