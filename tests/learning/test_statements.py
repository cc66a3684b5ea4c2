"""Statements follow the rules of xAPI 1.0.3, and whatever they are about has its page on this site."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.base import uuid7
from lms.learning.events import (
    EVENTS,
    AttemptMarked,
    AttemptSubmitted,
    CourseDone,
    Event,
    LessonDone,
    ModuleDone,
    PersonEnrolled,
)
from lms.learning.statements import statement
from tests.conftest import NOON, PACK
from tests.guided import guided
from tests.web.test_what_pages_tell import ON_SQLITE

CATALOG = load(Folder.at(PACK))
HOME = "https://latsar.example/"
ADA, COHORT, ATTEMPT = (UUID(int=number) for number in (1, 2, 3))
AT: dict[str, Any] = {"happened_at": NOON, "person": ADA}
TRIED: dict[str, Any] = {**AT, "attempt": ATTEMPT, "quiz": "pecahan", "number": 1, "cohort": COHORT}
MARKED = AttemptMarked(**TRIED, score=4.0, maximum=5.0, passed=True)
ONE_OF_EACH: list[Event] = [
    PersonEnrolled(**AT, cohort=COHORT, place="participant"),
    AttemptSubmitted(**TRIED, closed_by="participant"),
    MARKED,
    LessonDone(**AT, module="pecahan", lesson="pecahan/setengah"),
    ModuleDone(**AT, module="pecahan"),
    CourseDone(**AT, contents="abc"),
]


def told(event: Event, catalog: Any = CATALOG) -> Any:
    made = statement(event, uuid7(), catalog, home=HOME)
    return json.loads(json.dumps(made))


# --- the rules of the specification that concern what we say (xAPI-Data.md, 1.0.3) ------------------------------------

_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
#: Property -> those that may stand in it (2.2 to 4.5).
ALLOWED = {
    "statement": {"id", "actor", "verb", "object", "result", "context", "timestamp", "version"},
    "actor": {"objectType", "account"},
    "account": {"homePage", "name"},
    "verb": {"id", "display"},
    "activity": {"objectType", "id", "definition"},
    "definition": {"name", "description", "type", "moreInfo", "extensions"},
    "result": {"score", "success", "completion", "response", "duration", "extensions"},
    "score": {"scaled", "raw", "min", "max"},
    "context": {"registration", "instructor", "team", "contextActivities", "language", "statement", "extensions"},
    "contextActivities": {"parent", "grouping", "category", "other"},
}


def faults(said: dict[str, Any]) -> Iterator[str]:
    """What a store would refuse, or has to take for something else."""
    yield from _only("statement", said)
    if not {"actor", "verb", "object"} <= said.keys():
        yield "2.2: actor, verb and object are required"
    yield from (f"2.2: {path} is null" for path in _nulls(said))  # null stands in extensions only
    if str(UUID(said["id"])) != said["id"]:
        yield "2.4.1: the id is no UUID in its canonical form"
    yield from (*_only("actor", said["actor"]), *_only("account", said["actor"]["account"]))
    if not _IRI.fullmatch(said["actor"]["account"]["homePage"]) or not said["actor"]["account"]["name"]:
        yield "2.4.2.4: an account has a home page and a name"
    if not _IRI.fullmatch(said["verb"]["id"]) or not _languages(said["verb"]["display"]):
        yield "2.4.3: a verb is an IRI with words in a language"
    yield from (*_only("verb", said["verb"]), *_activity(said["object"]))
    yield from _result(said.get("result", {}))
    yield from _context(said.get("context", {}))
    if datetime.fromisoformat(said["timestamp"]).tzinfo is None:
        yield "2.4.7: a time without its zone"
    if not re.fullmatch(r"1\.0(\.\d+)?", said["version"]):
        yield "2.4.10: another version"


def _only(what: str, said: dict[str, Any]) -> Iterator[str]:
    yield from (f"2.2: {what} may not hold {name}" for name in said.keys() - ALLOWED[what])


def _nulls(said: Any, path: str = "") -> Iterator[str]:
    if said is None or said == {}:
        yield path
    for name, held in said.items() if isinstance(said, dict) else []:
        yield from _nulls(held, f"{path}/{name}")


def _languages(words: dict[str, str]) -> bool:
    return bool(words) and all(re.fullmatch("[a-z]{2}(-[A-Z]{2})?", tag) and word for tag, word in words.items())


def _activity(said: dict[str, Any]) -> Iterator[str]:
    yield from _only("activity", said)
    if said["objectType"] != "Activity" or not _IRI.fullmatch(said["id"]):
        yield "2.4.4.1: an activity is named by an IRI"
    if "definition" in said:
        yield from _only("definition", said["definition"])
        if not _IRI.fullmatch(said["definition"]["type"]) or not _languages(said["definition"]["name"]):
            yield "2.4.4.1: its kind is an IRI, its name in a language"


def _result(said: dict[str, Any]) -> Iterator[str]:
    yield from _only("result", said)
    if {type(said.get(name, True)) for name in ("success", "completion")} != {bool}:
        yield "2.4.5: success and completion are booleans"
    if score := said.get("score"):
        yield from _only("score", score)
        if not -1 <= score["scaled"] <= 1 or not score["min"] <= score["raw"] <= score["max"]:
            yield "2.4.5.1: a score lies between its bounds"
        if score["min"] >= score["max"]:
            yield "2.4.5.1: the least score is below the most"


def _context(said: dict[str, Any]) -> Iterator[str]:
    yield from _only("context", said)
    yield from _only("contextActivities", said.get("contextActivities", {}))
    for around in said.get("contextActivities", {}).values():
        for activity in around:
            yield from _activity(activity)
    if "registration" in said and str(UUID(said["registration"])) != said["registration"]:
        yield "2.4.6: registration is a UUID"


def test_there_is_one_of_each() -> None:
    assert [type(event) for event in ONE_OF_EACH] == list(EVENTS)


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: event.name)
def test_a_statement_follows_the_rules(event: Event) -> None:
    said = told(event)
    assert list(faults(said)) == []
    assert said["actor"]["account"] == {"homePage": HOME, "name": str(ADA)}
    assert str(COHORT) not in json.dumps(said) or "grouping" in said["context"]["contextActivities"]


def test_the_rules_notice_what_breaks_them() -> None:
    said = told(MARKED)
    broken = [
        {**said, "stored": "2026-11-23T12:00:00Z"},
        {**said, "actor": {"objectType": "Agent", "account": {"homePage": "latsar.example", "name": "x"}}},
        {**said, "actor": {**said["actor"], "mbox": "mailto:ada@example.org"}},
        {**said, "verb": {"id": "passed", "display": {"en": "passed"}}},
        {**said, "result": {**said["result"], "score": {**said["result"]["score"], "raw": 6.0}}},
        {**said, "result": {**said["result"], "success": None}},
        {**said, "context": {**said["context"], "registration": "3"}},
        {**said, "timestamp": "2026-11-23T12:00:00"},
        {**said, "version": "2.0.0"},
    ]
    for one in broken:
        try:
            found = list(faults(one))
        except ValueError as error:
            found = [str(error)]
        assert found, one


def test_what_an_attempt_came_to_is_a_pass_a_failure_or_a_score() -> None:
    def verb_and_result(catalog: Any = CATALOG, **changes: Any) -> tuple[str, Any]:
        of = {**TRIED, "score": 4.0, "maximum": 5.0, "passed": True, **changes}
        said = told(AttemptMarked(**of), catalog)
        return said["verb"]["id"].rsplit("/", 1)[1], said["result"]

    score = {"scaled": 0.8, "raw": 4.0, "min": 0, "max": 5.0}
    assert verb_and_result() == ("passed", {"completion": True, "success": True, "score": score})
    assert verb_and_result(passed=False)[0] == "failed"
    assert verb_and_result(guided(), quiz="awal") == ("scored", {"completion": True, "score": score})
    everything_dropped = verb_and_result(score=0.0, maximum=0.0)
    assert everything_dropped == ("passed", {"completion": True, "success": True})
    assert told(AttemptMarked(**TRIED, score=None, maximum=5.0, passed=None)) is None


def test_what_is_in_no_pack_any_more_is_named_by_its_id() -> None:
    said = told(AttemptMarked(**{**TRIED, "quiz": "dahulu"}, score=1.0, maximum=2.0, passed=False))
    assert list(faults(said)) == []
    assert said["object"]["definition"]["name"] == {"id": "dahulu"}
    assert "parent" not in said["context"]["contextActivities"]


@ON_SQLITE
@pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: event.name)
def test_whatever_it_is_about_has_its_page(app: Flask, event: Event) -> None:
    said = told(event)
    around = said.get("context", {}).get("contextActivities", {}).values()
    pages = app.url_map.bind("latsar.example")
    for activity in [said["object"], *(one for activities in around for one in activities)]:
        try:
            pages.match(urlsplit(activity["id"]).path)
        except HTTPException:
            pytest.fail(f"{activity['id']} is no page")
