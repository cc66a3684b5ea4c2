// An attempt with a script: every changed answer goes to this device and to the server by itself, and a bad link
// takes nothing away. Without a script the form does the same, with a button.

import { differs, read, readAside, watch, write, writeAside } from "./answers.js";
import { Banner } from "./banner.js";
import { Clock } from "./clock.js";
import { download } from "./file.js";
import { OneByOne } from "./one-by-one.js";
import { QuestionMap } from "./map.js";
import { openQueue } from "./queue.js";
import { Saving } from "./saving.js";
import { uuid } from "./sending.js";
import { States } from "./states.js";
import { tabs } from "./tabs.js";
import { Timer } from "./timer.js";

const SPREAD = 2_000; // milliseconds over which what happens to everybody at a deadline is spread

const form = document.getElementById("percobaan");
const words = JSON.parse(document.getElementById("kata").textContent);
const { user, attempt, save, title } = form.dataset;
const home = { user, attempt, save, title, submit: form.getAttribute("action"), page: location.pathname };
const late = "late" in form.dataset;

const oneByOne = form.querySelector("template[data-others]") ? new OneByOne(form, words) : null;

const sections = new Map([...form.querySelectorAll("[data-item]")].map((section) => [section.dataset.item, section]));
const clock = new Clock(form.dataset.now);
const states = new States(form, words);
const map = new QuestionMap(document, words);
const banner = new Banner(document.querySelector("[data-banner]"), words, () => saving.unsaved);
const ask = document.querySelector("[data-ask]");
const typing = new Set(); // questions whose text is not an answer yet
const early = new Set(); // questions that were answered before this script came
const settle = new Map(); // item -> ends the pause in typing
const refused = []; // answers the server will never take
const saving = new Saving({
  home,
  token: form.elements.namedItem("csrf_token").value,
  clock,
  queue: await openQueue(),
  tell,
  link,
});
const tellOthers = tabs(home, hear);
let leaving = false;
let over = late;
const closes = late && Date.parse(form.dataset.closes);

// A place on the map is gone to without asking the server, which may be out of reach.
addEventListener("click", (event) => {
  const link = event.target.closest("a[data-place]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  closeMap();
  if (ask) ask.hidden = true;
  const number = Number(link.dataset.place);
  if (oneByOne) return oneByOne.show(number);
  const question = document.getElementById(`soal-${number}`);
  question.scrollIntoView();
  question.focus({ preventScroll: true });
});

// What leaves this page would end at the browser's own error page, and nothing could be answered any more.
addEventListener("click", (event) => {
  const away = event.target.closest("a[href]:not([href^='#'], [target], [data-place])");
  if (!away || event.defaultPrevented || !cut()) return;
  event.preventDefault();
  announce(words.needsLink);
  link("lost");
});
addEventListener("submit", (event) => {
  if (event.target === form || !cut()) return;
  event.preventDefault();
  announce(words.needsLink);
  link("lost");
}, true); // before whoever else would lead away

function cut() {
  return !navigator.onLine || ["lost", "server", "submit", "over"].includes(banner.state);
}

function closeMap() {
  document.getElementById("side").hidePopover?.();
}

function announce(text) {
  const place = document.querySelector("[data-announce]");
  place.textContent = "";
  setTimeout(() => (place.textContent = text), 50);
}

// --- an answer changes ---------------------------------------------------------------------------------------------

if (!late) {
  for (const [item, section] of sections) {
    settle.set(item, watch(section, () => touched(item), () => change(item)));
    if (differs(section)) early.add(item);
  }
  for (const button of form.querySelectorAll("[data-clear]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const section = button.closest("[data-item]");
      write(section, null);
      change(section.dataset.item);
    });
  }
}

function touched(item) {
  typing.add(item);
  states.show(sections.get(item), "unsaved");
}

function change(item, more = {}) {
  typing.delete(item);
  early.delete(item);
  const section = sections.get(item);
  const { version } = section.dataset; // what the answer is judged by
  const answer = { response: read(section), revision: revisionOf(item) + 1, version, ...readAside(section), ...more };
  number(item, answer.revision);
  map.mark(item, answer.response !== null, answer.flagged);
  if (ask && !ask.hidden) fillAsk();
  tellOthers({ type: "changed", item, ...answer });
  return saving.put(item, answer);
}

function finishTyping() {
  for (const end of settle.values()) end();
}

// The form carries the numbers too, so that a form beside a save on its way is not taken for an older page.
function revisionOf(item) {
  return Number(form.elements.namedItem(`revision-${item}`).value);
}

function number(item, revision) {
  form.elements.namedItem(`revision-${item}`).value = revision;
}

function place(item, { response, flagged, confidence }) {
  const section = sections.get(item);
  write(section, response);
  writeAside(section, { flagged, confidence });
  map.mark(item, response !== null, Boolean(flagged));
}

