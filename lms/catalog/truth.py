"""What somebody should read against the law: what was never read so, what rests on an unsure source, what is old."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lms.catalog.coverage import Covered, Row, line
from lms.catalog.law import Confidence
from lms.catalog.model import Catalog
from lms.catalog.register import FOLDER
from lms.catalog.store import QUIZZES
from lms.errors import Said

#: Laws change: what was read longer ago is to be read again.
LASTS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Written:
    """A lesson, a quiz or the status of a regulation, and when it was last read against the law; None: never."""

    path: str
    title: str
    reviewed: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Rows of the coverage whose gist nobody checked; that are cited and unsure; that were checked too long ago.

    ``written``: files that were read too long ago, or never.
    """

    never: tuple[Covered, ...]
    unsure: tuple[Covered, ...]
    old: tuple[Covered, ...]
    written: tuple[Written, ...]

    @property
    def nothing(self) -> bool:
        return not (self.never or self.unsure or self.old or self.written)


def review(catalog: Catalog, covered: Iterable[Covered], *, today: date) -> Review:
    """What of ``covered``, and of all lessons and quizzes, is to be read against the law as of ``today``."""
    listed, since = list(covered), today - LASTS
    return Review(
        never=_only(listed, lambda _, row: row.article is not None and row.article.checked is None),
        unsure=_only(listed, lambda one, row: row.is_cited and _is_unsure(one, row)),
        old=_only(listed, lambda _, row: bool(row.article and row.article.checked and row.article.checked < since)),
        written=tuple(one for one in _written(catalog) if one.reviewed is None or one.reviewed < since),
    )


def _only(covered: Iterable[Covered], wanted: Callable[[Covered, Row], bool]) -> tuple[Covered, ...]:
    kept = (replace(one, rows=tuple(row for row in one.rows if wanted(one, row))) for one in covered)
    return tuple(one for one in kept if one.rows)


def _is_unsure(one: Covered, row: Row) -> bool:
    """Whether the wording is not known for sure: that of a whole regulation when no text of it was found."""
    if row.article is None:
        return not one.regulation.text
    return row.article.checked is not None and row.article.confidence is not Confidence.HIGH


def _written(catalog: Catalog) -> Iterator[Written]:
    for lesson in catalog.every_lesson:
        yield Written(lesson.path, lesson.title, lesson.reviewed)
    for quiz in catalog.quizzes.values():
        if quiz.items:
            yield Written(f"{QUIZZES}/{quiz.id}.md", quiz.title, quiz.reviewed)
    for regulation in catalog.regulations.values():
        yield Written(f"{FOLDER}/{regulation.id}.yml", regulation.short, regulation.as_of)


# --- told -----------------------------------------------------------------------------------------------------------

#: Part of a ``Review`` -> what it is called.
HEADINGS = {
    "never": Said("Belum pernah diperiksa terhadap naskahnya"),
    "unsure": Said("Dirujuk, tetapi sumbernya belum pasti"),
    "old": Said("Diperiksa lebih dari setahun lalu"),
}


def told(found: Review) -> str:
    """For a terminal: a line a row, as the coverage has it."""
    return "\n".join(_lines(found)).lstrip("\n") or "Tidak ada yang perlu diperiksa."


def _lines(found: Review) -> Iterator[str]:
    for name, heading in HEADINGS.items():
        covered: tuple[Covered, ...] = getattr(found, name)
        if covered:
            yield f"\n{heading} ({sum(len(one.rows) for one in covered)})\n{'materi':>6} {'cek':>5} {'soal':>5}"
        for one in covered:
            yield f"{one.regulation.short} ({one.regulation.id})"
            yield from map(line, one.rows)
    if found.written:
        files = "Materi, kuis, dan status peraturan yang ditinjau lebih dari setahun lalu, atau belum pernah"
        yield f"\n{files} ({len(found.written)})"
        yield from (f"  {one.path}: {one.reviewed or 'belum pernah'}" for one in found.written)
