"""What a lesson's page holds for everybody, put together once and kept; and what it adds for one person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask import render_template, url_for
from markupsafe import Markup

from lms import markup
from lms.catalog import rendering
from lms.catalog.law import Citation, Regulation, Status
from lms.catalog.model import Lesson, Module
from lms.features.learn import outline
from lms.features.learn.outline import Link
from lms.learning.api import Records, notes, progress, reading
from lms.quiz.item import Item, Response
from lms.quiz.review import EVERYTHING
from lms.web import items as item_pages
from lms.web import site, texts
from lms.web.guards import csrf_token
from lms.web.notes import Noted
from lms.web.stencils import Shelf, Stencils, blank
from lms.web.words import current_language
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
    """The part of a lesson's page that is the same for everybody.

    ``parts``: HTML, the index of a self-check, or the id of the heading whose notes stand here; ``checks``: where the
    answer to each self-check is sent.
    """

    parts: tuple[Markup | int | str, ...]
    module: Link
    next: Link | None
    anchors: frozenset[str]
    head: Markup
    tools: Markup
    opening: Markup
    ending: Markup
    contents: Markup
    finish: str
    position: str
    checks: tuple[str, ...]
    scripts: Markup
    words: Markup


def lesson_page(lesson: Lesson) -> LessonPage:
    of = lesson.id, lesson.digest, current_language()
    return Shelf("page").remember(of, lambda: _lesson_page(lesson))


def _lesson_page(lesson: Lesson) -> LessonPage:
    catalog = site.catalog()
    module = catalog.module(lesson.module)
    text = texts.lesson_text(lesson)
    link, following = Link(outline.module_url(module), module.title), outline.step_link(catalog.next(lesson))
    return LessonPage(
        parts=tuple(_parts(text)),
        module=link,
        next=following,
        anchors=frozenset(heading.id for heading in text.toc) | {f"cek-{check.id}" for check in lesson.checks},
        head=_placed("head", lesson=lesson, module=link),
        tools=_placed("tools", href=texts.lesson_url(lesson)),
        opening=_placed("opening", lesson=lesson, warnings=_warnings(lesson, text.citations)),
        ending=_placed(
            "ending",
            previous=outline.step_link(catalog.previous(lesson)),
            next=following,
            sources=tuple(source(regulation, locator) for regulation, locator in text.citations),
            as_of=catalog.course.as_of,
        ),
        contents=_placed("contents", toc=text.toc, module=link),
        finish=url_for(".finish", module=lesson.module, slug=lesson.slug),
        position=url_for(".position", module=lesson.module, slug=lesson.slug),
        checks=tuple(
            url_for(".check", module=lesson.module, slug=lesson.slug, item=check.id) for check in lesson.checks
        ),
        scripts=item_pages.scripts(lesson.checks),
        words=_placed(
            "words",
            lesson=lesson,
            nothing=_(reading.NothingAnswered.message),
            nothing_written=_(notes.NothingWritten.message),
            longest_note=notes.LONGEST,
        ),
    )


def _parts(text: markup.Rendered) -> Iterator[Markup | int | str]:
    yield ""
    for place, part in enumerate(text.parts):
        if isinstance(part, markup.Slot):
            yield part.index
            continue
        for number, (heading, html) in enumerate(
            rendering.after_headings(_placed("part", html=part, first=place == 0))
        ):
            if number:
                yield heading
            yield Markup(html)  # noqa: S704 – a piece of it


def _placed(piece: str, **values: object) -> Markup:
    """A part of the page that says the same to everybody."""
    return Markup(render_template(f"learn/lesson_{piece}.html", **values))  # noqa: S704 – autoescaped


def source(regulation_id: str, locator: str) -> Source:
    regulation = site.catalog().regulations[regulation_id]
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
    regulation = site.catalog().regulations[regulation_id]
    article = regulation.articles.get(locator)
    title = f"{regulation.short} {article.label}" if article else regulation.short
    return Link(texts.regulation_url(regulation_id, locator), title)


def _warnings(lesson: Lesson, cited: Iterable[Citation]) -> tuple[Warned, ...]:
    """A notice for each revoked regulation a lesson rests on, and for each whose status changed since its review."""
    catalog = site.catalog()
    regulations = (catalog.regulations[regulation] for regulation in dict.fromkeys(id for id, _locator in cited))
    revoked = tuple(_revoked(regulation) for regulation in regulations if not regulation.stands)
    return revoked + tuple(map(_changed, catalog.changed_since(lesson.citations, lesson.reviewed)))


def _revoked(regulation: Regulation) -> Warned:
    catalog = site.catalog()
    successors = [catalog.regulations[id].short for id in regulation.revoked_by if id in catalog.regulations]
    text = (
        _("Materi ini mengutip %(old)s, yang sudah dicabut oleh %(new)s. Bacalah kutipan itu sebagai sejarah.",
          old=regulation.short, new=", ".join(successors))
        if successors
        else _("Materi ini mengutip %(old)s, yang tidak berlaku lagi.", old=regulation.short)
    )  # fmt: skip
    return Warned(text, texts.regulation_url(regulation.id))


def _changed(regulation: Regulation) -> Warned:
    text = _(
        "Status %(short)s berubah (%(status)s) sesudah materi ini terakhir diperiksa; isinya mungkin belum mengikuti.",
        short=regulation.short,
        status=status_label(regulation.status),
    )
    return Warned(text, texts.regulation_url(regulation.id))


def text(
    lesson: Lesson, page: LessonPage, responses: Mapping[str, Response], back: Mapping[str, str], noted: Noted
) -> Markup:
    """The lesson with what this person noted, and its self-checks as they answered them: a key is shown only after an
    answer.

    ``back``: field -> what was typed there and is no answer.
    """

    def own(part: Markup | int | str) -> Markup:
        if isinstance(part, int):
            return _check(lesson, page, part, responses, back)
        return part if isinstance(part, Markup) else noted.place(part)

    return Markup("\n".join(map(own, page.parts)))  # noqa: S704 – Markup


def check(lesson: Lesson, item: Item, responses: Mapping[str, Response]) -> Markup:
    """One self-check of it, as ``text`` holds it."""
    return _check(lesson, lesson_page(lesson), lesson.checks.index(item), responses, {})


def standing(lesson: Lesson, records: Records) -> dict[str, str]:
    """What the page says of how far the person is, by the ids of its elements."""
    state = progress.lesson_state(lesson, records)
    (here,) = (step for step in steps(lesson, records) if step.is_current)
    return {
        "angka": render_template("learn/_figures.html", lesson=lesson, state=state),
        "sisa": render_template("learn/_left.html", state=state),
        "di-sini": here.html,
    }


@dataclass(frozen=True, slots=True)
class PlacedStep:
    """A step of the module in the list beside a lesson."""

    html: Markup
    is_current: bool


def steps(lesson: Lesson, records: Records) -> tuple[PlacedStep, ...]:
    """The steps of its module, one of which it is itself."""
    listed = outline.steps(module_of(lesson), records, lesson.id)
    of = lesson.id, tuple(one.state for one in listed), current_language()
    return Shelf("steps").remember(of, lambda: tuple(map(_placed_step, listed)))


def _placed_step(step: outline.Step) -> PlacedStep:
    return PlacedStep(Markup(render_template("learn/_step.html", step=step)), step.current)  # noqa: S704 – autoescaped


def _check(
    lesson: Lesson, page: LessonPage, index: int, responses: Mapping[str, Response], back: Mapping[str, str]
) -> Markup:
    item, number, action = lesson.checks[index], index + 1, page.checks[index]
    response = responses.get(item.id)
    if item.field in back:
        view = item_pages.view(item, number=number, response=item.accept([back[item.field]]))
        return Markup(render_template("learn/_check.html", item=view, action=action, token=csrf_token()))  # noqa: S704
    if response is None:
        asked = Stencils("learn/_check.html").get(
            (lesson.digest, item.id),
            lambda: {
                "item": item_pages.view(item, number=number, graded=False),
                "action": action,
                "token": blank("token"),
            },
        )
        return asked.fill({"token": csrf_token()})
    mark = item_pages.judge(item, response)
    judged = item_pages.view(item, number=number, response=response, mark=mark, visible=EVERYTHING, graded=False)
    return _placed("checked", item=judged, action=action)


def module_of(lesson: Lesson) -> Module:
    return site.catalog().module(lesson.module)
