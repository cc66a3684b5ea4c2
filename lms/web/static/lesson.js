// A lesson with a script: its self-checks and its end are sent without leaving the page. What was pressed stays on this
// device until the server has it (queue.js), and is sent from whichever page is opened next (flush.js).

import { keepAndSend, moment, waitingDeeds } from "./deeds.js";
import { made, tellDevice } from "./flush.js";
import { rememberPlace } from "./reading.js";

const lesson = document.querySelector("[data-lesson]");
const words = JSON.parse(document.getElementById("kata").textContent);
const { user, now } = lesson.dataset;
const door = { user, csrf: lesson.querySelector("[name=csrf_token]").value };

// What leads on, while it is sent: another tap, or the end reached meanwhile, would only be left behind here.
let ending = null;

addEventListener("pageshow", () => (ending = null));

lesson.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".check form, #akhir form")) return;
  event.preventDefault();
  const check = form.closest(".check");
  const body = [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && value.trim());
  if (!check) return ending ?? did((ending = read(form.getAttribute("action"), body)), [["then", event.submitter?.value ?? ""]]);
  if (!body.length) return tell(form, "refused", words.nothing);
  const label = words.label.check.replace("{check}", check.getAttribute("aria-label"));
  did({ kind: "check", key: check.id.slice(4), url: form.getAttribute("action"), body, label });
});

// Notes come last: whoever reads and writes none is not kept waiting for them.
if (document.readyState === "complete") import(lesson.dataset.notes);
else addEventListener("load", () => import(lesson.dataset.notes));

rememberPlace(lesson, door, (body) => ending || did(read(lesson.dataset.position, body)));

function read(url, body) {
  return { kind: "read", key: lesson.dataset.lesson, url, body, label: words.label.read };
}

// Keeps and sends what was done just now. `waiting`: what the server is told besides, as long as somebody waits for it.
// Of an end that was reached by reading only trouble is told.
async function did(doing, waiting) {
  const deed = { ...doing, user, made_at: moment(now) };
  const quiet = deed.kind === "read" && !waiting;
  if (!quiet) tell(formOf(deed), "unsaved", words.sending);
  const { reply, kept, newest } = await keepAndSend(deed, door, waiting);
  if (waiting) ending = reply.href;
  if (reply.kind === "done" || reply.kind === "refused") {
    if (waiting && reply.href) location.assign(reply.href);
    else if (newest) came(deed, reply, { pressed: true, quiet });
    return;
  }
  tell(formOf(deed), "device", kept ? (words[reply.kind] ?? words.kept[deed.kind]) : words.unkept);
  if (reply.kind === "signed-out") formOf(deed).querySelector(".saving").append(" ", made("a", { href: location.href, textContent: words.signIn }));
  if (kept && waiting && reply.kind === "lost") goOn();
}

// Without a link the next lesson is the next one of the module, if it is on this device.
async function goOn() {
  const next = lesson.querySelector(".turn [rel=next]")?.href;
  if (next && (await globalThis.caches?.match(next, { ignoreVary: true }))) location.assign(next);
}

// --- what became of it ----------------------------------------------------------------------------------------------

document.addEventListener("deed", (event) => {
  const { deed, reply } = event.detail;
  if (deed.user !== user || !formOf(deed)) return;
  event.preventDefault();
  came(deed, reply);
});

function came(deed, reply, { pressed, quiet } = {}) {
  const form = formOf(deed);
  if (reply.kind === "refused") return tell(form, "refused", words.refused.replace("{message}", reply.message));
  if (!quiet || form.querySelector(".saving")) tell(form, "saved", words.sent[deed.kind]);
  for (const [id, html] of Object.entries(reply.places)) put(id, html, pressed);
  tellDevice(location.href, reply);
  if (reply.message) tell(formOf(deed).closest(".check").querySelector(".question"), "saved", reply.message);
}

// The element itself stays, for others know it: what it holds is replaced. The focus goes to the verdict.
function put(id, html, pressed) {
  const place = document.getElementById(id);
  if (!place) return;
  const { content } = made("template", { innerHTML: html });
  const focused = (pressed && place.matches(".check")) || place.contains(document.activeElement);
  place.replaceChildren(...content.firstElementChild.childNodes);
  place.dispatchEvent(new CustomEvent("placed", { bubbles: true }));
  const verdict = focused && place.querySelector(".verdict");
  if (!verdict) return;
  verdict.tabIndex = -1;
  verdict.focus();
}

// Said beside the button of a form, or at the end of another place, and to those who hear the page.
function tell(place, state, text) {
  let line = place.querySelector(".saving");
  if (!line) {
    line = made("span", { className: "saving" });
    (place.querySelector("button:not([type])")?.parentElement ?? place).append(line);
  }
  line.dataset.state = state;
  line.textContent = text;
  document.getElementById("kabar").textContent = text;
}

function formOf({ kind, key }) {
  if (kind === "check") return document.querySelector(`#cek-${CSS.escape(key)} form`);
  return kind === "read" && key === lesson.dataset.lesson ? lesson.querySelector("#akhir form") : null;
}

// --- what an earlier page left --------------------------------------------------------------------------------------

const places = document.querySelector("[data-places]"); // what looks different since the device kept this page (worker.js)
for (const [id, html] of Object.entries(JSON.parse(places?.textContent ?? "{}"))) put(id, html);

for (const deed of await waitingDeeds(user)) {
  const form = formOf(deed);
  if (!form) continue;
  if (![...form.elements].some(touched)) choose(form, deed.body);
  form.closest("details")?.setAttribute("open", "");
  tell(form, "device", words.kept[deed.kind]);
}

// On a slow link somebody may have chosen anew before this script came.
function touched(control) {
  return control.checked !== control.defaultChecked || (control.defaultValue ?? control.value) !== control.value;
}

function choose(form, body) {
  for (const control of form.elements) {
    const values = body.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.matches("[type=radio], [type=checkbox]")) control.checked = values.includes(control.value);
    else if (control.matches("select")) control.value = values.find((value) => [...control.options].some((one) => one.value === value)) ?? "";
    else if (values.length) [control.value] = values;
  }
  form.dispatchEvent(new CustomEvent("written"));
}
