"""The threads of ``lms serve``."""

from __future__ import annotations

from typing import Any

from waitress.task import ThreadedTaskDispatcher

from lms.web.health import ALIVE


class Threads(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress ships no types
    """Waitress's own, and one more that answers nothing but whether the process is alive.

    Whoever watches over the process ends it when no answer comes, and with it the people whom its threads are serving:
    that all of them wait for a database is no reason to.
    """

    def __init__(self, count: int) -> None:
        super().__init__()
        self._watch = ThreadedTaskDispatcher()
        self._watch.set_thread_count(1)
        self.set_thread_count(count)

    def add_task(self, task: Any) -> None:
        """``task``: a connection, whose first request is the one to answer now."""
        if task.requests and task.requests[0].path == ALIVE:
            self._watch.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        self._watch.shutdown(cancel_pending, timeout)
        stopped: bool = super().shutdown(cancel_pending, timeout)
        return stopped
