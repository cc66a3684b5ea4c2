"""Before marks may be seen, no page a participant can open tells whether a quiz was passed.

Ada and Mallory give the same answers; Grace thinks Ada's essay worth all points and Mallory's none. Whatever the rules,
their pages are the same, byte for byte, until the marks may be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, update

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.accounts import User
from lms.db.cohorts import CohortQuiz, Place
from lms.db.engine import Database
from lms.learning import attempts, cohorts, marks, reports
from lms.learning.attempts import Answer
from lms.quiz.canonical import plain
from lms.quiz.review import Moment, ReviewRules
from lms.web.guards import Permission, permission_of
from lms.web.site import now
from tests.catalog.memory import InMemory
from tests.conftest import PACK, Cast, Statements
from tests.visitor import Visitor

QUIZ = """---
title: Kuis pecahan
module: pecahan
attempts: {attempts}
pass: 70
review: {{marks: {marks}, answers: {rest}, feedback: {rest}, explanation: {rest}}}
---

## Terbesar {{#k-terbesar}}

Manakah yang terbesar?

- (x) Setengah {{#a}}
  > Benar.
- ( ) Sepertiga {{#b}}
  > Lebih kecil.

> [!EXPLANATION]
> Makin besar penyebut, makin kecil bagiannya.

## Jelaskan {{#k-uraian}}
points: 3

Mengapa?

____
"""
#: What stands in the place of an argument of a route; a route with a new one is walked as soon as it is named here.
PLACES = {
    **{"module": "pecahan", "slug": "setengah", "id": "uu-baru", "quiz": "pecahan", "path": "media/setengah.svg"},
    **{"item": "k-terbesar", "name": "peserta", "note_id": str(UUID(int=7))},  # a note that each of them has
    "certificate_id": str(UUID(int=1)),
}
MAY = {None, Permission.READ, Permission.TAKE}
#: Where it shows that a quiz was passed as soon as it may be seen.
TELL = {
    *("/beranda", "/materi", "/materi/pecahan", "/materi/pecahan/setengah"),
    *("/progres", "/kuis/pecahan", "/percobaan/1/hasil"),
}
_UNLIKE = re.compile(
    r"\b(Ada|Mallory|ada|mallory)\b|[0-9a-f]{8}-[0-9a-f-]{27}|(?<=<code>)[0-9A-F]{5}-[0-9A-F]{5}|(?<=<code>)[0-9a-f]{16}"
    r'|(?<=name="csrf_token" value=")[^"]*|(?<="csrf":")[^"]*|(?<="now":")[^"]*|(?<=data-token=")[^"]*'
    r'|(?<=name="shown_at" value=")[^"]*'
    r'|(?<=data-now=")[^"]*|(?<=data-version=")[^"]*|(?<=/kalender/)[^"]*|(?<=DTSTAMP:)\w+|(?<=UID:)[^\r]*'
)

#: The long tables; the short ones run on both engines.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Person:
    visitor: Visitor
    attempts: list[UUID]

    def pages(self, app: Flask, places: Mapping[str, str] = PLACES) -> dict[str, str]:
        """All that a participant may ask for, without what is one person's own."""
        told = {}
        key = self.calendar()
        for path in dict.fromkeys(addresses(app, self.attempts, {**places, "key": key})):
            answered = self.visitor.get(path)
            assert answered.status_code < 500, path
            path = path.replace(key, "kalender")
            for place, attempt in enumerate(self.attempts, start=1):
                path = path.replace(str(attempt), str(place))
            told[path] = f"{answered.status_code} " + _UNLIKE.sub("*", answered.get_data(as_text=True))
        return told

    def calendar(self) -> str:
        """The key of the person's calendar, whose address may be asked for by anybody."""
        listed = self.visitor.get("/rencana").get_data(as_text=True)
        if "/kalender/" not in listed:
            self.visitor.post("/rencana/kalender", {"action": "share"})
            listed = self.visitor.get("/rencana").get_data(as_text=True)
        return listed.split("/kalender/")[1].partition(".ics")[0]


def addresses(app: Flask, attempts: list[UUID], named: Mapping[str, str]) -> Iterator[str]:
    """Every address that a participant may ask for; raises KeyError for a route with an argument nobody named."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or permission_of(app, rule.endpoint) not in MAY:
            continue
        if rule.endpoint in {"accounts.sign_in", "accounts.invitation"}:
            continue  # for those who are not signed in
        for attempt in attempts if "attempt_id" in rule.arguments else [None]:
            places = {**named, "attempt_id": str(attempt)}
            address = re.sub("<(?:[a-z]+:)?([a-z_]+)>", lambda found, places=places: places[found[1]], rule.rule)
            yield address
            if rule.endpoint == "attempts.result":
                yield from (f"{address}?tampil={group}" for group in ("meleset", "benar"))
    for attempt in attempts:
        yield f"/segar?percobaan={attempt}"


def offer(app: Flask, *, attempts: int | None = 2, marks: str = "after-submit", rest: str = "after-submit") -> None:
    pack = InMemory.copy_of(Folder.at(PACK))
    text = QUIZ.format(attempts=attempts, marks=marks, rest=rest)
    text = text if attempts else text.replace("attempts: None\n", "")
    pack.contents["quizzes/pecahan.md"] = text.encode()
    app.extensions["lms"].pack.replace(load(pack))


class Class:
    """Ada who passed, Mallory who did not, and what their cohorts say about it."""

    def __init__(self, app: Flask, database: Database, people: Cast) -> None:
        self.app, self.database, self.people = app, database, people
        self.started = now() - timedelta(hours=3)
        self.ada = Person(Visitor(app).sign_in("ada"), [])
        self.mallory = Person(Visitor(app).sign_in("mallory"), [])
        note = {"lesson": "pecahan/setengah", "text": "Bacalah ini.", "made_at": self.started.isoformat()}
        for person in (self.ada, self.mallory):
            person.visitor.post(f"/catatan/{PLACES['note_id']}", note)
        with database.transaction() as db:
            other = cohorts.by_name(db, "Angkatan II")
            cohorts.enrol(db, other, people.grace, Place.INSTRUCTOR, now=self.started)  # whoever teaches is named
            self.cohorts = [people.cohort, other.id]

    def take(self, *, judged: bool = True) -> None:
        for person, user_id in ((self.ada, self.people.ada), (self.mallory, self.people.mallory)):
            attempt = self.start(person, user_id)
            with self.database.transaction() as db:
                for item, value in (("k-terbesar", "a"), ("k-uraian", "Begitulah.")):
                    answer = Answer(values=[value], revision=1)
                    held = db.connection()
                    attempts.save(held, attempt, user_id, item, answer, save_id=uuid4(), now=self.started)
                attempts.submit(db, attempt, user_id, now=self.started)
            if judged:
                self.judge(attempt, 1.0 if person is self.ada else 0.0)

    def start(self, person: Person, user_id: UUID) -> UUID:
        quiz = self.app.extensions["lms"].pack.current().quiz("pecahan")
        with self.database.transaction() as db:
            attempt = attempts.start(db, quiz, user_id, now=self.started, seed=1)
        person.attempts.append(attempt)
        return attempt

    def judge(self, attempt: UUID, fraction: float) -> None:
        with self.database.transaction() as db:
            grace, at = self.people.grace, self.started
            marks.judge(db, attempt, "k-uraian", fraction, author_id=grace, comment="Dibaca.", now=at)

    def rule(self, review: ReviewRules | None, closes_at: datetime | None = None) -> None:
        with self.database.transaction() as db:
            db.execute(delete(CohortQuiz))
            for cohort in self.cohorts:
                kept = plain(review) if review else None
                db.add(CohortQuiz(cohort_id=cohort, quiz="pecahan", closes_at=closes_at, review=kept))

    def told(self) -> set[str]:
        """The pages by which the two can be told apart."""
        ada, mallory = self.ada.pages(self.app), self.mallory.pages(self.app)
        assert ada.keys() == mallory.keys()
        return {path for path in ada if ada[path] != mallory[path]}


@pytest.fixture
def school(app: Flask, database: Database, people: Cast) -> Class:
    offer(app)
    return Class(app, database, people)


def may_see(moment: Moment, *, passed: bool, limit: int | None, closed: bool) -> bool:
    """Whether marks that wait for ``moment`` are shown to somebody who handed in one attempt."""
    match moment:
        case Moment.AFTER_LAST:
            return passed or limit == 1
        case Moment.AFTER_CLOSE:
            return closed
    return moment is not Moment.NEVER


def check(school: Class, moment: Moment, limit: int | None = 2, *, closed: bool = False, why: object = "") -> None:
    seen = [may_see(moment, passed=passed, limit=limit, closed=closed) for passed in (True, False)]
    told = school.told()
    if any(seen):
        assert told >= TELL, (moment, limit, closed, why)
    else:
        assert told == set(), (moment, limit, closed, why)


def rules(marks: Moment, rest: Moment) -> ReviewRules:
    return ReviewRules(marks=marks, answers=rest, feedback=rest, explanation=rest)


@ON_SQLITE
def test_under_every_rule_of_a_cohort_no_page_tells_a_pass_before_its_marks(school: Class) -> None:
    school.take()
    for moment, rest in product(Moment, Moment):
        school.rule(rules(moment, rest))
        check(school, moment, why=rest)


@ON_SQLITE
@pytest.mark.parametrize("moment", Moment)
def test_under_every_rule_of_the_quiz_itself_no_page_tells_a_pass_before_its_marks(
    school: Class, moment: Moment
) -> None:
    offer(school.app, marks=moment, rest=moment)
    school.take()
    for limit in (1, 2, None):
        offer(school.app, attempts=limit, marks=moment, rest=moment)
        check(school, moment, limit)
    for closed in (False, True):
        school.rule(None, now() + (-1 if closed else 1) * timedelta(hours=1))
        check(school, moment, None, closed=closed)


def test_neither_does_a_page_in_english(school: Class) -> None:
    school.take()
    with school.database.transaction() as db:
        db.execute(update(User).values(language="en"))
    for moment in (Moment.NEVER, Moment.AFTER_LAST):
        school.rule(rules(moment, moment))
        check(school, moment)
    assert "Handed in" in school.mallory.pages(school.app)["/beranda"]


@ON_SQLITE
@pytest.mark.parametrize("moment", Moment)
def test_neither_does_a_page_while_the_next_attempt_runs_or_a_report_was_answered(
    school: Class, moment: Moment
) -> None:
    school.take()
    for person, user_id in ((school.ada, school.people.ada), (school.mallory, school.people.mallory)):
        with school.database.transaction() as db:
            at, (attempt,) = school.started, person.attempts
            offered = school.app.extensions["lms"].pack.current().quiz("pecahan")
            reports.report(db, attempt, user_id, "k-terbesar", "Dua kunci?", offered=offered, now=at)
        school.start(person, user_id)
    for rest in (moment, Moment.AFTER_LAST):
        school.rule(rules(moment, rest))
        seen = may_see(moment, passed=True, limit=2, closed=False)
        assert bool(school.told()) == seen, rest


def test_until_then_pages_say_that_it_was_taken_and_a_pass_is_told_afterwards(school: Class) -> None:
    school.take()
    school.rule(rules(Moment.AFTER_CLOSE, Moment.AFTER_CLOSE), now() + timedelta(hours=1))
    for path, text in school.mallory.pages(school.app).items():
        if path in TELL:
            assert "ikerjakan" in text, path
            assert "ulus</span>" not in text, path
    assert "dihitung selesai, lulus atau tidak" in school.mallory.pages(school.app)["/progres"]
    school.rule(rules(Moment.AFTER_CLOSE, Moment.AFTER_CLOSE), now() - timedelta(hours=1))
    assert "✓ Lulus" in school.ada.pages(school.app)["/beranda"]
    assert "Belum lulus" in school.mallory.pages(school.app)["/beranda"]


def test_who_waits_for_a_mark_looks_like_those_who_have_one(school: Class) -> None:
    school.take(judged=False)
    school.judge(school.ada.attempts[0], 1.0)
    for hidden in (Moment.AFTER_CLOSE, Moment.NEVER):
        school.rule(rules(hidden, hidden))
        assert school.told() == set()


def test_a_try_that_may_still_be_bettered_stays_a_step_and_one_that_waits_does_not(school: Class) -> None:
    school.take()
    for hidden, left in ((Moment.AFTER_LAST, True), (Moment.AFTER_CLOSE, False)):
        school.rule(rules(hidden, hidden))
        start = school.mallory.visitor.get("/beranda").get_data(as_text=True)
        assert ("kuis, dikerjakan" in start) == left, hidden


@ON_SQLITE
@pytest.mark.parametrize(
    ("path", "most"),
    [("/beranda", 10), ("/materi", 5), ("/materi/pecahan", 5), ("/materi/pecahan/setengah", 6), ("/progres", 9)],
)
def test_what_is_hidden_costs_two_statements_a_page_and_nothing_where_nothing_is(
    school: Class, statements: Statements, path: str, most: int
) -> None:
    school.take()
    usual = statements.of(lambda: school.ada.visitor.get(path))
    school.rule(rules(Moment.NEVER, Moment.NEVER))
    assert statements.of(lambda: school.ada.visitor.get(path)) == usual + 2 <= most
