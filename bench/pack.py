"""A pack of any size, of the same kind as the shipped one: its lessons and questions again and again, under new ids."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from lms.catalog.load import load
from lms.catalog.source import bundled

LESSONS, QUESTIONS = 5, 10  # of each module

_ITEM = re.compile(r"^(## [^\n]*\{#)(?=[a-z0-9-]+\}$)", re.MULTILINE)
_NAME = re.compile(r"^\d+-")


def write(root: Path, modules: int) -> None:
    """Make a pack in the empty folder ``root``; register, glossary and pictures are the shipped ones."""
    shipped = bundled().root
    shutil.copytree(shipped / "content", root / "content")
    (root / "quizzes").mkdir(parents=True)
    lessons, quizzes, indices = cycle(_lessons(shipped)), cycle(_quizzes(shipped)), cycle(_indices(shipped))
    for number in range(modules):
        _write_module(root, f"m{number:05}", next(indices), list(islice(lessons, LESSONS)), next(quizzes), number)


def _write_module(root: Path, id: str, index: str, lessons: Sequence[Path], quiz: str, order: int) -> None:
    folder = root / "modules" / id
    folder.mkdir(parents=True)
    folder.joinpath("index.md").write_text(_field(index, "order", str(order % 10_000)), encoding="utf-8")
    for number, path in enumerate(lessons, 1):
        text = _own(path.read_text(encoding="utf-8"), id, number)
        folder.joinpath(f"{number:02}-{_NAME.sub('', path.name)}").write_text(text, encoding="utf-8")
    text = _own(_field(quiz, "module", id), id, 0)
    root.joinpath("quizzes", f"{id}.md").write_text(text, encoding="utf-8")


def _own(text: str, module: str, number: int) -> str:
    """The ids of its questions made unique in the pack."""
    return _ITEM.sub(rf"\g<1>{module}-{number}-", text)


def _field(text: str, key: str, value: str) -> str:
    return re.sub(rf"^{key}: .*$", f"{key}: {value}", text, count=1, flags=re.MULTILINE)


def _indices(shipped: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(shipped.glob("modules/*/index.md"))]


def _lessons(shipped: Path) -> list[Path]:
    return sorted(shipped.glob("modules/*/[0-9]*.md"))


def _quizzes(shipped: Path) -> Iterator[str]:
    """The first questions of each module's quiz."""
    for module in load(bundled()).modules.values():
        for quiz in module.quizzes:
            text = (shipped / "quizzes" / f"{quiz.id}.md").read_text(encoding="utf-8")
            if not quiz.sections and len(quiz.items) >= QUESTIONS:
                yield "".join(re.split(r"(?m)^(?=## )", text)[: QUESTIONS + 1])
