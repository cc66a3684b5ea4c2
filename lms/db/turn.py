"""One at a time, in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic


class NoTurn(Exception):
    """Somebody had the turn for longer than others wait."""


class Turn:
    """A lock whose waiters are served first come, first served. Safe for threads; no thread may take it twice.

    SQLite lets one connection write at a time and gives its lock to whoever happens to ask in the right moment: of
    four threads one may lose again and again. ``seconds``: the longest wait. ``stuck``: who has had the turn for so
    many seconds and did not say that it ``goes_on`` waits for something outside this process, and nobody waits for
    that: a lock that another program holds takes one of our threads, not all of them.
    """

    def __init__(self, *, seconds: float, stuck: float) -> None:
        self._seconds, self._stuck = seconds, stuck
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._since: float | None = None  # when it was taken; None: free, and nobody waits

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the turn inside the block. Raises ``NoTurn``."""
        self._take()
        try:
            yield
        finally:
            self._leave()

    def goes_on(self) -> None:
        """Whoever has the turn has all that it needs: what is left is work of ours, on however busy a machine."""
        with self._guard:
            self._since = inf

    def _take(self) -> None:
        begun = monotonic()
        with self._guard:
            if self._since is None:
                self._since = begun
                return
            mine = threading.Lock()  # a condition would cost several times as much
            mine.acquire()
            self._waiting.append(mine)
            left = self._left(begun)
        while not mine.acquire(timeout=left):
            with self._guard:
                if mine not in self._waiting:
                    return  # given in this very moment
                left = self._left(begun)  # somebody else may have it by now
                if left <= 0:
                    self._waiting.remove(mine)
                    raise NoTurn

    def _left(self, begun: float) -> float:
        """Seconds that one who came at ``begun`` still waits for whoever has the turn now."""
        since = begun if self._since is None else self._since
        return max(0.0, min(begun + self._seconds, since + self._stuck) - monotonic())

    def _leave(self) -> None:
        with self._guard:
            self._since = monotonic() if self._waiting else None
            if self._waiting:
                self._waiting.popleft().release()
