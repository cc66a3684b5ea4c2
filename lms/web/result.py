"""A closed attempt as its participant and its instructors see it: questions, answers, marks, decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from lms.db.attempts import ClosedBy
from lms.learning.api import AttemptRow, ByCriterion, ItemRow, MarkRow, frozen, marks
from lms.quiz import regrade
from lms.quiz.item import Item
from lms.quiz.marking import Score
from lms.quiz.quiz import Visible, passages
from lms.web import items as item_pages
from lms.web import receipts
from lms.web.items import ItemView
from lms.web.language import number
from lms.web.meaning import meaning
from lms.web.words import gettext as _


def result(
    found: AttemptRow,
    rows: Sequence[ItemRow],
    items: Sequence[Item],
    histories: Mapping[str, Sequence[MarkRow]],
    visible: Visible,
    *,
    staff: bool = False,
) -> dict[str, Any]:
    """What ``attempts/result.html`` and ``gradebook/attempt.html`` place, as far as ``visible`` allows."""
    score = marks.score_of(histories, items, found.rules) if histories else None
    return {
        "attempt": {
            "id": found.id,
            "number": found.number,
            "submitted_at": found.submitted_at,
            "closed_by_deadline": found.closed_by == ClosedBy.DEADLINE,
        },
        "score": _score(found, score, "" if staff else meaning(found.rules, score, items))
        if score and visible.marks
        else None,
        "items": _judged(rows, items, histories, visible, staff=staff),
        "histories": {id: _history(held) for id, held in histories.items() if len(held) > 1} if staff else {},
        "visible": visible,
        "receipt": {
            "number": receipts.number(found, rows),
            "submitted_at": found.submitted_at,
            "answered": sum(row.value is not None for row in rows),
            "total": len(rows),
        },
    }


def _score(found: AttemptRow, score: Score, meaning: str) -> dict[str, Any]:
    return {
        "meaning": meaning,
        "share": found.share,
        "points": found.score,
        "so_far": score.points,  # of what is judged already
        "maximum": found.maximum,
        "passed": found.passed if found.rules.can_be_failed and not score.pending else None,
        "pending": score.pending,
        "pass_mark": number(found.rules.pass_mark * 100),  # percent, to the last digit that decides
        "sections": [
            {
                "title": section.title,
                "points": section.points,
                "maximum": section.maximum,
                "threshold": section.threshold,
                "passed": section.passed,
                "pending": section.pending,
            }
            for section in score.sections
        ],
    }


def _judged(
    rows: Sequence[ItemRow],
    items: Sequence[Item],
    histories: Mapping[str, Sequence[MarkRow]],
    visible: Visible,
    *,
    staff: bool,
) -> list[ItemView]:
    views = []
    shown_passages = passages(items)
    for place, (row, item) in enumerate(zip(rows, items, strict=True), start=1):
        history = histories.get(item.id, ())
        newest = history[-1] if history else None
        views.append(
            item_pages.view(
                item,
                name=row.question_version,
                number=place,
                order=row.option_order,
                response=frozen.response_of(row),
                confidence=row.confidence,
                mark=marks.item_mark(newest, item.section) if newest else None,
                visible=visible,
                disabled=True,
                with_passage=not staff or item.id in shown_passages,  # a participant may open any of them alone
                rubric=staff,
                by_criterion=_by_criterion(history),
                comment=_comment(history) if visible.feedback else "",
                decision=_decision(newest, item, visible) if visible.marks and newest else "",
            )
        )
    return views


def _comment(history: Sequence[MarkRow]) -> str:
    """What the last person who judged the answer wrote."""
    return next((mark.reason for mark in reversed(history) if mark.author and mark.reason), "")


def _by_criterion(history: Sequence[MarkRow]) -> ByCriterion | None:
    """What each criterion earned of the mark that counts; after a decision that left it as a person judged it, too."""
    judged = next((mark.given for mark in reversed(history) if mark.author and not mark.regrade_id), None)
    return judged.criteria if judged and judged.fraction == history[-1].fraction else None


def _decision(mark: MarkRow, item: Item, visible: Visible) -> str:
    """That a decision changed how the question is marked, and why; the question is shown as it was answered."""
    if mark.action is None:
        return ""
    says = {
        "new-key": _("Kunci soal ini dibetulkan sesudah Anda menjawab."),
        "accept": _("Jawaban lain juga diterima untuk soal ini."),
        "drop": _("Soal ini tidak dihitung."),
        "full-marks": _("Semua peserta mendapat nilai penuh untuk soal ini."),
    }
    told = [says[mark.action["action"]]]
    if visible.answers and (answers := now_right(mark.action, item)):
        told.append(Markup("{} {}.").format(_("Yang benar sekarang:"), answers))
    if visible.reviewable:  # it may name what is right
        told.append(_("Alasannya: %(reason)s", reason=mark.decision or "–"))
    return Markup(" ").join(told)


def now_right(action: Mapping[str, Any], item: Item) -> Markup:
    """The answers to ``item`` that a decision makes right, in words; empty for one that names none."""
    match regrade.load(action):
        case regrade.NewKey(mended):
            return Markup(" · ").join(item_pages.solution(mended))
        case regrade.Accept(responses):
            return Markup(" · ").join(item_pages.in_words(item, response) for response in responses)
    return Markup()


def decision_name(action: str) -> str:
    """What a decision is called by those who make it."""
    names = {
        "new-key": _("Kunci baru"),
        "accept": _("Terima jawaban lain"),
        "drop": _("Soal tidak dihitung"),
        "full-marks": _("Nilai penuh untuk semua"),
    }
    return names[action]


def _history(held: Sequence[MarkRow]) -> list[dict[str, Any]]:
    """Every judgement on an item, oldest first, for those who judge."""
    return [
        {
            "at": mark.marked_at,
            "who": mark.author or _("Kunci soal"),
            "points": mark.points,
            "maximum": mark.maximum,
            "pending": mark.pending,
            "decision": decision_name(mark.action["action"]) if mark.action else "",
            "reason": (mark.decision or "") if mark.action else mark.reason,
        }
        for mark in held
    ]
