"""The editors' pages. They read the pack and write nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.catalog import truth
from lms.catalog.coverage import Asked, Covered, Row, empty_only, survey
from lms.catalog.outcomes import tested
from lms.web import texts
from lms.web.guards import Permission, requires
from lms.web.links import Entry, link
from lms.web.site import catalog, now
from lms.web.words import gettext as _

View = Callable[..., ResponseReturnValue]

bp = Blueprint("studio", __name__, template_folder="templates", url_prefix="/penyunting")
LINKS = {"coverage": "studio.coverage", "outcomes": "studio.outcomes", "review": "studio.review"}
MENU = (Entry(name="studio", noun="coverage", title=lambda: _("Penyunting"), needs=Permission.EDIT, place=70),)


@dataclass(frozen=True, slots=True)
class Link:
    """``count``: how many questions of a quiz are meant; 0 for a lesson."""

    href: str
    title: str
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the coverage as the page places it; ``href``: where the article is read."""

    href: str
    label: str
    title: str
    core: bool
    lessons: tuple[Link, ...]
    checks: int
    quizzes: tuple[Link, ...]


@bp.get("/cakupan")
@requires(Permission.EDIT)
def coverage() -> ResponseReturnValue:
    """Every regulation in a line, or with ``regulation`` the articles of that one; ``empty=1``: gaps only."""
    id, only_empty = request.args.get("regulation", ""), request.args.get("empty") == "1"
    chosen = catalog().regulation(id) if id else None
    covered = survey(catalog())
    shown = empty_only(covered) if only_empty else covered
    return render_template(
        "studio/coverage.html",
        chosen=chosen,
        regulations=sorted(catalog().regulations.values(), key=lambda one: one.short),
        only_empty=only_empty,
        lines=[_line(id, row) for one in shown if one.regulation is chosen for row in _articles(one)],
        summaries=[] if chosen else _summaries(covered, {one.regulation.id for one in shown}, only_empty),
        here="studio",
    )


@bp.get("/tujuan")
@requires(Permission.EDIT)
def outcomes() -> ResponseReturnValue:
    """What tests each learning outcome; ``empty=1``: only those that no quiz asks for."""
    only_empty = request.args.get("empty") == "1"
    found = [one for one in tested(catalog()) if one.empty or not only_empty]
    lessons = [
        (texts.lesson_url(lesson), lesson.title, [(one, _quizzes(one.questions)) for one in group])
        for lesson, group in groupby(found, key=lambda one: one.lesson)
    ]
    return render_template("studio/outcomes.html", lessons=lessons, only_empty=only_empty, here="studio")


@bp.get("/pemeriksaan")
@requires(Permission.EDIT)
def review() -> ResponseReturnValue:
    """What is to be read against the law: never checked, unsure, or too long ago."""
    found = truth.review(catalog(), survey(catalog()), today=now().date())
    parts = [(_(heading), _read(getattr(found, name))) for name, heading in truth.HEADINGS.items()]
    shown = [(title, groups, sum(len(lines) for *_place, lines in groups)) for title, groups in parts if groups]
    return render_template("studio/review.html", parts=shown, written=found.written, here="studio")


def _read(covered: Iterable[Covered]) -> list[tuple[str, str, list[Line]]]:
    """Each regulation with its text, and the rows that are to be read."""
    return [
        (one.regulation.short, one.regulation.text, [_line(one.regulation.id, row) for row in one.rows])
        for one in covered
    ]


def _articles(one: Covered) -> list[Row]:
    """The rows of its articles; that of the whole, which all of them add to, only where there are none."""
    return [row for row in one.rows if row.article or not one.regulation.articles]


def _summaries(covered: Iterable[Covered], shown: set[str], only_empty: bool) -> list[dict[str, object]]:
    return [_summary(one, only_empty) for one in covered if one.regulation.id in shown]


def _summary(one: Covered, only_empty: bool) -> dict[str, object]:
    whole, *articles = one.rows
    return {
        "href": url_for(".coverage", regulation=one.regulation.id, empty="1" if only_empty else None),
        "short": one.regulation.short,
        "stands": one.regulation.stands,
        "articles": len(articles),
        "gaps": sum(row.empty for row in articles),
        "lessons": len(whole.lessons),
        "checks": len(whole.checks),
        "questions": len(whole.questions),
    }


def _line(regulation: str, row: Row) -> Line:
    return Line(
        href=texts.regulation_url(regulation, row.locator),
        label=row.label,
        title=row.title,
        core=row.core,
        lessons=tuple(Link(texts.lesson_url(lesson), lesson.title) for lesson in row.lessons),
        checks=len(row.checks),
        quizzes=_quizzes(row.questions),
    )


def _quizzes(questions: Iterable[Asked]) -> tuple[Link, ...]:
    """The quizzes that ask, each once."""
    counts = Counter((asked.place.id, asked.place.title) for asked in questions)
    return tuple(Link(link("quiz", quiz=id), title, count) for (id, title), count in counts.items())
