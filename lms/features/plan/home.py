"""The start page: what to go on with, what today holds, what stands in the way, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.catalog.exercises import can_practise
from lms.catalog.model import Lesson
from lms.features.plan import steps
from lms.learning.api import Standing, cards, conditions, plan, practice, progress
from lms.quiz.quiz import Quiz
from lms.web import texts
from lms.web.language import day, moment
from lms.web.links import link
from lms.web.site import catalog
from lms.web.who_helps import who_helps
from lms.web.words import gettext as _

Availability = conditions.Availability
AHEAD = 3  # steps that are named beyond today's


@dataclass(frozen=True, slots=True)
class Resume:
    """The one place to go on: ``module`` is empty where there is none."""

    href: str
    title: str
    module: str
    label: str


def resume(stands: Standing, planned: plan.Plan) -> Resume | None:
    """An attempt that runs comes first, for its clock may, too; then the first step of the plan."""
    if running := stands.running:
        title = catalog().quiz(running.quiz).title
        late = running.is_late(stands.now)
        label = _("Lihat apakah hasilnya sudah ada") if late else _("Lanjutkan kuis")
        return Resume(link("attempt", attempt_id=running.id), title, "", label)
    step = planned.next
    if step is None:
        return None
    line = steps.line(step, stands.records)
    return Resume(
        _place(step, stands), line.title, line.module, _("Mulai belajar") if stands.is_new else _("Lanjutkan")
    )


def _place(step: plan.Step, stands: Standing) -> str:
    """The heading where somebody stopped in the lesson they were in last."""
    last = stands.visits[0] if stands.visits else None
    if isinstance(step, Lesson) and last and last.lesson in step.names:
        return steps.href(step, last.position or None)
    return steps.href(step)


# --- the first day --------------------------------------------------------------------------------------------------


def whole() -> str:
    """How much all of it is, as the plan counts it: with the simulation that the goal names."""
    simulation = catalog().simulation
    apart = [simulation] if simulation and simulation.module is None else []
    return steps.amount([*catalog().steps, *apart])


def offered_pretest(stands: Standing) -> dict[str, Any] | None:
    """The pre-test as long as it was never taken and can be."""
    found = catalog().quizzes.get(catalog().course.pretest)
    if found is None or found.id in stands.records.tried or stands.availability(found) is not Availability.NOW:
        return None
    return {"title": found.title, "href": steps.href(found), "size": steps.size(found)}


def goal(stands: Standing) -> dict[str, Any] | None:
    """What all of it is for, with the quiz that shows whether one is there."""
    found = catalog().course.goal
    if found is None:
        return None
    lesson = catalog().lesson_called(found.lesson)
    return {
        "title": found.title,
        "reason": found.reason,
        "lesson": {"href": texts.lesson_url(lesson), "title": lesson.title} if lesson else None,
        "simulation": _simulation(stands),
    }


def _simulation(stands: Standing) -> dict[str, Any] | None:
    quiz = catalog().simulation
    if quiz is None:
        return None
    return {
        "title": quiz.title,
        "href": steps.href(quiz),
        "size": steps.size(quiz),
        "best": stands.best(quiz),
        "passed": quiz.id in stands.records.passed,
        "tried": any(one.quiz == quiz.id for one in stands.attempts),
    }


def told_by_pretest(stands: Standing) -> list[str]:
    """The modules that the pre-test puts first, where it showed gaps."""
    missed = [module for module in catalog().modules.values() if stands.gaps.get(module.id)]
    return [module.title for module in sorted(missed, key=lambda one: -stands.gaps[one.id])[:AHEAD]]


# --- today ----------------------------------------------------------------------------------------------------------


def today(stands: Standing, planned: plan.Plan) -> dict[str, Any]:
    """``steps``: what is left of today's share, ``ahead``: what comes after it."""
    share = planned.todays()
    rest = planned.steps[len(share.steps) :]
    return {
        "amount": "" if share.is_empty else steps.amount(share.steps, share.cards),
        "cards": share.cards,
        "steps": steps.lines(share.steps, stands.records),
        "done": steps.span(planned.done_today) if planned.done_today else "",
        "ahead": steps.lines(rest[:AHEAD], stands.records),
        "horizon": [*horizon(stands, planned), *_sitting(stands)],
        "planned": planned.finish_on is not None,
    }


def horizon(stands: Standing, planned: plan.Plan) -> list[str]:
    """What the last day means for every day until then, in sentences; honest where it cannot be made.

    Without a day of one's own or of the cohort it means nothing.
    """
    told, starts = [], stands.participation.starts_on
    if starts and starts > planned.today:
        told.append(_("Angkatan Anda mulai %(day)s.", day=day(starts)))
    if planned.finish_on is None:
        return [*told, *_gone_by(stands)]
    left, asked = planned.days_left or 0, steps.span(planned.minutes_a_day)
    last = day(planned.finish_on)
    if planned.can_be_kept:
        told.append(
            _(
                "Selesai pada %(day)s: %(n)s hari termasuk hari ini, sekitar %(span)s sehari.",
                day=last,
                n=left,
                span=asked,
            )
        )
        return told
    return [*told, *_beyond(planned, last, left, asked)]


