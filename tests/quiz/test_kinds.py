"""House tests: what every kind owes, and every code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lms.fields import Problems
from lms.quiz import items
from lms.quiz.codes import CODES
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.source import parse_item, sample

ROOM = Path(items.__file__).parents[1]
KINDS = pytest.mark.parametrize("kind", ITEM_KINDS.values(), ids=ITEM_KINDS)


@KINDS
def test_every_kind_has_an_example_without_a_mistake(kind):
    problems = Problems()
    item = parse_item(kind.example, path="", first_line=1, problems=problems)
    assert type(item) is kind
    assert {problem.code for problem in problems} <= {"Q061"}, list(problems)


@KINDS
def test_every_kind_is_documented(kind):
    assert kind.name
    assert len(kind.documentation) > 40
    assert (ROOM / "items" / f"{kind.kind}.py").is_file()


@KINDS
def test_every_kind_has_its_own_test(kind):
    assert (Path(__file__).parent / f"test_{kind.kind}.py").is_file()


@KINDS
def test_a_rule_is_told_wherever_a_part_of_the_points_can_be_earned(kind):
    item = sample(kind)
    partly = any(0 < share < 1 for share in item.worth().values()) or len(item.rows()) > 1
    assert bool(item.rule) >= partly


@KINDS
def test_no_text_for_a_page_holds_the_key(kind):
    item = sample(kind)
    assert all(option.id for option in item.choices())
    assert not re.search(r"\(x\)|\[x\]|=>|\{\{[^}]*\D[^}]*\}\}", "".join([item.stem, *item.texts()]))


def test_every_code_is_used_and_every_used_one_is_known():
    used = set()
    for path in ROOM.rglob("*.py"):
        if path.name != "codes.py":
            used |= set(re.findall(r'"(Q\d{3})"', path.read_text(encoding="utf-8")))
    assert used == set(CODES)


def test_every_code_says_something():
    assert all(len(meaning) > 10 for meaning in CODES.values())
    assert list(CODES) == sorted(CODES)


def test_files_can_be_read_at_a_sitting():
    assert [path.name for path in ROOM.rglob("*.py") if len(path.read_text("utf-8").splitlines()) > 250] == []
