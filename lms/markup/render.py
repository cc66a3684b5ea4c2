"""Markdown to safe HTML: the four steps limits, Markdown, tree, cleaning, in this order."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions.footnotes import FN_BACKLINK_TEXT, FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import BACKTICK_RE, IMAGE_LINK_RE, LINK_RE
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from lms.markup import blocks, inlines, limits, reach
from lms.markup.clean import Cleaner
from lms.markup.links import Links
from lms.markup.page import Heading, Page, finish


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a self-check; ``index`` counts the ```quiz fences of the text from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page. ``parts``: safe HTML, each complete in itself, and the slots between.

    ``citations``: (regulation, locator) in order of first use; ``terms``: ids of the terms that are linked.
    """

    parts: tuple[Markup | Slot, ...]
    toc: tuple[Heading, ...]
    words: int
    citations: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]


#: In place of a text that is refused.
NOT_SHOWN = Markup("<em>Teks ini belum dapat ditampilkan karena berkasnya masih memuat kesalahan.</em>")


def render(text: str, links: Links) -> Rendered:
    """Render a whole page; raises ``TextRefused``."""
    page = Page(links, whole=True)
    html = _converter(whole=True).convert(text, page)
    return Rendered(_parts(html), tuple(page.toc), page.words, tuple(page.citations), tuple(page.terms))


def sections(text: str) -> frozenset[str]:
    """The anchors that the headings of a page have; a text that is refused has none."""
    return frozenset(_headings_of(text).anchors)


def table_of_contents(text: str) -> tuple[Heading, ...]:
    """The headings that a page lists; a text that is refused has none."""
    return tuple(_headings_of(text).toc)


def _headings_of(text: str) -> Page:
    page = Page(Nowhere(), whole=True)
    try:
        _converter(whole=True).convert(text, page)
    except limits.TextRefused:
        return Page(Nowhere(), whole=True)
    return page


class Nowhere:
    """Links that lead nowhere: of a text for which only its headings, or the addresses of other sites, matter."""

    def citation(self, regulation: str, locator: str) -> None: ...
    def lesson(self, id: str) -> None: ...
    def quiz(self, id: str) -> None: ...
    def term(self, id: str) -> None: ...
    def picture(self, path: str) -> None: ...
    def terms(self) -> Mapping[str, str]:
        return {}


def fragment(text: str, links: Links) -> Markup:
    """Render a part of a page: no anchors, footnotes, slots, nor marked terms; raises ``TextRefused``."""
    return Markup(_converter(whole=False).convert(text, Page(links, whole=False)))  # noqa: S704 – just cleaned


def inline(text: str, links: Links) -> Markup:
    """Like ``fragment``; a single paragraph comes without its ``<p>``, to be placed in a label."""
    html = fragment(text, links)
    single = re.fullmatch(r"<p>((?:(?!</?p>).)*)</p>", html.strip(), re.DOTALL)
    return Markup(single[1]) if single else html  # noqa: S704 – part of what was just cleaned


_SLOT = re.compile(r'<hr class="slot-([0-9]+)">')


def _parts(html: str) -> tuple[Markup | Slot, ...]:
    """Cut at the slots: even pieces are HTML, odd ones the numbers of slots."""
    pieces = _SLOT.split(html)
    parts = [Slot(int(piece)) if odd % 2 else Markup(piece.strip()) for odd, piece in enumerate(pieces)]  # noqa: S704
    return tuple(part for part in parts if part)


class _Finish(Treeprocessor):
    """Hands the finished tree to ``page.finish``."""

    page: Page

    def run(self, root: ElementTree.Element) -> None:
        finish(root, self.page)


class _Footnotes(FootnoteExtension):
    def unique_ref(self, reference: str, found: bool = False) -> str:
        """``fnref-a``, ``fnref2-a``, …, as theirs, which goes through all earlier ones for each."""
        if not found:
            return reference
        number = self.found_refs[reference] = self.found_refs.get(reference, 0) + 1
        name, separator, note = reference.partition(self.get_separator())
        return f"{name}{number}{separator}{note}" if number > 1 else reference

    def makeFootnotesDiv(self, root: ElementTree.Element) -> ElementTree.Element | None:  # noqa: N802 – theirs
        """Theirs gives a note without a text no way back, and fails where it wants to number it."""
        notes = super().makeFootnotesDiv(root)
        for note in () if notes is None else notes.findall("ol/li"):
            if not len(note):
                id = note.get("id", "").removeprefix(f"fn{self.get_separator()}")
                way = {"class": "footnote-backref", "href": f"#{self.makeFootnoteRefId(id)}"}
                ElementTree.SubElement(ElementTree.SubElement(note, "p"), "a", way).text = FN_BACKLINK_TEXT
        return notes


class _Converter:
    """A Markdown instance and what goes with it; neither can be shared between threads."""

    def __init__(self, *, whole: bool) -> None:
        extensions = [TableExtension(use_align_attribute=True), SaneListExtension()]
        if whole:
            extensions.append(
                _Footnotes(SEPARATOR="-", BACKLINK_TITLE="Kembali ke teks, catatan %d", USE_DEFINITION_ORDER=False)
            )
        self._markdown = Markdown(extensions=extensions, output_format="html")
        self._finish = _Finish(self._markdown)
        self._cleaner = Cleaner()
        _remove(self._markdown)
        _shorten(self._markdown)
        blocks.install(self._markdown, slots=whole)
        inlines.install(self._markdown)
        # behind "unescape" (0), the last of Python-Markdown's own
        self._markdown.treeprocessors.register(self._finish, "finish", -10)

    def convert(self, text: str, page: Page) -> str:
        limits.refuse(text)
        self._finish.page = page
        try:
            html = self._markdown.reset().convert(text)
            return self._cleaner.clean(html, frozenset(page.pictures))
        except RecursionError as error:
            raise limits.TextRefused("teks bersarang terlalu dalam; sederhanakan", code="T004") from error
        finally:
            del self._finish.page  # it leads to the caller's catalog, which a converter outlives


def _remove(markdown: Markdown) -> None:
    """Take away what our Markdown does not have.

    Raw HTML (it is shown as text); indented code (fences are plainer); references by name (a definition of ten
    kilobytes used ten thousand times); the disguise of mail addresses.
    """
    markdown.preprocessors.deregister("html_block")
    for name in ("code", "reference"):
        markdown.parser.blockprocessors.deregister(name)
    for name in (
        "html",
        "entity",
        "automail",
        "reference",
        "image_reference",
        "short_reference",
        "short_image_ref",
    ):
        markdown.inlinePatterns.deregister(name)


def _shorten(markdown: Markdown) -> None:
    """Put the readers that do not read on and on in the places of Python-Markdown's own."""
    markdown.inlinePatterns.register(reach.Code(BACKTICK_RE), "backtick", 190)
    markdown.inlinePatterns.register(reach.Link(LINK_RE, markdown), "link", 160)
    markdown.inlinePatterns.register(reach.Picture(IMAGE_LINK_RE, markdown), "image_link", 150)


_LOCAL = threading.local()


def _converter(*, whole: bool) -> _Converter:
    """This thread's converter, built at its first rendering."""
    name = "page" if whole else "fragment"
    found: _Converter | None = getattr(_LOCAL, name, None)
    if found is None:
        found = _Converter(whole=whole)
        setattr(_LOCAL, name, found)
    return found
