"""What is to be mended in a pack at work, with the files as they are. These pages are there in development only."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.catalog import course, glossary, register
from lms.catalog.check import Severity
from lms.catalog.store import QUIZZES, Unreadable
from lms.errors import NotFound
from lms.fields import Problem
from lms.web import mistakes as told
from lms.web import texts
from lms.web.guards import Permission, public, requires
from lms.web.links import Entry, link
from lms.web.site import catalog

bp = Blueprint("mending", __name__, template_folder="templates", url_prefix="/penyunting")
LINKS = {"mistakes": "mending.mistakes", "source": "mending.source", "version": "mending.version"}
MENU: tuple[Entry, ...] = ()


class UnknownFile(NotFound):
    message = "Berkas itu tidak ada di dalam paket, atau bukan teks."


@bp.get("/perbaikan")
@requires(Permission.EDIT)
def mistakes() -> ResponseReturnValue:
    """All that ``lms check`` says: first what keeps files from being read, then file by file."""
    found = told.mistakes()
    first = len(set(catalog().errors))
    return render_template(
        "studio/mistakes.html",
        groups=[_by_file(found[:first]), _by_file(found[first:])],
        errors=sum(one.severity is Severity.ERROR for one in found),
        warnings=sum(one.severity is Severity.WARNING for one in found),
        here="studio",
    )


def _by_file(found: Iterable[Problem]) -> list[tuple[str, list[Problem]]]:
    return [(path, list(problems)) for path, problems in groupby(found, lambda one: one.path)]


@bp.get("/perbaikan/<path:path>")
@requires(Permission.EDIT)
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
def version() -> ResponseReturnValue:
    """Names the files of the pack as they are now: another text, another name."""
    return sha256(repr(catalog().store.files()).encode()).hexdigest(), {"Content-Type": "text/plain"}
