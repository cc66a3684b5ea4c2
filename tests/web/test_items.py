"""Every kind of question has its page: it asks without giving the key away, takes what a form sends, and explains."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flask import Flask, render_template_string

from lms.config import Settings
from lms.quiz import marking
from lms.quiz.item import Item
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.review import EVERYTHING, NOTHING
from lms.quiz.source import sample
from lms.web.items import scripts, view
from lms.web.kinds import folder
from tests.conftest import PACK

KINDS = pytest.mark.parametrize("kind", ITEM_KINDS)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    from lms import create_app

    path = tmp_path_factory.mktemp("pages") / "lms.db"
    app = create_app(Settings(secret_key="x" * 40, database_url=f"sqlite:///{path}", pack=str(PACK)))
    with app.test_request_context():
        yield app
    app.extensions["lms"].database.dispose()


def shown(macro: str, **context: object) -> str:
    return render_template_string(f"{{% import item.template as page %}}{{{{ page.{macro}(item) }}}}", **context)


class Form(HTMLParser):
    """What a browser would send of a form as it stands: fields by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.offered: dict[str, list[str]] = {}
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or self._select, given.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
        elif tag == "input" and given.get("type") in {"radio", "checkbox"}:
            self._offer(name, value, "checked" in given)
        elif tag == "input":
            self._offer(name, value, True)
        elif tag == "option":
            self._offer(name, value, "selected" in given)

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select

    def handle_data(self, data: str) -> None:
        if self._area:
            self._offer(self._area, data, True)
            self._area = ""

    def _offer(self, name: str, value: str, sent: bool) -> None:
        self.offered.setdefault(name, []).append(value)
        if sent and value:
            self.sent.setdefault(name, []).append(value)


def response_of(item: Item) -> tuple[str, ...]:
    return item.key() or ("Sebuah uraian.",)


@KINDS
def test_a_page_loads_the_script_of_a_kind_that_has_one(pages: Flask, kind: str) -> None:
    item = sample(ITEM_KINDS[kind])
    loaded = re.findall(r'<script type="module" src="([^"]+)"></script>', scripts([item, item]))
    script = folder(ITEM_KINDS[kind]) / "page.js"
    assert len(loaded) == script.is_file()
    for address in loaded:
        with pages.test_client().get(address) as served:
            assert _code(served.data) == _code(script.read_bytes())


def _code(script: bytes) -> list[bytes]:
    """Without the lines that only speak to whoever reads the source, which are not sent."""
    return [line for line in script.splitlines() if line and not line.lstrip().startswith(b"//")]


@KINDS
def test_asking_gives_nothing_of_the_key_away(pages: Flask, kind: str) -> None:
    item = sample(ITEM_KINDS[kind])
    page = html.unescape(shown("ask", item=view(item, visible=NOTHING)))
    secrets = [*item.feedback().values(), item.explanation, item.correct, item.incorrect, getattr(item, "rubric", "")]
    for secret in filter(None, secrets):
        assert secret not in page
    assert "selected" not in page
    assert "checked" not in page
    if item.secret_order:
        assert _order(item, page) != [option.id for option in item.choices()]


def _order(item: Item, page: str) -> list[str]:
    """The options in the order in which the first list of the page offers them."""
    first = Form(page.split("</select>")[0]).offered
    return [value.partition("=")[2] for values in first.values() for value in values if value]


@KINDS
def test_what_the_page_shows_as_answered_is_what_it_sends(pages: Flask, kind: str) -> None:
    item = sample(ITEM_KINDS[kind])
    response = response_of(item)
    page = shown("ask", item=view(item, response=response))
    assert item.read(Form(page).sent) == response
    assert item.read(Form(shown("ask", item=view(item))).sent) is None


@KINDS
def test_the_key_can_be_given_with_what_the_page_offers(pages: Flask, kind: str) -> None:
    item = sample(ITEM_KINDS[kind])
    offered = Form(shown("ask", item=view(item))).offered
    assert all(name == item.field or name.startswith(f"{item.field}.") for name in offered)
    for value in item.key() or ():
        row, _, text = value.partition("=")
        known = {choice for values in offered.values() for choice in values if choice}
        assert value in known or f"{item.field}.{row}" in offered or not known, (value, text, known)


