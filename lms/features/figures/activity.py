"""When a cohort learns: by day, by week, and by the hours of the week, in the time zone of the reader."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from babel.dates import format_date, get_day_names
from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.features.figures.blueprint import bp, shown
from lms.learning.api import activity as learnt
from lms.learning.api import cohorts
from lms.web.guards import Permission, requires, teacher
from lms.web.language import ZONES, day, local_day, local_zone, zone
from lms.web.site import database, now, site
from lms.web.words import current_language
from lms.web.words import gettext as _

DAY, WEEK = timedelta(days=1), timedelta(days=7)
WEEKS = 8
#: No span is longer.
MOST_WEEKS = 53
#: So many weeks are named below a picture; of more, only some.
NAMED = 8


@dataclass(frozen=True, slots=True)
class Span:
    """Whole weeks that end with the one of ``last``."""

    first: date  # a Monday
    last: date

    @property
    def weeks(self) -> list[date]:
        return [self.first + number * WEEK for number in range((self.last - self.first).days // 7 + 1)]

    @property
    def days(self) -> list[date]:
        return [monday + timedelta(days=number) for monday in self.weeks for number in range(7)]


def _spans(found: cohorts.Taught, today: date) -> tuple[Span, Span | None]:
    """The last weeks until today, or until a cohort's last day; and all of its term, where that is longer."""
    last = min(today, found.ends_on or today)
    latest = Span(learnt.monday(last) - (WEEKS - 1) * WEEK, last)
    if found.starts_on is None or found.starts_on >= latest.first:
        return latest, None
    earliest = learnt.monday(last) - (MOST_WEEKS - 1) * WEEK
    return latest, Span(max(earliest, learnt.monday(found.starts_on)), last)


@bp.get("/kegiatan", endpoint="activity")
@requires(Permission.TEACH)
def activity(cohort_id: UUID) -> ResponseReturnValue:
    today, _midnight = local_day(now())
    with database().reading() as db:
        found = cohorts.taught(db, cohort_id, teacher())
        latest, term = _spans(found, today)
        span = term if term and request.args.get("rentang") == "masa" else latest
        counted = _counted(db, found, span, today)
    return render_template(
        "figures/activity.html",
        cohort=shown(found),
        span=span,
        is_term=span is term,
        has_term=term is not None,
        zone=ZONES[zone()],
        pictures=_pictures(counted, span),
        weeks=_weeks(counted, span),
        week=_week(counted.hours),
        here="gradebook",
    )


def _counted(db: Connection, found: cohorts.Taught, span: Span, today: date) -> learnt.Activity:
    """The week that goes on is counted at every look, the one before it once a day, as what was held up on a bad link
    may still arrive; and those before them once.
    """

    def count(first: date, last: date) -> learnt.Activity:
        return learnt.of(db, found.id, first=first, last=last, zone=local_zone())

    def kept(first: date, last: date, *until: date) -> learnt.Activity:
        if last < first:
            return learnt.Activity()
        key = ("activity", found.id, found.participants, zone(), first, last, *until)
        remembered: learnt.Activity = site().memory.remember(key, lambda: count(first, last))
        return remembered

    this_week = learnt.monday(today)
    last_week = this_week - WEEK
    told = kept(span.first, min(span.last, last_week - DAY))
    told += kept(max(span.first, last_week), min(span.last, this_week - DAY), today)
    return told if span.last < this_week else told + count(this_week, span.last)


# --- by day and by week ---------------------------------------------------------------------------------------------


def _pictures(counted: learnt.Activity, span: Span) -> list[dict[str, Any]]:
    people = _("Orang yang belajar")
    return [
        _picture("orang", people, counted.people, counted.people_a_week, span),
        _picture("materi", _("Materi diselesaikan"), counted.lessons, _summed(counted.lessons), span),
        _picture("kuis", _("Kuis dikumpulkan"), counted.attempts, _summed(counted.attempts), span),
    ]


def _summed(by_day: Mapping[date, int]) -> dict[date, int]:
    found: dict[date, int] = {}
    for one, count in by_day.items():
        found[learnt.monday(one)] = found.get(learnt.monday(one), 0) + count
    return found


def _picture(
    id: str, title: str, by_day: Mapping[date, int], by_week: Mapping[date, int], span: Span
) -> dict[str, Any]:
    per_day = _("%(what)s per hari, %(first)s sampai %(last)s.", what=title, first=day(span.first), last=day(span.last))
    per_week = _(
        "%(what)s per pekan, %(first)s sampai %(last)s.", what=title, first=day(span.first), last=day(span.last)
    )
    return {
        "id": id,
        "title": title,
        "by_day": _bars(by_day, span.days, per_day, lambda most: _("Terbanyak %(day)s.", day=day(most))),
        "by_week": _bars(by_week, span.weeks, per_week, lambda most: _("Terbanyak pekan %(day)s.", day=day(most))),
        "axis": _axis(span.weeks),
    }


def _bars(
    counts: Mapping[date, int], places: Sequence[date], told: str, at_most: Callable[[date], str]
) -> dict[str, Any]:
    """One bar a place; ``told``: what they show, to which is added where the highest stands."""
    heights = [counts.get(place, 0) for place in places]
    most = max(heights)
    told = f"{told} {at_most(places[heights.index(most)])}" if most else told
    return {"most": most, "heights": heights, "told": told}


def _axis(weeks: Sequence[date]) -> list[str]:
    """What stands below the weeks, from left to right; nothing below most of many."""
    every = math.ceil(len(weeks) / NAMED)
    return ["" if place % every else _short(monday) for place, monday in enumerate(weeks)]


def _short(one: date) -> str:
    return format_date(one, "d MMM", locale=current_language())


def _weeks(counted: learnt.Activity, span: Span) -> list[dict[str, Any]]:
    """The same in numbers, the newest first; without the days that are still to come."""
    lessons, attempts = _summed(counted.lessons), _summed(counted.attempts)
    return [
        {
            "day": monday,
            "counts": (counted.people_a_week[monday], lessons.get(monday, 0), attempts.get(monday, 0)),
            "days": [
                {"day": one, "counts": (counted.people[one], counted.lessons[one], counted.attempts[one])}
                for one in (monday + timedelta(days=number) for number in range(7))
                if one <= span.last
            ],
        }
        for monday in reversed(span.weeks)
    ]


# --- by the hours of the week ---------------------------------------------------------------------------------------


def _week(hours: Mapping[tuple[int, int], int]) -> dict[str, Any] | None:
    """Seven days of 24 hours, in numbers and as squares."""
    if not hours:
        return None
    most = max(hours.values())
    weekday, hour = max(hours, key=lambda place: hours[place])
    names = get_day_names("wide", locale=current_language())
    return {
        "squares": [_square(*place, count / most) for place, count in hours.items()],
        "told": _("Paling ramai hari %(day)s pukul %(hour)s.", day=names[weekday], hour=_hour(hour)),
        "days": [
            {
                "name": names[number],
                "short": get_day_names("abbreviated", locale=current_language())[number],
                "counts": [hours.get((number, hour), 0) for hour in range(24)],
            }
            for number in range(7)
        ],
    }


def _square(weekday: int, hour: int, share: float) -> dict[str, float]:
    """In the middle of its hour; its area says how many it stands for, and no two touch."""
    side = 0.92 * math.sqrt(share)
    return {"x": round(hour + (1 - side) / 2, 3), "y": round(weekday + (1 - side) / 2, 3), "side": round(side, 3)}


def _hour(hour: int) -> str:
    return f"{hour:02}.00–{(hour + 1) % 24:02}.00"
