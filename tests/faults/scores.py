"""People hand in while ``lms lti sync`` sends their scores to a platform and is killed: what did the platform get?"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from bench import site
from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db import migrate
from lms.db.accounts import Role
from lms.db.attempts import Attempt, QuizRecord
from lms.db.base import uuid7
from lms.db.cohorts import Enrolment, Place
from lms.db.engine import Database
from lms.db.lti import AT_ONCE, LtiCourse, LtiLink, LtiPerson, LtiScore
from lms.errors import Unavailable
from lms.learning import accounts, attempts, cohorts, owed_scores, platforms, quiz_records
from lms.learning.attempts import Answer
from lms.learning.platforms import Agreed
from lms.quiz.quiz import Quiz
from tests.features.lti.gradebook import Gradebook, gradebook

PACK = Path(__file__).parent.parent / "pack"
QUIZ = "pecahan"


@dataclass
class Scene:
    """A course of a platform with people in it, one of whom hands in now and then."""

    url: str
    database: Database
    book: Gradebook
    people: list[tuple[str, UUID]]  # subject and account
    link: UUID
    quiz: Quiz

    def hand_in(self, rng: random.Random) -> None:
        """Somebody takes the quiz, and answers some of it."""
        now, user_id = datetime.now(UTC), rng.choice(self.people)[1]
        attempt = self.database.commit(lambda db: attempts.start(db, self.quiz, user_id, now=now))
        chosen = {
            item.id: Answer(values=[rng.choice(item.choices()).id], revision=1)
            for item in self.quiz.items
            if item.kind == "single"
        }

        def submit(db: Session) -> None:
            attempts.save_all(db, attempt, user_id, chosen, now=now)
            attempts.submit(db, attempt, user_id, now=now)

        self.database.commit(submit)

    def sync(self, *arguments: str) -> subprocess.Popen[bytes]:
        settings = site.environment(self.url) | {"LMS_PACK": str(PACK), "LMS_OWN_NETWORK": "true"}
        command = [sys.executable, "-m", "lms", "lti", "sync", *arguments]
        return subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL)

    def owed(self) -> int:
        with self.database.reading() as db:
            waits = select(func.count()).select_from(LtiScore).where(LtiScore.sent < LtiScore.version)
            return int(db.execute(waits).scalar_one())

    def let_go(self) -> None:
        """As if the time had passed for which nobody else takes up what a killed process took up."""
        waits = update(LtiScore).where(LtiScore.sent < LtiScore.version)
        self.database.commit(lambda db: db.execute(waits.values(due_at=AT_ONCE)))

    def send_the_rest(self) -> None:
        while self.owed():
            self.let_go()
            if self.sync().wait(300):
                raise RuntimeError("lms lti sync failed")


@contextmanager
def scene(url: str, *, people: int, handed_in: bool = False) -> Iterator[Scene]:
    """``handed_in``: all of them have a score already, and it is owed."""
    database, quiz = Database(url), replace(load(Folder.at(PACK)).quizzes[QUIZ], attempts=None, time_limit=None)
    migrate.upgrade(database.engine)
    with gradebook() as book:
        now = datetime.now(UTC)
        with database.transaction() as db:
            cohort = cohorts.add(db, "Angkatan", now=now)
            listed = [(f"peserta{number}", f"Peserta {number}", Role.PARTICIPANT) for number in range(people)]
            ids = accounts.add_all(db, listed, now=now)
            places = [
                {"cohort_id": cohort.id, "user_id": id, "place": Place.PARTICIPANT, "enrolled_at": now}
                for id in ids.values()
            ]
            db.execute(insert(Enrolment), places)
            agreed = Agreed(
                name="Moodle",
                issuer=book.address,
                client_id="latsar",
                authorization_url=f"{book.address}/auth",
                token_url=f"{book.address}/token",
                keys_url=f"{book.address}/certs",
            )
            platform = platforms.add(db, agreed, approved=True, now=now).id
            known = [
                {"registration_id": platform, "subject": f"s-{login}", "user_id": id, "linked_at": now}
                for login, id in ids.items()
            ]
            db.execute(insert(LtiPerson), known)
            course = LtiCourse(registration_id=platform, deployment="1", context="k", cohort_id=cohort.id, scopes=[])
            db.add(course)
            db.flush()
            link = LtiLink(course_id=course.id, link="t", resource=f"kuis/{QUIZ}")
            db.add(link)
            db.flush()
            made = Scene(url, database, book, [(f"s-{login}", id) for login, id in ids.items()], link.id, quiz)
        if handed_in:
            made.hand_in(random.Random(1))
            _copy_attempts(database)
        with database.transaction() as db:
            url_of_item = f"{book.address}/items/1?type_id=1"
            owed_scores.grade(db, made.link, url_of_item, 100.0, now=now - timedelta(hours=1))
        yield made
        database.dispose()


def _copy_attempts(database: Database) -> None:
    """Everybody did what one person did: ten thousand attempts of their own would take minutes."""
    with database.transaction() as db:
        one = dict(db.execute(select(Attempt.__table__)).mappings().one())
        others = db.execute(select(Enrolment.id, Enrolment.user_id).where(Enrolment.user_id != one["user_id"])).all()
        rows = [{**one, "id": uuid7(), "enrolment_id": row.id, "user_id": row.user_id} for row in others]
        db.execute(insert(Attempt), rows)
        db.execute(delete(QuizRecord))
        quiz_records.fill(db)


# --- killing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """``handed_in``: how often; ``received``: scores that the platform got, of these ``again`` the very same as before;
    ``doubled``: another value at the same time; ``lost``: people of whom the platform does not have what holds."""

    kills: int
    handed_in: int
    received: int
    again: int
    doubled: int
    lost: int


def kill(there: Scene, *, times: int, seed: int, pause: float = 0.01) -> Found:
    """Kill the sender so often, at any moment after it sent its first score, while people hand in."""
    rng, over, handed_in = random.Random(seed), threading.Event(), [0]
    there.book.pause = pause

    def arrive() -> None:
        arriving = random.Random(seed + 1)
        while not over.is_set():
            with suppress(Unavailable):  # they would be asked to try again
                there.hand_in(arriving)
                handed_in[0] += 1
            time.sleep(0.005)

    thread = threading.Thread(target=arrive)
    thread.start()
    try:
        for _ in range(times):
            there.let_go()
            before, process = len(there.book.scores), there.sync("--watch")
            try:
                until = time.monotonic() + 60
                while len(there.book.scores) == before and time.monotonic() < until and process.poll() is None:
                    time.sleep(0.002)
                time.sleep(rng.random() * 0.4)
            finally:
                process.send_signal(signal.SIGKILL)
            if process.wait(20) != -signal.SIGKILL:
                raise RuntimeError("lms lti sync ended by itself")
    finally:
        over.set()
        thread.join()
    there.book.pause = 0.0
    there.send_the_rest()
    return judged(there, kills=times, handed_in=handed_in[0])


def judged(there: Scene, *, kills: int, handed_in: int) -> Found:
    """What the platform has, of several scores of a person the latest, against what holds here."""
    got: defaultdict[str, dict[str, set[float]]] = defaultdict(lambda: defaultdict(set))
    for one in list(there.book.scores):
        got[one["userId"]][one["timestamp"]].add(one["scoreGiven"])
    times = sum(len(by_time) for by_time in got.values())
    doubled = sum(len(values) > 1 for by_time in got.values() for values in by_time.values())
    lost = 0
    with there.database.reading() as db:
        holds = dict(
            db.execute(
                select(LtiPerson.subject, QuizRecord.share)
                .join(Enrolment, Enrolment.user_id == LtiPerson.user_id)
                .join(QuizRecord, QuizRecord.enrolment_id == Enrolment.id)
                .where(QuizRecord.quiz == QUIZ, QuizRecord.judged > 0)
            ).all()
        )
    for subject, share in holds.items():
        newest = got[subject][max(got[subject])] if got[subject] else set()
        lost += newest != {round(share * 100, 6)}
    received = len(there.book.scores)
    return Found(kills, handed_in, received, received - times, doubled, lost)


# --- how fast -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """``seconds`` between the first and the last score, with one kill and the start of another process in between if
    ``killed``; ``megabytes``: the most that one process held."""

    scores: int
    seconds: float
    megabytes: float
    killed: bool
    found: Found

    @property
    def each_second(self) -> float:
        return self.scores / self.seconds


def rate(there: Scene, *, killed: bool) -> Rate:
    """Send all that is owed with one process, or with two of which the first is killed when half of it is sent."""
    count, most, was_killed = there.owed(), 0.0, False
    process = there.sync()
    while not there.book.scores and process.poll() is None:
        time.sleep(0.002)
    begun = time.monotonic()
    while process.poll() is None:
        most = max(most, _megabytes(process.pid))
        if killed and len(there.book.scores) >= count / 2:
            process.send_signal(signal.SIGKILL)
            process.wait(20)
            there.let_go()
            process, killed, was_killed = there.sync(), False, True
        time.sleep(0.02)
    seconds = time.monotonic() - begun
    if there.owed():
        raise RuntimeError(f"{there.owed()} scores were not sent")
    return Rate(count, seconds, most, was_killed, judged(there, kills=int(was_killed), handed_in=count))


def _megabytes(pid: int) -> float:
    """The most that a process held so far; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
    return int(peak) / 1024
