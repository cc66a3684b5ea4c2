"""How a question that somebody wrote about stands in the pack today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from lms.quiz.definition import major, version
from lms.quiz.item import Item
from lms.web.site import catalog


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands in the pack now."""

    path: str
    item: Item


def places(wanted: Collection[str]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for path, item in catalog().items():
        if item.id in wanted:
            found.setdefault(item.id, Place(path, item))
    return found


def stands(question_version: str, asked_major: str, place: Place | None) -> dict[str, Any]:
    """``change``: gone, none, minor (wording) or major (key, options, weights, scoring), since it was asked."""
    if place is None:
        return {"where": "", "change": "gone"}
    if version(place.item) == question_version:
        change = "none"
    else:
        change = "minor" if major(place.item) == asked_major else "major"
    return {"where": f"{place.path}:{place.item.line}", "change": change}


def title(quiz: str) -> str:
    """What a quiz is called today; its id where the pack has it no more."""
    quizzes = catalog().quizzes
    return quizzes[quiz].title if quiz in quizzes else quiz
