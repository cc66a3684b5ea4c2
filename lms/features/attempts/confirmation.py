"""The page that asks before an attempt is closed for good: what is still open, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import render_template, url_for

from lms.features.attempts import closing, sitting
from lms.learning.api import AttemptRow, ItemRow
from lms.web.language import clock


def page(found: AttemptRow, rows: Sequence[ItemRow]) -> str:
    empty = [number for number, row in enumerate(rows, start=1) if row.value is None]
    return render_template(
        "attempts/confirm.html",
        title=found.rules.title,
        back=url_for(".attempt", attempt_id=found.id, tampilan=sitting.chosen(found)),
        action=url_for(".submit", attempt_id=found.id, tampilan=sitting.chosen(found)),
        empty=_linked(found, empty),
        flagged=_linked(found, [number for number, row in enumerate(rows, start=1) if row.flagged]),
        answered=len(rows) - len(empty),
        total=len(rows),
        follows=closing.what_follows(found),
        until=clock(found.deadline_at) if found.deadline_at else None,
        here="outline",
    )


def _linked(found: AttemptRow, numbers: Iterable[int]) -> list[dict[str, object]]:
    href = sitting.places(found)
    return [{"number": number, "href": href(number)} for number in numbers]
