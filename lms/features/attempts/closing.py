"""When an attempt may be closed by one press, and what follows once it is."""

from __future__ import annotations

from collections.abc import Sequence

from lms.learning.api import AttemptRow, ItemRow
from lms.quiz.practice import is_practice
from lms.web.words import gettext as _


def is_exam(found: AttemptRow) -> bool:
    """Whether a try is worth something by itself: they are numbered, or a clock runs."""
    return found.attempt_limit is not None or found.deadline_at is not None


def must_ask(found: AttemptRow, rows: Sequence[ItemRow]) -> bool:
    return is_exam(found) or any(row.value is None or row.flagged for row in rows)


def what_follows(found: AttemptRow) -> str:
    """What becomes of the quiz once this attempt is closed."""
    if is_practice(found.quiz):
        return _("Latihan baru boleh dimulai kapan saja.")
    if found.attempt_limit is None:
        return _("Kuis ini boleh dikerjakan lagi.")
    left = found.attempt_limit - found.number
    return _("Sesudah ini tersisa %(n)s kesempatan.", n=left) if left > 0 else _("Ini kesempatan terakhir Anda.")
