// The page of what this device holds. It is also shown in place of a page that cannot be reached, and says then why.

import { ask, forget, list, size, when } from "./device.js";

const main = document.querySelector("[data-on-device]");
const words = JSON.parse(document.getElementById("kata-perangkat").textContent);

const wiping = main.querySelector("[data-do=forget-all]");
const { kept, left } = document.documentElement.dataset;
const { onDevice, leave } = main.dataset;
if (kept && location.pathname.startsWith(leave)) say("leaving");
else if (kept && location.pathname !== onDevice) say("missing");
if (left !== undefined) tellWiped();
if (navigator.serviceWorker) show();

async function show() {
  const { modules, beside, pages } = await list();
  place("modules", modules, moduleLine);
  place("beside", beside, pageLine);
  place("pages", pages, pageLine);
  say("empty", !modules.length && !pages.length);
  say("wiped", modules.length || pages.length);
}

function say(name, so = true) {
  main.querySelector(`[data-case="${name}"]`).hidden = !so;
}

// Whoever wants to sign out without a link can clear the device at least; pressing the button of the menu did it.
function tellWiped() {
  const told = main.querySelector("[data-told]");
  told.textContent = told.dataset.told;
  wiping.hidden = true;
}

function place(name, found, lineOf) {
  const section = main.querySelector(`[data-list="${name}"]`);
  section.hidden = !found.length;
  section.querySelector("ul").replaceChildren(...found.map(lineOf));
}

function moduleLine({ list: module, href, title, pages, bytes, kept }) {
  const told = words.module.replace("{pages}", pages.length).replace("{size}", size(bytes)).replace("{when}", when(kept));
  const line = lineOf(href, title, told);
  line.querySelector("button .hush").textContent = `: ${title}`;
  line.querySelector("button").addEventListener("click", () => forget(module).then(show));
  return line;
}

function pageLine({ href, title, kept }) {
  const named = new DOMParser().parseFromString(title, "text/html").body.textContent;
  const line = lineOf(href, named, words.page.replace("{when}", when(kept)));
  line.querySelector("button").parentElement.remove();
  return line;
}

function lineOf(href, title, told) {
  const line = main.querySelector("[data-line]").content.cloneNode(true);
  line.querySelector("a").href = href;
  line.querySelector("a").textContent = title;
  line.querySelector("p").textContent = told;
  return line;
}

wiping.addEventListener("click", () => ask({ do: "forget-all" }).then(tellWiped).then(show));
main.querySelector("[data-do=forget-opened]").addEventListener("click", forgetOpened);

async function forgetOpened() {
  const { pages } = await list();
  await ask({ do: "forget-pages", pages: pages.map(({ href }) => href) });
  await show();
}

// Where a browser offers to put the site on the home screen, it is offered here, and nowhere else.
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  say("install");
  main.querySelector("[data-do=install]").addEventListener("click", () => event.prompt());
});
addEventListener("appinstalled", () => say("install", false));
