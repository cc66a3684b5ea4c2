// Note cards: a citation or a term opens what it stands for beside the word, instead of leading away from it.

const WIDE = matchMedia("(min-width: 40.0625rem)");

export function openCards(page) {
  if (!HTMLElement.prototype.showPopover) return;
  const card = emptyCard();
  page.append(card);
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a.citation, a.term");
    if (!link || card.contains(link) || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const content = contentOf(link, page.dataset.more);
    if (!content.length) return;
    event.preventDefault();
    card.replaceChildren(...content, closing(card, page.dataset.close));
    card.setAttribute("aria-label", link.textContent);
    card.showPopover({ source: link });
    place(card, link);
    card.focus({ preventScroll: true });
  });
}

function emptyCard() {
  const card = document.createElement("div");
  card.className = "note-card";
  card.popover = "auto";
  card.tabIndex = -1;
  card.setAttribute("role", "dialog");
  return card;
}

// The entry in the page's own list of sources; else what the link says about itself.
function contentOf(link, more) {
  const target = link.hash && link.pathname === location.pathname && document.getElementById(fragment(link));
  if (target) return [...target.cloneNode(true).children];
  if (!link.title) return [];
  const name = document.createElement("strong");
  name.textContent = link.textContent;
  const on = document.createElement("a");
  on.href = link.href;
  on.textContent = more;
  return [paragraph(name), paragraph(link.title), paragraph(on)];
}

function fragment(link) {
  return decodeURIComponent(link.hash.slice(1));
}

function closing(card, word) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet";
  button.textContent = word;
  button.addEventListener("click", () => card.hidePopover());
  return button;
}

function paragraph(content) {
  const made = document.createElement("p");
  made.append(content);
  return made;
}

// Below the word, or above it where there is no room; on a phone the style sheet lays it at the foot of the screen.
function place(card, link) {
  card.style.removeProperty("left");
  card.style.removeProperty("top");
  if (!WIDE.matches) return;
  const word = link.getClientRects()[0];
  const room = document.documentElement;
  const left = Math.min(word.left, room.clientWidth - card.offsetWidth - 12);
  const below = word.bottom + 8 + card.offsetHeight < room.clientHeight;
  const top = below ? word.bottom + 8 : word.top - 8 - card.offsetHeight;
  card.style.left = `${scrollX + Math.max(12, left)}px`;
  card.style.top = `${scrollY + Math.max(12, top)}px`;
}
