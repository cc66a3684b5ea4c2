"""The form with which an answer is judged: how it stands on the page, and what is read from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.errors import Invalid, Said
from lms.fields.typed import typed
from lms.learning.api import MarkRow, answer_file, stale
from lms.web.language import number
from lms.web.words import gettext as _

LONGEST_COMMENT = 2_000
SHORTEST_REASON = 5
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
    """As it can be typed: ``number`` rounds, and parts thousands."""
    return f"{points:g}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class FileReason:
    """Why an answer file is put in although its participant had seen the result; ``good`` is empty where it is
    ``wrong`` or nobody gave one."""

    written: str
    good: str = ""
    wrong: str = ""


def file_reason(form: MultiDict[str, str]) -> FileReason:
    if "reason" not in form:
        return FileReason("")
    written = typed(form["reason"])
    if SHORTEST_REASON <= len(written) <= answer_file.LONGEST_REASON:
        return FileReason(written, good=written)
    return FileReason(
        written,
        wrong=_("Tulis alasannya, %(least)s sampai %(most)s karakter.", least=SHORTEST_REASON,
                most=answer_file.LONGEST_REASON),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """A judgement that could not be taken, as it was typed, and what is wrong with it.

    ``seen``: the mark that its page showed. ``old``: somebody else judged the answer since.
    """

    item: str
    seen: str
    points: str
    comment: str
    wrong: Mapping[str, str]
    old: stale.ChangedMeanwhile | None


def sent(form: MultiDict[str, str], wrong: Mapping[str, str], old: stale.ChangedMeanwhile | None = None) -> Sent:
    item, seen, points, comment = (form.get(name, "") for name in ("item", "seen", "points", "comment"))
    return Sent(item, seen, points, comment, wrong, old)


def judging(history: Sequence[MarkRow], sent: Sent | None) -> dict[str, Any]:
    """The form as the page places it; ``sent``: a judgement that could not be taken, to be mended."""
    newest = history[-1]
    form = {"maximum": newest.maximum, "waiting": newest.pending, "wrong": {}, "seen": newest.id, "old": None}
    if sent and sent.item == newest.item:
        form |= {"points": sent.points, "comment": sent.comment, "wrong": sent.wrong}
        return form | ({"old": _old(sent.old, newest)} if sent.old else {"seen": sent.seen})
    return form | {
        "points": "" if newest.pending else number(newest.points),
        "comment": newest.reason if newest.author else "",
    }


def _old(old: stale.ChangedMeanwhile, newest: MarkRow) -> dict[str, Any]:
    """Who judged the answer first, and how; what was typed stands in the form."""
    held = _("%(points)s dari %(maximum)s poin", points=number(newest.points), maximum=number(newest.maximum))
    return {
        "who": old.who or _("Kunci soal"),
        "at": old.at,
        "held": f"{held}; {newest.reason}" if newest.author and newest.reason else held,
    }
