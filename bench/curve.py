"""What the figures of instructors cost as attempts grow, beside what Moodle's cost.

    python3 dev.py bench curve [--attempts 1000,10000,100000] [--databases sqlite,postgresql] [--database URL]

Of each size a database is filled once (``bench/store.py``): a cohort with a person for each 25 attempts, 4,000 at most,
and seven tenths of the attempts at one of its quizzes. Measured on a copy, the least of three where it changes nothing:
who needs somebody; counting that quiz altogether; reading all figures of it, of first attempts and of all; counting
after 100 new attempts. Processor seconds, on PostgreSQL ours + the server's, and the longest transaction in between.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, delete, select

from bench import crowd, holding, machine, seed, store
from bench.seed import NOW, Size
from bench.store import Store
from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import bundled
from lms.db.cohorts import Cohort
from lms.db.engine import Database
from lms.db.statistics import AnalysedQuiz
from lms.learning.api import analyses, analysis_counts, attention, quiz_records

PEOPLE, EACH, NEW = 4_000, 25, 100


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench curve", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--attempts", default="1000,10000,100000")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--database", help="URL of a throw-away one of the one size named instead, changed by this")
    options = parser.parse_args(arguments)
    print(f"{machine.describe()}\n")
    head = f"who needs somebody | count all | figures, first | figures, all | count {NEW} new | longest transaction ms"
    for name in options.databases.split(","):
        print(f"| {name}: attempts | {head} |\n|---|---|---|---|---|---|---|")
        for attempts in map(int, options.attempts.split(",")):
            with _opened(name, size_of(attempts), options.database) as at:
                print(row(attempts, at), flush=True)
        print()
    return 0


def size_of(attempts: int) -> Size:
    people = max(2, min(PEOPLE, attempts // EACH))
    return Size(people=people, cohorts=max(2, people // 2), attempts=attempts)


@contextmanager
def _opened(name: str, size: Size, url: str | None) -> Iterator[Store]:
    engines = {"sqlite": store.sqlite, "postgresql": store.postgresql}
    with store.given(url, size) if url else engines[name](size) as found:
        yield found


def row(attempts: int, at: Store) -> str:
    database, catalog = Database(at.copy()), load(bundled())
    try:
        return f"| {attempts:,} | {' | '.join(_measured(database, catalog, at.pid))} |"
    finally:
        database.dispose()


def _measured(database: Database, catalog: Catalog, pid: int | None) -> Iterator[str]:
    pace = attention.Pace.of(catalog, 0.5)
    quiz = crowd.quizzes(catalog)[0].id
    with database.reading() as db:
        cohort = db.execute(select(Cohort.id).where(Cohort.name == seed.LARGE)).scalar_one()
        yield _least(lambda: attention.of(db, cohort, pace, now=NOW), pid)
    with database.transaction() as session:
        session.execute(delete(AnalysedQuiz))  # as if nothing had been counted, also where this ran before
    with holding.watched() as held:
        yield _spent(lambda: analysis_counts.refresh(database, cohort, quiz, now=NOW), pid)[1]
        all_held = held.longest
    with database.reading() as db:
        for which in (quiz_records.Which.FIRST, quiz_records.Which.EVERY):
            yield _least(partial(_figures, db, cohort, quiz, which), pid)
    seed.more(database, Size(), NEW)
    with holding.watched() as held:
        yield _spent(lambda: analysis_counts.refresh(database, cohort, quiz, now=NOW), pid)[1]
        yield f"{max(all_held, held.longest) * 1000:.0f}"


def _figures(db: Connection, cohort: UUID, quiz: str, which: quiz_records.Which) -> None:
    """All that a page tells of a quiz."""
    found = analyses.of(db, cohort, quiz, which)
    if found is None:
        raise RuntimeError(f"{quiz} was not counted")
    analysis = found.quiz
    _ = analysis.consistency, analysis.effective_weights, analysis.scores.kurtosis
    for one in analysis.items.values():
        _ = one.discrimination, one.efficiency, one.unanswered


def _least(work: Callable[[], object], pid: int | None) -> str:
    return min(_spent(work, pid) for _ in range(3))[1]


def _spent(work: Callable[[], object], pid: int | None) -> tuple[float, str]:
    """Processor seconds of both together, and how they are told."""
    ours, theirs = time.process_time(), machine.spent(pid)
    work()
    ours, theirs = time.process_time() - ours, machine.spent(pid) - theirs
    return ours + theirs, f"{ours:.3f}" + (f" + {theirs:.2f}" if pid else "")
