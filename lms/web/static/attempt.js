// An attempt with a script: every changed answer goes to the server by itself. Without one the form does the same.

import { read, watch, write } from "./answers.js";
import { QuestionMap } from "./map.js";
import { Saving } from "./saving.js";
import { States, banner } from "./states.js";
import { startTimer } from "./timer.js";

const form = document.getElementById("percobaan");
const words = JSON.parse(document.getElementById("kata").textContent);
const sections = new Map([...form.querySelectorAll("[data-item]")].map((section) => [section.dataset.item, section]));
const states = new States(form, words);
const map = new QuestionMap(document, words);
const lost = banner(document.querySelector("[data-offline]"));
const typing = new Set(); // questions whose text is not an answer yet
const saving = new Saving({
  url: form.dataset.save,
  token: form.elements.namedItem("csrf_token").value,
  tell,
});
let leaving = false;

function announce(text) {
  document.querySelector("[data-announce]").textContent = text;
}

// --- an answer changes ---------------------------------------------------------------------------------------------

for (const [item, section] of sections) {
  watch(
    section,
    () => {
      typing.add(item);
      states.show(section, "unsaved");
    },
    () => change(item),
  );
}

function change(item, response = read(sections.get(item))) {
  typing.delete(item);
  // The form carries the number too, so that a submit beside a save on its way is not taken for an older page.
  const revision = Number(numberOf(item).value) + 1;
  numberOf(item).value = revision;
  map.mark(item, response !== null);
  states.show(sections.get(item), "unsaved");
  saving.put(item, response, revision);
}

function numberOf(item) {
  return form.elements.namedItem(`revision-${item}`);
}

// --- the server answers --------------------------------------------------------------------------------------------

function tell(item, state, details = {}) {
  const section = sections.get(item);
  if (state === "retrying") lost(!details.online);
  else if (state !== "saving") lost(false);
  if (state === "conflict") numberOf(item).value = details.revision;
  if (typing.has(item)) return; // what is being typed is newer than what the server speaks of
  if (state === "conflict") {
    write(section, details.response);
    map.mark(item, details.response !== null);
    details.useMine = () => {
      write(section, details.mine);
      change(item, details.mine);
    };
    announce(words.conflict);
  }
  states.show(section, state, details);
}

addEventListener("online", () => saving.hurry());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) saving.hurry();
});

// --- the end -------------------------------------------------------------------------------------------------------

const saveButton = form.querySelector("[data-save-button]");
saveButton.hidden = true;

form.addEventListener("submit", (event) => {
  leaving = navigator.onLine;
  if (leaving) return;
  event.preventDefault(); // the page with the answers must not give way to the browser's own error page
  lost(true);
});

addEventListener("pageshow", () => {
  leaving = false;
});

addEventListener("beforeunload", (event) => {
  if (!leaving && (saving.unsaved || typing.size)) event.preventDefault();
});

const timer = form.querySelector("[data-timer]");
if (timer && form.dataset.seconds) {
  startTimer(timer, Number(form.dataset.seconds), {
    words,
    announce,
    over: () => {
      announce(words.over);
      form.requestSubmit(saveButton); // the server closes what is overdue, and shows the result
    },
  });
}
