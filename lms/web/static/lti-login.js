// A platform keeps for us what proves this browser, where the browser keeps no cookie in a frame (LTI Client Side
// postMessages 1.0, lti.put_data). Whether it does or not, we go on to it.

import { ask } from "./lti-storage.js";

const told = document.getElementById("lti");
const on = told.querySelector("a").href;
await ask(told.dataset, { subject: "lti.put_data", key: told.dataset.key, value: told.dataset.value });
location.replace(on);
