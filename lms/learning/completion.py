"""What somebody has done who is through with the course, as far as it may be told: what a certificate says of them.

Nothing that is still kept from them counts: as long as they may not know whether they passed a quiz, they are not
through, whatever came of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lms.catalog.model import Catalog
from lms.learning import plan, progress
from lms.learning.standing import Standing
from lms.quiz.quiz import Quiz
from lms.version import __version__


@dataclass(frozen=True, slots=True)
class Completion:
    """``minutes``: what all of it takes, as the plan estimates. ``passed``: of ``quizzes``; the rest is settled
    without.

    ``share``: mean of the best attempts at the quizzes, 0…1; None: there are none. ``simulation``: what the quiz that
    the course aims at is called, and ``best`` what its best attempt earned; both are empty until a pass is told.
    ``release``: which version of which contents, and of what software.
    """

    course: str
    subtitle: str
    lessons: int
    quizzes: int
    passed: int
    minutes: int
    share: float | None
    simulation: str
    best: float | None
    release: str


def of(stands: Standing) -> Completion | None:
    """None: something is left to do, or an outcome is not told yet."""
    catalog, records = stands.catalog, stands.records
    quizzes = [step for step in catalog.steps if isinstance(step, Quiz)]
    if not progress.course_share(catalog, records).complete or waiting(stands):
        return None
    shares = [share for quiz in quizzes if (share := stands.best(quiz)) is not None]
    simulation = catalog.simulation
    reached = stands.best(simulation) if simulation and simulation.id in records.passed else None
    return Completion(
        course=catalog.course.title,
        subtitle=catalog.course.subtitle,
        lessons=len(catalog.steps) - len(quizzes),
        quizzes=len(quizzes),
        passed=sum(quiz.id in records.passed for quiz in quizzes),
        minutes=sum(map(plan.minutes, catalog.steps)),
        share=math.fsum(shares) / len(shares) if shares else None,
        simulation=simulation.title if simulation and reached is not None else "",
        best=reached,
        release=release(catalog),
    )


def waiting(stands: Standing) -> list[Quiz]:
    """The quizzes of the course that were handed in and of which nothing is told yet."""
    return [step for step in stands.catalog.steps if isinstance(step, Quiz) and step.id in stands.records.waiting]


def release(catalog: Catalog) -> str:
    """ "2026-11-29 3f2a9c1b7e04, latsar-lms 0.1.0": how far the contents follow the law, their digest, the program."""
    return f"{catalog.course.as_of} {catalog.digest[:12]}, latsar-lms {__version__}"
