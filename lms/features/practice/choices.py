"""What the page of practices offers: each choice with how many questions there are for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lms.catalog.law import Citation
from lms.catalog.model import Module
from lms.features.practice import forms
from lms.learning.api import practice
from lms.quiz.practice import About, Subject
from lms.quiz.quiz import Quiz
from lms.web.language import duration, number
from lms.web.links import link
from lms.web.site import catalog
from lms.web.words import gettext as _

Pool = practice.Pool
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice:
    """A practice to choose. ``value``: what starts it; empty where there is nothing to ask.

    ``of_authors``: the title is of the pack, and so in its language; ``told_by_authors``: what is told is, too.
    """

    title: str
    value: str
    told: Sequence[str]
    size: str = ""
    of_authors: bool = True
    told_by_authors: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A module or a regulation with what there is to practise of it."""

    href: str
    title: str
    size: str


def instead(pool: Pool) -> list[Choice]:
    """The quizzes that can only be learnt."""
    return [_instead(pool, quiz) for quiz in pool.instead]


def _instead(pool: Pool, quiz: Quiz) -> Choice:
    about = About(Subject.QUIZ, quiz.id)
    shape, there = pool.shape(about), pool.count(about)
    if not there:
        return Choice(quiz.title, "", [_("Soalnya sedang dipakai ujian, jadi belum dapat dilatih.")])
    told = _(
        "Jawab %(n)s soal modulnya dengan nilai paling sedikit %(share)s%%, sesering yang perlu. Langkah ini lalu "
        "terhitung dipelajari lewat latihan; nilai kuisnya dan buku nilai tidak berubah.",
        n=min(there, shape.most),
        share=number(shape.pass_mark * 100),
    )
    return Choice(quiz.title, forms.written(about), [told])


def whole_course(pool: Pool) -> list[Choice]:
    """Across modules: what was missed, a mixture, and as the evaluation asks."""
    missed, mixed, exam = About(Subject.MISSED), About(Subject.MIXED), About(Subject.EVALUATION)
    listed = [
        _choice(pool, missed, _("Yang sering meleset"), _("Soal yang terakhir kali belum Anda jawab tepat."), own=True),
        _choice(pool, mixed, _("Campuran"), _("Dari semua modul, yang paling lama tidak Anda temui didahulukan.")),
    ]
    if simulation := catalog().simulation:
        told = _("Bahan dan batas waktunya seperti %(title)s.", title=simulation.title)
        listed.append(_choice(pool, exam, _("Seperti evaluasi"), told))
    return listed


def _choice(pool: Pool, about: About, title: str, told: str, *, own: bool = False) -> Choice:
    shape, there = pool.shape(about), pool.count(about)
    if not there:
        none = _("Belum ada. Yang meleset di cek diri dan kuis terkumpul di sini.") if own else _("Belum ada soalnya.")
        return Choice(title, "", [none], of_authors=False)
    size = _("%(n)s soal", n=min(there, shape.most))
    if shape.time_limit:
        size = f"{size}, {duration(shape.time_limit)}"
    few = [_("Baru %(n)s soal yang boleh dilatih.", n=there)] if there < shape.most and not own else []
    return Choice(title, forms.written(about), [told, *few], size, of_authors=False)


def by_module(pool: Pool) -> list[Part]:
    counts = _counted(one.modules for one in pool.open)
    return [
        Part(link("practice", modul=module.id), module.title, _there(counts[module.id]))
        for module in catalog().modules.values()
        if counts[module.id]
    ]


def whole_module(pool: Pool, module: Module) -> Choice | None:
    about = About(Subject.MODULE, module.id)
    there = min(pool.count(about), pool.shape(about).most)
    return Choice(module.title, forms.written(about), [], _there(there)) if there else None


def of_module(pool: Pool, module: Module) -> list[Choice]:
    """By lesson, with what one can do after it: the competences of the course."""
    counts = _counted(one.lessons for one in pool.open)
    return [
        _part(About(Subject.LESSON, lesson.id), lesson.title, lesson.outcomes, counts[lesson.id])
        for lesson in module.lessons
        if counts[lesson.id]
    ]


def _part(about: About, title: str, told: Sequence[str], there: int) -> Choice:
    return Choice(title, forms.written(about), told, _there(there), told_by_authors=True)


def by_regulation(pool: Pool) -> list[Part]:
    counts = _counted({regulation for regulation, _article in one.articles} for one in pool.open)
    return [
        Part(link("practice", peraturan=id), regulation.short, _there(counts[id]))
        for id, regulation in catalog().regulations.items()
        if counts[id]
    ]


def of_regulation(pool: Pool, regulation: str) -> list[Choice]:
    """By article, in the order of the register."""
    counts = _counted(one.articles for one in pool.open)
    mine = [cited for cited in counts if cited[0] == regulation]
    known = {locator: place for place, locator in enumerate(catalog().regulations[regulation].articles)}
    return [
        _part(
            About(Subject.ARTICLE, "#".join(filter(None, cited))),
            practice.article_name(catalog(), cited),
            list(filter(None, [_heading(cited)])),
            counts[cited],
        )
        for cited in sorted(mine, key=lambda one: (_place(known, one[1]), one[1]))
    ]


def _heading(cited: Citation) -> str:
    article = catalog().regulations[cited[0]].articles.get(cited[1])
    return article.title if article else ""


def _place(known: Mapping[str, int], article: str) -> int:
    """Where the register has an article, or the first paragraph of it; those it does not know come last."""
    return min((place for locator, place in known.items() if locator.partition(".")[0] == article), default=len(known))


def _counted(found: Iterable[Iterable[T]]) -> Counter[T]:
    return Counter(one for each in found for one in each)


def _there(count: int) -> str:
    return _("%(n)s soal", n=count)
