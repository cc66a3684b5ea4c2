"""What others are told of what happens: once, after the commit, and nothing that did not happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, insert, select

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.accounts import HostPerson
from lms.db.attempts import Attempt
from lms.db.cohorts import Cohort, Place
from lms.db.engine import Database
from lms.db.events import EventDelivery
from lms.learning import attempts, cohorts, events, listed_people, marks, reading
from lms.learning.events import (
    AttemptMarked,
    AttemptSubmitted,
    CourseDone,
    Event,
    LessonDone,
    Listeners,
    ModuleDone,
    PersonEnrolled,
)
from lms.learning.roster import Entry
from lms.quiz import regrade
from lms.quiz.items.short_answer import ShortAnswer
from lms.quiz.practice import About, Subject
from tests.conftest import NOON, PACK, Cast, Demonstrated, Statements
from tests.learning.test_attempts import at_once, make, save, start, submit
from tests.learning.test_marks import ESSAY
from tests.learning.test_practice import practise, take
from tests.learning.test_regrades import asked, decide

CATALOG = load(Folder.at(PACK))
LATER = NOON + timedelta(minutes=5)


@dataclass
class Heard:
    """Everything that was told. ``wanted``: to which names of events anybody listens."""

    events: list[Event] = field(default_factory=list)
    wanted: Callable[[str], bool] = lambda _name: True

    def tell(self, happened: Sequence[Event]) -> None:
        self.events += happened

    def new(self) -> list[Event]:
        """What was told since this was asked last."""
        told, self.events = self.events, []
        return told

    def names(self) -> list[str]:
        return [event.name for event in self.new()]


@pytest.fixture
def heard(database: Database, people: Cast) -> Iterator[Heard]:
    heard = Heard()
    listeners = Listeners(catalog=lambda: CATALOG, receives=lambda name: heard.wanted(name), tell=heard.tell)
    events.listen(database, listeners)
    yield heard
    database.info.clear()


def read(database: Database, user_id: UUID, lesson: str) -> None:
    """To its end, with all of its self-checks."""
    found = CATALOG.lesson(lesson)
    for check in found.checks:
        with database.transaction() as db:
            reading.answer(db, user_id, found, check, check.key(), now=LATER)
    with database.transaction() as db:
        reading.visit(db, user_id, found, read=True, now=LATER)


def took(database: Database, user_id: UUID, quiz: str, *, right: bool = True) -> UUID:
    return take(database, user_id, quiz, right=right, catalog=CATALOG)


# --- each event ------------------------------------------------------------------------------------------------------


def test_coming_into_a_cohort_and_coming_back_are_told_and_another_place_is_not(
    database: Database, people: Cast, heard: Heard
) -> None:
    def enrol(place: Place, minutes: int = 0) -> None:
        with database.transaction() as db:
            cohorts.enrol(db, cohorts.by_name(db, "Angkatan II"), people.ada, place, extra_minutes=minutes, now=LATER)

    enrol(Place.PARTICIPANT)
    with database.reading() as db:
        other = db.execute(select(Cohort.id).where(Cohort.name == "Angkatan II")).scalar_one()
    came = PersonEnrolled(happened_at=LATER, person=people.ada, cohort=other, place="participant")
    assert heard.new() == [came]
    enrol(Place.PARTICIPANT)
    enrol(Place.PARTICIPANT, minutes=10)
    enrol(Place.INSTRUCTOR)
    assert heard.new() == []
    with database.transaction() as db:
        cohorts.leave(db, other, people.ada, now=LATER)
    assert heard.new() == []
    enrol(Place.INSTRUCTOR)
    assert heard.new() == [replace(came, place="instructor")]


def test_everybody_on_a_list_is_told_of_once(database: Database, people: Cast, heard: Heard) -> None:
    listed = [Entry(2, "ada", "Ada", Place.PARTICIPANT, 0), Entry(3, "barbara", "Barbara", Place.INSTRUCTOR, 0)]
    for _ in range(2):
        with database.transaction() as db:
            listed_people.enrol_all(db, cohorts.by_name(db, "Angkatan II"), listed, now=LATER)
    told = [event for event in heard.new() if isinstance(event, PersonEnrolled)]
    assert sorted(event.place for event in told) == ["instructor", "participant"]
    assert people.ada in {event.person for event in told}


def test_an_attempt_is_submitted_and_marked(database: Database, people: Cast, heard: Heard) -> None:
    attempt = start(database, make(), people.ada)
    save(database, attempt, people.ada, "t-satu", ["a"], 1)
    assert heard.new() == []
    submit(database, attempt, people.ada, LATER)
    submit(database, attempt, people.ada, LATER)
    submitted, marked = heard.new()
    assert submitted == AttemptSubmitted(
        happened_at=LATER,
        person=people.ada,
        attempt=attempt,
        quiz="percobaan",
        number=1,
        cohort=people.cohort,
        closed_by="participant",
    )
    assert marked == AttemptMarked(
        happened_at=LATER,
        person=people.ada,
        attempt=attempt,
        quiz="percobaan",
        number=1,
        cohort=people.cohort,
        score=1,
        maximum=4,
        passed=False,
    )


def test_whatever_its_deadline_closes_was_submitted_then(database: Database, people: Cast, heard: Heard) -> None:
    start(database, make("pass: 70\ntime_limit: 20 min"), people.ada)
    with database.transaction() as db:
        attempts.close_overdue(db, now=NOON + timedelta(days=1))
    submitted, marked = heard.new()
    assert isinstance(submitted, AttemptSubmitted)
    assert (submitted.closed_by, submitted.happened_at) == ("deadline", NOON + timedelta(minutes=20))
    assert isinstance(marked, AttemptMarked)
    assert (marked.score, marked.happened_at) == (0, submitted.happened_at)


def test_an_essay_is_marked_when_somebody_judged_it_and_again_when_they_change_their_mind(
    database: Database, people: Cast, heard: Heard
) -> None:
    attempt = start(database, make(source=ESSAY), people.ada)
    save(database, attempt, people.ada, "u-satu", ["Begitulah."], 1)
    submit(database, attempt, people.ada)
    assert heard.names() == ["attempt_submitted"]

    def judge(fraction: float) -> list[tuple[float | None, bool | None]]:
        with database.transaction() as db:
            marks.judge(db, attempt, "u-satu", fraction, author_id=people.grace, comment="", now=LATER)
        return [(event.score, event.passed) for event in heard.new() if isinstance(event, AttemptMarked)]

    assert [judge(0.5), judge(0.5), judge(1)] == [[(2, False)], [], [(4, True)]]


def test_a_regrade_tells_those_whose_score_is_another_one(database: Database, people: Cast, heard: Heard) -> None:
    quiz = make("pass: 20")
    for user_id, given in ((people.ada, "a"), (people.mallory, "b")):
        attempt = start(database, quiz, user_id)
        save(database, attempt, user_id, "t-satu", [given], 1)
        submit(database, attempt, user_id)
    heard.new()
    decide(database, people, asked(people, regrade.Accept((("b",),)), everywhere=True))
    (marked,) = heard.new()
    assert isinstance(marked, AttemptMarked)
    assert (marked.person, marked.score, marked.passed) == (people.mallory, 1, True)


def test_a_practice_is_ones_own(database: Database, people: Cast, heard: Heard) -> None:
    practise(database, people.ada, About(Subject.MODULE, "pecahan"), right=True)
    assert heard.new() == []


# --- what is derived -------------------------------------------------------------------------------------------------


def test_lesson_module_and_course_are_done_once_by_the_act_that_makes_them_so(
    database: Database, people: Cast, heard: Heard
) -> None:
    at = {"happened_at": LATER, "person": people.ada}
    for _ in range(2):
        read(database, people.ada, "pecahan/setengah")
    assert heard.new() == [LessonDone(**at, module="pecahan", lesson="pecahan/setengah")]
    read(database, people.ada, "pecahan/sepertiga")
    assert heard.names() == ["lesson_done"]
    took(database, people.ada, "pecahan", right=False)
    assert heard.names() == ["attempt_submitted", "attempt_marked"]
    took(database, people.ada, "pecahan")
    assert heard.names() == ["attempt_submitted", "attempt_marked", "module_done"]
    read(database, people.ada, "desimal/koma")
    assert heard.new()[1:] == [ModuleDone(**at, module="desimal")]
    took(database, people.ada, "sejarah")
    assert heard.names() == ["attempt_submitted", "attempt_marked"]
    read(database, people.ada, "sejarah/aturan-lama")
    assert heard.new()[1:] == [
        ModuleDone(**at, module="sejarah"),
        CourseDone(**at, contents=CATALOG.digest[:12]),
    ]


def test_a_lesson_is_done_by_its_last_self_check_too(database: Database, people: Cast, heard: Heard) -> None:
    lesson = CATALOG.lesson("pecahan/sepertiga")
    with database.transaction() as db:
        reading.visit(db, people.ada, lesson, read=True, now=NOON)
    assert heard.new() == []
    for given in ("Danau Toba", "Lain"):
        with database.transaction() as db:
            reading.answer(db, people.ada, lesson, lesson.checks[0], (given,), now=LATER, made_at=NOON)
    (done,) = heard.new()
    assert done == LessonDone(happened_at=NOON, person=people.ada, module="pecahan", lesson="pecahan/sepertiga")


def test_what_a_regrade_takes_back_is_not_told_and_what_it_gives_is(
    database: Database, people: Cast, heard: Heard
) -> None:
    for lesson in ("pecahan/setengah", "pecahan/sepertiga"):
        read(database, people.ada, lesson)
    took(database, people.ada, "pecahan")
    assert heard.names()[-1] == "module_done"
    quiz = CATALOG.quiz("pecahan")
    every = [item.id for item in quiz.items if item.id != "k-nama"]
    for item in every:
        decide(database, people, asked(people, regrade.Drop(), item), now=LATER)
    assert "module_done" not in heard.names()
    named = next(item for item in quiz.items if isinstance(item, ShortAnswer))
    other = replace(named, accepted=tuple(replace(one, text="entah") for one in named.accepted))
    decide(database, people, asked(people, regrade.NewKey(other), "k-nama"), now=LATER + timedelta(minutes=1))
    assert [(event.name, getattr(event, "passed", None)) for event in heard.new()] == [("attempt_marked", False)]
    later = LATER + timedelta(minutes=2)
    decide(database, people, asked(people, regrade.FullMarks(), "k-nama"), now=later)
    assert heard.names() == ["attempt_marked", "module_done"]


@pytest.mark.parametrize("ever", range(3))
def test_two_devices_that_finish_something_together_tell_it_once(
    database: Database, people: Cast, heard: Heard, ever: int
) -> None:
    """On PostgreSQL neither sees what the other one did, until it has waited for it."""
    lesson = CATALOG.lesson("pecahan/setengah")
    with database.transaction() as db:
        reading.visit(db, people.ada, lesson, read=True, now=NOON)

    def check(number: int) -> None:
        with database.transaction() as db:
            item = lesson.checks[number]
            reading.answer(db, people.ada, lesson, item, item.key(), now=LATER)

    assert at_once(lambda: check(0), lambda: check(1)) == [None, None]
    assert heard.names() == ["lesson_done"]


# --- when, and to whom -----------------------------------------------------------------------------------------------


class Undone(Exception): ...


def test_nothing_is_told_of_what_was_rolled_back_and_once_of_what_was_tried_again(
    database: Database, people: Cast, heard: Heard
) -> None:
    lesson, tries = CATALOG.lesson("desimal/koma"), [1, 2, 3]

    def work() -> None:
        with database.transaction() as db:
            reading.visit(db, people.ada, lesson, read=True, now=LATER)
            assert heard.events == [], "it may yet come to nothing"
            if tries.pop():
                raise Undone

    with pytest.raises(Undone):
        work()
    assert heard.new() == []
    tries[:] = [0]
    work()
    assert heard.names() == ["lesson_done", "module_done"]


def test_whoever_is_told_may_use_the_same_database(database: Database, people: Cast, heard: Heard) -> None:
    seen: list[bool] = []

    def tell(happened: Sequence[Event]) -> None:
        with database.transaction() as db:
            records = reading.records(db.connection(), happened[0].person, CATALOG.quizzes, now=LATER)
            seen.append("desimal/koma" in records.read)

    events.listen(database, Listeners(catalog=lambda: CATALOG, receives=lambda _name: True, tell=tell))
    read(database, people.ada, "desimal/koma")
    assert seen == [True]


def test_a_person_is_called_as_their_host_calls_them(database: Database, people: Cast, heard: Heard) -> None:
    with database.transaction() as db:
        db.execute(insert(HostPerson), {"key": "pegawai-7", "user_id": people.ada, "linked_at": NOON})
    read(database, people.ada, "desimal/koma")
    read(database, people.mallory, "desimal/koma")
    assert {(event.person, event.host_key) for event in heard.new()} == {
        (people.ada, "pegawai-7"),
        (people.mallory, None),
    }


def test_only_what_somebody_listens_to_is_looked_up(database: Database, people: Cast, heard: Heard) -> None:
    heard.wanted = lambda name: name == "attempt_submitted"
    read(database, people.ada, "desimal/koma")
    took(database, people.ada, "pecahan")
    assert heard.names() == ["attempt_submitted"]


def test_where_nobody_listens_nothing_is_asked(database: Database, people: Cast, heard: Heard) -> None:
    counted = Statements()
    sqlalchemy_event.listen(database.engine, "before_cursor_execute", counted.listen)
    lesson = CATALOG.lesson("pecahan/sepertiga")

    def visit(user_id: UUID) -> None:
        with database.transaction() as db:
            reading.visit(db, user_id, lesson, read=True, now=LATER)

    def hand_in(user_id: UUID) -> None:
        with database.transaction() as db:
            attempts.submit(db, attempt[user_id], user_id, now=LATER)

    attempt = {user_id: start(database, make(), user_id) for user_id in (people.edsger, people.ada, people.mallory)}
    hand_in(people.edsger)  # the rules of the quiz are read once
    heard.new()
    heard.wanted = lambda _name: False
    listened = [counted.of(lambda: visit(people.ada)), counted.of(lambda: hand_in(people.ada))]
    database.info.clear()
    alone = [counted.of(lambda: visit(people.mallory)), counted.of(lambda: hand_in(people.mallory))]
    sqlalchemy_event.remove(database.engine, "before_cursor_execute", counted.listen)
    assert listened == alone
    assert heard.new() == []


def test_a_story_is_told_to_nobody(demonstrated: Demonstrated) -> None:
    """While it was told, somebody listened who would have failed (``tests/conftest.py``)."""
    database = Database(f"sqlite:///{demonstrated.file}")
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(Attempt)).scalar_one() > 100
        assert db.execute(select(EventDelivery.id)).first() is None
    database.dispose()
