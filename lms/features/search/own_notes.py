"""The notes of the person who searches: found as lessons are, by an index of their own (ADR 21)."""

from __future__ import annotations

from collections.abc import Sequence

from lms.catalog.model import Catalog
from lms.learning.api import OwnNote
from lms.memory import Memory
from lms.search import Document, Found, Index, Kind, Page, Searchable, prepare

#: People whose index is kept until their notes change: one of 500 notes takes 70 to 120 ms to make.
_KEPT = 20


def search(own: Sequence[OwnNote], asked: str, catalog: Catalog) -> Found:
    pack = prepare(catalog)
    kept = catalog.memory.remember("own notes", lambda: Memory(most=_KEPT))
    these = tuple(note.version for note in own)
    index = kept.remember(these, lambda: Index((_document(note, catalog) for note in own), pack.terms))
    return Searchable(index, pack.laws, pack.terms).search(asked)


def _document(note: OwnNote, catalog: Catalog) -> Document:
    """Its lesson helps to find it; what it says and what it quotes is what it is found by."""
    lesson = catalog.lesson_called(note.lesson)
    return Document(
        page=Page(Kind.NOTE, str(note.id)),
        title=lesson.title if lesson else note.lesson,
        text=f"{note.text} · {note.quote.exact}" if note.quote else note.text,
    )
