"""The criteria of a rubric: lines of it that say what each is worth, as ``4 poin: keadaannya disebut``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CRITERION = re.compile(r"(?:[-*+] +)?(?P<points>\d{1,4}(?:[.,]\d{1,2})?) +(?:poin|points?) *: *(?P<text>\S.*)", re.I)


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is looked for in an answer, and what it earns at most. ``text``: Markdown, one line."""

    points: float
    text: str


def criteria_in(rubric: str) -> tuple[Criterion, ...]:
    """In their order; a line that begins none goes on with the one above it, up to an empty line."""
    return tuple(part for part in _parts(rubric) if isinstance(part, Criterion))


def listed(rubric: str) -> str:
    """The rubric, each criterion an item of a list: lines that follow each other are one paragraph in Markdown."""
    return "\n".join(
        f"* {line}" if line[:1].isdigit() and _CRITERION.fullmatch(line) else line for line in rubric.split("\n")
    )


def besides(rubric: str) -> str:
    """What a rubric says that is no criterion."""
    return "\n".join(part for part in _parts(rubric) if isinstance(part, str)).strip()


def _parts(rubric: str) -> Iterator[Criterion | str]:
    """The criteria, and each line between them."""
    begun: Criterion | None = None
    for line in rubric.split("\n"):
        starts = _CRITERION.fullmatch(line.strip())
        if begun and line.strip() and not starts:
            begun = Criterion(begun.points, f"{begun.text} {line.strip()}")
            continue
        if begun:
            yield begun
        begun = Criterion(float(starts["points"].replace(",", ".")), starts["text"]) if starts else None
        if not starts:
            yield line
    if begun:
        yield begun
