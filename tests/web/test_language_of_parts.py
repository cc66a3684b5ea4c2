"""Where the interface speaks English, what the pack says is still marked as Indonesian: a screen reader asks for it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import update

from lms.db.accounts import User
from tests.conftest import Cast
from tests.guided import guided
from tests.visitor import Visitor

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
PAGES = (
    "/beranda",
    "/rencana",
    "/materi",
    "/materi/pecahan",
    "/materi/pecahan/setengah",
    "/kuis/pecahan",
    "/progres",
    "/glosarium",
    "/regulasi",
)


class Spoken(HTMLParser):
    """The texts of a page, each with its language; the title of the page and the way to it (``crumbs``) have none."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        given, around = dict(attrs), self._open[-1][1] if self._open else ""
        skipped = tag in ("head", "script", "template") or given.get("class") == "crumbs" or around == "-"
        self._open.append((tag, "-" if skipped else given.get("lang") or around))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open:
            self.texts.append((data.strip(), self._open[-1][1]))


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    app.extensions["lms"].pack.replace(guided())
    with app.extensions["lms"].database.transaction() as db:
        db.execute(update(User).where(User.id == people.ada).values(language="en"))
    return Visitor(app).sign_in("ada")


def test_what_the_pack_says_is_marked_as_indonesian_on_english_pages(ada: Visitor) -> None:
    catalog = guided()
    written = {agenda.title for agenda in catalog.agendas} | {term.meaning for term in catalog.glossary.values()}
    for one in (*catalog.modules.values(), *catalog.every_lesson, *catalog.quizzes.values()):
        written |= {one.title, one.summary}
    met = set()
    for path in PAGES:
        for text, language in Spoken(ada.get(path).get_data(as_text=True)).texts:
            if text in written and language != "-":
                assert language == "id", (path, text)
                met.add(text)
    assert len(met) > len(catalog.modules)
