"""What a person did on a device that sends it later, when it has a link again: when it counts as done."""

from __future__ import annotations

from datetime import datetime, timedelta

#: Longer than any training; what claims to have waited longer comes from a clock that is wrong.
LONGEST_WAIT = timedelta(days=365)


def done_at(made_at: datetime | None, *, now: datetime) -> datetime:
    """The device's word where it can be true: not after ``now``, and not more than ``LONGEST_WAIT`` before it.

    Whatever else it says, it has no word for when it was made: it was made now.
    """
    if made_at is None or not now - LONGEST_WAIT <= made_at <= now:
        return now
    return made_at
