"""What the participant's and the instructor's page of one attempt share."""

from __future__ import annotations

from typing import Any

from flask import url_for

from lms.db.attempts import ClosedBy
from lms.features.attempts import service
from lms.features.attempts.queries import AttemptRow, ItemRow
from lms.quiz.item import Item
from lms.quiz.quiz import Visible
from lms.web import items as item_pages
from lms.web.language import number


def result(
    found: AttemptRow, rows: list[ItemRow], questions: list[Item], marks: dict[str, Any], visible: Visible
) -> dict[str, Any]:
    """What ``attempts/result.html`` and ``review/attempt.html`` place, as far as ``visible`` allows."""
    views = [
        item_pages.view(
            item,
            number=place,
            order=row.option_order,
            response=service.response_of(row),
            mark=marks.get(item.id),
            visible=visible,
            disabled=True,
        )
        for place, (row, item) in enumerate(zip(rows, questions, strict=True), start=1)
    ]
    score = {
        "share": found.share,
        "points": found.score,
        "maximum": found.maximum,
        "passed": found.passed,
        "pass_mark": number(found.rules.pass_mark * 100),  # percent, to the last digit that decides
    }
    return {
        "attempt": {
            "number": found.number,
            "submitted_at": found.submitted_at,
            "closed_by_deadline": found.closed_by == ClosedBy.DEADLINE,
        },
        "score": score if visible.marks else None,
        "items": views,
        "visible": visible,
        "quiz_href": url_for("attempts.quiz", quiz=found.quiz),
        "receipt": {
            "number": service.receipt(found, rows),
            "submitted_at": found.submitted_at,
            "answered": sum(row.value is not None for row in rows),
            "total": len(rows),
        },
    }
