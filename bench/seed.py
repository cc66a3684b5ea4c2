"""A database as large as a ministry's: the only place that writes people, attempts and progress by the million.

Everything but the salt of the password comes from one seeded generator and one fixed day, so the same size gives the
same rows. Marks and scores are those that marking gives to the answers; questions are frozen as ``lms`` freezes them. A
table that gains a column gains it in the one function here that makes its rows.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, select, text

from bench import crowd
from bench.crowd import Exam, Given, Question
from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import bundled
from lms.db import migrate
from lms.db.accounts import Role, User, UserRole
from lms.db.attempts import Attempt, AttemptItem, ClosedBy, Mark
from lms.db.attempts import Response as ResponseRow
from lms.db.base import Base
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.db.engine import Database
from lms.db.learning import LessonRecord, SelfCheck
from lms.db.reports import QuestionReport, ReportState
from lms.learning.api import frozen, passwords, question_sums, quiz_records
from lms.learning.api import marks as judging
from lms.quiz import marking

NOW = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)  # the day everything happened until
TERM = timedelta(days=60)
LARGE = "Angkatan besar"
PASSWORD = "kuda lepas di pasar"
INSTRUCTOR, ADMINISTRATOR, EDITOR = "pengampu", "pengelola", "penyunting"
SMALL = 4  # participants of each cohort but the large one
TAUGHT = 10  # one in so many small cohorts is taught by the instructor of the large one
SHARES = 0.7, 0.1, 0.1  # of the attempts: the large cohort's at the first quiz, at the second, at others
JUDGED = 0.8  # the share of the essays
STOPPED = 25  # one in so many people leaves the last attempt at a quiz open
REPORTED = 100  # one in so many attempts led to a report
BATCH = 40_000  # rows a commit


@dataclass(frozen=True, slots=True)
class Size:
    """``people``: in the large cohort. Most attempts are theirs at the first quiz, as the worst a page can meet; a
    tenth at the second, which is regraded; the rest is theirs and other people's anywhere."""

    people: int = 4_000
    cohorts: int = 2_000
    attempts: int = 100_000
    items: int = 20


def fill(database: Database, size: Size) -> None:
    """Migrate, and fill an empty database."""
    migrate.upgrade(database.engine)
    catalog, rng = load(bundled()), random.Random(size.attempts)
    exams = crowd.exams(catalog, size.items, rng)
    _freeze(database, exams)
    rows = _Rows(database)
    history = _History(rows, rng, exams, _lessons(catalog, rng))
    history.people(size)
    rows.write()
    with database.transaction() as session:
        quiz_records.fill(session)
        question_sums.fill(session)
    if not database.sqlite:
        with database.reader() as db:
            db.execute(text("VACUUM ANALYZE"))  # what a server does by itself in the days in which people come
            db.execute(text("CHECKPOINT"))


def overdue(database: Database, size: Size) -> None:
    """An attempt at the timed quiz for everybody in the large cohort, half answered, whose time is over since long."""
    rng = random.Random(size.people)
    exam = crowd.timed(load(bundled()), size.items, rng)
    _freeze(database, [exam])
    rows = _Rows(database)
    history = _History(rows, rng, [exam], [])
    with database.reading() as db:
        found = db.execute(
            select(Enrolment.user_id, Enrolment.id)
            .join(Cohort, Cohort.id == Enrolment.cohort_id)
            .where(Cohort.name == LARGE, Enrolment.place == Place.PARTICIPANT)
            .order_by(Enrolment.id)
        ).all()
    for user_id, enrolment in found:
        history.attempt(_Person(user_id, enrolment, 0.7), exam, 1, NOW - timedelta(days=1), is_open=True)
    rows.write()


