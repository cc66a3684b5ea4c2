"""What the forms of overrides take, and what they say to what they cannot take."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.features.overrides import forms
from lms.learning.overrides import Rules
from lms.quiz.review import Moment, ReviewRules

OWN = {"review": "own"} | {f"review-{aspect}": "after-submit" for aspect in forms.ASPECTS}


@pytest.mark.parametrize(
    ("zone", "text", "instant"),
    [
        ("Asia/Jakarta", "2026-12-01T00:30", datetime(2026, 11, 30, 17, 30, tzinfo=UTC)),
        ("Asia/Makassar", "2026-12-01T00:30", datetime(2026, 11, 30, 16, 30, tzinfo=UTC)),
        ("Asia/Jayapura", "2026-12-01T00:30", datetime(2026, 11, 30, 15, 30, tzinfo=UTC)),
        ("Asia/Jayapura", "2027-01-01T00:00", datetime(2026, 12, 31, 15, 0, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_on_the_persons_clock(zone: str, text: str, instant: datetime) -> None:
    assert forms.rules({"opens_at": text}, zone).opens_at == instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T10:00",
        "2026-13-01T10:00",
        "2026-12-01T24:00",
        "2026-12-01",
        "01/12/2026 10:00",
        "besok",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        "1999-12-31T23:59",
        "2100-01-01T00:00",
        "2026-12-01T10:00; DROP TABLE",
        "\ud800",
        "9" * 10_000,
    ],
)
def test_a_time_that_does_not_exist_is_told_at_its_field(text: str) -> None:
    for name in ("opens_at", "closes_at"):
        with pytest.raises(Invalid) as told:
            forms.rules({name: text}, "Asia/Jayapura")
        assert set(told.value.fields) == {name}


@pytest.mark.parametrize("closes_at", ["2026-12-01T08:00", "2026-12-01T07:59", "2025-12-01T08:00"])
def test_closing_comes_after_opening(closes_at: str) -> None:
    with pytest.raises(Invalid) as told:
        forms.rules({"opens_at": "2026-12-01T08:00", "closes_at": closes_at}, "Asia/Jakarta")
    assert set(told.value.fields) == {"closes_at"}


def test_without_anything_everything_is_as_the_quiz_says() -> None:
    assert forms.rules({}, "Asia/Jakarta") == Rules(opens_at=None, closes_at=None, review=None)
    assert forms.rules(OWN | {"review": "quiz"}, "Asia/Jakarta").review is None


def test_every_aspect_of_the_matrix_is_chosen_from_the_list() -> None:
    chosen = forms.rules(OWN | {"review-answers": "never", "review-marks": "during"}, "Asia/Jakarta").review
    assert chosen == ReviewRules(marks=Moment.DURING, answers=Moment.NEVER)
    for value in ("", "kapan-kapan", "NEVER"):
        with pytest.raises(Invalid) as told:
            forms.rules(OWN | {"review-feedback": value}, "Asia/Jakarta")
        assert set(told.value.fields) == {"review-feedback"}


def test_what_waits_for_the_close_needs_one() -> None:
    waits = OWN | {"review-answers": "after-close"}
    with pytest.raises(Invalid) as told:
        forms.rules(waits, "Asia/Jakarta")
    assert set(told.value.fields) == {"review-answers"}
    assert forms.rules(waits | {"closes_at": "2026-12-01T08:00"}, "Asia/Jakarta").review


BAD_NUMBERS = ["-1", "1000000000", "1e3", "3.5", "٣", "tiga", "601", "0x10", "--1", "9" * 5000]


@pytest.mark.parametrize("text", BAD_NUMBERS)
def test_a_number_out_of_bounds_is_told_at_its_field(text: str) -> None:
    for name in ("extra_minutes", "extra_attempts"):
        with pytest.raises(Invalid) as told:
            forms.grant({"reason": "Listrik padam", name: text})
        assert set(told.value.fields) == {name}
    if text != "601":
        with pytest.raises(Invalid):
            forms.grace({"grace": text})


@pytest.mark.parametrize("reason", ["", "   ", "abc", "x" * 501, "\0" * 10])
def test_a_grant_needs_its_reason(reason: str) -> None:
    with pytest.raises(Invalid) as told:
        forms.grant({"extra_minutes": "5", "reason": reason})
    assert set(told.value.fields) == {"reason"}


@given(st.dictionaries(st.sampled_from(["opens_at", "closes_at", "review", "review-marks", "grace"]), st.text()))
def test_nothing_a_client_can_send_breaks_the_forms(form: dict[str, str]) -> None:
    for read in (lambda: forms.rules(form, "Asia/Jayapura"), lambda: forms.grace(form), lambda: forms.grant(form)):
        with suppress(Invalid):
            read()
