"""What a save waits while something large happens: a regrade, a new grace, attempts that end, people who come or go."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from bench import crowd, holding, machine, seed, site, visits
from bench.seed import Size
from bench.store import Store
from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, QuestionVersion
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.db.engine import Database
from lms.quiz.definition import load
from lms.quiz.item import Response
from tests.visitor import Visitor

REGRADED = 1  # the place of the quiz in the course
SAVERS = 12  # people who save in turn, half of them in the quiz that is regraded
GRACE = 30  # minutes
LEAVING = 100  # people who leave their cohort at once
PAUSE = 0.01  # seconds between two saves
PREVIEWED = "previewed\n"  # what the one who decides says before waiting for a line
CALM = 0.3  # seconds of saving before an act


@dataclass(frozen=True, slots=True)
class Strain:
    """``ours``, ``database``: processor seconds of the act (the database's with that of the saves), ``took``: seconds
    by the clock; ``held``: seconds of its longest transaction.

    ``waits``: seconds of every save meanwhile, ``refused``: how many of them were not answered with 200.
    """

    act: str
    ours: float
    database: float
    took: float
    held: float
    waits: Sequence[float]
    refused: int

    @property
    def spent(self) -> float:
        return self.ours + self.database


def run(store: Store, size: Size, limit: float) -> Iterator[Strain]:
    """Each act in turn on one copy of a seeded database. Raises ``TimeoutExpired`` after ``limit`` seconds."""
    url = store.copy()
    database = Database(url)
    seed.overdue(database, size)
    leaving = _logins(database, min(LEAVING, size.people // 4))
    database.dispose()
    with _saving(url) as saving, tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        watched = _Watched(saving, store.pid)
        yield _regrade(watched, url, limit)
        grace = ["cohort", "set", seed.LARGE, "--grace", str(GRACE)]
        yield watched.doing("grace", lambda: _lms(url, limit, *grace).cost)
        yield watched.doing("tick", lambda: _tick(url, limit))
        roster = _roster(Path(folder), size.people)
        command = ["enrol", str(roster), "--cohort", seed.LARGE, "--invitations", str(roster.with_suffix(".links"))]
        yield watched.doing("enrol", lambda: _lms(url, limit, *command).cost)
        yield watched.doing("leave", lambda: _lms(url, limit, "cohort", "leave", seed.LARGE, *leaving).cost)


@dataclass(frozen=True, slots=True)
class _Cost:
    """Processor seconds of an act, and seconds of its longest transaction."""

    spent: float = 0.0
    held: float = 0.0

    def __add__(self, other: _Cost) -> _Cost:
        return _Cost(self.spent + other.spent, max(self.held, other.held))


# --- the acts -------------------------------------------------------------------------------------------------------


def _regrade(watched: _Watched, url: str, limit: float) -> Strain:
    """Previewed beforehand; what is measured is doing it."""
    command = [sys.executable, "-m", "bench", "size", "--apply", "--at", url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as decided:
        stopped = threading.Timer(limit, decided.kill)
        stopped.start()
        try:
            if not decided.stdout or decided.stdout.readline() != PREVIEWED:
                raise _why_not(decided, limit)
            return watched.doing("regrade", lambda: _confirm(decided, limit))
        finally:
            stopped.cancel()


def _confirm(decided: subprocess.Popen[str], limit: float) -> _Cost:
    said, _ = decided.communicate("now\n")
    if decided.returncode:
        raise _why_not(decided, limit)
    return _Cost(*map(float, said.split()))


def _why_not(decided: subprocess.Popen[str], limit: float) -> subprocess.SubprocessError:
    if decided.wait() == -signal.SIGKILL:
        return subprocess.TimeoutExpired(decided.args, limit)
    return subprocess.CalledProcessError(decided.returncode, decided.args)


def apply(url: str) -> int:
    """The instructor's side of a regrade: preview, wait for a line, confirm; prints the fields of its ``_Cost``."""
    app = visits.application(url)
    at = visits.landmarks(app, REGRADED)
    grace = Visitor(app).sign_in(seed.INSTRUCTOR, seed.PASSWORD)
    page = visits.ask(grace, visits.VISITS["preview"], at).get_data(as_text=True)
    sealed = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("regrade", "seen")}  # type: ignore[index]
    print(PREVIEWED, end="", flush=True)
    sys.stdin.readline()
    begun = time.process_time()
    with holding.watched() as held:
        done = grace.post(f"{at.question}/nilai-ulang", at.decision() | sealed)
        if done.status_code != 303:
            raise RuntimeError(f"the regrade was answered with {done.status}")
        _carry_on(grace, grace.get(at.question).get_data(as_text=True))
    print(time.process_time() - begun, held.longest)
    return 0


def _carry_on(visitor: Visitor, page: str) -> None:
    """What the script of the page does until the decision is carried through."""
    if left := re.search(r'data-carry-on="([^"]+)"', page):
        while "finished" not in visitor.post(left[1], headers={"Accept": "application/json"}).get_json():
            pass


def _tick(url: str, limit: float) -> _Cost:
    """As often as there is something to do; each run closes a bounded number."""
    cost = _Cost()
    while True:
        ran = _lms(url, limit, "tick")
        cost += ran.cost
        if ran.said.startswith("0 "):
            return cost


