"""Whether the register agrees with itself, and whether the glossary can be read at a glance."""

from __future__ import annotations

from collections.abc import Iterable

from lms.catalog import glossary, register
from lms.catalog.model import Catalog, Citation, Regulation, Status
from lms.catalog.reading import Originals
from lms.fields import Problems

LONGEST_MEANING = 400  # characters; it is shown beside the text

#: Relation -> the one the other side must write, and the code that says so.
_PAIRS = {
    "revokes": ("revoked_by", "R010"),
    "revoked_by": ("revokes", "R010"),
    "amends": ("amended_by", "R011"),
    "amended_by": ("amends", "R011"),
}


def check(catalog: Catalog, originals: Originals, problems: Problems) -> None:
    rules = _Rules(catalog, originals, problems)
    for regulation in catalog.regulations.values():
        rules.relations(regulation)
        rules.status(regulation)
        for article in regulation.articles.values():
            rules.articles(_path(regulation.id), article.counterpart, "articles", article.locator, "counterpart")
    for term in catalog.glossary.values():
        rules.articles(glossary.PATH, term.cites, term.id, "cites")
        if len(term.meaning) > LONGEST_MEANING:
            message = f"arti `{term.term}` lebih dari {LONGEST_MEANING} karakter; ringkaskan"
            problems.at(glossary.PATH).warning(originals.line(glossary.PATH, term.id, "meaning"), "G003", message)


def _path(regulation: str) -> str:
    return f"{register.FOLDER}/{regulation}.yml"


class _Rules:
    """What is asked of one entry; lines are looked up only where something is wrong."""

    def __init__(self, catalog: Catalog, originals: Originals, problems: Problems) -> None:
        self._catalog = catalog
        self._originals = originals
        self._problems = problems

    def relations(self, regulation: Regulation) -> None:
        for relation, (back, code) in _PAIRS.items():
            for id in getattr(regulation, relation):
                if id == regulation.id:
                    self._error(_path(id), "R004", f"`{relation}` menunjuk peraturan ini sendiri; hapus", relation)
                elif regulation.id not in getattr(self._catalog.regulations[id], back):
                    message = f"tulis juga `{back}: [{regulation.id}]` di {_path(id)}"
                    self._error(_path(regulation.id), code, message, relation)

    def status(self, regulation: Regulation) -> None:
        path, status = _path(regulation.id), regulation.status
        if regulation.revoked_by and status not in (Status.REVOKED, Status.PARTLY_REVOKED):
            self._error(path, "R012", "`revoked_by` terisi; `status` mestinya revoked atau partly-revoked", "status")
        if regulation.amended_by and status is Status.IN_FORCE:
            line = self._originals.line(path, "status")
            self._problems.at(path).warning(line, "R013", "`amended_by` terisi; `status` mestinya amended")
        if regulation.until and status is not Status.REVOKED:
            self._error(path, "R014", "`until` hanya untuk peraturan yang dicabut (`status: revoked`)", "until")
        if regulation.since and regulation.until and regulation.until < regulation.since:
            self._error(path, "R015", "`until` lebih dahulu daripada `since`; periksa tanggalnya", "until")

    def articles(self, path: str, cited: Iterable[Citation], *loc: str) -> None:
        for index, (id, locator) in enumerate(cited):
            if locator and locator not in self._catalog.regulations[id].articles:
                message = f"pasal `{locator}` belum ada di {_path(id)}; tambahkan atau betulkan nomornya"
                self._error(path, "X002", message, *loc, index)

    def _error(self, path: str, code: str, message: str, *loc: int | str) -> None:
        self._problems.at(path).error(self._originals.line(path, *loc), code, message)
