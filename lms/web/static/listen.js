// A lesson read aloud by the device's own voice: what it reads is marked, and a bar at the foot of the screen holds it.
// Nothing is fetched and nothing is remembered.

const READ = "h2, h3, h4, p, li, tr, figcaption";
const PASSED_OVER = "pre, .footnote";
const UNSAID = `sup, .hush, pre, ul, ol, p, table, input`;
const LONG = 160; // characters: some voices fall silent within a long utterance

// `button`: what was pressed, with the words of the bar and the language of the voice.
export function begin(button) {
  button.addEventListener("click", () => readAloud(button));
  readAloud(button);
}

function readAloud(button) {
  const voice = speechSynthesis.getVoices().find(({ lang }) => lang === button.dataset.voice);
  const blocks = [...document.querySelectorAll(".lesson > .prose")]
    .flatMap((text) => [...text.querySelectorAll(READ)])
    .map((block) => ({ block, said: block.closest(PASSED_OVER) ? [] : sentences(wordsOf(block)) }))
    .filter(({ said }) => said.length);
  const bar = makeBar({ ...button.dataset, name: button.textContent });
  let at = { block: 0, sentence: 0 };
  let run = 0; // what an earlier run still has to say about itself is not listened to
  let utterance; // held, since Chromium lets go of one that nobody holds, and then never says that it ended

  function say() {
    const mine = ++run;
    const now = blocks[at.block];
    speechSynthesis.cancel();
    mark(now?.block);
    if (!now) return stop();
    utterance = new SpeechSynthesisUtterance(now.said[at.sentence]);
    Object.assign(utterance, { voice, lang: voice.lang });
    utterance.onend = () => {
      if (mine !== run) return;
      const more = at.sentence + 1 < now.said.length;
      at = more ? { block: at.block, sentence: at.sentence + 1 } : { block: at.block + 1, sentence: 0 };
      say();
    };
    utterance.onerror = () => mine === run && stop();
    speechSynthesis.speak(utterance);
    bar.speaking(true);
  }

  // A pause forgets the voice and keeps the place: on Android a voice that pauses never goes on.
  function pause() {
    run += 1;
    speechSynthesis.cancel();
    bar.speaking(false);
  }

  function stop() {
    pause();
    mark();
    bar.element.remove();
    button.hidden = false;
    button.focus();
    removeEventListener("pagehide", pause);
  }

  bar.pause.onclick = () => (bar.pause.dataset.speaking ? pause() : say());
  bar.stop.onclick = stop;
  bar.next.onclick = () => {
    const heading = blocks.findIndex(({ block }, place) => place > at.block && block.matches("h2, h3, h4"));
    at = { block: heading < 0 ? blocks.length : heading, sentence: 0 };
    say();
  };
  addEventListener("pagehide", pause);
  button.hidden = true;
  document.querySelector("main").append(bar.element);
  bar.pause.focus({ preventScroll: true });
  say();
}

function makeBar(words) {
  const element = document.createElement("div");
  element.className = "banner";
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", words.name);
  const row = document.createElement("p");
  row.className = "row";
  const [pause, next, stop] = [words.pause, words.next, words.stop].map((text) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button", textContent: text });
    return button;
  });
  row.append(pause, next, stop);
  element.append(row);
  const speaking = (yes) => {
    pause.dataset.speaking = yes ? "1" : "";
    pause.textContent = yes ? words.pause : words.goOn;
  };
  return { element, pause, next, stop, speaking };
}

function mark(block) {
  for (const old of document.querySelectorAll(".aloud")) old.classList.remove("aloud");
  if (!block) return;
  block.classList.add("aloud");
  const { top, bottom } = block.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight * 0.8) block.scrollIntoView({ block: "center" });
}

// What the eye reads; a row of a table cell by cell, and what stands in a block of its own is read there.
function wordsOf(block) {
  if (block.matches("tr")) return [...block.cells].map((cell) => plain(cell, "sup, .hush")).join("; ");
  return block.closest("td, th") ? "" : plain(block, UNSAID);
}

function plain(element, unsaid) {
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll(unsaid)) part.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

// In pieces that no voice is too short of breath for: sentences, and long ones at their commas.
function sentences(text) {
  const pieces = text.match(/[^.!?…]+(?:[.!?…]+(?!\s)[^.!?…]*)*[.!?…]*["”’)]*\s*/g) ?? [];
  return pieces.flatMap((one) => (one.length > LONG ? one.split(/(?<=[,;:]) /) : [one])).filter((one) => /[\p{L}\p{N}]/u.test(one));
}
