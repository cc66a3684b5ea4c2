"""The finished tree of one page: references become places, headings get anchors, tables a frame, terms their links.

Runs after all of Python-Markdown's own tree processors, so every text is final here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import unescape
from xml.etree import ElementTree

from lms.citations import citation
from lms.markup.links import Links, Target, address, escaped, link_attributes
from lms.markup.terms import mark_terms

_OUTSIDE = re.compile(r"(?:https?://|mailto:)[^/\s]")
_NOT_A_PATH = re.compile(r"[a-z][a-z0-9+.-]*:|/|[^\\]*\\", re.IGNORECASE)
_FOOTNOTE_LINKS = {"footnote-ref", "footnote-backref"}
#: Of the headings in a table of contents.
TOC_LEVELS = (2, 3)


@dataclass(frozen=True, slots=True)
class Heading:
    """``id`` is the anchor in the page, ``level`` 2 or 3, ``title`` plain text (not HTML)."""

    id: str
    title: str
    level: int


@dataclass(slots=True)
class Page:
    """What one rendering is given, and what it gathers on the way.

    ``whole``: a page has anchors and marked terms, a fragment of one has neither. ``anchors``: those taken -> the
    number that was last tried behind it. ``citations`` and ``terms`` are in order of first use. ``sections``: links to
    headings, which may stand below them.
    """

    links: Links
    whole: bool
    toc: list[Heading] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    citations: dict[tuple[str, str], None] = field(default_factory=dict)
    terms: dict[str, None] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)
    sections: list[tuple[ElementTree.Element, str]] = field(default_factory=list)
    words: int = 0


def finish(root: ElementTree.Element, page: Page) -> None:
    """Change the tree in place and fill ``page``."""
    page.words = sum(len(text.split()) for text in root.itertext())
    tables: list[tuple[ElementTree.Element, int]] = []
    for element in list(root.iter()):
        if element.tag == "a":
            _link(element, page)
        elif element.tag == "img":
            _picture(element, page)
        elif re.fullmatch(r"h[1-6]", element.tag):
            _heading(element, page)
        elif element.tag == "th" and not "".join(element.itertext()).strip():
            element.tag = "td"  # an empty corner heads nothing
        tables += [(element, place) for place, child in enumerate(element) if child.tag == "table"]
    for parent, place in tables:
        _frame(parent, place)
    for link, name in page.sections:
        anchor = anchor_of(name)
        _become(link, "", Target(f"#{anchor}") if anchor in page.anchors else None)
    if page.whole:
        mark_terms(root, page.links, page.terms)
        _open(root)


#: Paragraphs of fewer characters may take one line, and a large initial wants two.
_TWO_LINES = 120


def _open(root: ElementTree.Element) -> None:
    """A page that begins with a word of its own may begin with a large initial; a mark, a number, a link cannot."""
    for first in root[:1]:
        begins = first.tag == "p" and (first.text or "")[:1].isalpha()
        if begins and sum(map(len, first.itertext())) >= _TWO_LINES:
            first.set("class", "opens")


# --- references ----------------------------------------------------------------------------------------


def _link(element: ElementTree.Element, page: Page) -> None:
    for inner in list(element.iter("a"))[1:]:
        inner.tag = "span"  # HTML knows no link within a link, and Markdown makes one or not as the place has it
        inner.attrib.clear()
    if element.get("class") in _FOOTNOTE_LINKS:
        return
    href = address(unescape(element.get("href", "")))
    scheme, _, reference = href.partition(":")
    if scheme in _RESOLVERS:
        name, target = _RESOLVERS[scheme](page, reference)
        _become(element, name, target)
    elif href.startswith("#"):
        page.sections.append((element, href[1:]))
    elif _OUTSIDE.match(href):
        element.set("href", escaped(href))
        element.set("rel", "noopener nofollow")
    else:
        _become(element, "", None)


def _citation(page: Page, reference: str) -> tuple[str, Target | None]:
    cited = citation(reference)
    target = page.links.citation(*cited)
    if target:
        page.citations[cited] = None
    return "citation revoked" if target and target.revoked else "citation", target


def _term(page: Page, id: str) -> tuple[str, Target | None]:
    target = page.links.term(id)
    if target:
        page.terms[id] = None
    return "term", target


def _lesson(page: Page, reference: str) -> tuple[str, Target | None]:
    """``a/b#dasar-hukum``: whether there is such a heading is known to the check alone."""
    id, _, name = reference.partition("#")
    target = page.links.lesson(id)
    return "lesson", replace(target, href=f"{target.href}#{anchor_of(name)}") if target and name else target


#: Scheme of a reference -> the class of its link, and its place.
_RESOLVERS: dict[str, Callable[[Page, str], tuple[str, Target | None]]] = {
    "reg": _citation,
    "term": _term,
    "lesson": _lesson,
    "quiz": lambda page, id: ("quiz", page.links.quiz(id)),
}


def _become(element: ElementTree.Element, name: str, target: Target | None) -> None:
    """Make a link out of a reference, or plain text out of one that leads nowhere."""
    element.attrib.clear()
    if target is None:
        element.tag = "span"
        element.set("class", "missing")
        return
    element.attrib |= link_attributes(name, target)


def _picture(element: ElementTree.Element, page: Page) -> None:
    path, alt = unescape(element.get("src", "")), element.get("alt", "")
    target = None if _NOT_A_PATH.match(path) else page.links.picture(path)
    element.attrib.clear()
    if target is None:
        element.tag, element.text = "span", alt
        element.set("class", "missing")
        return
    page.pictures.add(target.href)
    element.attrib |= {"src": escaped(target.href), "alt": alt, "loading": "lazy"}
    if target.width and target.height:
        element.attrib |= {"width": str(target.width), "height": str(target.height)}


# --- headings and tables -------------------------------------------------------------------------------


def _heading(element: ElementTree.Element, page: Page) -> None:
    if not page.whole:
        element.tag = "p"
        return
    # the page's own title is the h1
    level = min(max(int(element.tag[1]), 2), 4)
    element.tag = f"h{level}"
    title = plain_title("".join(element.itertext()))
    anchor = new_anchor(title, page.anchors)
    element.set("id", anchor)
    if level in TOC_LEVELS:
        page.toc.append(Heading(anchor, title, level))


def plain_title(text: str) -> str:
    return " ".join(unescape(text).split())


def anchor_of(title: str) -> str:
    """The anchor of the first heading that is called so; a link may give it as ``dasar-hukum`` or ``Dasar hukum``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "bagian-" + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "tanpa-judul")


def new_anchor(title: str, taken: dict[str, int]) -> str:
    """A name nothing else in the page has; the prefix keeps it off the ids of the page around the text."""
    base = anchor_of(title)
    anchor, number = base, taken.get(base, 1)
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken[base] = number
    taken[anchor] = 1
    return anchor


def _frame(parent: ElementTree.Element, place: int) -> None:
    """A wide table scrolls within its frame, also by keyboard."""
    table = parent[place]
    frame = ElementTree.Element("div", {"class": "table", "tabindex": "0", "role": "group", "aria-label": "Tabel"})
    frame.tail, table.tail = table.tail, None
    parent[place] = frame
    frame.append(table)
