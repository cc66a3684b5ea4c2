"""How the rules of a cohort and the allowance of a person are read from their forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lms.errors import Invalid, Said
from lms.fields.typed import typed
from lms.learning.api import overrides
from lms.quiz.review import Moment, ReviewRules

MOST_MINUTES = 600
MOST_ATTEMPTS = 20
SHORTEST_REASON, LONGEST_REASON = 5, 500
#: What the review rules speak of: marks, answers, feedback, explanation.
ASPECTS = tuple(field.name for field in fields(ReviewRules))
#: As ``<input type="datetime-local">`` sends it.
LOCAL = "%Y-%m-%dT%H:%M"
_YEARS = range(2000, 2100)


class ClosesInThePast(Invalid):
    """It may be meant; then whoever sent it says so."""

    message = "Aturan belum tersimpan: waktu tutupnya sudah lewat."


def rules(form: Mapping[str, str], zone: str) -> overrides.Rules:
    """Dates are read on the clock of ``zone``. Raises ``Invalid`` naming every field."""
    faults: dict[str, str] = {}
    opens_at = _moment(form, "opens_at", zone, faults)
    closes_at = _moment(form, "closes_at", zone, faults)
    if opens_at and closes_at and closes_at <= opens_at:
        faults["closes_at"] = Said("Waktu tutup harus sesudah waktu buka.")
    review = _review(form, faults)
    if review and not closes_at and "closes_at" not in faults:
        for aspect in ASPECTS:
            if getattr(review, aspect) is Moment.AFTER_CLOSE:
                faults[f"review-{aspect}"] = Said(
                    "Isi waktu tutup dahulu: kuis yang tidak pernah ditutup tidak menampilkannya."
                )
    if faults:
        raise Invalid("Aturan belum tersimpan. Perbaiki isian yang ditandai.", faults)
    return overrides.Rules(opens_at=opens_at, closes_at=closes_at, review=review)


def meant(form: Mapping[str, str], asked: overrides.Rules, held: datetime | None, now: datetime) -> None:
    """Raises ``ClosesInThePast`` for a time that has passed and is neither ``held`` already nor confirmed."""
    closes_at = asked.closes_at
    if closes_at is None or closes_at > now or form.get("passed") == "1":
        return
    if held and held.replace(second=0, microsecond=0) == closes_at:
        return
    raise ClosesInThePast(
        fields={
            "closes_at": Said("Waktu ini sudah lewat."),
            "passed": Said(
                "Dengan waktu itu kuis langsung tertutup, dan percobaan yang sedang berjalan ditutup dengan "
                "jawaban yang tersimpan."
            ),
        }
    )


def _moment(form: Mapping[str, str], name: str, zone: str, faults: dict[str, str]) -> datetime | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        local = datetime.strptime(text, LOCAL).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        faults[name] = Said("Tanggal atau jam ini tidak ada. Tulis seperti 2026-12-31T17:00.")
        return None
    if local.year not in _YEARS:
        faults[name] = Said("Tahunnya harus di antara %(first)s dan %(last)s.", first=_YEARS[0], last=_YEARS[-1])
        return None
    return local.astimezone(UTC)


def _review(form: Mapping[str, str], faults: dict[str, str]) -> ReviewRules | None:
    if form.get("review") != "own":
        return None
    chosen: dict[str, Moment] = {}
    for aspect in ASPECTS:
        value = form.get(f"review-{aspect}", "")
        if value in set(Moment):
            chosen[aspect] = Moment(value)
        else:
            faults[f"review-{aspect}"] = Said("Pilih salah satu dari daftar.")
    return ReviewRules(**chosen)


def grace(form: Mapping[str, str]) -> int:
    """Minutes. Raises ``Invalid``."""
    faults: dict[str, str] = {}
    minutes = _whole(form, "grace", overrides.MOST_GRACE, faults)
    if faults:
        raise Invalid(faults["grace"], faults)
    return minutes


def grant(form: Mapping[str, str]) -> overrides.Grant:
    """Raises ``Invalid`` naming every field."""
    faults: dict[str, str] = {}
    minutes = _whole(form, "extra_minutes", MOST_MINUTES, faults)
    attempts = _whole(form, "extra_attempts", MOST_ATTEMPTS, faults)
    reason = " ".join(typed(form.get("reason", "")).split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        faults["reason"] = Said(
            "Tuliskan alasannya dalam %(least)s–%(most)s karakter.", least=SHORTEST_REASON, most=LONGEST_REASON
        )
    if faults:
        raise Invalid("Kelonggaran belum tersimpan. Perbaiki isian yang ditandai.", faults)
    return overrides.Grant(extra_minutes=minutes, extra_attempts=attempts, reason=reason)


def _whole(form: Mapping[str, str], name: str, most: int, faults: dict[str, str]) -> int:
    text = form.get(name, "").strip() or "0"
    if re.fullmatch("[0-9]{1,6}", text) and int(text) <= most:
        return int(text)
    faults[name] = Said("Tulis bilangan bulat 0–%(most)s.", most=most)
    return 0
