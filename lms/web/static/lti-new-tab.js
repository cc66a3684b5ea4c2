// What the platform kept for us proves this browser: then the launch that is here can be taken, in a tab of our own.

import { ask } from "./lti-storage.js";

const told = document.getElementById("lti");
const take = told.querySelector("form");
const anew = told.querySelector("a");
const kept = told.dataset.storage && (await ask(told.dataset, { subject: "lti.get_data", key: told.dataset.key }));
if (kept?.value) {
  take.elements.browser.value = kept.value;
  take.hidden = false;
  anew?.remove();
}
