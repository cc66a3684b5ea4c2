"""What a lesson's page holds for everybody, put together once and kept; and what it adds for one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from lms import markup
from lms.catalog.model import Lesson, Module, Regulation, Status
from lms.features.learn import outline
from lms.features.learn.outline import Link
from lms.quiz.item import Response
from lms.web import house, texts
from lms.web import items as item_pages
from lms.web.items import EVERYTHING, NOTHING
from lms.web.words import gettext as _


def status_label(status: Status) -> str:
    labels = {
        Status.IN_FORCE: _("Berlaku"),
        Status.AMENDED: _("Berlaku, sudah diubah"),
        Status.PARTLY_REVOKED: _("Berlaku, sebagian dicabut"),
        Status.REVOKED: _("Dicabut"),
        Status.REPLACED_UNVERIFIED: _("Diduga sudah diganti"),
    }
    return labels[status]


@dataclass(frozen=True, slots=True)
class Source:
    """One cited article in the list below a lesson."""

    id: str
    label: str
    gist: str
    href: str
    status: str
    stands: bool
    note: str
    counterparts: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class LessonPage:
    """The part of a lesson's page that is the same for everybody. ``parts``: HTML, or the index of a self-check."""

    parts: tuple[Markup | int, ...]
    toc: tuple[markup.Heading, ...]
    sources: tuple[Source, ...]
    warnings: tuple[Warned, ...]
    module: Link
    agenda: str
    modules: tuple[Link, ...]
    previous: Link | None
    next: Link | None
    anchors: frozenset[str]
    as_of: date


def lesson_page(lesson: Lesson) -> LessonPage:
    return house.house().texts.keep(texts.key("page", lesson.id + lesson.digest), lambda: _lesson_page(lesson))


def _lesson_page(lesson: Lesson) -> LessonPage:
    catalog = house.catalog()
    module = catalog.module(lesson.module)
    text = texts.lesson_text(lesson)
    agenda = next(agenda for agenda in catalog.agendas if agenda.id == module.agenda)
    return LessonPage(
        parts=tuple(part.index if isinstance(part, markup.Slot) else part for part in text.parts),
        toc=text.toc,
        sources=tuple(_source(regulation, locator) for regulation, locator in text.citations),
        warnings=_warnings(regulation for regulation, _locator in text.citations),
        module=Link(outline.module_url(module), module.title),
        agenda=agenda.title,
        modules=tuple(
            Link(outline.module_url(other), other.title) for group in catalog.agendas for other in group.modules
        ),
        previous=outline.link(catalog.previous(lesson)),
        next=outline.link(catalog.next(lesson)),
        anchors=frozenset(heading.id for heading in text.toc) | {f"cek-{check.id}" for check in lesson.checks},
        as_of=catalog.course.as_of,
    )


def _source(regulation_id: str, locator: str) -> Source:
    regulation = house.catalog().regulations[regulation_id]
    article = regulation.articles.get(locator)
    return Source(
        id=texts.source_id(regulation_id, locator),
        label=f"{regulation.short} {article.label}" if article else regulation.short,
        gist=article.gist if article else regulation.title,
        href=texts.regulation_url(regulation_id, locator),
        status=status_label(regulation.status),
        stands=regulation.stands,
        note=regulation.note,
        counterparts=tuple(article_link(*pair) for pair in article.counterpart) if article else (),
    )


def article_link(regulation_id: str, locator: str) -> Link:
    regulation = house.catalog().regulations[regulation_id]
    article = regulation.articles.get(locator)
    title = f"{regulation.short} {article.label}" if article else regulation.short
    return Link(texts.regulation_url(regulation_id, locator), title)


def _warnings(cited: Any) -> tuple[Warned, ...]:
    """One notice for each revoked regulation a lesson rests on, with what replaced it."""
    regulations = (house.catalog().regulations[regulation] for regulation in dict.fromkeys(cited))
    return tuple(_warned(regulation) for regulation in regulations if not regulation.stands)


def _warned(regulation: Regulation) -> Warned:
    catalog = house.catalog()
    successors = [catalog.regulations[id].short for id in regulation.revoked_by if id in catalog.regulations]
    text = (
        _("Materi ini membahas %(old)s, yang sudah dicabut oleh %(new)s. Bacalah sebagai sejarah.",
          old=regulation.short, new=", ".join(successors))
        if successors
        else _("Materi ini membahas %(old)s, yang tidak berlaku lagi.", old=regulation.short)
    )  # fmt: skip
    return Warned(text, texts.regulation_url(regulation.id))


def parts(lesson: Lesson, page: LessonPage, responses: Mapping[str, Response]) -> list[dict[str, Any]]:
    """The page's parts with the self-checks as this person answered them: a key is shown only after an answer."""
    placed: list[dict[str, Any]] = []
    for part in page.parts:
        if isinstance(part, int):
            placed.append(_check(lesson, part, responses))
        else:
            placed.append({"html": part})
    return placed


def _check(lesson: Lesson, index: int, responses: Mapping[str, Response]) -> dict[str, Any]:
    item = lesson.checks[index]
    response = responses.get(item.id)
    return {
        "check": item_pages.view(
            item,
            number=index + 1,
            response=response,
            mark=item_pages.judged(item, response),
            visible=NOTHING if response is None else EVERYTHING,
        ),
        "action": check_url(lesson, item.id),
        "answered": response is not None,
    }


def check_url(lesson: Lesson, item_id: str) -> str:
    return house.house().texts.keep(
        texts.key("check", item_id),
        lambda: url_for("learn.check", module=lesson.module, slug=lesson.slug, item=item_id),
    )


def module_of(lesson: Lesson) -> Module:
    return house.catalog().module(lesson.module)