// --- what became of it ---------------------------------------------------------------------------------------------

function tell(item, state, details = {}) {
  const section = sections.get(item);
  if (!section) return; // its key was shown meanwhile
  if (state === "numbered" || state === "conflict") number(item, Math.max(details.revision, revisionOf(item)));
  if (state === "numbered") return;
  if (state === "saved") tellOthers({ type: "saved", item, at: details.at, revision: details.revision });
  if (state === "refused") refused.push({ item, ...details });
  if (typing.has(item)) return; // what is being typed is newer than what the server speaks of
  if (state === "conflict") {
    place(item, { ...details.mine, response: details.response });
    details = { ...details, answer: details.mine, mine: details.mine.response };
    const mine = details.mine;
    const { made_at } = details.answer;
    details.useMine = () => {
      write(section, mine);
      change(item, over ? { made_at } : {}); // it was made in time; it is only chosen now
    };
    details.useOther = () => {
      states.show(section, "saved", { at: clock.now() });
      saving.yield(item);
    };
    announce(words.conflict);
    if (over) openForChoice(section);
  }
  if (state === "refused") announce(words.refused.replace("{message}", details.message));
  states.show(section, state, details);
  giveWay();
}

// A closed fieldset closes its buttons, too, and after the deadline one of two answers can still be chosen.
function openForChoice(section) {
  const part = section.closest("[data-number]");
  oneByOne?.show(Number(part.dataset.number));
  for (const field of section.querySelectorAll("input, select, textarea")) field.disabled = true;
  part.disabled = false;
}

function hear(said) {
  if (said.type === "submitted") return open(said.href);
  const section = sections.get(said.item);
  if (!section || typing.has(said.item) || said.revision < revisionOf(said.item)) return;
  if (said.type === "changed") {
    saving.overtaken(said.item, said.revision);
    number(said.item, said.revision);
    place(said.item, said);
    states.show(section, "device");
  } else if (said.type === "saved" && said.revision === revisionOf(said.item)) {
    saving.overtaken(said.item, said.revision);
    states.show(section, "saved", said);
  }
}

// --- the link ------------------------------------------------------------------------------------------------------

function link(state, details = {}) {
  if (state === "deadline") moved(details);
  else if (state === "submitted") arrived(details.href);
  else if (state === "ended") end();
  else if (state === "stuck") stuck(details.message);
  else if (state === "lost" && over) banner.show("over");
  else if (state === "lost" && saving.submitWaits) banner.show("submit");
  else if (state === "lost") banner.show(details.server ? "server" : "lost");
  else banner.show(state);
  giveWay();
}

function restore(answers) {
  for (const { item, body } of answers) {
    const section = sections.get(item);
    if (!section || typing.has(item) || body.revision < revisionOf(item)) continue;
    number(item, body.revision);
    if (early.has(item)) continue; // what the page shows is newer
    place(item, body);
    states.show(section, "device");
  }
}

async function back(options) {
  restore(await saving.hurry(options));
}

addEventListener("offline", () => link("lost"));
addEventListener("online", () => back({ rush: true }));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) finishTyping();
  else if (saving.unsaved || saving.submitWaits || timer || late || banner.state !== "ok") back();
});
if (!navigator.onLine) link("lost");

// --- the end -------------------------------------------------------------------------------------------------------

const saveButton = form.querySelector("[data-save-button]");
if (saveButton) saveButton.hidden = true;
ask?.querySelector("[data-ask-close]").addEventListener("click", () => {
  ask.hidden = true;
  document.querySelector("main").focus({ preventScroll: true });
});

form.addEventListener("submit", (event) => {
  finishTyping();
  const action = event.submitter?.value ?? "";
  if (action === "submit") {
    event.preventDefault();
    return late || event.submitter.closest("[data-ask]") || !mustAsk() ? handIn() : showAsk();
  }
  if (!cut()) {
    leaving = true;
    return;
  }
  event.preventDefault(); // the page with the answers must not give way to the browser's own error page
  announce(words.needsLink);
  link("lost");
});

// An exam is never closed by one press.
function mustAsk() {
  return "exam" in form.dataset || map.empty.length + map.flagged.length > 0;
}

function fillAsk() {
  for (const [name, links] of [["empty", map.empty], ["flagged", map.flagged]]) {
    const part = ask.querySelector(`[data-ask-${name}]`);
    part.hidden = !links.length;
    part.querySelector("ol").replaceChildren(...links.map(line));
    part.querySelector("[data-count]").textContent = links.length;
  }
}

function showAsk() {
  fillAsk();
  closeMap();
  ask.hidden = false;
  ask.scrollIntoView();
  ask.focus({ preventScroll: true });
}

function line(link) {
  const made = document.createElement("li");
  made.append(link);
  return made;
}

