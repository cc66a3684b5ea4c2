"""``lms check``: every mistake of a pack at once. Loading finds most; this reads every word, too."""

from __future__ import annotations

import json
from collections.abc import Iterable

from lms.catalog import course_rules, coverage_rules, law_rules, proofreading
from lms.catalog.dead_ends import DeadEnds
from lms.catalog.load import load, uncollected
from lms.catalog.reading import Originals
from lms.catalog.store import Store
from lms.fields import Problem, Problems, Severity

__all__ = ["Severity", "check", "line", "report"]


def check(store: Store) -> list[Problem]:
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
