"""What the form of the plan says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lms.errors import Invalid


class NoDay(Invalid):
    message = "Tanggal itu tidak terbaca. Pilih dari kalender, atau tulis seperti 2026-12-31."


def last_day(form: Mapping[str, str]) -> date | None:
    """The day somebody wants to be done by; None: as their cohort says. Raises ``NoDay``."""
    written = form.get("finish_on", "").strip()
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise NoDay from error
