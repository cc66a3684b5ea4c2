"""The guides keep their promises: every setting, command and kind of question has its place in them."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import click
import pytest

from lms.cli import main
from lms.config import Settings
from lms.quiz.items.registry import OURS

ROOT = Path(__file__).parent.parent
OPERATOR = (ROOT / "docs/operator.md").read_text(encoding="utf-8")
KINDS = (ROOT / "docs/id/jenis-soal.md").read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    names = {f"LMS_{one.name.upper()}" for one in dataclasses.fields(Settings) if one.name != "demonstration"}
    assert {name for name in names if f"`{name}`" not in OPERATOR} == set()


def commands(group: click.Group, prefix: str = "lms") -> list[str]:
    found = []
    for name, command in group.commands.items():
        found += commands(command, f"{prefix} {name}") if isinstance(command, click.Group) else [f"{prefix} {name}"]
    return found


def test_every_command_is_documented() -> None:
    guides = OPERATOR + (ROOT / "docs/id/penyunting.md").read_text(encoding="utf-8")
    assert [name for name in commands(main) if name not in guides and name != "lms develop"] == []


@pytest.mark.parametrize("kind", OURS.values(), ids=OURS)
def test_every_kind_of_question_is_explained_with_its_example(kind: type) -> None:
    assert f"\n## {kind.name} (`{kind.kind}`)\n" in KINDS  # type: ignore[attr-defined]
    assert kind.documentation in KINDS  # type: ignore[attr-defined]
    assert kind.example.rstrip() in KINDS  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=str)
def test_no_link_of_a_guide_leads_nowhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:|#|reg:|lesson:|quiz:|term:)([^)#\s]+)", _prose(path)):
        assert (path.parent / target).exists(), target


def _prose(path: Path) -> str:
    """The text without its code, in which examples of links may stand."""
    text = re.sub(r"^(`{3,}).*?^\1", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)
