"""Whether the register agrees with itself, and whether the glossary can be read at a glance."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lms.catalog import glossary, register
from lms.catalog.dead_ends import DeadEnds
from lms.catalog.law import Citation, Regulation, Status
from lms.catalog.model import Catalog
from lms.catalog.reading import Originals
from lms.fields import Problems

LONGEST_MEANING = 400  # characters; it is shown beside the text

#: Words that join others and mean little by themselves; the commonest of written Bahasa Indonesia.
_FUNCTION_WORD = re.compile(
    r"ada(?:lah)?|agar|akan|antara|apa(?:bila)?|atas|atau|bagi|bahwa|baik|belum|bila|bukan|dalam|dan|dapat|dari|dengan"
    r"|di|harus|hingga|ia(?:lah)?|ini|itu|jadi|jika|juga|kami|karena|ke|kepada|ketika|kita|lain|lebih|maka|masih|mereka"
    r"|oleh|pada|para|pun|saja|saat|sampai|sangat|saya|sebagai|sebuah|secara|sehingga|sejak|selain|sebelum|semua"
    r"|seorang|seperti|serta|sesudah|setelah|setiap|si|suatu|sudah|supaya|tanpa|telah|tentang|terhadap|tetapi|tidak"
    r"|untuk|yaitu|yakni|yang"
)
#: Relation -> the one the other side must write, and the code that says so.
_PAIRS = {
    "revokes": ("revoked_by", "R010"),
    "revoked_by": ("revokes", "R010"),
    "amends": ("amended_by", "R011"),
    "amended_by": ("amends", "R011"),
}


def check(catalog: Catalog, originals: Originals, dead_ends: DeadEnds, problems: Problems) -> None:
    rules = _Rules(catalog, originals, dead_ends, problems)
    for regulation in catalog.regulations.values():
        if _path(regulation.id) not in catalog.unread:
            rules.relations(regulation)
            rules.status(regulation)
        for article in regulation.articles.values():
            rules.articles(_path(regulation.id), article.counterpart, "articles", article.locator, "counterpart")
    for term in catalog.glossary.values():
        rules.articles(glossary.PATH, term.cites, term.id, "cites")
        if len(term.meaning) > LONGEST_MEANING:
            message = f"arti `{term.term}` lebih dari {LONGEST_MEANING} karakter; ringkaskan"
            problems.at(glossary.PATH).warning(originals.line(glossary.PATH, term.id, "meaning"), "G003", message)
        for form in (term.term, *term.also):
            if _FUNCTION_WORD.fullmatch(form.casefold()):
                message = f"kata `{form}` ada di setiap materi dan akan ditandai di sana; tulis istilah yang lebih khas"
                problems.at(glossary.PATH).warning(originals.line(glossary.PATH, term.id), "G004", message)


def _path(regulation: str) -> str:
    return f"{register.FOLDER}/{regulation}.yml"


class _Rules:
    """What is asked of one entry; lines are looked up only where something is wrong."""

    def __init__(self, catalog: Catalog, originals: Originals, dead_ends: DeadEnds, problems: Problems) -> None:
        self._catalog = catalog
        self._originals = originals
        self._dead_ends = dead_ends
        self._problems = problems

    def relations(self, regulation: Regulation) -> None:
        for relation, (back, code) in _PAIRS.items():
            for id in getattr(regulation, relation):
                if id == regulation.id:
                    self._error(_path(id), "R004", f"`{relation}` menunjuk peraturan ini sendiri; hapus", relation)
                elif _path(id) in self._catalog.unread:
                    continue  # its side may be what is mistaken
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
        for index, cite in enumerate(cited):
            if cite[1] and cite[1] not in self._catalog.regulations[cite[0]].articles:
                self._dead_ends.add_citation(cite, path, self._originals.line(path, *loc, index))

    def _error(self, path: str, code: str, message: str, *loc: int | str) -> None:
        self._problems.at(path).error(self._originals.line(path, *loc), code, message)
