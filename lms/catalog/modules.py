"""``modules/<id>/``: a module's index and its lessons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Annotated

from pydantic import Field, StringConstraints

from lms.catalog.model import Lesson, Module
from lms.catalog.passages import refused
from lms.catalog.reading import Source
from lms.fields import Day, Problems, Schema, Slug, Text, read_page
from lms.markup import Fence, as_code, quiz_fences
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz
from lms.quiz.source import parse_item

INDEX = "index.md"
WORDS_A_MINUTE = 200
_NAME = re.compile(r"(?P<number>\d{2,3})-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.md")

LessonId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$", max_length=200)]


class _Index(Schema):
    title: Text
    agenda: Slug
    order: Annotated[int, Field(ge=0, le=10_000)]
    summary: Text
    outcomes: tuple[Text, ...] = ()
    reviewed: Day


class _Lesson(Schema):
    title: Text
    summary: Text
    outcomes: tuple[Text, ...] = ()
    reviewed: Day
    aliases: tuple[LessonId, ...] = ()


def read_module(
    id: str, index: Source | None, lessons: Sequence[Lesson], quizzes: Sequence[Quiz], problems: Problems
) -> Module:
    """The module in a folder. Without a usable index it gets stand-ins and no agenda."""
    path = f"modules/{id}/{INDEX}"
    found = Problems(path)
    head, body, body_line = read_page(_Index, index.text, path=path, problems=found) if index else (None, "", 1)
    refused(body, body_line, found)
    problems.extend(found)
    return Module(
        id=id,
        title=head.title if head else id,
        agenda=head.agenda if head else "",
        order=head.order if head else 0,
        summary=head.summary if head else "",
        outcomes=head.outcomes if head else (),
        reviewed=head.reviewed if head else None,
        path=path,
        introduction=body,
        introduction_line=body_line,
        lessons=tuple(lessons),
        quizzes=tuple(quizzes),
        broken=head is None or bool(found.errors),
    )


def name_of(file_name: str) -> tuple[int, str] | None:
    """``01-halves.md`` -> ``(1, "halves")``."""
    found = _NAME.fullmatch(file_name)
    return (int(found["number"]), found["slug"]) if found else None


def read_lesson(module: str, slug: str, source: Source, problems: Problems) -> Lesson:
    """The lesson in a file; what cannot be used is noted, and the lesson is ``broken``."""
    found = Problems(source.path)
    head, body, body_line = read_page(_Lesson, source.text, path=source.path, problems=found)
    fences = quiz_fences(body)
    length = _words(body, fences)
    refused(body, body_line, found)
    body, checks = _checks(module, body, body_line, fences, found)
    if not body.strip():
        found.error(body_line, "L004", "materi belum berisi teks; tulis di bawah bagian depan")
    problems.extend(found)
    return Lesson(
        id=f"{module}/{slug}",
        module=module,
        slug=slug,
        title=head.title if head else slug,
        summary=head.summary if head else "",
        outcomes=head.outcomes if head else (),
        reviewed=head.reviewed if head else None,
        aliases=head.aliases if head else (),
        path=source.path,
        body=body,
        body_line=body_line,
        checks=checks,
        minutes=max(1, ceil(length / WORDS_A_MINUTE) + len(checks)),
        digest=source.digest,
        broken=bool(found.errors),
    )


def words(body: str) -> int:
    """How many words a text has besides its self-checks."""
    return _words(body, quiz_fences(body))


def _words(body: str, fences: Sequence[Fence]) -> int:
    return len(body.split()) - sum(len(fence.source.split()) for fence in fences)


def _checks(
    module: str, body: str, body_line: int, fences: Sequence[Fence], problems: Problems
) -> tuple[str, tuple[Item, ...]]:
    """The self-checks of a body, in order.

    A broken one becomes a plain block of code in the body, so that the slots of the page and the checks still agree.
    """
    checks: list[Item] = []
    broken: list[Fence] = []
    for fence in fences:
        first_line = body_line + fence.first + 1
        item = parse_item(fence.source, path=problems.path, first_line=first_line, problems=problems, module=module)
        if refused(fence.source, first_line, problems) or item is None:
            broken.append(fence)
        else:
            checks.append(item)
    return as_code(body, broken) if broken else body, tuple(checks)


def check_aliases(lessons: Mapping[str, Lesson], sources: Mapping[str, Source], problems: Problems) -> None:
    """A former id must lead to one lesson. ``sources``: of the lessons that have former ids, by path."""
    owners: dict[str, str] = {}
    for lesson in lessons.values():
        for index, alias in enumerate(lesson.aliases):
            owner = alias if alias in lessons else owners.setdefault(alias, lesson.id)
            if owner != lesson.id:
                line = sources[lesson.path].line("aliases", index)
                message = f"nama lama `{alias}` sudah menuju materi `{owner}`; hapus salah satunya"
                problems.at(lesson.path).error(line, "L005", message)
