"""The door of the domain: all that the rooms above may use of it, each part under the noun it is about.

What is not named here is the domain's own affair.
"""

from __future__ import annotations

from lms.learning import (
    accounts,
    answer_file,
    attempt_records,
    attempts,
    cohorts,
    conditions,
    deadlines,
    demonstration,
    devices,
    frozen,
    marks,
    members,
    membership,
    overrides,
    passwords,
    progress,
    question_records,
    question_sums,
    reading,
    regrades,
    reports,
    results,
    roster,
    saves,
    sign_ins,
    stale,
    timeline,
    tries,
    visibility,
)
from lms.learning.attempt_records import AttemptLine, AttemptRow, ItemRow, MarkRow, Summary
from lms.learning.conditions import Conditions
from lms.learning.progress import LessonState, Records
from lms.learning.tries import Door

__all__ = [
    "AttemptLine",
    "AttemptRow",
    "Conditions",
    "Door",
    "ItemRow",
    "LessonState",
    "MarkRow",
    "Records",
    "Summary",
    "accounts",
    "answer_file",
    "attempt_records",
    "attempts",
    "cohorts",
    "conditions",
    "deadlines",
    "demonstration",
    "devices",
    "frozen",
    "marks",
    "members",
    "membership",
    "overrides",
    "passwords",
    "progress",
    "question_records",
    "question_sums",
    "reading",
    "regrades",
    "reports",
    "results",
    "roster",
    "saves",
    "sign_ins",
    "stale",
    "timeline",
    "tries",
    "visibility",
]
