"""What docs/plugins.md promises is there, and what is there is promised."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from lms import events
from lms.learning.events import EVENTS, Event
from lms.learning.statements import statement
from tests.learning.test_statements import CATALOG, HOME, ONE_OF_EACH

GUIDE = (Path(__file__).parent.parent / "docs/plugins.md").read_text(encoding="utf-8")
SIGNALS = re.findall(r"^\| `(\w+)` \| `([A-Z]\w+)` \| [^|]+ \| ([^|]+) \|$", GUIDE, re.MULTILINE)
STATEMENTS = re.findall(r"^\| `(\w+)` \| ([^|]*) \| `([a-z]\w+)` \|([^|]*)\|$", GUIDE, re.MULTILINE)
#: What all of them hold.
COMMON = [field.name for field in dataclasses.fields(Event)]


def test_every_event_is_in_the_guide_and_no_other() -> None:
    assert {(name, value) for name, value, _ in SIGNALS} == {(event.name, event.__name__) for event in EVENTS}
    assert {name for name, *_ in SIGNALS} == events.SIGNALS.keys()


@pytest.mark.parametrize(("name", "value", "told"), SIGNALS, ids=lambda word: word if word in events.SIGNALS else "")
def test_every_field_of_an_event_is_in_the_guide(name: str, value: str, told: str) -> None:
    fields = [field.name for field in dataclasses.fields(getattr(events, value))]
    assert fields == [*COMMON, *re.findall(r"`(\w+)`", told)]
    assert all(f"`{field}`" in GUIDE for field in COMMON)


def test_every_statement_is_in_the_guide() -> None:
    assert [name for name, *_ in STATEMENTS] == [event.name for event in EVENTS]
    for event, (_, verbs, kind, result) in zip(ONE_OF_EACH, STATEMENTS, strict=True):
        said = statement(event, event.person, CATALOG, home=HOME)
        assert said is not None
        assert said["verb"]["id"].rsplit("/", 1)[1] in re.findall(r"`(\w+)`", verbs)
        assert said["object"]["definition"]["type"].endswith(f"/{kind}")
        assert {f"`{name}`" for name in said.get("result", {})} <= set(re.findall(r"`\w+`", result))
