"""Which pages are measured at size, and one measurement: two visits of one page in a process of its own.

    python3 -m bench size --visit overview --at URL

prints it as JSON. The first visit pays for what a process does once (templates, rendered texts), the second is what
everybody after it pays. Memory is the most that the process held above its rest before the first visit.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import event, select

from bench import crowd, machine, seed, site
from lms import create_app
from lms.config import Settings
from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, QuestionVersion
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.learning.api import analysis_counts
from lms.quiz.items.essay import Essay
from lms.quiz.items.single import Single
from lms.quiz.regrade import Drop
from tests.visitor import Visitor

PARTICIPANT = "peserta00003"
LONG = 20.0  # seconds after which a page is not asked for a second time


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What of a seeded database is asked for: the large cohort, one of its people, and their first closed attempt."""

    cohort: UUID
    person: UUID
    attempt: UUID
    quiz: str
    item: str
    version: str
    essay: UUID  # an attempt with an answer that a person judges
    essay_quiz: str
    essay_item: str

    @property
    def question(self) -> str:
        return f"/pengampu/angkatan/{self.cohort}/kuis/{self.quiz}/soal/{self.item}"

    def decision(self) -> dict[str, str]:
        """What a form says that leaves the question out, so that every attempt changes."""
        reason = "Dua pilihan sama-sama benar menurut modul yang berlaku."
        return {"action": Drop.action, "versi": self.version, "reason": reason}


def landmarks(app: Flask, quiz: int = 0) -> Landmarks:
    """``quiz``: its place in the course; the first is the one with most attempts, the second is regraded."""
    running = app.extensions["lms"]
    with running.database.reading() as db:
        row = db.execute(
            select(Cohort.id, Attempt.user_id, Attempt.id, Attempt.quiz, AttemptItem.item, AttemptItem.question_version)
            .join(Enrolment, Enrolment.cohort_id == Cohort.id)
            .join(User, User.id == Enrolment.user_id)
            .join(Attempt, Attempt.user_id == User.id)
            .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
            .join(QuestionVersion, QuestionVersion.digest == AttemptItem.question_version)
            .where(Cohort.name == seed.LARGE, User.login == PARTICIPANT, Attempt.submitted_at.is_not(None))
            .where(Attempt.quiz == crowd.quizzes(running.pack.current())[quiz].id)
            .where(QuestionVersion.definition["kind"].as_string() == Single.kind)
            .order_by(Attempt.number, AttemptItem.item)
            .limit(1)
        ).one()
        essay = db.execute(
            select(Attempt.id, Attempt.quiz, AttemptItem.item)
            .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .join(Cohort, Cohort.id == Enrolment.cohort_id)
            .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
            .join(QuestionVersion, QuestionVersion.digest == AttemptItem.question_version)
            .where(Cohort.name == seed.LARGE, Enrolment.place == Place.PARTICIPANT, Enrolment.left_at.is_(None))
            .where(QuestionVersion.definition["kind"].as_string() == Essay.kind, AttemptItem.answered.is_(True))
            .limit(1)
        ).one()
    return Landmarks(*row, *essay)


@dataclass(frozen=True, slots=True)
class Visit:
    """A page, and as whom it is asked for. ``form``: what is sent; without one the page is only read."""

    title: str
    login: str
    path: Callable[[Landmarks], str]
    form: Callable[[Landmarks], dict[str, str]] | None = None


def _quiz(at: Landmarks) -> str:
    return f"/pengampu/angkatan/{at.cohort}/kuis/{at.quiz}"


def _person(at: Landmarks) -> str:
    return f"/pengampu/angkatan/{at.cohort}/peserta/{at.person}"


