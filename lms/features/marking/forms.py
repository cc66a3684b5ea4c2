"""The form in which an answer is judged: what is read from it, and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lms.errors import Invalid, Said
from lms.fields.typed import typed
from lms.learning.api import ByCriterion, Given, second_marks
from lms.quiz.item import Item
from lms.web import points

LONGEST_COMMENT = 2_000
LONGEST_REMARK = 500  # on one criterion
SHORTEST_REASON, LONGEST_REASON = 5, 500


def fields(item: Item) -> tuple[str, ...]:
    """The names of what is typed about an answer to ``item``."""
    numbered = [f"{name}-{at}" for at in range(len(item.criteria())) for name in ("points", "comment")]
    return (*(numbered or ["points"]), "comment")


def sent(item: Item, form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, and the mark that its page showed; no more than a form could hold."""
    return {name: typed(form.get(name, ""))[: LONGEST_COMMENT * 2] for name in (*fields(item), "seen")}


def is_empty(item: Item, values: Mapping[str, str]) -> bool:
    return not any(values.get(name) for name in fields(item))


def given(item: Item, form: Mapping[str, str], maximum: float) -> Given:
    """Points and comments. Raises ``Invalid`` naming every field."""
    wrong: dict[str, str] = {}
    comment = _comment(form, "comment", LONGEST_COMMENT, wrong)
    if not item.criteria():
        whole = _points(form, "points", maximum, wrong)
        _refuse(wrong)
        return Given(float(whole / points.exact(maximum)), comment)
    earned = [_points(form, f"points-{at}", one.points, wrong) for at, one in enumerate(item.criteria())]
    remarks = [_comment(form, f"comment-{at}", LONGEST_REMARK, wrong) for at in range(len(earned))]
    _refuse(wrong)
    together = sum(earned, Fraction()) / points.exact(item.points)
    return Given(min(1.0, float(together)), comment, ByCriterion(tuple(map(float, earned)), tuple(remarks)))


def _points(form: Mapping[str, str], name: str, most: float, wrong: dict[str, str]) -> Fraction:
    found = points.read(form.get(name, ""), most)
    if found is None:
        wrong[name] = points.wrong(most)
    return found or Fraction()


def _comment(form: Mapping[str, str], name: str, longest: int, wrong: dict[str, str]) -> str:
    comment = typed(form.get(name, ""))
    if len(comment) > longest:
        wrong[name] = Said("Catatan paling panjang %(most)s karakter.", most=longest)
    return comment


def _refuse(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise Invalid("Nilai belum tersimpan: periksa isian yang ditandai.", wrong)


def written(item: Item, held: Given | None, maximum: float) -> dict[str, str]:
    """What was given, as it stands in the fields; empty ones where nothing was."""
    if held is None:
        return dict.fromkeys(fields(item), "")
    if not item.criteria():
        return {"points": points.shown(held.fraction * maximum), "comment": held.comment}
    values = {**dict.fromkeys(fields(item), ""), "comment": held.comment}
    if held.criteria and len(held.criteria.points) == len(item.criteria()):
        for at, (earned, remark) in enumerate(zip(held.criteria.points, held.criteria.comments, strict=True)):
            values |= {f"points-{at}": points.shown(earned), f"comment-{at}": remark}
    return values


def in_words(held: Given, maximum: float) -> str:
    """The points that were given, with those of the criteria they are the sum of."""
    parts = f" ({' + '.join(map(points.in_full, held.criteria.points))})" if held.criteria else ""
    return f"{points.in_full(held.fraction * maximum)}{parts}"


@dataclass(frozen=True, slots=True)
class _Reason:
    text: str
    fault: Said | None


def _reason(form: Mapping[str, str]) -> _Reason:
    text = typed(form.get("reason", ""))
    if SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        return _Reason(text, None)
    return _Reason(
        text,
        Said("Tulis alasannya, %(least)s sampai %(most)s karakter.", least=SHORTEST_REASON, most=LONGEST_REASON),
    )


def settling(form: Mapping[str, str], maximum: float) -> second_marks.Settling:
    """How a difference is settled. Raises ``Invalid`` naming every field."""
    wrong: dict[str, str] = {}
    reason = _reason(form)
    if reason.fault:
        wrong["reason"] = reason.fault
    chosen = form.get("outcome", "")
    if chosen not in set(second_marks.Outcome):
        wrong["outcome"] = Said("Pilih nilai yang berlaku.")
    whole = _points(form, "points", maximum, wrong) if chosen == second_marks.Outcome.NEW else Fraction()
    _refuse(wrong)
    return second_marks.Settling(second_marks.Outcome(chosen), reason.text, float(whole / points.exact(maximum)))


def settling_sent(form: Mapping[str, str]) -> dict[str, Any]:
    return {name: form.get(name, "") for name in ("outcome", "points", "reason", "seen")}