def more(database: Database, size: Size, count: int) -> None:
    """One more attempt of ``count`` people of the large cohort at the first quiz, closed a moment ago."""
    exam = crowd.exams(load(bundled()), size.items, random.Random(size.attempts))[0]
    last = func.coalesce(func.max(Attempt.number), 0)
    with database.reading() as db:
        found = db.execute(
            select(Enrolment.user_id, Enrolment.id, last)
            .join(Cohort, Cohort.id == Enrolment.cohort_id)
            .outerjoin(Attempt, and_(Attempt.enrolment_id == Enrolment.id, Attempt.quiz == exam.quiz.id))
            .where(Cohort.name == LARGE, Enrolment.place == Place.PARTICIPANT)
            .group_by(Enrolment.id)
            .order_by(Enrolment.id)
            .limit(count)
        ).all()
    rows, rng = _Rows(database), random.Random(sum(number for *_, number in found))  # others each time
    history = _History(rows, rng, [exam], [])
    made = [
        history.attempt(_Person(user_id, enrolment, 0.7), exam, number + 1, NOW, is_open=False)
        for user_id, enrolment, number in found
    ]
    rows.write()
    with database.transaction() as db:
        quiz_records.follow(db, made)
        question_sums.add(db, made)


def _freeze(database: Database, exams: Sequence[Exam]) -> None:
    with database.transaction() as db:
        for exam in exams:
            frozen.store(db, exam.quiz, now=NOW - TERM)


@dataclass(frozen=True, slots=True)
class _Lesson:
    id: str
    checks: tuple[Question, ...]


def _lessons(catalog: Catalog, rng: random.Random) -> list[_Lesson]:
    return [
        _Lesson(lesson.id, tuple(crowd.question(check, rng) for check in lesson.checks))
        for lesson in catalog.every_lesson
    ]


