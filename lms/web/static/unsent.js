// Says what of this person's waits on this device: before signing out, and where there is no link. Whatever waits is
// being sent meanwhile (flush.js), so it is counted again until nothing is left.

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
  const deeds = [...new Set((await queue.deeds(user)).map(({ label }) => label))];
  const said = [...[...waiting.values()].flatMap(lines), ...deeds];
  list.replaceChildren(...said.map(line));
  box.hidden = !said.length;
  if (said.length) setTimeout(count, 1_000);
}

function about(waiting, { attempt, title }) {
  if (!waiting.has(attempt)) waiting.set(attempt, { title, answers: 0, submit: false });
  return waiting.get(attempt);
}

function lines({ title, answers, submit }) {
  const said = [];
  if (answers) said.push(list.dataset.answers.replace("{quiz}", title).replace("{n}", answers));
  if (submit) said.push(list.dataset.submit.replace("{quiz}", title));
  return said;
}

function line(text) {
  const made = document.createElement("li");
  made.textContent = text;
  return made;
}
