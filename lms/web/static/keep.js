// Keeps a module on this device: its line below the list of what it holds.

import { ask, forget as forgetModule, list as listOfDevice, size, when } from "./device.js";

const line = document.querySelector("[data-keep]");
const list = line?.dataset.keep;
const words = line && JSON.parse(document.getElementById("kata-simpan").textContent);
const [keep, forget] = line ? line.querySelectorAll("button") : [];

if (line && navigator.serviceWorker && window.parent === window) {
  keep.addEventListener("click", start);
  forget.addEventListener("click", () => forgetModule(list).then(show));
  show();
}

// What is here, and what the server has now; without a link only the first is known.
async function show() {
  const [here, there] = await Promise.all([mine(), theirs()]);
  if (!here && !there) return; // without a link, or signed out
  line.hidden = false;
  const old = here && there && here.version !== there.version;
  tell(here ? (old ? words.old : words.kept).replace("{when}", when(here.kept)) : "");
  forget.hidden = !here;
  keep.hidden = !there || Boolean(here && !old);
  keep.textContent = (old ? words.update : words.keep).replace("{size}", size(there?.bytes ?? 0));
}

async function mine() {
  const { modules } = await listOfDevice();
  return modules.find((one) => one.list === list);
}

async function theirs() {
  const reply = await fetch(list, { headers: { Accept: "application/json" } }).catch(() => null);
  return reply?.ok ? reply.json() : null;
}

async function start() {
  keep.hidden = forget.hidden = true;
  navigator.storage?.persist?.(); // asks the browser to leave it alone where room gets short
  const { kind } = await ask({ do: "keep", list: new URL(list, location.href).pathname }, ({ at, of }) =>
    tell(words.keeping.replace("{at}", at).replace("{of}", of)),
  );
  if (kind === "done") return show();
  tell(words[kind]);
  keep.textContent = words.again;
  keep.hidden = false;
}

function tell(text) {
  line.querySelector("[role=status]").textContent = text;
}
