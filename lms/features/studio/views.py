"""The editors' pages. They read the pack and write nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from itertools import groupby

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.catalog import course, glossary, register
from lms.catalog.check import Severity
from lms.catalog.coverage import Asked, Covered, Row, empty_only, survey
from lms.catalog.store import QUIZZES, Unreadable
from lms.errors import NotFound
from lms.fields import Problem
from lms.web import mistakes as told
from lms.web import texts
from lms.web.guards import Permission, public, requires
from lms.web.links import Entry, link
from lms.web.site import catalog, site
from lms.web.words import gettext as _

View = Callable[..., ResponseReturnValue]

bp = Blueprint("studio", __name__, template_folder="templates", url_prefix="/penyunting")
LINKS = {
    "coverage": "studio.coverage",
    "mistakes": "studio.mistakes",
    "source": "studio.source",
    "version": "studio.version",
}
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


# --- what is to be mended, in development ---------------------------------------------------------------------------


class NotAtWork(NotFound):
    message = "Halaman ini hanya ada selagi paket disunting (mode pengembangan)."


class UnknownFile(NotFound):
    message = "Berkas itu tidak ada di dalam paket, atau bukan teks."


def at_work(view: View) -> View:
    """For pages that show files of the pack as they are: they raise ``NotAtWork`` where a pack is only read."""

    @wraps(view)
    def shown(**values: str) -> ResponseReturnValue:
        if not site().development:
            raise NotAtWork
        return view(**values)

    return shown


@bp.get("/perbaikan")
@requires(Permission.EDIT)
@at_work
def mistakes() -> ResponseReturnValue:
    """All that ``lms check`` says: first what keeps files from being read, then file by file."""
    found = told.mistakes()
    causes = [one for one in found if one in set(catalog().problems) and one.severity is Severity.ERROR]
    others = [one for one in found if one not in set(causes)]
    return render_template(
        "studio/mistakes.html",
        groups=[_by_file(causes), _by_file(others)],
        errors=sum(one.severity is Severity.ERROR for one in found),
        warnings=sum(one.severity is Severity.WARNING for one in found),
        here="studio",
    )


def _by_file(found: Iterable[Problem]) -> list[tuple[str, list[Problem]]]:
    return [(path, list(problems)) for path, problems in groupby(found, lambda one: one.path)]


@bp.get("/perbaikan/<path:path>")
@requires(Permission.EDIT)
@at_work
def source(path: str) -> ResponseReturnValue:
    """A file as it was written, each mistake under its line."""
    try:
        text = catalog().store.read(path).decode()
    except (Unreadable, UnicodeDecodeError) as error:
        raise UnknownFile from error
    found: dict[int, list[Problem]] = {}
    for one in told.mistakes_in(path):
        found.setdefault(one.line, []).append(one)
    lines = text.removesuffix("\n").split("\n")
    return render_template(
        "studio/source.html",
        path=path,
        page=_page_of(path),
        lines=[(number, line, found.get(number, [])) for number, line in enumerate(lines, 1)],
        here="studio",
    )


def _page_of(path: str) -> str | None:
    """Where people read what this file holds; None for a file that has no page or cannot be read."""
    lesson = next((one for one in catalog().every_lesson if one.path == path), None)
    module = next((one for one in catalog().modules.values() if one.path == path), None)
    quiz, regulation = (path.removeprefix(folder) for folder in (f"{QUIZZES}/", f"{register.FOLDER}/"))
    if lesson:
        return texts.lesson_url(lesson)
    if module:
        return link("module", module=module.id)
    if quiz.removesuffix(".md") in catalog().quizzes:
        return link("quiz", quiz=quiz.removesuffix(".md"))
    if regulation.removesuffix(".yml") in catalog().regulations:
        return texts.regulation_url(regulation.removesuffix(".yml"))
    return {course.PATH: link("outline"), glossary.PATH: link("glossary")}.get(path)


@bp.get("/versi")
@public
@at_work
def version() -> ResponseReturnValue:
    """Names the files of the pack as they are now: another text, another name."""
    return sha256(repr(catalog().store.files()).encode()).hexdigest(), {"Content-Type": "text/plain"}
