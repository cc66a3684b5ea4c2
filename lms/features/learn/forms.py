"""What the scripts of a lesson send besides what its forms hold."""

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