class _Rows:
    """Rows on their way to their tables, written in large batches, each table after those it refers to."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._count = 0

    def add(self, model: type[Base], **row: Any) -> None:
        self._waiting[model.__tablename__].append(row)
        self._count += 1

    def write_if_many(self) -> None:
        if self._count >= BATCH:
            self.write()

    def write(self) -> None:
        with self._database.transaction() as db:
            for table in Base.metadata.sorted_tables:
                if waiting := self._waiting[table.name]:
                    db.connection().execute(insert(table), waiting)
        self._waiting.clear()
        self._count = 0


@dataclass(frozen=True, slots=True)
class _Person:
    """A participant in one cohort. ``knows``: about the share of questions they answer rightly."""

    id: UUID
    enrolment: UUID
    knows: float


class _History:
    """Makes the rows of people and of what they did."""

    def __init__(self, rows: _Rows, rng: random.Random, exams: Sequence[Exam], lessons: Sequence[_Lesson]) -> None:
        self._rows, self._rng, self._exams, self._lessons = rows, rng, exams, lessons
        self._hash = passwords.rehash(PASSWORD)
        self._attempts = 0
        self._instructor: UUID | None = None

    # --- people -----------------------------------------------------------------------------------------------------

    def people(self, size: Size) -> None:
        """Everybody, cohort by cohort, the large one first, with all they did."""
        self._instructor = self._user(INSTRUCTOR, "Pengampu", Role.INSTRUCTOR)
        self._user(ADMINISTRATOR, "Pengelola", Role.ADMINISTRATOR)
        self._user(EDITOR, "Penyunting", Role.EDITOR)
        small = (size.cohorts - 1) * SMALL
        first, second, others = (int(size.attempts * share) for share in SHARES)
        at_first, at_second = _spread(first, size.people), _spread(second, size.people)
        elsewhere, anywhere = _spread(others, size.people), _spread(size.attempts - first - second - others, small)
        large = self._cohort(LARGE, taught=True)
        for number in range(size.people):
            taken = [0] * next(at_first) + [1] * next(at_second)
            self._participant(number, large, taken + self._course(next(elsewhere), start=2))
        for cohort in range(1, size.cohorts):
            group = self._cohort(f"Angkatan {cohort:04}", taught=cohort % TAUGHT == 0)
            for place in range(SMALL):
                number = size.people + (cohort - 1) * SMALL + place
                self._participant(number, group, self._course(next(anywhere), start=0))

    def _course(self, attempts: int, *, start: int) -> list[int]:
        """Which exams somebody takes, in the order of the course; all of them before one is taken again."""
        exams = range(start, len(self._exams))
        rounds, more = divmod(attempts, len(exams))
        return sorted([*exams] * rounds + self._rng.sample(exams, more))

    def _cohort(self, name: str, *, taught: bool) -> UUID:
        id = self._key(NOW - TERM)
        self._rows.add(
            Cohort, id=id, name=name, starts_on=(NOW - TERM).date(), ends_on=NOW.date(), created_at=NOW - TERM
        )
        if taught and self._instructor:
            self._enrolment(id, self._instructor, Place.INSTRUCTOR)
        return id

    def _user(self, login: str, name: str, role: Role) -> UUID:
        id = self._key(NOW - TERM)
        self._rows.add(User, id=id, login=login, name=name, password_hash=self._hash, created_at=NOW - TERM)
        self._rows.add(UserRole, user_id=id, role=role)
        return id

    def _enrolment(self, cohort: UUID, user: UUID, place: Place) -> UUID:
        id = self._key(NOW - TERM)
        self._rows.add(Enrolment, id=id, cohort_id=cohort, user_id=user, place=place, enrolled_at=NOW - TERM)
        return id

    def _participant(self, number: int, cohort: UUID, course: Sequence[int]) -> None:
        """Somebody who read some of the lessons and took the exams of ``course``, in that order."""
        rng = self._rng
        user = self._user(f"peserta{number:05}", f"Peserta {number:05}", Role.PARTICIPANT)
        person = _Person(user, self._enrolment(cohort, user, Place.PARTICIPANT), rng.betavariate(6, 2))
        ends = NOW - timedelta(days=min(40, rng.expovariate(0.2)))
        begins = NOW - TERM + timedelta(days=rng.uniform(0, 10))
        self._read(person, begins, ends)
        moments = sorted(begins + (ends - begins) * rng.random() for _ in course)
        for place, (exam, at) in enumerate(zip(course, moments, strict=True)):
            is_last = exam not in course[place + 1 :]
            self.attempt(
                person,
                self._exams[exam],
                1 + course[:place].count(exam),
                at,
                is_open=is_last and number % STOPPED == exam % STOPPED,
            )
        self._rows.write_if_many()

    # --- lessons ----------------------------------------------------------------------------------------------------

    def _read(self, person: _Person, begins: datetime, ends: datetime) -> None:
        """The first lessons of the course, all but the last of them to the end and with their self-checks."""
        count = round(len(self._lessons) * self._rng.betavariate(3, 1))
        for place, lesson in enumerate(self._lessons[:count], start=1):
            at = begins + (ends - begins) * place / count
            done = place < count or count == len(self._lessons)
            self._rows.add(
                LessonRecord,
                user_id=person.id,
                lesson=lesson.id,
                first_seen_at=at - timedelta(minutes=20),
                last_seen_at=at,
                read_at=at if done else None,
                position="",
            )
            for check in lesson.checks if done else ():
                self._check(person, lesson, check, at)

    def _check(self, person: _Person, lesson: _Lesson, check: Question, at: datetime) -> None:
        given = check.answered(self._rng, person.knows)
        if given.values is None:
            return
        self._rows.add(
            SelfCheck,
            user_id=person.id,
            item=check.item.id,
            lesson=lesson.id,
            response=list(given.values),
            fraction=given.mark.fraction,
            answered_at=at,
        )

    # --- attempts ---------------------------------------------------------------------------------------------------

    def attempt(self, person: _Person, exam: Exam, number: int, at: datetime, *, is_open: bool) -> UUID:
        """One attempt with all that belongs to it; an open one is half answered. Its id."""
        rng, self._attempts = self._rng, self._attempts + 1
        id, ends = self._key(at), at + timedelta(minutes=rng.uniform(10, 40))
        asked = [exam.questions[item.id] for item in exam.quiz.arranged(rng)]
        given = [one.answered(rng, person.knows) for one in asked]
        if is_open:
            given = [one if place % 2 else asked[place].nothing for place, one in enumerate(given)]
        marks = [] if is_open else [list(self._marked(one, ends)) for one in given]
        self._attempt_row(id, person, exam, number, at, None if is_open else ends, marks)
        for position, (question, answer) in enumerate(zip(asked, given, strict=True)):
            self._item_row(id, exam, position, question, marks[position][-1] if marks else {})
            if answer.text is not None:
                self._response_row(id, question, answer, at + (ends - at) * (position + 1) / len(asked))
        for question, judged in zip(asked, marks, strict=False):  # an open attempt has no marks
            for mark in judged:
                self._rows.add(Mark, attempt_id=id, question_version=question.version, **mark)
        if marks and self._attempts % REPORTED == 0:
            self._report_row(id, person, asked[0], given[0], ends)
        return id

    def _marked(self, given: Given, at: datetime) -> Iterator[dict[str, Any]]:
        """The judgements on an answer, the newest last: by the key, and of most essays by a person."""
        yield self._mark(given.mark, at, None)
        if given.mark.pending and self._rng.random() < JUDGED:
            fraction = self._rng.choice((0.4, 0.6, 0.8, 1.0))
            yield self._mark(marking.judged(given.mark, fraction), at + timedelta(days=2), self._instructor)

    def _mark(self, mark: marking.ItemMark, at: datetime, author: UUID | None) -> dict[str, Any]:
        return {
            "id": self._key(at),
            "item": mark.item_id,
            "fraction": mark.fraction,
            "points": mark.points,
            "maximum": mark.maximum,
            "answered": mark.answered,
            "pending": mark.pending,
            "marked_at": at,
            "author_id": author,
        }

    def _attempt_row(
        self,
        id: UUID,
        person: _Person,
        exam: Exam,
        number: int,
        at: datetime,
        submitted_at: datetime | None,
        marks: Sequence[Sequence[dict[str, Any]]],
    ) -> None:
        quiz = exam.quiz
        deadline = at + quiz.time_limit if quiz.time_limit else None
        counting = [_item_mark(judged[-1]) for judged in marks]
        score = judging.score_columns(marking.total(counting, quiz.pass_mark, quiz.sections)) if marks else _NO_SCORE
        self._rows.add(
            Attempt,
            id=id,
            user_id=person.id,
            enrolment_id=person.enrolment,
            quiz=quiz.id,
            number=number,
            attempt_limit=quiz.attempts and max(quiz.attempts, number),  # more was granted where more was needed
            revision=frozen.rules_of(quiz).digest,
            started_at=at,
            deadline_at=deadline,
            closes_at=deadline and deadline + timedelta(minutes=10),
            submitted_at=submitted_at,
            closed_by=submitted_at and ClosedBy.PARTICIPANT,
            **{**score, "maximum": quiz.points},
        )

    def _item_row(self, id: UUID, exam: Exam, position: int, question: Question, counts: dict[str, Any]) -> None:
        """``counts``: the newest mark; empty while the attempt is open."""
        self._rows.add(
            AttemptItem,
            attempt_id=id,
            item=question.item.id,
            position=position,
            question_version=question.version,
            option_order=list(question.item.order(self._rng, shuffle=exam.quiz.shuffle_options)),
            mark_id=counts.get("id"),
            **{name: counts.get(name) for name in ("fraction", "points", "maximum", "answered", "pending")},
        )

    def _response_row(self, id: UUID, question: Question, given: Given, at: datetime) -> None:
        self._rows.add(
            ResponseRow,
            attempt_id=id,
            item=question.item.id,
            question_version=question.version,
            value=given.text,
            revision=1,
            save_id=self._key(at),
            made_at=at,
            saved_at=at,
        )

    def _report_row(self, id: UUID, person: _Person, question: Question, given: Given, at: datetime) -> None:
        state = self._rng.choice(list(ReportState))
        answered = state is not ReportState.OPEN
        self._rows.add(
            QuestionReport,
            id=self._key(at),
            user_id=person.id,
            attempt_id=id,
            item=question.item.id,
            question_version=question.version,
            response=given.text,
            message="Menurut modul, jawaban lain juga benar.",
            state=state,
            answer="Terima kasih, sudah kami periksa." if answered else "",
            reported_at=at,
            answered_at=at + timedelta(days=3) if answered else None,
        )

    def _key(self, at: datetime) -> UUID:
        """As ``uuid7`` makes keys, but of a given time and from our own generator."""
        number = int(at.timestamp() * 1000) << 80 | self._rng.getrandbits(80)
        number = number & ~(0xF << 76) | 0x7 << 76
        return UUID(int=number & ~(0x3 << 62) | 0x2 << 62)


_NO_SCORE: dict[str, Any] = {"score": None, "passed": None}


def _item_mark(row: dict[str, Any]) -> marking.ItemMark:
    kept = {name: row[name] for name in ("fraction", "points", "maximum", "answered", "pending")}
    return marking.ItemMark(item_id=row["item"], **kept)


def _spread(total: int, people: int) -> Iterator[int]:
    """``total`` in as equal parts as can be, a part for each of ``people``."""
    return (total * (place + 1) // people - total * place // people for place in range(people))
