"""One answer on its way: what is read of it, and that everything else is refused with its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lms.db.attempts import Confidence
from lms.learning import saves
from lms.learning.attempts import LAST_REVISION, Answer

SAVE_ID = uuid4()
LEAST = {"item": "t-satu", "response": ["a"], "revision": 1, "save_id": str(SAVE_ID)}


def read(**changed: Any) -> saves.Save:
    return saves.read(LEAST | changed)


def test_the_least_a_page_sends_is_an_answer() -> None:
    assert saves.read(LEAST) == saves.Save("t-satu", Answer(values=["a"], revision=1), SAVE_ID)


def test_everything_a_page_can_say_is_read() -> None:
    found = read(
        made_at="2026-11-23T19:00:00+07:00", flagged=True, confidence="guess", version="b" * 64, revision=LAST_REVISION
    )
    assert found.answer == Answer(
        values=["a"],
        revision=LAST_REVISION,
        made_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        flagged=True,
        confidence=Confidence.GUESS,
        version="b" * 64,
    )
    assert found.answer.made_at is not None
    assert found.answer.made_at.utcoffset() == timedelta()


@pytest.mark.parametrize("response", [None, []])
def test_no_answer_is_one_taken_back(response: object) -> None:
    assert read(response=response).answer.values is None


def test_a_time_without_its_offset_could_be_any_hour() -> None:
    assert read(made_at="2026-11-23T19:00:00").answer.made_at is None


@pytest.mark.parametrize("flagged", ["true", 1, None])
def test_only_true_is_a_flag(flagged: object) -> None:
    assert read(flagged=flagged).answer.flagged is False


def test_no_confidence_is_what_a_form_without_a_choice_sends() -> None:
    assert read(confidence="").answer.confidence is None


@pytest.mark.parametrize("item", ["x", "x" * 120])
def test_an_item_is_a_word_of_some_length(item: str) -> None:
    assert read(item=item).item == item


@pytest.mark.parametrize("version", [None, "b", "b" * 64])
def test_a_version_is_named_or_not(version: str | None) -> None:
    assert read(version=version).answer.version == version


def test_an_answer_may_be_as_long_as_an_essay() -> None:
    whole = ["x" * (saves.LONGEST_ANSWER - 1), "y"]
    assert read(response=whole).answer.values == whole


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"item": None}, "soal"),
        ({"item": ""}, "soal"),
        ({"item": 7}, "soal"),
        ({"item": "x" * 121}, "soal"),
        ({"item": "\0"}, "soal"),
        ({"revision": None}, "nomor perubahan"),
        ({"revision": 0}, "nomor perubahan"),
        ({"revision": True}, "nomor perubahan"),
        ({"revision": 1.0}, "nomor perubahan"),
        ({"revision": LAST_REVISION + 1}, "nomor perubahan"),
        ({"response": "a"}, "daftar teks"),
        ({"response": {"a": 1}}, "daftar teks"),
        ({"response": ["a", 1]}, "daftar teks"),
        ({"response": ["x" * saves.LONGEST_ANSWER, "y"]}, "terlalu panjang"),
        ({"response": ["a", "\0"]}, "tidak dapat disimpan"),
        ({"save_id": None}, "UUID"),
        ({"save_id": "x"}, "UUID"),
        ({"save_id": 7}, "UUID"),
        ({"made_at": "kemarin"}, "ISO 8601"),
        ({"made_at": 7}, "ISO 8601"),
        ({"made_at": "0001-01-01T00:00:00+14:00"}, "ISO 8601"),
        ({"version": ""}, "versi"),
        ({"version": "b" * 65}, "versi"),
        ({"version": "é"}, "versi"),
        ({"version": 7}, "versi"),
        ({"confidence": "maybe"}, "keyakinan"),
        ({"confidence": ["guess"]}, "keyakinan"),
        ({"confidence": 0}, "keyakinan"),
    ],
)
def test_what_no_page_sends_is_refused_by_its_name(changed: dict[str, Any], what: str) -> None:
    with pytest.raises(saves.Unreadable) as caught:
        read(**changed)
    assert what in caught.value.what % {}
    assert what in str(caught.value)


@pytest.mark.parametrize("body", [None, [], "x", 7])
def test_a_save_is_an_object(body: object) -> None:
    with pytest.raises(saves.Unreadable, match="objek JSON"):
        saves.read(body)
