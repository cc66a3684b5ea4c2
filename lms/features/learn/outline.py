"""The course as lists a page can place: agendas, modules, steps, each with its state for one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from lms.catalog.exercises import can_practise
from lms.catalog.model import Agenda, Catalog, Lesson, Module
from lms.learning.api import Records, progress
from lms.quiz.quiz import Quiz
from lms.web import texts
from lms.web.language import number
from lms.web.links import link
from lms.web.stencils import Shelf
from lms.web.words import for_request
from lms.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Link:
    """``why``: what is lacking there, in the reader's language; the title is the authors'."""

    href: str
    title: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A lesson or a quiz. ``state``: done, learnt, taken, started or open; ``word``: the same for those who hear it."""

    href: str
    title: str
    kind: str
    minutes: int | None
    state: str
    word: str
    current: bool = False
    summary: str = ""

    @property
    def taken(self) -> bool:
        return self.state == "taken"


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """One module with a person's progress; ``steps`` where a page lists them."""

    href: str
    title: str
    summary: str
    share: float
    done: bool
    lessons_done: int
    lessons_total: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class AgendaLine:
    title: str
    summary: str
    share: float
    modules: tuple[ModuleLine, ...]


def module_url(module: Module) -> str:
    return url_for("learn.module", module=module.id)


def quiz_url(quiz: Quiz) -> str:
    return link("quiz", quiz=quiz.id)


def step_url(step: Lesson | Quiz) -> str:
    return texts.lesson_url(step) if isinstance(step, Lesson) else quiz_url(step)


def step_link(step: Lesson | Quiz | None) -> Link | None:
    return None if step is None else Link(step_url(step), step.title)


def _hrefs(module: Module) -> tuple[str, ...]:
    """Addresses of a module's steps, built once: the router is too slow for every menu of every page."""
    return Shelf("hrefs").remember(module.id, lambda: tuple(map(step_url, module.steps)))


def steps(module: Module, records: Records, current: str | None = None) -> tuple[Step, ...]:
    """The lessons and then the quizzes of a module; ``current``: id of the step the reader is in."""
    listed: list[Step] = []
    hrefs, words = iter(_hrefs(module)), _words()
    for lesson in module.lessons:
        state = progress.lesson_state(lesson, records).word
        here = lesson.id == current
        listed.append(Step(next(hrefs), lesson.title, "lesson", lesson.minutes, state, words[state], here))
    for quiz in module.quizzes:
        state = progress.quiz_word(quiz, records)
        listed.append(Step(next(hrefs), quiz.title, "quiz", None, state, words[state], quiz.id == current))
    return tuple(listed)


def _words() -> Mapping[str, str]:
    """What the sign of a state says, by state."""
    _ = for_request()
    return {
        "done": _("Selesai:"),
        "learnt": _("Dipelajari lewat latihan:"),
        "taken": _("Dikerjakan:"),
        "started": _("Sudah dimulai:"),
        "open": _("Belum dimulai:"),
    }


def module_line(module: Module, records: Records) -> ModuleLine:
    share = progress.module_share(module, records)
    return ModuleLine(
        href=module_url(module),
        title=module.title,
        summary=module.summary,
        share=share.value,
        done=share.complete,
        lessons_done=sum(progress.lesson_state(lesson, records).done for lesson in module.lessons),
        lessons_total=len(module.lessons),
        steps=steps(module, records),
    )


def agenda_line(agenda: Agenda, records: Records) -> AgendaLine:
    return AgendaLine(
        title=agenda.title,
        summary=agenda.summary,
        share=progress.agenda_share(agenda, records).value,
        modules=tuple(module_line(module, records) for module in agenda.modules),
    )


def agendas(catalog: Catalog, records: Records) -> list[AgendaLine]:
    """The agendas that hold something; the others are still to be written."""
    return [agenda_line(agenda, records) for agenda in catalog.agendas if agenda.modules]


def standalone(catalog: Catalog, records: Records) -> list[Step]:
    """The quizzes that stand for themselves."""
    words, states = _words(), [(quiz, progress.quiz_word(quiz, records)) for quiz in catalog.practice]
    return [
        Step(quiz_url(quiz), quiz.title, "quiz", None, state, words[state], summary=quiz.summary)
        for quiz, state in states
    ]


