"""Which language and which clock a person reads: texts, numbers, moments. Indonesian is the source language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, g, request
from flask_babel import Babel
from flask_login import current_user
from markupsafe import Markup

from lms.learning.api import launched_people
from lms.web import framing, look
from lms.web.assets import Assets
from lms.web.menu import menu
from lms.web.site import catalog, site
from lms.web.whole_page import notices
from lms.web.words import current_language, for_request
from lms.web.words import gettext as _

#: The three zones of the country by the names people use.
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def install(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "id"
    Babel(app, locale_selector=current_language, timezone_selector=zone)
    app.jinja_env.globals.update(_=_, look_form=look.form, of_pack=of_pack, of_interface=of_interface)
    app.jinja_env.filters.update(
        percent=percent,
        number=number,
        moment=moment,
        clock=clock,
        day=day,
        duration=duration,
        iso=iso,
        signs_in_as=signs_in_as,
    )
    app.context_processor(_globals)


def _globals() -> dict[str, object]:
    person, course, running = current_user._get_current_object(), catalog().course, site()
    return {
        "_": for_request(),
        "me": person if person.is_authenticated else None,
        "menu": menu,
        "notices": notices,
        "asset": partial(_asset, request.script_root, running.assets),
        "look": look.worn(),
        "lang": current_language(),
        "house": running.house,
        "product": running.house.name or course.title,
        "notice": course.notice,
        "mode": running.settings.mode,
        "offline": running.settings.offline,
        "launched": framing.launched,
    }


def signs_in_as(login: str) -> str:
    """By which name somebody signs in. The one of an account that only a platform opens is made up by us."""
    return _("lewat platform") if login.startswith(launched_people.PREFIX) else login


def of_pack() -> Markup:
    """The attribute of what the pack says, which is Indonesian; none on an Indonesian page, where it goes without."""
    return Markup("") if current_language() == "id" else Markup(' lang="id"')


def of_interface() -> Markup:
    """The attribute of what the interface says within what the pack says."""
    spoken = current_language()
    return Markup("") if spoken == "id" else Markup(' lang="{}"').format(spoken)


def _asset(root: str, assets: Assets, name: str) -> str:
    return root + assets.url(name)


def zone() -> str:
    """The reader's time zone, looked up once however many times of day a page says."""
    found: str | None = g.get("lms_zone")
    if found is None:
        chosen = current_user.time_zone if current_user.is_authenticated else ""
        found = g.lms_zone = chosen if chosen in ZONES else "Asia/Jakarta"
    return found


def local_day(instant: datetime, name: str | None = None) -> tuple[date, datetime]:
    """The day of an instant where the reader is, or in the time zone called ``name``; and when that day began."""
    here = instant.astimezone(local_zone(name))
    return here.date(), here.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def local_zone(name: str | None = None) -> ZoneInfo:
    """Whose days are counted: the reader's, or those of the time zone called ``name``."""
    return ZoneInfo(name if name in ZONES else zone())


def percent(share: float | None) -> str:
    """A share 0…1 as a whole percentage, rounded down: 99.9 % is not yet everything."""
    return "–" if share is None else f"{int(share * 100 + 1e-9)}%"


@lru_cache(maxsize=1024)
def _number(value: float, language: str) -> str:
    return format_decimal(value, format="#,##0.##", locale=language)


def number(value: float | None) -> str:
    return "–" if value is None else _number(value, current_language())


@lru_cache(maxsize=4096)
def _format(minute: datetime, pattern: str, zone: str, language: str) -> str:
    local = minute.astimezone(ZoneInfo(zone))
    return format_datetime(local, pattern, locale=language) + f" {ZONES[zone]}"


def _told(instant: datetime | None, pattern: str) -> str:
    if instant is None:
        return "–"
    return _format(instant.replace(second=0, microsecond=0), pattern, zone(), current_language())


def moment(instant: datetime | None) -> str:
    return _told(instant, "d MMM y HH.mm")


def clock(instant: datetime | None) -> str:
    return _told(instant, "HH.mm")


def clock_of_reader() -> Callable[[datetime], str]:
    """``clock`` for a page that says many times: whose clock it is, is asked once."""
    here, language = zone(), current_language()
    return lambda instant: _format(instant.replace(second=0, microsecond=0), "HH.mm", here, language)


@lru_cache(maxsize=1024)
def _day(value: date, language: str) -> str:
    return format_date(value, "d MMMM y", locale=language)


def day(value: date | None) -> str:
    return "–" if value is None else _day(value, current_language())


def duration(span: timedelta | None) -> str:
    if span is None:
        return "–"
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    parts = [_("%(n)s jam", n=hours)] if hours else []
    parts += [_("%(n)s menit", n=minutes)] if minutes or not hours else []
    return " ".join(parts)


def iso(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
