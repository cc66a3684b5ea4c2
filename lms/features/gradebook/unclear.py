"""Which lessons the participants of a cohort do not understand yet: numbers of people, and never who."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from lms.features.gradebook.blueprint import bp
from lms.learning.api import cohorts, lesson_marks
from lms.web import texts
from lms.web.guards import Permission, requires, teacher
from lms.web.paging import paging
from lms.web.site import catalog, database

PAGE = 50


@bp.get("/angkatan/<uuid:cohort_id>/belum-paham")
@requires(Permission.TEACH)
def unclear(cohort_id: UUID) -> ResponseReturnValue:
    pack = catalog()
    with database().reading() as db:
        found = cohorts.taught(db, cohort_id, teacher())
        shown = paging(lesson_marks.count_unclear(db, cohort_id, pack.aliases), PAGE)
        counted = lesson_marks.unclear(db, cohort_id, pack.aliases, offset=shown.offset, limit=shown.size)
    lessons = [(pack.lessons.get(id), id, people) for id, people in counted]
    return render_template(
        "gradebook/unclear.html",
        cohort={"href": url_for(".cohort", cohort_id=cohort_id), "title": found.name},
        rows=[
            {
                "title": lesson.title if lesson else id,
                "href": texts.lesson_url(lesson) if lesson else "",
                "module": pack.module(lesson.module).title if lesson else "",
                "people": people,
            }
            for lesson, id, people in lessons
        ],
        fewest=lesson_marks.FEWEST,
        query={"page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )
