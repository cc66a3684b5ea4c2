"""What a script sends besides what a form holds (ADR 22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


def made_at(form: Mapping[str, str]) -> datetime | None:
    """When it was done, as the device says; None where it says nothing, or not which hour of the world it means."""
    try:
        moment = datetime.fromisoformat(form.get("made_at", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
