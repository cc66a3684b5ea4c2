"""``content/course.yml``: what the course is called, its agendas, and when something counts as done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from lms.catalog.model import Agenda, Course, Goal
from lms.catalog.reading import Cite, Source
from lms.fields import Day, Problems, Schema, Slug, Text, read

PATH = "content/course.yml"
#: Holds, while authors work, the modules whose agenda does not exist.
UNPLACED = Agenda(id="belum-ditempatkan", title="Belum ditempatkan", summary="")
_UNREAD = Course(title="Tanpa judul", subtitle="", language="id", summary="", notice="", as_of=date.min)


class _Agenda(Schema):
    id: Slug
    title: Text
    summary: Text


class _Goal(Schema):
    title: Text
    reason: Text
    lesson: str = ""
    simulation: str = ""


class _Course(Schema):
    title: Text
    subtitle: str = ""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "id"
    summary: Text
    notice: Text
    as_of: Day
    agendas: Annotated[tuple[_Agenda, ...], Field(min_length=1)]
    core: tuple[Cite, ...] = ()
    goal: _Goal | None = None
    pretest: str = ""


def read_course(source: Source | None, problems: Problems) -> tuple[Course, tuple[Agenda, ...]]:
    """The course and its agendas, still empty; stand-ins when the file cannot be used."""
    if source is None:
        return _UNREAD, ()
    head = read(_Course, source.text, path=PATH, problems=problems)
    if head is None:
        return _UNREAD, ()
    _check_ids(source, [agenda.id for agenda in head.agendas], problems)
    agendas = {one.id: Agenda(id=one.id, title=one.title, summary=one.summary) for one in reversed(head.agendas)}
    course = Course(
        title=head.title,
        subtitle=head.subtitle,
        language=head.language,
        summary=head.summary,
        notice=head.notice,
        as_of=head.as_of,
        core=head.core,
        goal=Goal(**head.goal.model_dump()) if head.goal else None,
        pretest=head.pretest,
    )
    return course, tuple(reversed(agendas.values()))


def _check_ids(source: Source, ids: Sequence[str], problems: Problems) -> None:
    for index, id in enumerate(ids):
        if id in ids[:index] or id == UNPLACED.id:
            line = source.line("agendas", index, "id")
            problems.at(PATH).error(line, "C002", f"id agenda `{id}` sudah dipakai; beri id lain")
