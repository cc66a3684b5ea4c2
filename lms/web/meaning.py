"""What a score means to the person who reached it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lms.quiz.item import Item
from lms.quiz.marking import Score, lacking
from lms.quiz.practice import is_practice
from lms.quiz.quiz import Quiz
from lms.web.language import number
from lms.web.words import gettext as _


def meaning(rules: Quiz, score: Score, items: Sequence[Item]) -> str:
    """In a sentence or two. While answers wait for a person only that nothing is settled."""
    if is_practice(rules.id) and not rules.can_be_failed:
        return _("Latihan tidak dinilai; gunanya menunjukkan apa yang perlu Anda baca lagi.")
    if not rules.can_be_failed:
        return _("Kuis ini tidak menentukan lulus atau tidak; gunanya menunjukkan apa yang perlu Anda baca lagi.")
    if score.pending:
        return ""
    if score.passed:
        return _("Anda sudah mencapai ambang lulusnya.")
    return " ".join([*_lacking_of_all(rules, score, items), *_lacking_of_sections(score)])


def _lacking_of_all(rules: Quiz, score: Score, items: Sequence[Item]) -> list[str]:
    points = lacking(score.points, score.maximum, rules.pass_mark)
    if not points:
        return []
    worth = {item.points for item in items}
    if len(worth) > 1 or any(item.in_degrees for item in items):
        return [_("Kurang %(n)s poin lagi untuk lulus.", n=_rounded_up(points, score))]
    return [_("Kurang %(n)s soal benar lagi untuk lulus.", n=_at_least(points / worth.pop()))]


def _lacking_of_sections(score: Score) -> list[str]:
    return [
        _("Bagian %(title)s kurang %(n)s poin dari ambangnya.", title=one.title, n=_rounded_up(one.lacking, score))
        for one in score.sections
        if not one.passed
    ]


def _at_least(count: float) -> int:
    return math.ceil(count - 1e-9)


def _rounded_up(points: float, score: Score) -> str:
    """As points are shown, whole or to the second digit: rounded down they would not be enough."""
    parts = 1 if all(mark.points.is_integer() for mark in score.marks) else 100
    return number(_at_least(points * parts) / parts)
