"""What a save waits while something large happens: a regrade is applied, attempts are closed, people are enrolled."""

from __future__ import annotations

import os
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

from bench import machine, seed, site, visits
from bench.seed import Size
from bench.store import Store
from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, QuestionVersion
from lms.db.cohorts import Cohort, Enrolment
from lms.db.engine import Database
from lms.quiz.definition import load
from tests.visitor import Visitor

REGRADED = 1  # the place of the quiz in the course
SAVERS = 12  # people who save in turn, half of them in the quiz that is regraded
PAUSE = 0.01  # seconds between two saves
PREVIEWED = "previewed\n"  # what the one who decides says before waiting for a line
CALM = 0.3  # seconds of saving before an act


@dataclass(frozen=True, slots=True)
class Strain:
    """``ours``, ``database``: processor seconds of the act (the database's with that of the saves), ``took``: seconds
    by the clock.

    ``waits``: seconds of every save meanwhile, ``refused``: how many of them were not answered with 200.
    """

    act: str
    ours: float
    database: float
    took: float
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
    database.dispose()
    with _saving(url) as saving, tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        watched = _Watched(saving, store.pid)
        yield _regrade(watched, url, limit)
        yield watched.doing("tick", lambda: _tick(url, limit))
        roster = _roster(Path(folder), size.people)
        command = ["enrol", str(roster), "--cohort", seed.LARGE, "--invitations", str(roster.with_suffix(".links"))]
        yield watched.doing("enrol", lambda: _lms(url, limit, *command)[1])


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


def _confirm(decided: subprocess.Popen[str], limit: float) -> float:
    said, _ = decided.communicate("now\n")
    if decided.returncode:
        raise _why_not(decided, limit)
    return float(said)


def _why_not(decided: subprocess.Popen[str], limit: float) -> subprocess.SubprocessError:
    if decided.wait() == -signal.SIGKILL:
        return subprocess.TimeoutExpired(decided.args, limit)
    return subprocess.CalledProcessError(decided.returncode, decided.args)


def apply(url: str) -> int:
    """The instructor's side of a regrade: preview, wait for a line, confirm; prints the processor seconds it took."""
    app = visits.application(url)
    at = visits.landmarks(app, REGRADED)
    grace = Visitor(app).sign_in(seed.INSTRUCTOR, seed.PASSWORD)
    page = visits.ask(grace, visits.VISITS["preview"], at).get_data(as_text=True)
    sealed = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("regrade", "seen")}  # type: ignore[index]
    print(PREVIEWED, end="", flush=True)
    sys.stdin.readline()
    begun = time.process_time()
    done = grace.post(f"{at.question}/nilai-ulang", at.decision() | sealed)
    if done.status_code != 303:
        raise RuntimeError(f"the regrade was answered with {done.status}")
    _carry_on(grace, grace.get(at.question).get_data(as_text=True))
    print(time.process_time() - begun)
    return 0


def _carry_on(visitor: Visitor, page: str) -> None:
    """What the script of the page does until the decision is carried through."""
    if left := re.search(r'data-carry-on="([^"]+)"', page):
        while "finished" not in visitor.post(left[1], headers={"Accept": "application/json"}).get_json():
            pass


def _tick(url: str, limit: float) -> float:
    """As often as there is something to do; each run closes a bounded number."""
    spent = 0.0
    while True:
        said, seconds = _lms(url, limit, "tick")
        spent += seconds
        if said.startswith("0 "):
            return spent


def _roster(folder: Path, people: int) -> Path:
    path = folder / "peserta.csv"
    rows = [f"baru{number:05};Peserta Baru {number:05}" for number in range(people)]
    path.write_text("\n".join(["nip;nama", *rows]), encoding="utf-8")
    return path


def _lms(url: str, limit: float, *command: str) -> tuple[str, float]:
    """What an ``lms`` command said, and the processor seconds it took from its start on."""
    before = os.times()
    ran = subprocess.run(
        [sys.executable, "-m", "lms", *command],
        env=os.environ | site.environment(url),
        check=True,
        capture_output=True,
        text=True,
        timeout=limit,
    )
    after = os.times()
    return ran.stdout, after.children_user + after.children_system - before.children_user - before.children_system


# --- those who save meanwhile ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Open:
    """A question of an open attempt, to be answered again and again."""

    visitor: Visitor
    attempt: str
    item: str
    version: str
    options: tuple[str, ...]


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
        answer = {"item": one.item, "version": one.version, "response": [one.options[revision % len(one.options)]]}
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

    def doing(self, act: str, do: Callable[[], float]) -> Strain:
        time.sleep(CALM)
        with self.saving.between:
            self.saving.waits, self.saving.refused = [], 0
        begun, theirs = time.perf_counter(), machine.spent(self.database_pid)
        ours = do()
        took, theirs = time.perf_counter() - begun, machine.spent(self.database_pid) - theirs
        with self.saving.between:
            return Strain(act, ours, theirs, took, list(self.saving.waits), self.saving.refused)


def _questions(app: Flask) -> Iterator[_Open]:
    """A question of each of some open attempts in the large cohort, half of them at the quiz that is regraded."""
    quiz = visits.landmarks(app, REGRADED).quiz
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
                options = tuple(option.id for option in load(row.definition).choices()) or ("17", "18")
                visitor = Visitor(app).sign_in(row.login, seed.PASSWORD)
                yield _Open(visitor, str(row.id), row.item, row.digest, options)