def _last_day(stands: Standing) -> date | None:
    return stands.participation.finish_on or stands.participation.ends_on


def _gone_by(stands: Standing) -> list[str]:
    if (chosen := _last_day(stands)) is None:
        return []
    return [
        _(
            "Tanggal selesai %(day)s sudah lewat. Semua bahan tetap terbuka; pilih tanggal baru bila perlu.",
            day=day(chosen),
        )
    ]


def _sitting(stands: Standing) -> list[str]:
    if _last_day(stands):
        return []
    return [_("Belum ada tanggal selesai, jadi ini kira-kira cukup untuk sekali duduk.")]


def _beyond(planned: plan.Plan, last: str, left: int, asked: str) -> list[str]:
    lost = planned.out_of_reach()
    told = [
        _(
            "Sampai %(day)s tinggal %(n)s hari, jadi perlu %(span)s sehari. Itu lebih dari yang wajar di samping "
            "bekerja: dengan %(most)s sehari, %(lost)s langkah tidak terkejar.",
            day=last,
            n=left,
            span=asked,
            most=steps.span(plan.MOST_A_DAY),
            lost=len(lost),
        )
    ]
    if catalog().course.goal:
        told.append(_("Karena itu bahan untuk target Anda didahulukan. Sisanya tetap terbuka sesudah itu."))
    return told


def returning(deck: cards.Deck) -> dict[str, int] | None:
    """How many questions come back today and tomorrow, and are learnt; None for who has none."""
    if not deck.cards:
        return None
    today, tomorrow = deck.shares(2)
    return {"today": today, "tomorrow": tomorrow, "learnt": deck.learnt, "total": len(deck.cards)}


# --- what stands in the way -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A quiz that is left and cannot be begun: why, who can help, where it can be learnt, what to do meanwhile."""

    href: str
    title: str
    why: str
    help: str
    learn: Link | None
    meanwhile: Link | None


def obstacles(stands: Standing, planned: plan.Plan, teachers: Sequence[str]) -> list[Obstacle]:
    return [_obstacle(one, stands, teachers) for one in planned.blocked]


def _obstacle(one: plan.Blocked, stands: Standing, teachers: Sequence[str]) -> Obstacle:
    allowed = stands.participation.conditions(one.quiz.id)
    says = {
        Availability.USED_UP: _("Semua kesempatan sudah terpakai."),
        Availability.CLOSED: _("Sudah ditutup untuk angkatan Anda sejak %(when)s.", when=moment(allowed.closes_at)),
        Availability.LATER: _("Dibuka %(when)s.", when=moment(allowed.opens_at)),
    }
    helps = "" if one.why is Availability.LATER else who_helps(teachers)
    return Obstacle(
        steps.href(one.quiz), one.quiz.title, says[one.why], helps, _learn(one.quiz, stands), _meanwhile(one, stands)
    )


def _learn(quiz: Quiz, stands: Standing) -> Link | None:
    """The practice that counts in its stead."""
    if not practice.can_be_learnt(stands, quiz) or not can_practise(catalog(), quiz.module):
        return None
    return Link(link("practice", _anchor="pengganti"), _("pelajari lewat latihan"))


def _meanwhile(one: plan.Blocked, stands: Standing) -> Link | None:
    """The last review, where there is one; else the module that the quiz is about."""
    last = next((attempt for attempt in stands.attempts if attempt.quiz == one.quiz.id and attempt.submitted_at), None)
    if last and stands.visible(last, one.quiz).reviewable:
        return Link(link("result", attempt_id=last.id), _("baca pembahasan percobaan terakhir"))
    module = catalog().modules.get(one.quiz.module or "")
    return (
        Link(link("module", module=module.id), _("buka lagi modul %(title)s", title=module.title)) if module else None
    )


# --- results and the end --------------------------------------------------------------------------------------------


def results(stands: Standing) -> list[dict[str, Any]]:
    """The newest attempt that was handed in at each quiz, as far as its review rules and those of the cohort show."""
    listed: dict[str, dict[str, Any]] = {}
    for attempt in stands.attempts:
        found = catalog().quizzes.get(attempt.quiz)
        if found is None or attempt.submitted_at is None or attempt.quiz in listed:
            continue
        shown = stands.visible(attempt, found).marks
        listed[attempt.quiz] = {
            "title": found.title,
            "href": link("result", attempt_id=attempt.id),
            "score": attempt.share if shown else None,
            "passed": attempt.passed if shown and found.can_be_failed else None,
            "hidden": not shown,
            "when": attempt.submitted_at,
        }
    return list(listed.values())


def ending(stands: Standing) -> dict[str, int] | None:
    """What was done, once every step of the course is; None before."""
    if not progress.course_share(catalog(), stands.records).complete:
        return None
    quizzes = [step for step in catalog().steps if isinstance(step, Quiz)]
    passed = sum(quiz.id in stands.records.passed for quiz in quizzes)
    learnt = sum(progress.quiz_word(quiz, stands.records) == "learnt" for quiz in quizzes)
    return {
        "lessons": len(catalog().steps) - len(quizzes),
        "passed": passed,
        "learnt": learnt,
        "waiting": len(quizzes) - passed - learnt,
        "checks": sum(len(lesson.checks) for lesson in catalog().every_lesson),
    }