VISITS = {
    "overview": Visit("Overview", seed.INSTRUCTOR, lambda at: "/pengampu"),
    "overview-all": Visit("Overview, administrator", seed.ADMINISTRATOR, lambda at: "/pengampu"),
    "cohort": Visit("Cohort", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}"),
    "cohort-last": Visit(
        "Cohort by who was seen last, last page",
        seed.INSTRUCTOR,
        lambda at: f"/pengampu/angkatan/{at.cohort}?sort=last_seen&page=9999",
    ),
    "cohort-plain": Visit(
        "Cohort, the list to copy", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}/perhatian.txt"
    ),
    "participants": Visit("Participants", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}/peserta"),
    "participants-last": Visit(
        "Participants by share, last page",
        seed.INSTRUCTOR,
        lambda at: f"/pengampu/angkatan/{at.cohort}/peserta?sort=share&page=9999",
    ),
    "map": Visit("Map, people by modules", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}/peta"),
    "map-unfinished": Visit(
        "Map, those who have something left, by share",
        seed.INSTRUCTOR,
        lambda at: f"/pengampu/angkatan/{at.cohort}/peta?belum=1&sort=share",
    ),
    "activity": Visit("Activity over time", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}/kegiatan"),
    "gain": Visit("Gain", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}/perolehan"),
    "results": Visit("Results of a quiz", seed.INSTRUCTOR, _quiz),
    "results-search": Visit("Results, searched", seed.INSTRUCTOR, lambda at: f"{_quiz(at)}?q=0012&sort=score"),
    "export": Visit("Results as CSV", seed.INSTRUCTOR, lambda at: f"{_quiz(at)}.csv"),
    "questions": Visit("Question by question", seed.INSTRUCTOR, lambda at: f"{_quiz(at)}/soal"),
    "question": Visit("One question", seed.INSTRUCTOR, lambda at: at.question),
    "results-every": Visit("Results, all attempts", seed.INSTRUCTOR, lambda at: f"{_quiz(at)}?percobaan=semua"),
    "analysis": Visit("Analysis of a quiz", seed.INSTRUCTOR, lambda at: f"{_quiz(at)}/analisis"),
    "analysis-every": Visit(
        "Analysis, all attempts", seed.INSTRUCTOR, lambda at: f"{_quiz(at)}/analisis?percobaan=semua"
    ),
    "analysed-question": Visit("Analysis of a question", seed.INSTRUCTOR, lambda at: f"{_quiz(at)}/analisis/{at.item}"),
    "cohort-reports": Visit(
        "Reports, cohort", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}/laporan-soal"
    ),
    "propose": Visit("Proposal to the editors", seed.INSTRUCTOR, lambda at: f"{at.question}/usulan"),
    "preview": Visit(
        "Regrade, preview", seed.INSTRUCTOR, lambda at: f"{at.question}/pratinjau", lambda at: at.decision()
    ),
    "waiting": Visit("Waiting for marks", seed.INSTRUCTOR, lambda at: "/pengampu/menunggu"),
    "marking-queue": Visit(
        "Answers to an essay",
        seed.INSTRUCTOR,
        lambda at: f"/pengampu/menilai/soal/{at.cohort}/{at.essay_quiz}/{at.essay_item}",
    ),
    "marking-desk": Visit("Marking desk", seed.INSTRUCTOR, lambda at: f"/pengampu/menilai/{at.essay}/{at.essay_item}"),
    "attempt": Visit("Review of an attempt", seed.INSTRUCTOR, lambda at: f"/pengampu/percobaan/{at.attempt}"),
    "person": Visit("A person", seed.INSTRUCTOR, _person),
    "allowances": Visit("Allowances of a person", seed.INSTRUCTOR, lambda at: f"{_person(at)}/kelonggaran"),
    "question-answers": Visit("Answers to one question", seed.INSTRUCTOR, lambda at: f"{at.question}/jawaban"),
    "question-answers-all": Visit(
        "Answers of all attempts to one question", seed.INSTRUCTOR, lambda at: f"{at.question}/jawaban?percobaan=semua"
    ),
    "missed": Visit("Missed articles", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}/dasar-hukum"),
    "report": Visit("Report of a cohort", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}/laporan"),
    "files": Visit("Files of a cohort", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}/unduhan"),
    "own-progress": Visit("Progress, participant", PARTICIPANT, lambda at: "/progres"),
    "rules": Visit("Rules of a cohort", seed.INSTRUCTOR, lambda at: f"/pengampu/angkatan/{at.cohort}/aturan"),
    "reports": Visit("Reports, editor", seed.EDITOR, lambda at: "/penyunting/laporan"),
    "proposals": Visit("Proposals, editor", seed.EDITOR, lambda at: "/penyunting/usulan"),
    "dashboard": Visit("Dashboard, participant", PARTICIPANT, lambda at: "/beranda"),
    "outline": Visit("Outline, participant", PARTICIPANT, lambda at: "/materi"),
    "quiz": Visit("Quiz, participant", PARTICIPANT, lambda at: f"/kuis/{at.quiz}"),
    "result": Visit("Result, participant", PARTICIPANT, lambda at: f"/percobaan/{at.attempt}/hasil"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the processor, of the first visit and of the second (None: the first took ``LONG``), each in our
    process and in the database's; seconds of waiting; MB of memory; bytes and statements of an answer."""

    first: float
    first_database: float
    again: float | None
    again_database: float | None
    waited: float
    memory: float
    bytes: int
    statements: int

    @property
    def spent(self) -> float:
        """Processor seconds of both, of the second visit where there is one."""
        return self.first + self.first_database if self.again is None else self.again + (self.again_database or 0.0)


def application(url: str) -> Flask:
    """As a server has it: what is loaded is kept away from the collector (``lms.app.create_server_app``)."""
    made = create_app(Settings(secret_key=site.SECRET_KEY, database_url=url, secure_cookies=False))
    gc.collect()
    gc.freeze()
    return made


def count(app: Flask) -> None:
    """Count the quiz whose pages are asked for, or those of its analysis would only say that nobody has."""
    at = landmarks(app)
    analysis_counts.refresh(app.extensions["lms"].database, at.cohort, at.quiz, now=datetime.now(UTC))


def measure(app: Flask, visit: Visit, database_pid: int | None = None) -> Measured:
    at, engine = landmarks(app), app.extensions["lms"].database.engine
    visitor = Visitor(app).sign_in(visit.login, seed.PASSWORD)
    visitor.get("/akun")  # what every page has in common was made for somebody before
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, statement, *_r: sent.append(statement))
    rest = machine.rest()
    first = _once(visitor, visit, at, database_pid)
    again = _once(visitor, visit, at, database_pid) if first.waited < LONG else None
    newest = again or first
    return Measured(
        first=first.ours,
        first_database=first.database,
        again=again.ours if again else None,
        again_database=again.database if again else None,
        waited=newest.waited,
        memory=machine.peak() - rest,
        bytes=newest.bytes,
        statements=len(sent) // (2 if again else 1),
    )


@dataclass(frozen=True, slots=True)
class _Answered:
    ours: float
    database: float
    waited: float
    bytes: int


def _once(visitor: Visitor, visit: Visit, at: Landmarks, database_pid: int | None) -> _Answered:
    begun, ours, theirs = time.perf_counter(), time.process_time(), machine.spent(database_pid)
    answer = ask(visitor, visit, at)
    received = sum(map(len, answer.iter_encoded()))  # what is sent line by line is made now
    waited, ours = time.perf_counter() - begun, time.process_time() - ours
    return _Answered(ours, machine.spent(database_pid) - theirs, waited, received)


def ask(visitor: Visitor, visit: Visit, at: Landmarks) -> Any:
    """The page, or the one that what is sent leads to; raises when it is anything but the page."""
    path = visit.path(at)
    answer = visitor.led(visitor.post(path, visit.form(at))) if visit.form else visitor.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{visit.title}: {path} answered {answer.status}")
    return answer