// Kept on this device first, so that it is not lost with the link or the tab; the answers go before it.
async function handIn() {
  if (ask) ask.hidden = true;
  closeMap();
  announce(words.submitting);
  for (const button of document.querySelectorAll("[value=submit]")) button.disabled = true;
  await saving.submit();
  if (cut()) link("lost"); // and that the submit waits; any other banner says what stands in its way
}

// The server did not take the submit, and says why.
function stuck(message) {
  for (const button of document.querySelectorAll("[value=submit]")) button.disabled = false;
  banner.show("stuck", message);
}

async function takeBack() {
  await saving.takeBackSubmit();
  for (const button of document.querySelectorAll("[value=submit]")) button.disabled = false;
  link("ok");
  if (!navigator.onLine) link("lost");
  document.querySelector("main").focus({ preventScroll: true }); // the button that had it is gone
}

function arrived(href) {
  tellOthers({ type: "submitted", href });
  if (refused.length) showRefused();
  else open(href);
}

// Something was not taken: the person reads why before the page gives way to another one.
function showRefused() {
  const box = document.querySelector("[data-refused]");
  if (!box.hidden) return;
  box.querySelector("ul").replaceChildren(
    ...refused.map(({ item, message }) => {
      const made = document.createElement("li");
      made.textContent = `${sections.get(item)?.getAttribute("aria-label") ?? item}: ${message}`;
      return made;
    }),
  );
  box.hidden = false;
  box.scrollIntoView({ block: "center" });
  box.focus({ preventScroll: true });
}

function open(href) {
  leaving = true;
  location.assign(href);
}

addEventListener("pageshow", () => {
  leaving = false;
});

addEventListener("pagehide", finishTyping);

addEventListener("beforeunload", (event) => {
  if (!leaving && (typing.size || saving.fleeting)) event.preventDefault();
});

// --- the last resort -----------------------------------------------------------------------------------------------

// What waits as it would be sent, and of everything else what the page shows.
function answersForFile() {
  finishTyping();
  const waiting = saving.bodies();
  const known = new Set(waiting.map((body) => body.item));
  const shown = [...sections]
    .filter(([item, section]) => !known.has(item) && read(section))
    .map(([item, section]) => ({
      item,
      response: read(section),
      version: section.dataset.version,
      revision: Math.max(1, revisionOf(item)),
      save_id: uuid(),
      made_at: clock.now().toISOString(),
      ...readAside(section),
    }));
  return [...waiting, ...refused.map(({ mine }) => mine).filter(Boolean), ...shown];
}

for (const button of document.querySelectorAll("[data-file]")) {
  button.addEventListener("click", () => download(attempt, answersForFile()));
}
for (const button of document.querySelectorAll("[data-file-shown]")) button.hidden = false;
document.querySelector("[data-take-back]").addEventListener("click", takeBack);

// --- time ----------------------------------------------------------------------------------------------------------

const display = document.querySelector("[data-timer]");
const timer =
  display &&
  !late &&
  new Timer(display, {
    words,
    announce,
    clock,
    deadline: Date.parse(form.dataset.deadline),
    nearing: finishTyping,
    over: timeIsOver,
  });

// The server is asked before anything is closed: only its clock ends an attempt.
async function timeIsOver() {
  finishTyping();
  await saving.renew();
  if (timer.left > 1) return timer.start(); // the display ran ahead, or staff gave more time
  end();
}

// Nothing can be answered any more. Nothing is handed in either: another device may still hold answers made in time, so
// the server ends the attempt when none of them can arrive.
function end() {
  over = true;
  announce(words.over);
  for (const part of form.querySelectorAll("[data-number]")) part.disabled = true;
  for (const button of document.querySelectorAll("[value=submit]")) button.disabled = true;
  if (ask) ask.hidden = true;
  closeMap();
  if (cut()) link("lost");
  giveWay();
}

// Once all that was made in time has arrived, the page gives way to the one that says how it goes on, and that one to
// the result as soon as there is one.
function giveWay() {
  const done = late ? clock.now() >= closes : over;
  if (!done || leaving || banner.state !== "ok" || saving.unsaved || saving.submitWaits) return;
  if (refused.length) return showRefused();
  leaving = true;
  history.scrollRestoration = "manual"; // what comes is read from its beginning
  setTimeout(() => (late ? location.assign(form.dataset.result) : location.reload()), Math.random() * SPREAD);
}

function moved({ deadline_at, now }) {
  const deadline = deadline_at && Date.parse(deadline_at);
  if (!late) timer?.extend(deadline);
  else if (!deadline || deadline > Date.parse(now)) location.reload(); // staff gave more time
}

restore(await saving.recall());
for (const item of early) if (!typing.has(item)) change(item);
saving.compare(Object.fromEntries([...sections.keys()].map((item) => [item, revisionOf(item)])));
if (saving.submitWaits) handIn();
else if (saving.unsaved) saving.renew();
if (late) setTimeout(() => saving.renew(), Math.max(0, closes - clock.now()) + 1_000);
