// The cards of a day with a script: one after the other, without leaving the page. What was pressed stays on this device
// until the server has it (queue.js), so that neither a lost link nor a closed tab costs a card.

import { moment, opening, waitingDeeds } from "./deeds.js";
import { flush } from "./flush.js";
import { sendDeed } from "./sending.js";

const DONE = "latsar-cards"; // when each was reviewed here: on a page from a cache, what was done since stays done
const place = document.getElementById("kartu");
const words = JSON.parse(document.getElementById("kata").textContent);
const { user, now } = place.dataset;
// A page that this device keeps holds those of the next days, too.
const cards = [...place.querySelectorAll("[data-card]")].filter(({ dataset }) => dataset.from <= moment(now));
const door = { user, csrf: place.querySelector("[name=csrf_token]").value };
const times = remembered();
const made = new Date(now).toISOString();
const done = new Set(Object.keys(times).filter((item) => times[item] > made));

for (const deed of await waitingDeeds(user)) {
  if (deed.kind === "card") done.add(itemOf(deed));
}
show();

place.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter) review(event.target.closest("[data-card]"), event.submitter);
});

// A review of its own for each time that a card is shown: tomorrow's does not replace one that still waits.
async function review(card, button) {
  if (done.has(card.dataset.card) || card.hasAttribute("aria-busy")) return;
  card.setAttribute("aria-busy", "true");
  const { card: item, label } = card.dataset;
  const body = [[button.name, button.value]];
  const deed = { user, kind: "card", key: `${item} ${now}`, url: button.form.action, body, made_at: moment(now), label };
  const kept = await opening.then((queue) => queue?.putDeed(deed).then(() => true)).catch(() => false);
  const sending = sendDeed(deed, door);
  tell("unsaved", kept ? button.dataset.said : words.sending);
  if (kept) goOn(deed);
  const reply = await sending;
  card.removeAttribute("aria-busy");
  const arrived = reply.kind === "done" || reply.kind === "refused";
  if (kept && arrived) await (await opening).removeDeed(deed);
  if (reply.kind === "refused") tell("refused", words.refused.replace("{message}", reply.message));
  else if (arrived) {
    tell("saved", button.dataset.said);
    if (!kept) goOn(deed);
  } else {
    tell("device", kept ? `${button.dataset.said} ${words[reply.kind] ?? words.kept}` : words.unkept);
    if (kept) flush();
  }
}

function goOn(deed) {
  done.add(itemOf(deed));
  remember(deed);
  const next = show();
  next.focus({ preventScroll: true });
  scrollTo(0, place.offsetTop);
}

// The first card that is left, or that all are done.
function show() {
  const at = cards.findIndex((card) => !done.has(card.dataset.card));
  cards.forEach((card, number) => (card.hidden = number !== at));
  const line = document.getElementById("maju");
  line.hidden = at < 0;
  line.textContent = line.dataset.said.replace("{n}", at + 1).replace("{all}", cards.length);
  const end = document.getElementById("tamat");
  end.hidden = at >= 0;
  return cards[at] ?? end;
}

function tell(state, text) {
  const line = document.getElementById("kabar");
  line.dataset.state = state;
  line.textContent = text;
}

// What another page of this device sent meanwhile needs no word here.
document.addEventListener("deed", (event) => {
  const { deed, reply } = event.detail;
  if (deed.kind !== "card" || !cards.some(({ dataset }) => dataset.card === itemOf(deed))) return;
  event.preventDefault();
  if (reply.kind === "refused") tell("refused", words.refused.replace("{message}", reply.message));
  else tell("saved", words.sent);
});

function itemOf({ key }) {
  return key.split(" ")[0];
}

function remembered() {
  try {
    const held = JSON.parse(localStorage.getItem(DONE));
    return held?.user === user ? held.times : {};
  } catch {
    return {};
  }
}

function remember(deed) {
  times[itemOf(deed)] = deed.made_at;
  try {
    localStorage.setItem(DONE, JSON.stringify({ user, times }));
  } catch {
    // Then a page from a cache asks once more.
  }
}
