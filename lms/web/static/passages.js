// The text of a lesson below each of its headings, as the server reads it (catalog/rendering.py, `sections`): words
// parted by single spaces, self-checks and notes left out. A passage is a piece of it.

const LONGEST = 1000; // characters of a passage, and those around it that are told
const AROUND = 40;

// [{ heading, text, places }]: for each character the node and the offset where it stands on the page.
function sectionsOf(lesson) {
  const sections = [];
  const walker = document.createTreeWalker(lesson, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
    if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
    if (node.matches(".noted")) sections.push({ heading: headingOf(node), text: "", places: [] });
    if (node.matches(".prose") && sections.length) add(sections.at(-1), node, " ");
    return node.matches(".noted, .note-form, .check, .prose :is(h2, h3)") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
  });
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (sections.length && node.parentElement.closest(".prose")) add(sections.at(-1), node, node.data);
  }
  return sections;
}

function add(section, node, written) {
  for (let offset = 0; offset < written.length; offset++) {
    const space = /\s/.test(written[offset]);
    if (space && (!section.text || section.text.endsWith(" "))) continue;
    section.text += space ? " " : written[offset];
    section.places.push([node, offset]);
  }
}

// What is selected of one section: { heading, exact, prefix, suffix, start }, or null.
export function selectedIn(lesson) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !selection.containsNode(lesson, true)) return null;
  const range = selection.getRangeAt(0);
  const within = ([node, offset]) =>
    node.nodeType === Node.TEXT_NODE && range.intersectsNode(node) && range.comparePoint(node, offset) === 0 && range.comparePoint(node, offset + 1) === 0;
  for (const { heading, text, places } of sectionsOf(lesson)) {
    const [touched, last] = [places.findIndex(within), places.findLastIndex(within)];
    if (touched < 0) continue;
    const first = text.lastIndexOf(" ", touched) + 1; // whole words
    const next = text.indexOf(" ", last);
    const chosen = text.slice(first, next < 0 ? undefined : next);
    const exact = chosen.trim().slice(0, LONGEST).trim();
    if (!exact) continue;
    const start = first + chosen.indexOf(exact);
    const end = start + exact.length;
    return { heading, exact, start, prefix: text.slice(Math.max(0, start - AROUND), start), suffix: text.slice(end, end + AROUND) };
  }
  return null;
}

// Colours the passages of notes, where a browser can do so without touching the text. `marked`: [{ exact, start }].
export function highlight(lesson, marked) {
  if (!globalThis.CSS?.highlights) return;
  const found = new Map(sectionsOf(lesson).map((section) => [section.heading, section]));
  const ranges = marked.map(({ heading, exact, start }) => rangeOf(found.get(heading), exact, Number(start)));
  CSS.highlights.set("catatan", new Highlight(...ranges.filter(Boolean)));
}

function rangeOf(section, exact, start) {
  const at = section?.text.startsWith(exact, start) ? start : section?.text.indexOf(exact);
  if (!exact || !(at >= 0)) return null;
  const range = new Range();
  range.setStart(...section.places[at]);
  const [node, offset] = section.places[at + exact.length - 1];
  range.setEnd(node, offset + 1);
  return range;
}

// The id of the heading that a place of notes stands below; empty above the first one.
export function headingOf({ id }) {
  return id === "catatan-awal" ? "" : id.slice("catatan-".length);
}
