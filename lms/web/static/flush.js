// Sends what waits on this device, from whichever page the person happens to be on. Loaded only when something waits.
// An attempt's own page looks after itself; here nothing is decided: a conflict waits for the person to go there.

import { openQueue } from "./queue.js";
import { askFresh, pause, sameAnswer, sendAnswer, sendDeed, sendSubmit } from "./sending.js";

const here = document.getElementById("percobaan")?.dataset.attempt;

let going = null;

// Sends what waits now, and from then on whenever the link or the person is back.
export function flush() {
  going ??= start();
  return going.then((go) => go());
}

async function start() {
  const queue = await openQueue();
  let tries = 0;
  let timer = 0;
  let busy = false;
  const go = async () => {
    clearTimeout(timer);
    if (busy || !queue) return;
    busy = true;
    const outcome = await once(queue).catch(() => "lost");
    busy = false;
    if (outcome === "lost") timer = setTimeout(go, 4 * pause(tries++));
    else tries = 0;
  };
  addEventListener("online", () => setTimeout(go, pause(0)));
  document.addEventListener("visibilitychange", () => document.hidden || go());
  return go;
}

// Everything that waits, once. "lost" when the link gave way.
async function once(queue) {
  const fresh = await askFresh();
  if (fresh.kind !== "fresh") return fresh.kind;
  const answers = (await queue.answers(fresh.user)).filter((one) => one.attempt !== here);
  const submits = (await queue.submits(fresh.user)).filter((one) => one.attempt !== here);
  const attempts = new Map([...answers, ...submits].map((one) => [one.attempt, one]));
  const notices = new Notices(fresh.words);
  for (const [attempt, about] of attempts) {
    const told = { sent: 0, older: 0, refused: [] };
    const submit = submits.find((one) => one.attempt === attempt);
    const waiting = answers.filter((one) => one.attempt === attempt);
    if (submit) {
      const { revisions, kind } = await askFresh(attempt);
      if (kind !== "fresh") return kind;
      if (revisions) waiting.push(...(await queue.lacking(fresh.user, attempt, revisions)));
    }
    for (const answer of waiting) {
      const reply = await sendAnswer(answer, fresh.csrf);
      if (reply.kind === "lost" || reply.kind === "signed-out") return reply.kind;
      if (reply.kind === "stale" && (await askFresh()).user !== fresh.user) return "stranger";
      if (reply.kind === "older" && !sameAnswer(reply.response, answer.body.response)) {
        told.older++;
        continue;
      }
      if (reply.kind === "saved" || reply.kind === "older") {
        told.sent++;
        await (reply.kind === "saved" ? queue.arrive(answer) : queue.remove(answer));
      } else told.refused.push({ answer, message: reply.message });
    }
    const reply = submit && !told.older ? await sendSubmit(submit, fresh.csrf) : { kind: "none" };
    if (reply.kind === "lost") return "lost";
    if (reply.kind === "submitted" || reply.kind === "refused") {
      await queue.removeSubmit(submit);
      await queue.forget(submit);
    }
    notices.tell(about, told, reply, () => Promise.all(told.refused.map(({ answer }) => queue.remove(answer))));
  }
  return sendDeeds(queue, fresh, notices);
}

// Whatever an open lesson shows by itself (`deed`) is told there and not here.
async function sendDeeds(queue, fresh, notices) {
  const done = [];
  for (const deed of await queue.deeds(fresh.user)) {
    const reply = await sendDeed(deed, fresh);
    const shown = () => !document.dispatchEvent(new CustomEvent("deed", { detail: { deed, reply }, cancelable: true }));
    if (reply.kind === "done") {
      if ((await queue.removeDeed(deed)) && !shown()) {
        tellDevice(reply.href, reply);
        done.push({ deed, reply });
      }
    } else if (reply.kind !== "refused") return reply.kind;
    else if (shown()) await queue.removeDeed(deed);
    else notices.refuse(deed, reply, () => queue.removeDeed(deed));
  }
  if (done.length) notices.done(done);
  return "done";
}

// A page that is kept on this device looks different now, too (worker.js).
export function tellDevice(href, { places }) {
  const page = new URL(href, location.href).href.replace(/[?#].*/, "");
  navigator.serviceWorker?.controller?.postMessage({ do: "places", page, places });
}

class Notices {
  #words;

  constructor(words) {
    this.#words = words;
  }

  tell({ title, page }, told, reply, forget) {
    const words = this.#words;
    const fill = (text, n = "") => text.replace("{quiz}", title).replace("{n}", n);
    if (reply.kind === "submitted") this.#show("ok", [fill(words.submitted)], [link(reply.href, words.seeResult)]);
    else if (reply.kind === "refused") this.#show("warning", [fill(words.late)], [link(page, words.open)]);
    else if (told.sent) this.#show("ok", [fill(words.sent, told.sent)], [link(page, words.open)]);
    if (told.older) this.#show("warning", [fill(words.older, told.older)], [link(page, words.open)]);
    if (!told.refused.length) return;
    // What the server will never take stays on this device until the person has read why.
    const reasons = [...new Set(told.refused.map(({ message }) => message))];
    const bodies = told.refused.map(({ answer }) => answer.body);
    const box = this.#show("warning", [fill(words.refused, told.refused.length), ...reasons], [
      button(words.download, async () => (await import("./file.js")).download(told.refused[0].answer.attempt, bodies)),
      button(words.understood, () => forget().then(() => box.remove())),
    ]);
  }

  done(deeds) {
    this.#show("ok", [this.#words.done], deeds.map(({ deed, reply }) => link(reply.href, deed.label)));
  }

  // What was typed is shown, too: it stands nowhere else.
  refuse({ label, typed }, { message }, forget) {
    const understood = button(this.#words.understood, () => forget().then(() => box.remove()));
    const lines = [this.#words.notDone.replace("{label}", label), message, typed].filter(Boolean);
    const box = this.#show("warning", lines, [understood]);
  }

  #show(kind, lines, actions) {
    const box = made("div", { className: `notice notice-${kind}` });
    const row = made("p", { className: "row" });
    row.append(...actions);
    box.append(...lines.map((textContent) => made("p", { textContent })), row);
    [...place().children].find((one) => one.textContent === box.textContent)?.remove(); // told before
    place().append(box);
    return box;
  }
}

// Where the site says what happened, made when this page had nothing to say.
function place() {
  const found = document.querySelector(".notices");
  if (found) return found;
  const box = made("div", { className: "notices" });
  box.setAttribute("role", "status");
  document.querySelector("body > header").append(box);
  return box;
}

function link(href, textContent) {
  return made("a", { className: "target", href, textContent });
}

function button(textContent, onclick) {
  return made("button", { type: "button", className: "button", textContent, onclick });
}

export function made(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
