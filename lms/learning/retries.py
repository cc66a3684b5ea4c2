"""How long what another server did not take waits until it is offered again."""

from __future__ import annotations

from datetime import timedelta

#: Minutes in a day.
_LONGEST = 24 * 60


def pause(tries: int) -> timedelta:
    """After so many tries that came to nothing: a minute, then twice the last pause, at most a day."""
    return timedelta(minutes=min(1 << min(max(tries - 1, 0), 20), _LONGEST))
