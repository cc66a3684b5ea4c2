"""What the pages of an attempt say where it is a practice, and where a result leads to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lms.catalog.exercises import can_practise
from lms.learning.api import AttemptRow, person_attempts, practice
from lms.quiz.practice import About, Subject, is_practice, stands_for
from lms.quiz.quiz import Quiz
from lms.web.guards import me
from lms.web.items import ItemView
from lms.web.links import link
from lms.web.site import catalog, database, now
from lms.web.words import gettext as _


def front(found: AttemptRow) -> str:
    """The page from which the attempt was started."""
    return link("practice") if is_practice(found.quiz) else link("quiz", quiz=found.quiz)


def instead(quiz: Quiz) -> dict[str, Any] | None:
    """That a quiz of which no attempt is left was learnt by a practice, or where it can be."""
    if not can_practise(catalog(), quiz.module):
        return None
    with database().reading() as db:
        learnt = quiz.id in person_attempts.learnt_at(db, me().user_id)
    return {"learnt": learnt, "href": link("practice", _anchor="pengganti")}


def of_module(module: str | None) -> str | None:
    """Where the questions of a module are practised, if there are any."""
    return link("practice", modul=module) if can_practise(catalog(), module) else None


def pool() -> practice.Pool:
    with database().reading() as db:
        return practice.of(db, me().user_id, catalog(), now=now())


def alike(views: Sequence[ItemView], mine: practice.Pool | None) -> dict[str, str]:
    """By id of a question that was told to be missed: what starts a practice of questions like it, where there are.

    ``mine``: the pool where it was asked for already.
    """
    missed = [view.id for view in views if view.missed]
    if not missed:
        return {}
    mine = mine or pool()
    abouts = {id: About(Subject.LIKE, id) for id in missed}
    return {id: f"{about.subject}:{about.id}" for id, about in abouts.items() if mine.has(about)}


def ending(found: AttemptRow, passed: bool | None) -> dict[str, Any]:
    """What a practice that was handed in came to, in words; ``quiz``: the one instead of which it was taken."""
    quiz = catalog().quizzes.get(stands_for(found.quiz))
    told = ""
    if quiz and passed:
        told = _(
            "“%(title)s” kini terhitung dipelajari lewat latihan. Nilai kuisnya dan buku nilai tidak berubah.",
            title=quiz.title,
        )
    elif quiz and passed is False:
        told = _("Belum cukup untuk “%(title)s”. Latihannya boleh diulang kapan saja.", title=quiz.title)
    again = f"{Subject.QUIZ}:{quiz.id}" if quiz and not passed else ""
    return {"told": told, "again": again}
