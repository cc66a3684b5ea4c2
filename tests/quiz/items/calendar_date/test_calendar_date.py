"""The kind of the sample package: what it does itself; all that kinds owe is asked of it with ours."""

from __future__ import annotations

import pytest
from babel.messages.extract import extract_from_dir
from latsar_calendar import CalendarDate

from lms.web.kinds import folder
from tests import translate
from tests.quiz.writing import mistakes, question

NAMED = "type: calendar_date"


@pytest.mark.parametrize(
    ("given", "fraction"), [("2026-11-23", 1), ("2026-11-26", 1), ("2026-11-27", 0), ("20261123", 1), ("besok", 0)]
)
def test_a_day_near_enough_is_right(given, fraction):
    item = question("= 2026-11-23\n= 2020-01-01", f"{NAMED}\nwithin: 3")
    assert isinstance(item, CalendarDate)
    assert item.mark((given,)).fraction == fraction


def test_the_last_days_of_the_calendar_are_judged_too():
    item = question("= 9999-12-31\n= 0001-01-01", f"{NAMED}\nwithin: 999")
    assert (item.mark(("9999-12-01",)).fraction, item.mark(("0001-01-02",)).fraction) == (1, 1)


def test_what_is_no_day_is_kept_and_doubted():
    item = question("= 2026-11-23", NAMED)
    assert item.accept([" 23 November "]) == ("23 November",)
    assert item.doubt(("23 November",))
    assert item.lacking(("23 November",)) == "Tanggal ini tidak ada di kalender."
    assert item.alike(("2026-11-23",), ("20261123",))
    assert not item.alike(("x",), ("y",))


@pytest.mark.parametrize(("answer", "field"), [("= besok", ""), ("= 2026-02-30", ""), ("= 2026-11-23", "within: -1")])
def test_a_mistake_has_the_code_of_kinds_from_other_packages(answer, field):
    assert mistakes(answer, f"{NAMED}\n{field}".rstrip()) == {"Q099"}


def test_it_is_asked_only_where_it_is_named():
    assert question("= 2026-11-23 tahun", "type: short_answer").kind == "short_answer"
    assert mistakes("= benar", "within: 3") == {"Q017"}


def test_all_it_says_is_translated():
    place = folder(CalendarDate)
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    said = {message for _, _, message, _, _ in extract_from_dir(place, methods, keywords={"_": None, "Said": None})}
    ours, theirs = ({message.id for message in one if message.id} for one in translate.catalogs())
    assert said - ours == theirs
