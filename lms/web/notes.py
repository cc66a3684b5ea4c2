"""How a person's notes and marks stand on the page of a lesson: one place below each heading, and one at its end.

The page places them, and whatever changes one of them answers a script with the same place anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from flask import render_template
from markupsafe import Markup

from lms.catalog import rendering
from lms.catalog.model import Lesson
from lms.db.notes import MarkKind
from lms.learning.api import OwnNote, Placed, lesson_marks, notes
from lms.web import site, texts
from lms.web.guards import csrf_token
from lms.web.links import link
from lms.web.stencils import Shelf, Stencils, blank
from lms.web.words import current_language

_BEGINNING = 60  # characters of a note that are shown while it is folded


@dataclass(frozen=True, slots=True)
class NoteView:
    """``exact`` and ``start``: the passage as it stands in the lesson now; empty where there is none."""

    id: UUID
    anchor: str
    href: str
    text: str
    beginning: str
    quote: str
    exact: str
    start: int
    version: UUID
    changed: bool


def view(placed: Placed) -> NoteView:
    note, passage = placed.note, placed.passage
    return NoteView(
        id=note.id,
        anchor=anchor(note.id),
        href=own_page(note),
        text=note.text,
        beginning=beginning(note.text),
        quote=note.quote.exact if note.quote else "",
        exact=passage.exact if passage else "",
        start=passage.start if passage else 0,
        version=note.version,
        changed=placed.changed,
    )


def anchor(note_id: UUID) -> str:
    return f"n-{note_id}"


def beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _BEGINNING else f"{line[:_BEGINNING].rsplit(' ', 1)[0]}…"


def place_id(heading: str) -> str:
    return f"catatan-{heading or 'awal'}"


def href(note: OwnNote) -> str:
    """Straight to the note in its lesson, or to its own page where there is no such lesson any more."""
    lesson = site.catalog().lesson_called(note.lesson)
    return texts.lesson_url(lesson, anchor(note.id)) if lesson else own_page(note)


def own_page(note: OwnNote) -> str:
    """Where it is changed and deleted."""
    return link("note", note_id=note.id)


class Noted:
    """What a person has noted and marked in one lesson."""

    def __init__(self, lesson: Lesson, own: Sequence[OwnNote] = (), marks: Sequence[lesson_marks.Mark] = ()) -> None:
        self._lesson = lesson
        self.bookmarked = {one.heading for one in marks if one.kind is MarkKind.BOOKMARK}
        self.is_unclear = any(one.kind is MarkKind.UNCLEAR for one in marks)
        self._below: dict[str, list[NoteView]] = defaultdict(list)
        sections = rendering.sections(site.catalog(), lesson) if own else {}
        for note in own:
            placed = notes.placed(note, sections)
            self._below[placed.heading].append(view(placed))

    def heading_of(self, note_id: UUID) -> str | None:
        """The heading below which a note stands."""
        return next((heading for heading, held in self._below.items() if any(one.id == note_id for one in held)), None)

    def place(self, heading: str) -> Markup:
        """What stands below a heading; above the first where it is empty."""
        held, marked = self._below.get(heading, ()), bool(heading) and heading in self.bookmarked
        if held or marked or heading not in self._empty:
            return _placed(self._lesson, heading, held, is_bookmarked=marked)
        return self._empty[heading]

    @cached_property
    def _empty(self) -> Mapping[str, Markup]:
        """By heading, what stands below it where nothing is noted; "": above the first."""
        lesson = self._lesson
        of = lesson.id, lesson.digest, current_language()

        def make() -> Mapping[str, Markup]:
            headings = ["", *(heading.id for heading in rendering.lesson(site.catalog(), lesson).toc)]
            return {id: _placed(lesson, id, (), is_bookmarked=False) for id in headings}

        return Shelf("notes").remember(of, make)

    def ending(self) -> Markup:
        """The marks of the whole lesson, which stand near its end."""
        shape = {"is_bookmarked": "" in self.bookmarked, "is_unclear": self.is_unclear}
        marks = Stencils("_lesson_marks.html").get(
            (self._lesson.id, *shape.values()),
            lambda: {
                **shape,
                "lesson": self._lesson.id,
                "action": link("mark"),
                "fewest": lesson_marks.FEWEST,
                "token": blank("token"),
            },
        )
        return marks.fill({"token": csrf_token()})


def _placed(lesson: Lesson, heading: str, held: Sequence[NoteView], *, is_bookmarked: bool) -> Markup:
    html = render_template(
        "_noted.html",
        id=place_id(heading),
        new=link("new-note", materi=lesson.id, bagian=heading or None),
        title=title_of(lesson, heading),
        notes=held,
        is_bookmarked=is_bookmarked,
    )
    return Markup(html)  # noqa: S704 – autoescaped


def title_of(lesson: Lesson, heading: str) -> str:
    """The words of a heading; the lesson's title where there is no such heading."""
    toc = rendering.lesson(site.catalog(), lesson).toc
    return next((one.title for one in toc if one.id == heading), lesson.title)
