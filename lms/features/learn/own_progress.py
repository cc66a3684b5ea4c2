"""How far one has come oneself, and what one misses most."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.features.learn import outline
from lms.features.learn.blueprint import bp
from lms.learning.api import Records, gaps, practice, progress, reading, standing
from lms.web import gaps as gap_lines
from lms.web.guards import Permission, me, requires
from lms.web.site import catalog, database, now


@bp.get("/progres", endpoint="progress")
@requires(Permission.READ)
def own_progress() -> ResponseReturnValue:
    user_id, moment = me().user_id, now()
    with database().reading() as db:
        records = reading.records(db, user_id, catalog().quizzes, now=moment)
        missed = _missed(db, user_id, records, moment) if records.tried or records.answered else []
    agendas = [
        {
            "title": agenda.title,
            "share": progress.agenda_share(agenda, records).value,
            "modules": [outline.explained(module, records) for module in agenda.modules],
        }
        for agenda in catalog().agendas
        if agenda.modules
    ]
    whole = progress.course_share(catalog(), records)
    return render_template(
        "learn/progress.html",
        share=whole.value,
        done=whole.done,
        total=whole.total,
        agendas=agendas,
        missed=missed,
        here="progress",
    )


#: So many articles are named to one person.
MOST_MISSED = 5


def _missed(db: Connection, user_id: UUID, records: Records, moment: datetime) -> list[gap_lines.Line]:
    """The articles that a person misses most, as far as they may know."""
    stands = standing.of(db, user_id, catalog(), now=moment, records=records)
    found = gaps.by_article(gaps.of_person(practice.pool(db, user_id, stands)), catalog())
    worst = sorted((one for one in found if one.missed), key=lambda one: -one.lost)
    return [gap_lines.line(one) for one in worst[:MOST_MISSED]]
