"""How a note and a mark are read from their forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from lms.catalog import rendering
from lms.catalog.model import Catalog, Lesson
from lms.db.notes import MarkKind
from lms.errors import Invalid, Said
from lms.fields.typed import typed
from lms.learning.api import Writing, notes, passages

_NAME = 120  # characters of an id or of an anchor
_FARTHEST = 1_000_000  # characters of a lesson


def writing(note_id: UUID, form: Mapping[str, str], catalog: Catalog) -> Writing:
    """What was done to a note. Raises ``Invalid``.

    A lesson that is not there any more is taken as it is called: what was written in it is kept.
    """
    text = "" if form.get("action") == "delete" else _text(form)
    lesson = catalog.lesson_called(form.get("lesson", ""))
    return Writing(
        id=note_id,
        lesson=lesson.id if lesson else _line(form, "lesson")[:_NAME],
        heading=_line(form, "heading")[:_NAME],
        quote=_quote(form),
        text=text,
        version=_uuid(form.get("version", "")) or uuid4(),
        replaces=tuple(filter(None, map(_uuid, form.get("replaces", "").split()))),
    )


def _text(form: Mapping[str, str]) -> str:
    text = typed(form.get("text", ""))
    if not text:
        raise notes.NothingWritten(None, {"text": notes.NothingWritten.message})
    if len(text) > notes.LONGEST:
        says = Said(
            "Catatan paling panjang %(most)s karakter; ini %(length)s. Bagilah menjadi dua catatan.",
            most=notes.LONGEST,
            length=len(text),
        )
        raise Invalid(says, {"text": says})
    return text


def _quote(form: Mapping[str, str]) -> passages.Quote | None:
    exact = _line(form, "exact")[: notes.PASSAGE]
    if not exact:
        return None
    prefix, suffix = _line(form, "prefix")[-notes.AROUND :], _line(form, "suffix")[: notes.AROUND]
    start = form.get("start", "")
    at = min(int(start), _FARTHEST) if start.isascii() and start.isdigit() and len(start) < 9 else 0
    return passages.Quote(exact, prefix, suffix, at)


def _line(form: Mapping[str, str], name: str) -> str:
    """As the text of a page is compared: words parted by single spaces."""
    return " ".join(typed(form.get(name, "")).split())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Marking:
    kind: MarkKind
    lesson: Lesson
    heading: str
    is_set: bool


def marking(form: Mapping[str, str], catalog: Catalog) -> Marking:
    """A heading that the lesson does not have is the lesson. Raises ``UnknownLesson``, ``Invalid``."""
    lesson, heading, kind = catalog.lesson(form.get("lesson", "")), form.get("heading", ""), form.get("kind", "")
    if kind not in set(MarkKind):
        raise Invalid
    known = kind == MarkKind.BOOKMARK and heading in rendering.sections(catalog, lesson)
    return Marking(MarkKind(kind), lesson, heading if known else "", form.get("is_set") == "1")
