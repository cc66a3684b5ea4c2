"""A plan as a calendar that other programs subscribe to (RFC 5545), written by the library icalendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from lms.features.plan import steps
from lms.learning.api import Standing, plan
from lms.web.site import catalog
from lms.web.words import gettext as _


def written(stands: Standing, planned: plan.Plan, *, home: str, key: str) -> bytes:
    """``home``: the full address of the start page; ``key``: of this calendar, whose events are told apart by it."""
    found = Calendar()
    found.add("prodid", "-//latsar-lms//rencana//ID")
    found.add("version", "2.0")
    found.add("x-wr-calname", catalog().course.title)
    found.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for name, event in (*_days(planned), *_windows(stands)):
        event.add("uid", f"{name}@{key[:16]}")
        event.add("dtstamp", stands.now)
        event.add("url", home)
        found.add_component(event)
    return bytes(found.to_ical())


def _days(planned: plan.Plan) -> Iterator[tuple[str, Event]]:
    """What each day holds, as an event of the whole day."""
    for one in planned.days():
        if not one.is_empty:
            event = _event(f"{catalog().course.title}: {steps.amount(one.steps, one.cards)}", one.on)
            event.add("description", "\n".join(_titles(one)))
            event.add("transp", "TRANSPARENT")
            yield f"hari-{one.on.isoformat()}", event


def _titles(one: plan.Day) -> Iterator[str]:
    yield from (step.title for step in one.steps)
    if one.cards:
        yield _("Buku kesalahan: %(n)s kartu", n=one.cards)


def _windows(stands: Standing) -> Iterator[tuple[str, Event]]:
    """When the cohort opens and closes a quiz."""
    for quiz in catalog().quizzes.values():
        allowed = stands.participation.conditions(quiz.id)
        if allowed.opens_at and allowed.opens_at >= stands.now:
            yield f"buka-{quiz.id}", _event(_("%(title)s dibuka", title=quiz.title), allowed.opens_at)
        if allowed.closes_at and allowed.closes_at >= stands.now:
            yield f"tutup-{quiz.id}", _event(_("%(title)s ditutup", title=quiz.title), allowed.closes_at)


def _event(summary: str, begins: date | datetime) -> Event:
    event = Event()
    event.add("summary", summary)
    event.add("dtstart", begins)
    return event
