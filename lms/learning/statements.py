"""What happened, as statements of xAPI 1.0.3 for a learning record store.

Verbs and kinds of activities are ADL's. A person is an account by its id, without name, login or e-mail; what a
statement is about is named by its address on this site. Single questions are not told.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from lms.catalog.model import Catalog
from lms.learning.events import (
    AttemptMarked,
    AttemptSubmitted,
    CourseDone,
    Event,
    LessonDone,
    ModuleDone,
    PersonEnrolled,
)
from lms.outgoing import Answer, Outgoing

#: What rows for a store are found by.
NAME = "xapi"
VERSION = "1.0.3"
_ADL = "http://adlnet.gov/expapi"
#: The language of what the verbs are called.
_ENGLISH, _INDONESIAN = "en", "id"


@dataclass(frozen=True, slots=True)
class Store:
    """``home``: the address of this site, with ``/`` at its end."""

    url: str
    key: str
    secret: str = field(repr=False)
    home: str
    name: str = NAME

    def says(self, event: Event, id: UUID, catalog: Catalog) -> dict[str, Any] | None:
        """None: an attempt that lost its score has nothing to state."""
        return statement(event, id, catalog, home=self.home)

    def offer(self, outgoing: Outgoing, id: UUID, told: dict[str, Any], *, now: datetime) -> Answer:
        basic = b64encode(f"{self.key}:{self.secret}".encode()).decode()
        headers = {
            "Content-Type": "application/json",
            "X-Experience-API-Version": VERSION,
            "Authorization": f"Basic {basic}",
        }
        return outgoing.send("PUT", f"{self.url.rstrip('/')}/statements?statementId={id}", told, headers)

    def took(self, answer: Answer) -> bool:
        """A conflict: a statement of this id is there already."""
        return answer.ok or answer.status == 409


def statement(event: Event, id: UUID, catalog: Catalog, *, home: str) -> dict[str, Any] | None:
    told = _TOLD[type(event)](event, _Site(catalog, home))
    if told is None:
        return None
    return {
        "id": str(id),
        "version": VERSION,
        "actor": {"objectType": "Agent", "account": {"homePage": home, "name": str(event.person)}},
        "timestamp": event.happened_at.isoformat(),
        **told,
    }


@dataclass(frozen=True, slots=True)
class _Site:
    catalog: Catalog
    home: str

    def course(self) -> dict[str, Any]:
        return self._activity("", "course", self.catalog.course.title)

    def module(self, id: str) -> dict[str, Any]:
        found = self.catalog.modules.get(id)
        return self._activity(f"materi/{id}", "module", found.title if found else id)

    def lesson(self, id: str) -> dict[str, Any]:
        found = self.catalog.lesson_called(id)
        return self._activity(f"materi/{id}", "lesson", found.title if found else id)

    def quiz(self, id: str) -> dict[str, Any]:
        found = self.catalog.quizzes.get(id)
        return self._activity(f"kuis/{id}", "assessment", found.title if found else id)

    def cohort(self, id: UUID) -> dict[str, Any]:
        """Its name is no business of the store's."""
        return {"objectType": "Activity", "id": f"{self.home}pengampu/angkatan/{id}"}

    def _activity(self, path: str, kind: str, title: str) -> dict[str, Any]:
        definition = {"type": f"{_ADL}/activities/{kind}", "name": {_INDONESIAN: title}}
        return {"objectType": "Activity", "id": self.home + quote(path), "definition": definition}


def _verb(word: str) -> dict[str, Any]:
    return {"id": f"{_ADL}/verbs/{word}", "display": {_ENGLISH: word}}


def _context(*grouping: dict[str, Any], parent: dict[str, Any] | None = None, **rest: str) -> dict[str, Any]:
    around: dict[str, Any] = {"parent": [parent]} if parent else {}
    return {"contextActivities": around | ({"grouping": list(grouping)} if grouping else {}), **rest}


def _enrolled(event: PersonEnrolled, site: _Site) -> dict[str, Any]:
    return {"verb": _verb("registered"), "object": site.course(), "context": _context(site.cohort(event.cohort))}


def _at_quiz(event: AttemptSubmitted | AttemptMarked, site: _Site) -> dict[str, Any]:
    """What both statements about an attempt have; ``registration`` says that they are about the same one."""
    quiz = site.catalog.quizzes.get(event.quiz)
    grouping = [site.course(), *([site.cohort(event.cohort)] if event.cohort else [])]
    parent = site.module(quiz.module) if quiz and quiz.module else None
    context = _context(*grouping, parent=parent, registration=str(event.attempt))
    return {"object": site.quiz(event.quiz), "context": context}


def _submitted(event: AttemptSubmitted, site: _Site) -> dict[str, Any]:
    return {"verb": _verb("completed"), "result": {"completion": True}, **_at_quiz(event, site)}


def _marked(event: AttemptMarked, site: _Site) -> dict[str, Any] | None:
    """Where nobody can fail, nobody passed either."""
    if event.score is None:
        return None
    quiz = site.catalog.quizzes.get(event.quiz)
    judges = event.passed is not None and (quiz is None or quiz.can_be_failed)
    verb = _verb(("passed" if event.passed else "failed") if judges else "scored")
    result: dict[str, Any] = {"completion": True}
    if judges:
        result["success"] = event.passed
    if event.maximum > 0:
        scaled = round(event.score / event.maximum, 6)
        result["score"] = {"scaled": scaled, "raw": event.score, "min": 0, "max": event.maximum}
    return {"verb": verb, "result": result, **_at_quiz(event, site)}


def _done(about: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    done = {"verb": _verb("completed"), "object": about, "result": {"completion": True}}
    return done | ({"context": context} if context["contextActivities"] else {})


def _lesson(event: LessonDone, site: _Site) -> dict[str, Any]:
    return _done(site.lesson(event.lesson), _context(site.course(), parent=site.module(event.module)))


def _module(event: ModuleDone, site: _Site) -> dict[str, Any]:
    return _done(site.module(event.module), _context(parent=site.course()))


def _course(_event: CourseDone, site: _Site) -> dict[str, Any]:
    return _done(site.course(), _context())


_TOLD: Mapping[type[Event], Callable[[Any, _Site], dict[str, Any] | None]] = {
    PersonEnrolled: _enrolled,
    AttemptSubmitted: _submitted,
    AttemptMarked: _marked,
    LessonDone: _lesson,
    ModuleDone: _module,
    CourseDone: _course,
}
