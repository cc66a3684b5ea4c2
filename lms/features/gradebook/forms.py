"""How a judgement on an answer is read from a form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from lms.errors import Invalid, Said
from lms.fields.typed import typed
from lms.learning.api import stale

LONGEST_COMMENT = 2_000
_POINTS = re.compile(r"\d{1,4}(?:[.,]\d{1,4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person gave for an answer. ``fraction``: of its maximum, 0…1."""

    fraction: float
    comment: str


def judgement(form: MultiDict[str, str], maximum: float) -> Judgement:
    """Points with a comma or a point, and a comment; raises ``Invalid`` naming the fields."""
    wrong: dict[str, str] = {}
    written = form.get("points", "").strip()
    points = float(written.replace(",", ".")) if _POINTS.fullmatch(written) else None
    if points is None or points > maximum:
        wrong["points"] = Said("Tulis angka dari 0 sampai %(most)s, misalnya 1,5.", most=_shown(maximum))
    comment = typed(form.get("comment", ""))
    if len(comment) > LONGEST_COMMENT:
        wrong["comment"] = Said("Catatan paling panjang %(most)s karakter.", most=LONGEST_COMMENT)
    if wrong or points is None:
        raise Invalid("Nilai belum tersimpan: periksa isian yang ditandai.", wrong)
    return Judgement(points / maximum, comment)


def _shown(points: float) -> str:
    return f"{points:g}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Sent:
    """A judgement that could not be taken, as it was typed, and what is wrong with it.

    ``old``: somebody else judged the answer since the page was opened.
    """

    item: str
    points: str
    comment: str
    wrong: Mapping[str, str]
    old: stale.ChangedMeanwhile | None


def sent(form: MultiDict[str, str], wrong: Mapping[str, str], old: stale.ChangedMeanwhile | None = None) -> Sent:
    return Sent(form.get("item", ""), form.get("points", ""), form.get("comment", ""), wrong, old)
