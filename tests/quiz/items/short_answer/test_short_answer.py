from __future__ import annotations

import pytest

from lms.errors import Invalid
from lms.quiz.key_form import KeyForm, Widget
from tests.quiz.writing import mistakes, question


@pytest.mark.parametrize(
    ("given", "fraction"),
    [("danau  toba", 1), ("TOBA", 1), ("tobba", 0.5), ("Toba!", 0), ("", 0)],
)
def test_several_texts_are_accepted(given, fraction):
    item = question("= Danau Toba\n= Toba\n= 50% Tobba")
    assert item.kind == "short_answer"
    assert item.mark(item.accept([given])).fraction == fraction


def test_capitals_count_only_when_asked():
    item = question("= Toba", "case: yes")
    assert [item.mark((text,)).fraction for text in ("Toba", "toba")] == [1, 0]


@pytest.mark.parametrize(
    "given",
    ["Jum'at agung.", "jum’at agung", "  Jum'at\u00a0 Agung . ", "jum\u200b'at agung", "JUM‘AT AGUNG."],
)
@pytest.mark.parametrize("key", ["Jum'at agung", "Jum’at agung", "jum* agung"])
def test_what_thumbs_and_keyboards_do_to_a_text_is_forgiven(key, given):
    item = question(f"= {key}")
    assert item.mark(item.accept([given])).fraction == 1
    assert item.accept([given]) == (given.strip(),)


def test_a_long_dash_is_a_dash_and_no_other_sign_is_forgiven():
    item = question("= proxy-war")
    assert [item.mark((text,)).fraction for text in ("proxy–war", "Proxy—war.", "proxy war", "proxy-war!")] == [
        1,
        1,
        0,
        0,
    ]


def test_what_an_author_tells_apart_stays_apart():
    by_stop = question("= 50% S.H\n= S.H.")
    assert [by_stop.mark((text,)).fraction for text in ("S.H", "s.h.", "S.H..")] == [0.5, 1, 1]
    assert question("= S.H.").mark(("S.H",)).fraction == 0
    half_stopped = question("= 50% dr.\n= dr\n= 25% d*")
    assert [half_stopped.mark((text,)).fraction for text in ("dr", "dr.", "dr .", "d.")] == [1, 0.5, 1, 0.25]
    capitals = question("= Toba", "case: yes")
    assert [capitals.mark((text,)).fraction for text in ("Toba.", "toba", "toba.")] == [1, 0, 0]


def test_a_full_stop_costs_nothing_where_a_wildcard_takes_it_for_less():
    assert question("= Danau Toba\n= 50% Danau*").mark(("danau toba.",)).fraction == 1


def test_what_differs_by_a_full_stop_is_alike():
    item = question("= Toba")
    assert item.alike(("Tobba",), ("tobba.",))
    assert not item.alike(("Tobba",), ("Tobba!",))


@pytest.mark.parametrize(
    ("pattern", "given", "right"),
    [
        ("Danau*", "danau toba", True),
        ("Danau*", "danau", True),
        ("*Toba", "danau toba", True),
        ("Dan*To*a", "Danau Toba", True),
        ("a*a", "a", False),
        ("a*x*c", "abc", False),
        ("ab*ba", "aba", False),
        ("Danau \\*", "Danau *", True),
        ("Danau \\*", "Danau Toba", False),
        ("a\\\\*", "a\\bc", True),
        ("*a*", "a", True),
        ("*a*b*", "aba", True),
        ("*a*b*", "ba", False),
        ("*ab*ab*", "ab", False),
        ("*ab*ab*", "abab", True),
        ("*a*a", "ab a", True),
    ],
)
def test_a_star_stands_for_any_text(pattern, given, right):
    assert question(f"= {pattern}").mark((given,)).fraction == right


def test_a_pattern_is_shown_to_readers():
    item = question("= Danau * Toba\n= \\*")
    assert item.solution() == ("Danau … Toba", "*")
    assert item.mark(item.key()).fraction == 1


def test_many_stars_cost_no_time():
    item = question("= " + "a*" * 500 + "b")
    assert item.mark(("a" * 2000,)).fraction == 0


def test_one_text_is_typed():
    with pytest.raises(Invalid):
        question("= Toba").accept(["a", "b"])
    with pytest.raises(Invalid):
        question("= Toba").accept(["a" * 2001])


def test_numbers_are_texts_when_the_type_says_so():
    item = question("= 1945\n= 17", "type: short_answer")
    assert item.kind == "short_answer"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("= Toba\n=", "Q050"),
        ("= 120% Toba", "Q051"),
        ("= Toba\nDanau", "Q052"),
        ("= Toba\n= toba", "Q053"),
        ("= **", "Q054"),
        ("= 50% Toba", "Q040"),
    ],
)
def test_mistakes_have_codes(answer, code):
    assert code in mistakes(answer)


def test_case_is_yes_or_no():
    assert mistakes("= Toba", "case: mungkin") == {"Q020"}


def test_a_typed_answer_is_as_long_as_it_may_be_and_no_longer():
    item = question("= Toba")
    assert item.with_key(KeyForm(Widget.LINES, {"": "a" * 200})).key() == ("a" * 200,)
    with pytest.raises(Invalid, match="200 karakter"):
        item.with_key(KeyForm(Widget.LINES, {"": "a" * 201}))


def test_an_answer_may_follow_its_sign_at_once_and_earn_very_little():
    item = question("=ya\n= 0,5% tidak")
    assert [item.mark((text,)).fraction for text in ("ya", "tidak", "a")] == [1, 0.005, 0]
