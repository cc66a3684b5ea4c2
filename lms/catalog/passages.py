"""The stretches of a quiz that limits are asked of: a question at a time, as pages show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lms.catalog.reading import Source
from lms.fields import Problems, split_front_matter
from lms.markup import mask, refusals_of
from lms.quiz.notes import without_notes

_HEADING = re.compile(r"^#{1,2}[ ]", re.MULTILINE)
LARGE_QUIZ = 200_000  # characters


def passages(quiz: Source) -> Iterator[tuple[int, str]]:
    """What stands below each heading of a quiz, with its first line in the file; a quiz too large is one stretch."""
    _, body, _, line = split_front_matter(quiz.text)
    text = without_notes(body, 1).text
    lines = text.split("\n")
    if len(text) > LARGE_QUIZ:
        yield line, text
        return
    starts = [at for at, one in enumerate(mask(text).split("\n")) if at and _HEADING.match(one)]
    for first, end in pairwise([0, *starts, len(lines)]):
        yield line + first, "\n".join(lines[first:end])


def refused(text: str, line: int, problems: Problems) -> bool:
    """Whether a text breaks a limit, so that no page shows it; each is noted. ``line``: its first in the file."""
    flaws = refusals_of(text)
    for flaw in flaws:
        problems.error(line + flaw.line - 1, flaw.code, flaw.message)
    return bool(flaws)
