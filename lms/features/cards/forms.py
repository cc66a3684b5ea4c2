"""What the form below a card says."""

from __future__ import annotations

from collections.abc import Mapping

from lms.errors import Invalid
from lms.learning.api import schedule


class NoGrade(Invalid):
    message = "Pilih seberapa ingat Anda: Lupa, Ragu, atau Ingat."


def grade(form: Mapping[str, str]) -> schedule.Grade:
    """Raises ``NoGrade``."""
    try:
        return schedule.Grade(form.get("grade", ""))
    except ValueError as error:
        raise NoGrade from error
