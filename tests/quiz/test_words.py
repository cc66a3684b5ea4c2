"""Whatever a kind of question says to a person can be said in English."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid, Said
from lms.quiz.items.registry import ITEM_KINDS
from tests import translate
from tests.quiz.generated import of_kind
from tests.quiz.samples import QUESTIONS, SAMPLES
from tests.quiz.strategies import OF_EACH
from tests.quiz.test_properties import json, responses

KINDS = pytest.mark.parametrize("kind", ITEM_KINDS)
_PLACE = re.compile(r"%\(\w+\)s")
ENGLISH = {message.id for one in translate.catalogs() for message in one if message.string}


def unsaid(text: object) -> list[str]:
    """The Indonesian in ``text`` that would stay; a name or number in it has no space."""
    match text:
        case Said(template=template, values=values):
            own = [template] if _PLACE.sub("", template).strip() and template not in ENGLISH else []
            return own + [one for value in values.values() for one in unsaid(value)]
        case str() if " " in text:
            return [text]
    return []


def test_what_is_not_translated_is_noticed():
    assert unsaid("Bukan ini.") == ["Bukan ini."]
    assert unsaid(Said("Bukan %(what)s.", what="yang ini")) == ["Bukan %(what)s.", "yang ini"]
    assert unsaid(Said.joined([Said("Tulis satu jawaban saja."), Said("Bukan ini.")])) == ["Bukan ini."]


@KINDS
def test_the_name_of_a_kind(kind: str):
    assert isinstance(ITEM_KINDS[kind].name, Said)
    assert unsaid(ITEM_KINDS[kind].name) == []
    assert ITEM_KINDS[kind].name in ENGLISH


@KINDS
@OF_EACH
@given(st.data())
def test_the_rule_of_a_question(kind: str, data: st.DataObject):
    item = data.draw(of_kind(kind))
    assert item.rule is None or isinstance(item.rule, Said)
    assert unsaid(item.rule) == []


@KINDS
@OF_EACH
@given(st.data())
def test_why_an_answer_did_not_earn_all_points(kind: str, data: st.DataObject):
    item = data.draw(of_kind(kind))
    response = data.draw(st.sampled_from([item.key(), SAMPLES[kind].answer]))
    assert response is None or unsaid(item.lacking(tuple(response))) == []


@KINDS
@OF_EACH
@given(st.data())
def test_the_solution_of_a_question_is_an_authors_or_can_be_translated(kind: str, data: st.DataObject):
    item = data.draw(of_kind(kind))
    assert {part.template for part in item.solution() if isinstance(part, Said)} <= ENGLISH


@KINDS
def test_refusals(kind: str):
    item, mended = QUESTIONS[kind], SAMPLES[kind].mended
    for values in [*SAMPLES[kind].refused, 1, ["a" * (item.max_text + 1)], ["\x00"]]:
        with pytest.raises(Invalid) as refused:
            item.accept(values)
        assert unsaid(refused.value.said) == []
        assert unsaid(refused.value.fields[item.field]) == []
    form = item.key_form()
    for wrong in mended.wrong if form and mended else ():
        with pytest.raises(Invalid) as refused:
            item.with_key(form.sent(wrong))
        assert unsaid(refused.value.fields["key"]) == []


@KINDS
@OF_EACH
@given(st.data(), json | responses)
def test_refusals_of_whatever_a_client_sends(kind: str, data: st.DataObject, value: Any):
    item = data.draw(of_kind(kind))
    refused = None
    try:
        item.accept(value)
    except Invalid as error:
        refused = error.said
    assert unsaid(refused) == []
