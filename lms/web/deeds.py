"""What a script sends besides what a form holds (ADR 22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


def made_at(form: Mapping[str, str]) -> datetime | None:
    """When it was done, as the device says; None where it says nothing, or not which hour of the world it means."""
    return moment(form.get("made_at", ""))


def moment(written: str) -> datetime | None:
    """None for what names no moment."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else None
