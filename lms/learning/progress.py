"""What is done: catalog and records -> shares of done. Pure; nothing here is counted up or stored.

The unit is a *step*: a lesson, or a quiz of a module. A lesson is done when it was read to its end and its self-checks
are answered; a quiz when it is passed, or learnt: with no attempt left, a practice was passed in its stead. As long as
somebody may not know whether they passed, a quiz that they handed in counts as done, so that no figure tells it. Every
percentage is done steps over all steps, and ``module_rules`` lists what is behind it. The rules are these and no
others: a course cannot choose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lms.catalog.model import Agenda, Catalog, Lesson, Module
from lms.quiz.quiz import Quiz


@dataclass(frozen=True, slots=True)
class Records:
    """What one person did, by ids. ``seen``, ``read``, ``noted``: lessons; ``answered``: self-checks; others: quizzes.

    ``taken``: handed in, and the outcome is not told; of these, ``waiting`` are those of which a pass is not told
    either. Neither stands in ``passed``. ``learnt``: a practice was passed when no attempt was left. ``noted``: there
    is a note, or was one, or a mark.
    """

    seen: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    noted: frozenset[str] = frozenset()
    learnt: frozenset[str] = frozenset()

    def settled(self, quiz: Quiz) -> bool:
        """Whether nothing is left to do about a quiz, as far as the person may know."""
        return any(quiz.id in known for known in (self.passed, self.waiting, self.learnt))


@dataclass(frozen=True, slots=True)
class LessonState:
    """How far one lesson is."""

    seen: bool
    read: bool
    checks_answered: int
    checks_total: int

    @property
    def done(self) -> bool:
        return self.read and self.checks_answered == self.checks_total

    @property
    def word(self) -> str:
        """``done``, ``started`` or ``open``: what the outline shows."""
        return "done" if self.done else "started" if self.seen or self.checks_answered else "open"


def lesson_state(lesson: Lesson, records: Records) -> LessonState:
    answered = sum(check.id in records.answered for check in lesson.checks)
    seen, read = (any(name in known for name in lesson.names) for known in (records.seen, records.read))
    return LessonState(seen, read, answered, len(lesson.checks))


def quiz_word(quiz: Quiz, records: Records) -> str:
    """``done``, ``learnt``, ``taken``, ``started`` or ``open``; ``taken`` says nothing of the outcome."""
    if quiz.id in records.passed:
        return "done"
    if quiz.id in records.learnt:
        return "learnt"
    return "taken" if quiz.id in records.taken else "started" if quiz.id in records.tried else "open"


@dataclass(frozen=True, slots=True)
class Share:
    """Done steps of all steps. Nothing to do counts as nothing done: an empty course is not finished."""

    done: int
    total: int

    @property
    def value(self) -> float:
        return self.done / self.total if self.total else 0.0

    @property
    def complete(self) -> bool:
        return self.total > 0 and self.done == self.total

    def __add__(self, other: Share) -> Share:
        return Share(self.done + other.done, self.total + other.total)


def lessons_share(lessons: Iterable[Lesson], records: Records) -> Share:
    states = [lesson_state(lesson, records).done for lesson in lessons]
    return Share(sum(states), len(states))


def quizzes_share(quizzes: Iterable[Quiz], records: Records) -> Share:
    states = [records.settled(quiz) for quiz in quizzes]
    return Share(sum(states), len(states))


def module_share(module: Module, records: Records) -> Share:
    return lessons_share(module.lessons, records) + quizzes_share(module.quizzes, records)


def agenda_share(agenda: Agenda, records: Records) -> Share:
    return sum((module_share(module, records) for module in agenda.modules), Share(0, 0))


def course_share(catalog: Catalog, records: Records) -> Share:
    return sum((agenda_share(agenda, records) for agenda in catalog.agendas), Share(0, 0))


@dataclass(frozen=True, slots=True)
class Unread:
    """A lesson that is not done, and why."""

    lesson: Lesson
    state: LessonState


@dataclass(frozen=True, slots=True)
class ModuleRules:
    """The rules behind a module's percentage, and what each still misses.

    ``quizzes`` counts those passed; ``waiting`` and ``taken`` are those handed in whose outcome is not told, the first
    counted for the percentage, the others not. ``learnt``: not passed, and learnt by a practice.
    """

    lessons: Share
    unread: tuple[Unread, ...]
    quizzes: Share
    unpassed: tuple[Quiz, ...] = field(default=())
    taken: tuple[Quiz, ...] = field(default=())
    waiting: tuple[Quiz, ...] = field(default=())
    learnt: tuple[Quiz, ...] = field(default=())


def module_rules(module: Module, records: Records) -> ModuleRules:
    states = [(lesson, lesson_state(lesson, records)) for lesson in module.lessons]
    return ModuleRules(
        lessons=lessons_share(module.lessons, records),
        unread=tuple(Unread(lesson, state) for lesson, state in states if not state.done),
        quizzes=Share(sum(quiz.id in records.passed for quiz in module.quizzes), len(module.quizzes)),
        unpassed=tuple(quiz for quiz in module.quizzes if quiz_word(quiz, records) in {"started", "open"}),
        taken=tuple(quiz for quiz in module.quizzes if quiz.id in records.taken - records.waiting - records.learnt),
        waiting=tuple(quiz for quiz in module.quizzes if quiz.id in records.waiting),
        learnt=tuple(quiz for quiz in module.quizzes if quiz.id in records.learnt - records.passed - records.waiting),
    )


def remaining(catalog: Catalog, records: Records) -> list[Lesson | Quiz]:
    """The steps that are not done, in the order of the course."""
    left: list[Lesson | Quiz] = []
    for agenda in catalog.agendas:
        for module in agenda.modules:
            left += [lesson for lesson in module.lessons if not lesson_state(lesson, records).done]
            left += [quiz for quiz in module.quizzes if not records.settled(quiz)]
    return left
