"""References that lead nowhere: each missing thing is told once, and what waits for a broken file is only counted."""

from __future__ import annotations

import re
from collections import Counter

from lms.catalog import register
from lms.catalog.law import Citation
from lms.catalog.model import Catalog
from lms.catalog.modules import name_of
from lms.catalog.store import MODULES, QUIZZES
from lms.fields import Problems, suggestion

SHOWN = 3  # further places that are named


class DeadEnds:
    """Gathers the places that refer to what the catalog lacks, and tells of them at the end."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._missing: dict[tuple[str, str], dict[tuple[str, int], None]] = {}  # code and message -> path and line
        self._waiting: Counter[str] = Counter()  # by the broken file

    def add(self, path: str, line: int, code: str, message: str, *, file: str) -> None:
        """``file``: where what is missing stands, or would stand. Broken, it is what must be mended first."""
        if file in self._catalog.unread:
            self._waiting[file] += 1
        else:
            self._missing.setdefault((code, message), {})[path, line] = None

    def add_citation(self, cited: Citation, path: str, line: int) -> None:
        """Add a citation if it leads nowhere."""
        id, locator = cited
        regulation, file = self._catalog.regulations.get(id), f"{register.FOLDER}/{id}.yml"
        if regulation is None:
            self.add(path, line, "X001", register.unknown_regulation(id), file=file)
        elif locator and locator not in regulation.articles:
            message = f"pasal `{locator}` belum ada di {file}; tambahkan atau betulkan nomornya"
            self.add(path, line, "X002", message, file=file)

    def add_lesson(self, id: str, path: str, line: int) -> None:
        """Add the name of a lesson that is not there."""
        write = suggestion(_unnumbered(id), self._catalog.lessons) or "; tulis lesson:modul/nama-materi"
        self.add(path, line, "X003", f"materi `{id}` tidak ada{write}", file=lesson_file(self._catalog, id))

    def add_quiz(self, id: str, path: str, line: int) -> None:
        """Add the name of a quiz that is not there."""
        write = suggestion(id, self._catalog.quizzes) or "; tulis nama berkasnya tanpa .md"
        self.add(path, line, "X004", f"kuis `{id}` tidak ada{write}", file=f"{QUIZZES}/{id}.md")

    def tell(self, problems: Problems) -> None:
        for (code, message), places in self._missing.items():
            (path, line), *others = sorted(places)
            problems.at(path).error(line, code, message + _also(others))
        for file, count in self._waiting.items():
            line = min(problem.line for problem in self._catalog.errors if problem.path == file)
            problems.at(file).warning(line, "X010", f"{count} rujukan dari berkas lain menunggu perbaikan di atas")


def _also(places: list[tuple[str, int]]) -> str:
    if not places:
        return ""
    named = ", ".join(f"{path}:{line}" for path, line in places[:SHOWN])
    more = f" dan {len(places) - SHOWN} tempat lain" if len(places) > SHOWN else ""
    return f" (juga di {named}{more})"


def _unnumbered(id: str) -> str:
    """``asn/02-hak.md`` as ``asn/hak``: a lesson is called without what only orders and ends the name of its file."""
    return re.sub(r"(?<=/)[0-9]+-|\.md$", "", id)


def lesson_file(catalog: Catalog, id: str) -> str:
    """The file of a lesson that is there and cannot be read."""
    module, _, slug = id.partition("/")
    names = (path for path in catalog.unread if path.startswith(f"{MODULES}/{module}/"))
    return next((path for path in names if (name := name_of(path.rpartition("/")[2])) and name[1] == slug), "")
