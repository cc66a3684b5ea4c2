"""What waits for a person: by question and by person, and all answers to one question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.errors import NotFound
from lms.features.marking import desk as desk  # its routes belong to these
from lms.features.marking import settling as settling  # so do its
from lms.features.marking.blueprint import bp
from lms.features.marking.way import BLIND, SECOND, Way, asked, desk_url, queue_url
from lms.learning.api import attempt_records, cohorts, frozen, marking_queue, marks, results
from lms.web.guards import Permission, requires, teacher
from lms.web.links import Entry, link
from lms.web.paging import paging
from lms.web.site import catalog, database, now
from lms.web.words import gettext as _

LINKS = {
    "marking": "marking.waiting",
    "marking-question": "marking.queue",
    "marking-attempt": "marking.attempt",
    "marked-answer": "marking.desk",
}
MENU: tuple[Entry, ...] = ()

PAGE = 50


class NobodyAnswered(NotFound):
    message = "Belum ada jawaban atas soal ini yang dinilai orang."


@bp.get("/menunggu")
@requires(Permission.TEACH)
def waiting() -> ResponseReturnValue:
    """Questions with answers that nobody judged yet, and the attempts that hold them; the oldest come first."""
    with database().reading() as db:
        questions = marking_queue.questions(db, teacher())
        items = {one.id: one for one in frozen.questions(db, [question.version for question in questions])}
        total = results.count_waiting(db, teacher())
        shown = paging(total, PAGE)
        listed = results.waiting(db, teacher(), offset=shown.offset, limit=shown.size)
    return render_template(
        "marking/waiting.html",
        questions=[
            {
                "title": items[one.item].title or one.item,
                "quiz": _title(one.quiz),
                "cohort": one.cohort,
                "waiting": one.waiting,
                "answered": one.answered,
                "days": (now() - one.oldest).days,
                "href": queue_url(one.cohort_id, one.quiz, one.item, Way()),
            }
            for one in questions
        ],
        rows=[
            {
                "name": one.name,
                "login": one.login,
                "quiz": _title(one.quiz),
                "number": one.number,
                "submitted_at": one.submitted_at,
                "href": link("reviewed-attempt", attempt_id=one.id),
                "desk": url_for(".attempt", attempt_id=one.id),
            }
            for one in listed
        ],
        total=total,
        query={"page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )


def _title(quiz: str) -> str:
    found = catalog().quizzes.get(quiz)
    return found.title if found else quiz


@bp.get("/menilai/<uuid:attempt_id>")
@requires(Permission.TEACH)
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    """Lead to the first answer of an attempt that waits; where none does, to the attempt."""
    with database().reading() as db:
        desk.of_taught(db, attempt_id)
        rows = attempt_records.items(db, attempt_id)
        histories = attempt_records.marks(db, attempt_id)
    waits = [row.item for row in rows if marks.judgeable(held := histories.get(row.item, [])) and held[-1].pending]
    to = (
        desk_url(attempt_id, waits[0], Way(by_person=True))
        if waits
        else link("reviewed-attempt", attempt_id=attempt_id)
    )
    return redirect(to, 303)


@bp.get("/menilai/soal/<uuid:cohort_id>/<quiz>/<item>")
@requires(Permission.TEACH)
def queue(cohort_id: UUID, quiz: str, item: str) -> ResponseReturnValue:
    """All answers to one question, to begin anywhere; and those that two people judged differently."""
    way, question = asked(), marking_queue.Asked(cohort_id, quiz, item)
    with database().reading() as db:
        cohort = cohorts.taught(db, cohort_id, teacher())
        answers = desk.answers(db, question, way)
        title = _asked_title(db, answers, item)
        shown = paging(len(answers), PAGE)
        listed = [id for id, _waits in answers[shown.offset : shown.offset + shown.size]]
        places = marking_queue.places(db, question, listed)
        apart = [] if way.second else marking_queue.apart(db, question)
    waits, numbers = dict(answers), {id: n for n, (id, _waits) in enumerate(answers, start=1)}
    first = next((id for id, waits in answers if waits), None)

    def row(one: marking_queue.Place) -> dict[str, Any]:
        name = _("Jawaban %(n)s", n=numbers[one.attempt_id]) if way.blind else one.name
        return _row(one, name, item, way, waits=waits[one.attempt_id])

    return render_template(
        "marking/queue.html",
        title=title,
        quiz=_title(quiz),
        cohort={"title": cohort.name, "href": link("cohort", cohort_id=cohort_id)},
        way=way,
        start=desk_url(first, item, way) if first else None,
        waiting=sum(waits.values()),
        total=len(answers),
        rows=[row(one) for one in places],
        apart=[row(one) for one in apart[:PAGE] if one.attempt_id in numbers],
        others={
            "blind": queue_url(cohort_id, quiz, item, Way(blind=not way.blind, second=way.second)),
            "second": queue_url(cohort_id, quiz, item, Way(blind=way.blind, second=not way.second)),
        },
        query={name: "1" for name in (BLIND, SECOND) if name in request.args} | {"page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )


def _asked_title(db: Connection, answers: Sequence[tuple[UUID, bool]], item: str) -> str:
    """What the question is called. Raises ``NobodyAnswered``, also for one that no person judges."""
    version = attempt_records.version_of(db, answers[0][0], item) if answers else None
    if version is None:
        raise NobodyAnswered
    found = frozen.questions(db, [version])[0]
    if not desk.is_judged(found) and not any(waits for _id, waits in answers):
        raise NobodyAnswered
    return found.title or item


def _row(one: marking_queue.Place, name: str, item: str, way: Way, *, waits: bool) -> dict[str, Any]:
    second = one.second_fraction
    return {
        "name": name,
        "login": "" if way.blind else one.login,
        "number": one.number,
        "submitted_at": one.submitted_at,
        "href": desk_url(one.attempt_id, item, way),
        "pending": one.pending,
        "waits": waits,
        "points": one.points,
        "maximum": one.maximum,
        "second": None if second is None else second * one.maximum,
        "difference": one.difference,
        "settled": one.settled,
        "settle": settling.settle_url(one.attempt_id, item, way),
    }
