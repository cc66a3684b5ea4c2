"""Hands what happened to whoever listens to the signals of ``lms.events`` in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, has_request_context

from lms.events import SIGNALS, Event
from lms.logs import logger
from lms.web.log import request_id

log = logger("lms.events")


def told_by(app: Flask) -> Callable[[Sequence[Event]], None]:
    """A receiver that raises is named in the log, and neither the request nor the other receivers notice."""

    def tell(happened: Sequence[Event]) -> None:
        for event in happened:
            for receiver in SIGNALS[event.name].receivers_for(app):
                try:
                    receiver(app, event=event)
                except Exception:
                    log.exception("a receiver failed", extra={"fields": _fields(event, receiver)})

    return tell


def received_by(app: Flask) -> Callable[[str], bool]:
    """Whether somebody listens to what this application tells of an event."""
    return lambda name: bool(SIGNALS[name].receivers) and SIGNALS[name].has_receivers_for(app)


def _fields(event: Event, receiver: object) -> dict[str, object]:
    where = f"{getattr(receiver, '__module__', '')}.{getattr(receiver, '__qualname__', type(receiver).__qualname__)}"
    return {"id": request_id() if has_request_context() else None, "told": event.name, "receiver": where}
