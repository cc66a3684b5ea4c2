"""How somebody goes through the answers, and what comes next that way. It stands in the address of each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request, url_for

BY_PERSON, BLIND, SECOND = "orang", "tanpa-nama", "kedua"


@dataclass(frozen=True, slots=True)
class Way:
    """``by_person``: all answers of one attempt, not all answers to one question. ``blind``: without names.

    ``second``: as the second marker, without what the first one gave.
    """

    by_person: bool = False
    blind: bool = False
    second: bool = False

    @property
    def query(self) -> dict[str, Any]:
        """What the address says of it."""
        asked = {"urut": BY_PERSON if self.by_person else "", BLIND: "1" if self.blind else ""}
        return {name: value for name, value in {**asked, SECOND: "1" if self.second else ""}.items() if value}


def asked() -> Way:
    """The way that the address of this request names."""
    by_person = request.args.get("urut") == BY_PERSON
    return Way(by_person, not by_person and BLIND in request.args, not by_person and SECOND in request.args)


@dataclass(frozen=True, slots=True)
class Step:
    """An answer on the way. ``waits``: whether this person has yet to judge it."""

    attempt_id: UUID
    item: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Route:
    """All answers on the way, and the place of the one that is looked at, from 0."""

    steps: Sequence[Step]
    at: int

    @property
    def previous(self) -> Step | None:
        return self.steps[self.at - 1] if self.at > 0 else None

    @property
    def next(self) -> Step | None:
        return self.steps[self.at + 1] if self.at + 1 < len(self.steps) else None

    @property
    def waiting(self) -> int:
        return sum(step.waits for step in self.steps)

    def next_waiting(self) -> Step | None:
        """The next one that waits, from here to the end and then from the beginning."""
        around = [*self.steps[self.at + 1 :], *self.steps[: self.at]]
        return next((step for step in around if step.waits), None)


def step_url(step: Step | None, way: Way) -> str | None:
    """Where an answer is judged."""
    return desk_url(step.attempt_id, step.item, way) if step else None


def desk_url(attempt_id: UUID, item: str, way: Way) -> str:
    return url_for("marking.desk", attempt_id=attempt_id, item=item, **way.query)


def queue_url(cohort_id: UUID, quiz: str, item: str, way: Way) -> str:
    return url_for("marking.queue", cohort_id=cohort_id, quiz=quiz, item=item, **way.query)