def _roster(folder: Path, people: int) -> Path:
    path = folder / "peserta.csv"
    rows = [f"baru{number:05};Peserta Baru {number:05}" for number in range(people)]
    path.write_text("\n".join(["nip;nama", *rows]), encoding="utf-8")
    return path


def _logins(database: Database, count: int) -> list[str]:
    """Of people in the large cohort, none of whom saves."""
    with database.reading() as db:
        theirs = select(User.login).join(Enrolment).join(Cohort, Cohort.id == Enrolment.cohort_id)
        theirs = theirs.where(Cohort.name == seed.LARGE, Enrolment.place == Place.PARTICIPANT)
        return list(db.execute(theirs.order_by(User.login.desc()).limit(count)).scalars())


@dataclass(frozen=True, slots=True)
class _Ran:
    said: str
    cost: _Cost


def _lms(url: str, limit: float, *command: str) -> _Ran:
    """An ``lms`` command; it costs from its start on."""
    before = os.times()
    ran = subprocess.run(
        [sys.executable, "-m", "bench.holding", *command],
        env=os.environ | site.environment(url),
        check=True,
        capture_output=True,
        text=True,
        timeout=limit,
    )
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return _Ran(ran.stdout, _Cost(spent, float(ran.stderr.rpartition(holding.SAYS)[2])))


# --- those who save meanwhile ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Open:
    """A question of an open attempt, to be answered again and again."""

    visitor: Visitor
    attempt: str
    item: str
    version: str
    answers: Sequence[Response]


@dataclass
class _Saving:
    """Saves in a thread, one after the other. ``between`` is held during each: who takes it reads whole figures."""

    waits: list[float] = field(default_factory=list)
    refused: int = 0
    ended: bool = False
    between: threading.Lock = field(default_factory=threading.Lock)

    def run(self, questions: Sequence[_Open]) -> None:
        revision = 1
        while not self.ended:
            revision += 1
            for one in questions:
                with self.between:
                    self._save(one, revision)
                time.sleep(PAUSE)

    def _save(self, one: _Open, revision: int) -> None:
        given = one.answers[revision % len(one.answers)]
        answer = {"item": one.item, "version": one.version, "response": list(given)}
        begun = time.perf_counter()
        saved = one.visitor.send(
            f"/percobaan/{one.attempt}/simpan", answer | {"revision": revision, "save_id": str(uuid4())}
        )
        self.waits.append(time.perf_counter() - begun)
        self.refused += saved.status_code != 200


@contextmanager
def _saving(url: str) -> Iterator[_Saving]:
    app = visits.application(url)
    saving, questions = _Saving(), list(_questions(app))
    thread = threading.Thread(target=saving.run, args=(questions,))
    thread.start()
    try:
        yield saving
    finally:
        saving.ended = True
        thread.join()
        app.extensions["lms"].database.dispose()


@dataclass(frozen=True, slots=True)
class _Watched:
    """What an act costs, and what the saves waited from its begin until the last of them that it held up."""

    saving: _Saving
    database_pid: int | None

    def doing(self, act: str, do: Callable[[], _Cost]) -> Strain:
        time.sleep(CALM)
        with self.saving.between:
            self.saving.waits, self.saving.refused = [], 0
        begun, theirs = time.perf_counter(), machine.spent(self.database_pid)
        cost = do()
        took, theirs = time.perf_counter() - begun, machine.spent(self.database_pid) - theirs
        with self.saving.between:
            return Strain(act, cost.spent, theirs, took, cost.held, list(self.saving.waits), self.saving.refused)


def _questions(app: Flask) -> Iterator[_Open]:
    """A question of each of some open attempts in the large cohort, half of them at the quiz that is regraded."""
    quiz, rng = visits.landmarks(app, REGRADED).quiz, random.Random(REGRADED)
    with app.extensions["lms"].database.reading() as db:
        for place in (Attempt.quiz == quiz, Attempt.quiz != quiz):
            rows = db.execute(
                select(User.login, Attempt.id, AttemptItem.item, QuestionVersion.digest, QuestionVersion.definition)
                .join(Attempt, Attempt.user_id == User.id)
                .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
                .join(QuestionVersion, QuestionVersion.digest == AttemptItem.question_version)
                .join(Enrolment, Enrolment.user_id == User.id)
                .join(Cohort, Cohort.id == Enrolment.cohort_id)
                .where(Cohort.name == seed.LARGE, Attempt.submitted_at.is_(None), Attempt.deadline_at.is_(None), place)
                .where(AttemptItem.position == 0)
                .order_by(User.login, Attempt.quiz)
                .limit(SAVERS // 2)
            ).all()
            for row in rows:
                item = load(row.definition)
                question = crowd.question(item, rng)
                answers = [item.accept(given.values) or () for given in (question.right, *question.wrong)]
                visitor = Visitor(app).sign_in(row.login, seed.PASSWORD)
                visitor.get("/akun")  # its token, or the first save would wait for one
                yield _Open(visitor, str(row.id), row.item, row.digest, answers)
