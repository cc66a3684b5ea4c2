"""The form with which an answer is judged: how it stands on the page, and what is read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.errors import Invalid, Said
from lms.fields.typed import typed
from lms.learning.api import MarkRow, answer_file
from lms.web import points
from lms.web.language import number
from lms.web.returned import First, Returned
from lms.web.words import gettext as _

LONGEST_COMMENT = 2_000
SHORTEST_REASON = 5


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person gave for an answer. ``fraction``: of its maximum, 0…1."""

    fraction: float
    comment: str


def judgement(form: MultiDict[str, str], maximum: float) -> Judgement:
    """Points with a comma or a point, and a comment; raises ``Invalid`` naming the fields."""
    wrong: dict[str, str] = {}
    read = points.read(form.get("points", ""), maximum)
    if read is None:
        wrong["points"] = points.wrong(maximum)
    comment = typed(form.get("comment", ""))
    if len(comment) > LONGEST_COMMENT:
        wrong["comment"] = Said("Catatan paling panjang %(most)s karakter.", most=LONGEST_COMMENT)
    if wrong or read is None:
        raise Invalid("Nilai belum tersimpan: periksa isian yang ditandai.", wrong)
    return Judgement(float(read / points.exact(maximum)), comment)


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


def judging(history: Sequence[MarkRow], back: Returned) -> dict[str, Any]:
    """The form as the page places it; ``back``: a judgement that could not be taken, to be mended."""
    newest, typed = history[-1], back.values
    form = {"maximum": newest.maximum, "waiting": newest.pending, "wrong": {}, "seen": newest.id, "old": None}
    if typed.get("item") == newest.item:
        form |= {"points": typed["points"], "comment": typed["comment"], "wrong": back.faults}
        return form | ({"old": _old(back.first, newest)} if back.first else {"seen": typed["seen"]})
    return form | {
        "points": "" if newest.pending else number(newest.points),
        "comment": newest.reason if newest.author else "",
    }


def _old(first: First, newest: MarkRow) -> dict[str, Any]:
    """Who judged the answer first, and how; what was typed stands in the form."""
    held = _("%(points)s dari %(maximum)s poin", points=number(newest.points), maximum=number(newest.maximum))
    return {
        "who": first.who or _("Kunci soal"),
        "at": first.at,
        "held": f"{held}; {newest.reason}" if newest.author and newest.reason else held,
    }
