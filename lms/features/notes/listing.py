"""Notes and marks in the order of the course, as the page of notes and the file to keep list them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from lms.catalog import rendering
from lms.catalog.model import Catalog, Lesson
from lms.db.notes import MarkKind
from lms.learning.api import OwnNote, lesson_marks, notes
from lms.web import notes as shown
from lms.web import texts
from lms.web.guards import me
from lms.web.site import catalog

Entry = OwnNote | lesson_marks.Mark


@dataclass(frozen=True, slots=True)
class Chapter:
    """What was noted in one lesson; ``lesson`` is None where there is no such lesson any more, called ``id``."""

    id: str
    lesson: Lesson | None
    entries: tuple[Entry, ...]

    @property
    def module(self) -> str:
        """Its title; empty without a lesson."""
        return catalog().module(self.lesson.module).title if self.lesson else ""


def own(db: Connection) -> list[Entry]:
    """All that the person who asks noted and marked, by lesson in the order of the course; lost ones last."""
    pack, user_id = catalog(), me().user_id
    places = {lesson.id: place for place, lesson in enumerate(pack.every_lesson)}
    entries: list[Entry] = [*lesson_marks.of_person(db, user_id), *notes.of_person(db, user_id)]

    def order(entry: Entry) -> tuple[int, str]:
        id = _id(entry, pack)
        return places.get(id, len(places)), id

    return sorted(entries, key=order)


def chapters(entries: Iterable[Entry]) -> list[Chapter]:
    """``entries`` as ``own`` orders them."""
    pack = catalog()
    grouped = groupby(entries, key=lambda one: _id(one, pack))
    return [Chapter(id, pack.lesson_called(id), tuple(held)) for id, held in grouped]


def _id(entry: Entry, pack: Catalog) -> str:
    lesson = pack.lesson_called(entry.lesson)
    return lesson.id if lesson else entry.lesson


def by_module(listed: Sequence[Chapter]) -> list[tuple[str, list[dict[str, Any]]]]:
    """(title of the module, its lessons as the page places them)."""
    grouped = groupby(listed, key=lambda chapter: chapter.module)
    return [(title, [_placed(chapter) for chapter in held]) for title, held in grouped]


def _placed(chapter: Chapter) -> dict[str, Any]:
    lesson = chapter.lesson
    marks = [one for one in chapter.entries if isinstance(one, lesson_marks.Mark)]
    return {
        "id": chapter.id,
        "title": lesson.title if lesson else chapter.id,
        "href": texts.lesson_url(lesson) if lesson else "",
        "marks": [
            {
                "kind": one.kind.value,
                "heading": one.heading,
                "title": shown.title_of(lesson, one.heading) if lesson and one.heading else "",
                "href": texts.lesson_url(lesson, one.heading or None) if lesson else "",
            }
            for one in sorted(marks, key=lambda one: (one.kind is MarkKind.UNCLEAR, one.heading))
        ],
        "notes": [_note(one, lesson) for one in chapter.entries if isinstance(one, OwnNote)],
    }


def _note(note: OwnNote, lesson: Lesson | None) -> dict[str, Any]:
    placed = notes.placed(note, rendering.sections(catalog(), lesson) if lesson else {})
    return {
        "text": note.text,
        "quote": note.quote.exact if note.quote else "",
        "heading": shown.title_of(lesson, placed.heading) if lesson and placed.heading else "",
        "place": shown.href(note),
        "href": shown.own_page(note),
        "changed": placed.changed,
        "changed_at": note.changed_at,
        "beginning": shown.beginning(note.text),
    }
