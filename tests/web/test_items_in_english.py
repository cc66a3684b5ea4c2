"""Every kind of question speaks English where the reader does; what an author wrote stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from flask import Flask, g

from lms.config import Settings
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.review import EVERYTHING
from lms.quiz.source import sample
from lms.web.items import view
from tests import translate
from tests.conftest import PACK, Cast
from tests.features.attempts.test_views import start
from tests.quiz.samples import ASKED, QUESTIONS, QUIZ, SAMPLES, all_asked
from tests.visitor import Visitor
from tests.web.test_items import response_of, shown

KINDS = pytest.mark.parametrize("kind", ITEM_KINDS)
#: Sentences and words of the pages of questions; ``{name}`` and ``%(n)s`` stand for anything.
INDONESIAN = {
    message.id: re.compile(r"\b" + re.sub(r"%\\\(\w+\\\)s|\\\{\w+\\\}", ".+", re.escape(message.id)) + r"(?!\w)")
    for catalog in translate.catalogs()
    for message in catalog
    if message.id and message.id != message.string
    # those of other packages hold nothing else, and do not say where
    if not message.locations or any(re.search(r"items?[/.]", path) for path, _line in message.locations)
}


class Interface(HTMLParser):
    """What a page says itself: labels, and texts outside of what is marked as Indonesian."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[bool] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in {"input", "br", "img"}:
            self._open.append(given.get("lang") == "id" or tag == "option")
        self.said += [value for name, value in given.items() if value and re.match(r"aria-label$|data-", name)]

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.said.append(data)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    from lms import create_app

    path = tmp_path_factory.mktemp("pages") / "lms.db"
    app = create_app(Settings(secret_key="x" * 40, database_url=f"sqlite:///{path}", pack=str(PACK)))
    with app.test_request_context():
        g.lms_language = "en"
        yield app
    app.extensions["lms"].database.dispose()


def indonesian(page: str) -> list[str]:
    said = " | ".join(Interface(page).said)
    return [text for text, pattern in INDONESIAN.items() if pattern.search(said)]


@KINDS
def test_a_question_is_asked_and_explained_in_english(pages: Flask, kind: str) -> None:
    item = replace(sample(ITEM_KINDS[kind]), title="", hint="?")
    for response in (None, response_of(item)):
        asked = shown("ask", item=view(item, response=response))
        judged = shown("review", item=view(item, response=response, visible=EVERYTHING, rubric=True, disabled=True))
        assert Interface(asked).said
        assert indonesian(asked) == []
        assert indonesian(judged) == []


def test_indonesian_would_be_noticed(pages: Flask) -> None:
    g.lms_language = "id"
    found = {text for kind in ITEM_KINDS.values() for text in indonesian(shown("ask", item=view(sample(kind))))}
    g.lms_language = "en"
    assert {"Boleh lebih dari satu.", "Naikkan: {name}", "Celah %(n)s", "Jawaban Anda"} <= found


def test_the_rule_of_each_question_is_told_on_it_in_english_and_not_before(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    front = ada.get(f"/kuis/{QUIZ}").get_data(as_text=True)
    page = ada.get(start(ada, QUIZ)).get_data(as_text=True)
    rules = [item.rule for item in ASKED.values() if item.rule]
    english = {message.id: message.string for message in translate.catalog()}
    assert len(rules) > 3
    for rule in rules:
        assert rule not in page
        assert english[rule] in page
        assert english[rule] not in front


@KINDS
def test_a_refusal_is_told_in_english(app: Flask, people: Cast, kind: str) -> None:
    ada = Visitor(app).sign_in("ada")
    ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    app.extensions["lms"].pack.replace(all_asked())
    attempt = start(ada, QUIZ)
    for values in SAMPLES[kind].refused:
        body = {"item": QUESTIONS[kind].id, "response": values, "revision": 1, "save_id": str(uuid4()), "version": None}
        answered = ada.send(f"{attempt}/simpan", body)
        assert answered.status_code == 400
        assert indonesian(answered.get_json()["error"]["message"]) == []
