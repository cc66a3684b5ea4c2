"""``lms check``: every mistake of a pack at once. Loading finds most; this reads every word, too."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from lms.catalog import course_rules, coverage_rules, law_rules, proofreading
from lms.catalog.dead_ends import DeadEnds
from lms.catalog.load import load, uncollected
from lms.catalog.reading import Originals
from lms.catalog.store import Store
from lms.fields import Problem, Problems, Severity

__all__ = ["Severity", "check", "cut_short", "every_problem", "line", "report"]


SWARM = 5  # lines of one kind that are told of one file; the next says how many more there are


def check(store: Store) -> list[Problem]:
    """What is told of a pack: all that is wrong with it, swarms cut short."""
    return cut_short(every_problem(store))


def every_problem(store: Store) -> list[Problem]:
    """What loading a pack finds and what reading every word of it adds.

    The errors of loading come first, since others may follow from them; then in the order of path and line.
    """
    with uncollected():
        catalog, originals = load(store), Originals(store)
        problems, dead_ends = Problems(), DeadEnds(catalog)
        for rules in (proofreading, course_rules, law_rules, coverage_rules):
            rules.check(catalog, originals, dead_ends, problems)
        dead_ends.tell(problems)
    problems.extend(catalog.problems)
    return list(dict.fromkeys([*catalog.errors, *problems]))


def cut_short(problems: Iterable[Problem]) -> list[Problem]:
    """The same mark ten times is one mistake: a few lines of it are told, and how many more there are."""
    found = list(problems)
    all_of = Counter((one.path, one.code, one.kind) for one in found)
    met: Counter[tuple[str, str, str]] = Counter()
    told: list[Problem] = []
    for one in found:
        kind = (one.path, one.code, one.kind)
        met[kind] += bool(one.kind)
        if met[kind] <= SWARM:
            told.append(one)
        elif met[kind] == SWARM + 1:
            more = all_of[kind] - SWARM - 1
            told.append(replace(one, message=f"{one.message} (dan {more} baris lain yang serupa)") if more else one)
    return told


def report(problems: Iterable[Problem], style: str = "text") -> str:
    """``text``: a line a problem and a closing line that counts; ``json``: a list of objects."""
    found = list(problems)
    if style == "json":
        listed = [
            {
                "path": problem.path,
                "line": problem.line,
                "code": problem.code,
                "severity": problem.severity.value,
                "message": problem.message,
            }
            for problem in found
        ]
        return json.dumps(listed, ensure_ascii=False, indent=2)
    errors = sum(problem.severity is Severity.ERROR for problem in found)
    closing = f"{errors} kesalahan, {len(found) - errors} peringatan." if found else "Tidak ada masalah."
    return "\n".join([*map(line, found), closing])


def line(problem: Problem) -> str:
    """A problem as ``lms check`` prints it."""
    return f"{problem} (peringatan)" if problem.severity is Severity.WARNING else str(problem)
