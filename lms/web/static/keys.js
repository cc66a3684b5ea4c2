// What one key does (comforts.js asks only where nobody is typing). The page of the look lists them, and they are shown here.

const WORDS = "#pintasan";

offerToSwitch(document);

// `key`: one of those that comforts.js knows. `help`: the address of the page that lists them.
export function press(key, help) {
  const sitting = document.querySelector("[data-attempt]");
  if (key === "?") return show(help);
  if (key === "j") return turn("[rel=next], [data-turn='1']:not([hidden])");
  if (key === "k") return turn("[rel=prev], [data-turn='-1']:not([hidden])");
  if (sitting) return; // no key leads out of a quiz
  if (key === "/") return search();
  if (key === "b") turn(".wordmark");
  if (key === "t") location.assign(help);
}

function turn(to) {
  document.querySelector(`main ${to}, ${to}`)?.click();
}

function search() {
  const field = document.querySelector("main [type=search]");
  if (!field) return turn("#menu [href$='/cari']");
  field.focus();
  field.select();
}

async function show(help) {
  const open = document.querySelector("dialog.keys");
  if (open) return open.close();
  if (document.querySelector(WORDS)) return document.querySelector(WORDS).scrollIntoView();
  const answer = await fetch(help).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.className = "keys note-card";
  dialog.append(document.adoptNode(page.querySelector(WORDS)), closing());
  dialog.setAttribute("aria-labelledby", "pintasan-judul");
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  offerToSwitch(dialog);
  dialog.showModal();
}

function closing() {
  const form = document.createElement("form");
  form.method = "dialog";
  const button = document.createElement("button");
  button.className = "button";
  button.autofocus = true;
  button.textContent = document.body.dataset.close;
  form.append(button);
  return form;
}

// Whoever speaks to the device, or whose hand slips, switches them off (WCAG 2.1.4). On the device, like the look.
function offerToSwitch(within) {
  const box = within.querySelector("[data-keys-on]");
  if (!box) return;
  try {
    box.checked = localStorage.getItem("latsar-keys") !== "off";
  } catch {
    return; // this browser keeps nothing
  }
  box.onchange = () => localStorage.setItem("latsar-keys", box.checked ? "on" : "off");
  box.closest("[hidden]").hidden = false;
}
