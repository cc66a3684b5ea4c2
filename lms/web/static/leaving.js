// Says on the page before signing out what of this person's waits on this device. Whatever waits is being sent meanwhile
// (flush.js), so it is counted again until nothing is left.

import { openQueue } from "./queue.js";

const box = document.querySelector("[data-unsent]");
const list = box.querySelector("ul");
const queue = await openQueue();
if (queue) count();

async function count() {
  const { unsent: user } = box.dataset;
  const waiting = new Map();
  for (const one of await queue.answers(user)) about(waiting, one).answers++;
  for (const one of await queue.submits(user)) about(waiting, one).submit = true;
  list.replaceChildren(...[...waiting.values()].flatMap(lines));
  box.hidden = !waiting.size;
  if (waiting.size) setTimeout(count, 1_000);
}

function about(waiting, { attempt, title }) {
  if (!waiting.has(attempt)) waiting.set(attempt, { title, answers: 0, submit: false });
  return waiting.get(attempt);
}

function lines({ title, answers, submit }) {
  const said = [];
  if (answers) said.push(list.dataset.answers.replace("{quiz}", title).replace("{n}", answers));
  if (submit) said.push(list.dataset.submit.replace("{quiz}", title));
  return said.map((text) => {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  });
}