def pretest(catalog: Catalog, records: Records) -> Link | None:
    """The pre-test as long as it was never tried."""
    found = catalog.quizzes.get(catalog.course.pretest)
    return Link(quiz_url(found), found.title) if found and found.id not in records.tried else None


def introduction(module: Module) -> Markup:
    return texts.fragment(module.introduction, module.id)


def practice_of(module: Module, catalog: Catalog) -> str | None:
    """Where its questions are practised, if there are any."""
    return link("practice", modul=module.id) if can_practise(catalog, module.id) else None


def facts(module: Module, catalog: Catalog) -> list[str]:
    """How long a module takes, what its quizzes ask, and which exams draw from it."""
    told = []
    if module.lessons:
        minutes = sum(lesson.minutes for lesson in module.lessons)
        told.append(_("%(n)s materi, sekitar %(minutes)s menit", n=len(module.lessons), minutes=minutes))
    for quiz in module.quizzes:
        asked = _("%(n)s soal", n=quiz.length)
        least = _("ambang lulus %(share)s%%", share=number(quiz.pass_mark * 100)) if quiz.pass_mark else ""
        told.append(f"{quiz.title}: {', '.join(filter(None, (asked, least)))}")
    for exam in catalog.practice:
        drawn = sum(draw.count for draw in exam.draws if module.id in draw.tags)
        if drawn:
            told.append(_("%(n)s soal %(exam)s diundi dari modul ini", n=drawn, exam=exam.title))
        elif any(module.agenda in draw.tags for draw in exam.draws):
            told.append(_("Soalnya ikut diundi dalam %(exam)s", exam=exam.title))
    return told


def explained(module: Module, records: Records) -> dict[str, Any]:
    """A module's percentage with the rules behind it and what is missing."""
    rules = progress.module_rules(module, records)
    share = progress.module_share(module, records)
    explained = [
        {
            "text": _("Setiap materi dibaca sampai akhir dan cek dirinya dijawab"),
            "state": "met" if rules.lessons.complete else "open",
            "detail": _("%(done)s dari %(total)s materi", done=rules.lessons.done, total=rules.lessons.total),
            "missing": [_missing_lesson(unread) for unread in rules.unread],
        }
    ]
    if rules.quizzes.total:
        explained.append(
            {
                "text": _("Kuis modul lulus"),
                "state": _quizzes_state(rules),
                "detail": _("%(done)s dari %(total)s kuis", done=rules.quizzes.done, total=rules.quizzes.total),
                "missing": [
                    *(Link(quiz_url(quiz), quiz.title) for quiz in rules.unpassed),
                    *(
                        _untold(quiz, _("hasilnya tampil setelah lulus atau semua kesempatan terpakai"))
                        for quiz in rules.taken
                    ),
                    *(
                        _untold(quiz, _("sampai hasilnya ditampilkan dihitung selesai, lulus atau tidak"))
                        for quiz in rules.waiting
                    ),
                    *(Link(quiz_url(quiz), quiz.title, _("dipelajari lewat latihan")) for quiz in rules.learnt),
                ],
            }
        )
    return {
        "title": module.title,
        "href": module_url(module),
        "share": share.value,
        "done": share.complete,
        "rules": explained,
    }


def _quizzes_state(rules: progress.ModuleRules) -> str:
    """``met``, ``open``, or what stands between them: ``taken``, which may not be told yet, or ``learnt``."""
    if rules.quizzes.complete or rules.unpassed:
        return "open" if rules.unpassed else "met"
    return "taken" if rules.taken or rules.waiting else "learnt"


def _untold(quiz: Quiz, why: str) -> Link:
    return Link(quiz_url(quiz), quiz.title, "; ".join((_("dikerjakan"), why)))


def _missing_lesson(unread: progress.Unread) -> Link:
    lacking = []
    if not unread.state.read:
        lacking.append(_("belum dibaca sampai akhir"))
    if open_checks := unread.state.checks_total - unread.state.checks_answered:
        lacking.append(_("%(n)s cek diri belum dijawab", n=open_checks))
    return Link(texts.lesson_url(unread.lesson), unread.lesson.title, ", ".join(lacking))
