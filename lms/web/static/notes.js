// Notes and marks without leaving the lesson. What is written stands below its heading at once, is kept on this device
// until the server has it (deeds.js), and while it is typed survives a closed tab as a draft.

import { keepAndSend, moment, waitingDeeds } from "./deeds.js";
import { headingOf, highlight, selectedIn } from "./passages.js";
import { uuid } from "./sending.js";

const lesson = document.querySelector("[data-lesson]");
const template = document.getElementById("catatan-isian");
const words = JSON.parse(document.getElementById("kata").textContent).notes;
const { user, now } = lesson.dataset;
const door = { user, csrf: lesson.querySelector("[name=csrf_token]").value };
const DRAFTS = `latsar-drafts ${user} ${lesson.dataset.lesson}`;

const noted = (heading) => document.getElementById(`catatan-${heading || "awal"}`) ?? document.getElementById("catatan-awal");
const noteOf = (id) => lesson.querySelector(`.note[data-id="${CSS.escape(id)}"]`);

lesson.addEventListener("click", (event) => {
  const link = event.target.closest(".note-new, .note-change");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const heading = headingOf(link.closest(".noted"));
  const note = link.closest(".note");
  if (!note) return write({ id: uuid(), heading, text: "", replaces: "" });
  write({ id: note.dataset.id, heading, text: note.querySelector(".note-text").textContent, replaces: note.dataset.version });
});

// --- writing ----------------------------------------------------------------------------------------------------------

// Opens a form below its heading. `draft`: { id, heading, text, replaces, exact?, prefix?, suffix?, start? }; `why`: what
// is to be said of it.
function write(draft, { why = "", quiet = false } = {}) {
  const open = document.getElementById(`isian-${draft.id}`);
  const form = open ?? template.content.firstElementChild.cloneNode(true);
  const text = form.querySelector("textarea");
  if (!open) {
    const place = noted(draft.heading);
    form.id = `isian-${draft.id}`;
    text.id = `teks-${draft.id}`;
    form.querySelector("label").htmlFor = text.id;
    text.value = draft.text;
    text.addEventListener("input", () => keepDraft({ ...draft, text: text.value }));
    const quote = form.querySelector("blockquote");
    quote.textContent = draft.exact ?? noteOf(draft.id)?.querySelector("blockquote")?.textContent ?? "";
    quote.hidden = !quote.textContent;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const action = event.submitter?.value;
      if (action === "save" && !text.value.trim()) return say(form, words.nothing);
      if (action === "bookmark") return bookmark(event.submitter, draft.heading);
      form.remove();
      if (action === "cancel") dropDraft(draft);
      else save({ ...draft, text: action === "delete" ? "" : text.value.trim() });
      place.querySelector(".note-new").focus();
    });
    form.querySelector("[value=delete]").hidden = !draft.replaces;
    const marking = form.querySelector("[value=bookmark]");
    marking.hidden = Boolean(draft.replaces) || !headingOf(place);
    if (place.querySelector(".badge")) marking.textContent = words.unmark;
    place.after(form);
  }
  if (why) say(form, why);
  if (quiet) return;
  form.scrollIntoView({ block: "nearest" });
  text.focus({ preventScroll: true });
}

async function save(draft) {
  const { id, heading, text, replaces } = draft;
  const version = uuid();
  const told = { lesson: lesson.dataset.lesson, heading, text, version, replaces, action: text ? "save" : "delete" };
  for (const name of ["exact", "prefix", "suffix", "start"]) told[name] = String(draft[name] ?? "");
  const label = words.label.replace("{note}", beginning(text || noteOf(id)?.querySelector(".note-text").textContent || ""));
  const deed = { user, kind: "note", key: id, url: `${template.dataset.notes}/${id}`, body: Object.entries(told), made_at: moment(now), label, typed: text };
  show(deed, words.sending);
  const { reply, kept, newest } = await keepAndSend(deed, door);
  if (reply.kind === "done" || kept) dropDraft(draft);
  if (reply.kind === "done" || reply.kind === "refused") {
    if (newest) came(deed, reply);
  } else if (kept) show(deed, words.kept);
  else failed(deed, words.unkept);
}

// A note as it was written here, as long as the server has said nothing of it.
function show({ key, body }, state) {
  const { heading, text, version, replaces, exact } = Object.fromEntries(body);
  let note = noteOf(key);
  if (!note) {
    note = document.createElement("details");
    note.className = "note";
    note.append(made("summary"), made("blockquote"), made("p", "note-text"), made("p"));
    note.firstChild.append(words.note, made("span"));
    note.lastChild.append(Object.assign(made("a", "target note-change"), { href: `${template.dataset.notes}/${key}`, textContent: words.change }));
    Object.assign(note.dataset, { id: key, exact: "", start: 0 });
    noted(heading).append(note);
    note.querySelector("blockquote").textContent = exact;
    note.querySelector("blockquote").hidden = !exact;
  }
  note.open = true;
  note.dataset.version = `${replaces} ${version}`.trim();
  note.querySelector("summary > span").textContent = `: ${beginning(text) || words.deleted}`;
  note.querySelector(".note-text").textContent = text;
  say(note, state);
}

function came(deed, reply) {
  if (reply.kind === "refused") return failed(deed, reply.message);
  noteOf(deed.key)?.remove();
  fill(reply.places);
  const note = noteOf(deed.key);
  if (note) note.open = true;
  if (note && reply.message) say(note, reply.message);
  announce(reply.message || words.saved);
}

