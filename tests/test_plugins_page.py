"""docs/plugins.md promises what is there, all of it, in the version that the code names."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from lms import plugins
from lms.quiz.item import Item
from lms.version import PROMISES
from lms.web.items import ItemView

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/plugins.md").read_text(encoding="utf-8")
PARTS = ROOT / "lms/web/templates/items/_parts.html"


def section(heading: str) -> str:
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def listed(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def between(start: str, end: str) -> str:
    return section("Question kinds").split(start)[1].split(end)[0]


def rows(text: str) -> dict[str, list[str]]:
    return {row[0]: listed(row[1]) for row in re.findall(r"^\| (must be|may be|is there).*? \| (.*) \|$", text, re.M)}


def test_the_versions_are_those_of_the_code() -> None:
    told = dict(re.findall(r"\| `(lms\.\w+)` \| (\d+) \|$", section("Versions"), re.M))
    assert {group: int(version) for group, version in told.items()} == dict(PROMISES)
    assert {plugins.PACKS, plugins.ITEMS} <= PROMISES.keys()
    assert f"promise: ClassVar[int] = {PROMISES[plugins.ITEMS]}" in PAGE
    for group in PROMISES:
        assert f'[project.entry-points."{group}"]' in PAGE


def imported(code: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("lms"):
            yield from ((node.module, alias.name) for alias in node.names)


def test_all_that_may_be_imported_is_there() -> None:
    promised = set(imported(between("```python\n", "```")))
    assert promised
    for_tests = re.findall(r"`(lms\.[\w.]+)` \(((?:`\w+`,?\s*)+)\)", between("and, for its tests,", "What it writes"))
    promised |= {(module, name) for module, names in for_tests for name in listed(names)}
    assert ("lms.catalog.check", "report") in promised
    for module, name in promised:
        assert hasattr(importlib.import_module(module), name), f"{module}.{name}"


def test_the_sample_does_with_what_may_be_imported() -> None:
    promised = set(imported(between("```python\n", "```")))
    used = set(imported((ROOT / "tests/sample_kind/latsar_calendar/__init__.py").read_text(encoding="utf-8")))
    assert used <= promised
    test = (ROOT / "lms/catalog/templates/pack/test_pack.txt").read_text(encoding="utf-8")
    assert {name for _, name in imported(test)} <= set(listed(between("and, for its tests,", "What it writes")))


def members() -> dict[str, bool]:
    """Every part of a kind as the page writes it, and whether it must be written."""
    found = {name: not hasattr(Item, name) for name in Item.__annotations__}  # a field has its slot
    for name, member in vars(Item).items():
        if isinstance(member, property):
            found[name] = False
        elif isinstance(member, classmethod) or (inspect.isfunction(member) and not name.startswith("__")):
            function = member.__func__ if isinstance(member, classmethod) else member
            (_, *parameters) = inspect.signature(function).parameters.values()
            bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
            found[f"{name}{inspect.Signature(bare)}"] = name in Item.__abstractmethods__
    return found


def test_every_part_of_a_kind_is_listed_as_it_is() -> None:
    told, there = rows(section("Question kinds")), members()
    assert sorted(name for names in told.values() for name in names) == sorted(there.keys() - {"_asked()"})
    assert sorted(told["must be"]) == sorted(name for name, must in there.items() if must)
    assert {one.name for one in dataclasses.fields(Item)} <= set(told["is there"])


def test_all_that_a_page_is_given_is_listed() -> None:
    told = listed(between("of `lms/web/items.py`)", "The macros of"))
    own = [name for name, member in vars(ItemView).items() if isinstance(member, property)]
    assert sorted(told) == sorted([*(one.name for one in dataclasses.fields(ItemView)), *own])


def test_every_macro_is_listed_as_it_is() -> None:
    told = listed(section("Question kinds").split("The macros of `items/_parts.html`:")[1])
    assert sorted(told) == sorted(re.findall(r"{% macro (.+?) %}", PARTS.read_text(encoding="utf-8")))


def test_the_page_shows_how_the_sample_is_named() -> None:
    written = (ROOT / "tests/sample_kind/pyproject.toml").read_text(encoding="utf-8")
    assert between("```toml\n", "```") in written