@KINDS
def test_reviewing_tells_the_judgement_and_why(pages: Flask, kind: str) -> None:
    item = sample(ITEM_KINDS[kind])
    page = html.unescape(
        re.sub(
            r"<[^>]+>",
            "",
            shown("review", item=view(item, response=response_of(item), visible=EVERYTHING, disabled=True)),
        )
    )
    assert item.explanation.split(".")[0] in page
    assert "Menunggu dinilai" in page if item.key() is None else "Benar" in page


@KINDS
def test_reviewing_hides_what_may_not_be_seen(pages: Flask, kind: str) -> None:
    item = sample(ITEM_KINDS[kind])
    page = html.unescape(shown("review", item=view(item, response=response_of(item), visible=NOTHING, disabled=True)))
    for secret in filter(None, [*item.feedback().values(), item.explanation, item.correct, item.incorrect]):
        assert secret not in page
    for sign in ("✓", "✕", "◐", "Yang tepat", "belum tepat", "Menunggu"):
        assert sign not in page, sign


@KINDS
def test_fields_have_labels(pages: Flask, kind: str) -> None:
    page = shown("ask", item=view(sample(ITEM_KINDS[kind])))
    labelled = page.count("<label") + page.count("aria-label=")
    assert labelled >= len(re.findall(r"<(?:input|select|textarea)\b", page))


def test_what_is_said_of_options_not_chosen_waits_for_the_key(pages: Flask) -> None:
    item = sample(ITEM_KINDS["single"])
    wrong = next(option.id for option in item.choices() if option.id not in (item.key() or ()))
    all_said = view(item, response=(wrong,), visible=EVERYTHING).options
    assert all(option.feedback for option in all_said)
    told = view(item, response=(wrong,), visible=replace(EVERYTHING, answers=False)).options
    assert [option.id for option in told if option.feedback] == [wrong]


def test_what_is_said_of_a_row_left_empty_waits_for_the_key(pages: Flask) -> None:
    item = sample(ITEM_KINDS["matching"])
    item = replace(item, pairs=tuple(replace(pair, feedback="Sebab begitu.") for pair in item.pairs))
    told = replace(EVERYTHING, answers=False)
    first = item.key()[:1] if item.key() else ()
    said = [bool(row.feedback) for row in view(item, response=first, visible=told).rows]
    assert said == [True] + [False] * (len(item.rows()) - 1)
    assert not any(row.feedback for row in view(item, visible=told).rows)
    assert all(row.feedback for row in view(item, visible=EVERYTHING).rows)


@KINDS
def test_the_marks_of_single_questions_wait_for_their_review(pages: Flask, kind: str) -> None:
    """Else who tries all there is, attempt by attempt, finds the key; the score is told."""
    item = sample(ITEM_KINDS[kind])
    for response in (None, response_of(item)):
        asked = view(item, response=response, visible=NOTHING, disabled=True)
        told = view(item, response=response, visible=replace(NOTHING, marks=True), disabled=True)
        assert told == asked


def test_a_self_check_says_nothing_of_points_and_why_it_was_not_right(pages: Flask) -> None:
    item = sample(ITEM_KINDS["multiple"])
    (wrong,) = [option.id for option in item.choices() if option.id not in (item.key() or ())]
    for graded in (True, False):
        checked = view(item, response=(wrong,), visible=EVERYTHING, graded=graded)
        for page in (shown("ask", item=checked), shown("review", item=checked)):
            assert (str(item.rule) in page) == graded
        assert "1 pilihan salah ikut dipilih." in shown("review", item=checked)


def test_why_an_answer_earned_no_more_is_told_with_the_key_and_of_marks_that_the_key_gave(pages: Flask) -> None:
    item = sample(ITEM_KINDS["matching"])
    response = (item.key() or ())[:1]
    own = marking.mark_item(item, response)
    assert view(item, response=response, mark=own, visible=EVERYTHING).lacking
    assert not view(item, response=response, mark=own, visible=replace(EVERYTHING, answers=False)).lacking
    assert not view(item, response=response, mark=marking.judged(own, 0.5), visible=EVERYTHING).lacking


def test_of_options_that_are_better_or_worse_all_of_the_best_are_shown_as_such(pages: Flask) -> None:
    item = sample(ITEM_KINDS["weighted"])
    twins = replace(
        item, options=tuple(replace(one, weight=5 if one.id == "b" else one.weight) for one in item.options)
    )
    judged = view(twins, response=("b",), visible=EVERYTHING)
    assert [option.id for option in judged.options if option.right] == ["a", "b"]
    page = shown("review", item=view(item, response=("b",), visible=EVERYTHING, disabled=True))
    assert "◐" in page
    assert "✕" not in page