// What cannot be kept comes back into its form.
function failed({ key, body }, why) {
  const draft = { ...Object.fromEntries(body), id: key };
  noteOf(key)?.querySelector(".saving")?.remove();
  if (!draft.replaces) noteOf(key)?.remove();
  if (draft.text) keepDraft(draft);
  write(draft, { why });
}

function beginning(text) {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

// --- drafts -----------------------------------------------------------------------------------------------------------

function drafts() {
  try {
    return JSON.parse(localStorage.getItem(DRAFTS)) ?? {};
  } catch {
    return {};
  }
}

function setDrafts(held) {
  try {
    if (Object.keys(held).length) localStorage.setItem(DRAFTS, JSON.stringify(held));
    else localStorage.removeItem(DRAFTS);
  } catch {
    // Then a closed tab loses what was typed in it.
  }
}

function keepDraft(draft) {
  setDrafts({ ...drafts(), [draft.id]: draft });
}

function dropDraft({ id }) {
  const { [id]: _dropped, ...held } = drafts();
  setDrafts(held);
}

// --- a passage --------------------------------------------------------------------------------------------------------

const offer = made("button", "button note-offer");
offer.type = "button";
offer.textContent = words.passage;
offer.hidden = true;
lesson.append(offer);
let chosen = null;
let timer = 0;

document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    chosen = selectedIn(lesson);
    offer.hidden = !chosen;
  }, 250);
});
offer.addEventListener("pointerdown", (event) => event.preventDefault()); // or the selection is gone before the press
offer.addEventListener("click", () => {
  offer.hidden = true;
  if (chosen) write({ id: uuid(), text: "", replaces: "", ...chosen });
  getSelection().removeAllRanges();
});

function colour() {
  const notes = [...lesson.querySelectorAll(".note")];
  highlight(lesson, notes.map(({ dataset, parentElement }) => ({ ...dataset, heading: headingOf(parentElement) })));
}

// --- marks ------------------------------------------------------------------------------------------------------------

lesson.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("#tanda")) return;
  event.preventDefault();
  mark(form.elements.kind.value, "", Boolean(form.elements.is_set.value));
});

function bookmark(button, heading) {
  const set = button.textContent !== words.unmark;
  button.textContent = set ? words.unmark : words.mark;
  return mark("bookmark", heading, set);
}

async function mark(kind, heading, set) {
  const body = Object.entries({ lesson: lesson.dataset.lesson, heading, kind, is_set: set ? "1" : "" });
  const key = `${lesson.dataset.lesson}#${heading}`;
  const deed = { user, kind, key, url: `${template.dataset.notes}/tanda`, body, made_at: moment(now), label: words[kind] };
  const { reply, kept, newest } = await keepAndSend(deed, door);
  if (reply.kind === "done") {
    if (newest) marked(reply);
  } else if (reply.kind === "refused") announce(reply.message);
  else if (kept) press(deed);
  else say(place(deed), words.unkept);
}

function place({ body }) {
  const { heading } = Object.fromEntries(body);
  return heading ? noted(heading) : document.getElementById("tanda");
}

function marked({ places }) {
  fill(places);
  announce(words.saved);
}

// A mark that waits looks as it was pressed, and can be pressed back.
function press(deed) {
  const { kind, heading, is_set } = Object.fromEntries(deed.body);
  const form = heading ? null : [...document.querySelectorAll("#tanda form")].find(({ elements }) => elements.kind.value === kind);
  if (form) {
    form.querySelector("button").setAttribute("aria-pressed", Boolean(is_set));
    form.elements.is_set.value = is_set ? "" : "1";
  }
  say(place(deed), words.kept);
}

// --- what became of it ------------------------------------------------------------------------------------------------

document.addEventListener("deed", (event) => {
  const { deed, reply } = event.detail;
  if (deed.user !== user || !isHere(deed)) return;
  event.preventDefault();
  if (deed.kind === "note") came(deed, reply);
  else if (reply.kind === "done") marked(reply);
  else announce(reply.message);
});

lesson.addEventListener("placed", colour);

function isHere({ kind, body }) {
  return ["note", "bookmark", "unclear"].includes(kind) && Object.fromEntries(body).lesson === lesson.dataset.lesson;
}

// The focus stays where it was, on the new one of what had it.
function fill(places) {
  for (const [id, html] of Object.entries(places)) {
    const place = document.getElementById(id);
    if (!place) continue;
    const controls = () => [...place.querySelectorAll("a, button")];
    const focused = controls().indexOf(document.activeElement);
    const parsed = document.createElement("template");
    parsed.innerHTML = html;
    place.replaceChildren(...parsed.content.firstElementChild.childNodes);
    controls()[focused]?.focus({ preventScroll: true });
  }
  colour();
}

function made(name, className = "") {
  return Object.assign(document.createElement(name), { className });
}

function say(at, text) {
  let line = at.querySelector(":scope > .saving");
  if (!line) at.append((line = made("p", "saving")));
  line.dataset.state = text === words.kept ? "device" : "unsaved";
  line.textContent = text;
  announce(text);
}

function announce(text) {
  document.getElementById("kabar").textContent = text;
}

// --- what an earlier page left ----------------------------------------------------------------------------------------

for (const deed of (await waitingDeeds(user)).filter(isHere)) {
  if (deed.kind === "note") show(deed, words.kept);
  else press(deed);
}
for (const draft of Object.values(drafts())) {
  const text = draft.text.trim();
  if (!text || text === noteOf(draft.id)?.querySelector(".note-text").textContent) dropDraft(draft);
  else write(draft, { why: words.draft, quiet: true });
}
const target = document.getElementById(location.hash.slice(1));
if (target?.matches(".note")) target.open = true;
colour();
