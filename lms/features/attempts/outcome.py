"""What a participant reads around a closed attempt: when the rest is shown, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lms.db.attempts import Confidence
from lms.quiz.item import Item
from lms.quiz.practice import is_practice
from lms.quiz.quiz import Moment, Quiz, ReviewRules, Visible
from lms.web import tally
from lms.web.items import CiteView, ItemView
from lms.web.language import moment
from lms.web.links import link
from lms.web.site import catalog
from lms.web.tally import Line
from lms.web.words import gettext as _

_DOUBTS = (Confidence.UNSURE, Confidence.GUESS)
_ORDER = (Moment.AFTER_SUBMIT, Moment.DURING, Moment.AFTER_LAST, Moment.AFTER_CLOSE, Moment.NEVER)


def withheld(visible: Visible, review: ReviewRules, closes_at: datetime | None) -> str | None:
    """What is not shown, and until when. Says only what the rules say: even a pass may be hidden."""
    hidden = {aspect: getattr(review, aspect) for aspect, shown in asdict(visible).items() if not shown}
    if not hidden:
        return None
    when = _when(min(hidden.values(), key=_ORDER.index), closes_at)
    if not when:
        return _("Sebagian hasil tidak ditampilkan menurut aturan kuis ini.")
    if visible.reviewable or len(hidden) == len(asdict(visible)):
        return _("Hasil selengkapnya tampil %(when)s.", when=when)
    return _("Benar atau salahnya tiap soal, kunci, dan pembahasan tampil %(when)s.", when=when)


def _when(first: Moment, closes_at: datetime | None) -> str:
    """Empty where it may be never: a quiz that does not close shows nothing that waits for it."""
    if first is Moment.AFTER_LAST:
        return _("setelah Anda lulus atau semua kesempatan terpakai")
    if first is Moment.AFTER_CLOSE and closes_at:
        return _("setelah kuis ditutup, %(when)s", when=moment(closes_at))
    return ""


@dataclass(frozen=True, slots=True)
class Action:
    href: str
    label: str


def reading(
    rules: Quiz, items: Sequence[Item], views: Sequence[ItemView], visible: Visible, passed: bool | None
) -> dict[str, Any]:
    """What was right by topic and by article; where that may not be told, what the quiz is about; and what to do next.

    ``passed``: None where it is not told, or there is nothing to pass.
    """
    topics = tally.by_topic(items, views, rules.module)
    about = [] if visible.reviewable else tally.topics(items, rules.module)
    return {
        "topics": topics,
        "articles": tally.by_article(items, views),
        "about": about,
        "next": _next_step(rules, passed, topics, about),
    }


def comes_back(views: Sequence[ItemView], *, handed_in_today: bool) -> str:
    """That some of these questions are cards now; empty where none is, or where it may not be told."""
    if not any(view.answers and (view.missed or view.confidence in _DOUBTS) for view in views if view.mark):
        return ""
    if handed_in_today:
        return _("Yang meleset atau diragukan masuk Buku kesalahan, kembali besok.")
    return _("Yang meleset atau diragukan ada di Buku kesalahan.")


def _next_step(rules: Quiz, passed: bool | None, topics: Sequence[Line], about: Sequence[CiteView]) -> Action:
    """What to do after an attempt: after one that was not passed, read; else the next step of the course.

    ``topics``: the worst first, empty where that is not told; ``about``: what the quiz is about.
    """
    if rules.id == catalog().course.pretest:
        return Action(link("dashboard"), _("Lihat rencana Anda"))
    missed = next((line.about for line in topics if not line.complete), None)
    if passed is False or (missed and not rules.can_be_failed):
        return _reading(rules, missed, about)
    if is_practice(rules.id) and not passed:
        return Action(link("practice"), _("Latihan lain"))
    return Action(link("next-step", setelah=rules.id), _("Langkah berikutnya"))


def _reading(rules: Quiz, missed: CiteView | None, about: Sequence[CiteView]) -> Action:
    """The worst topic where that is told, else the quiz's module, else what of this page says what to read."""
    module = catalog().modules.get(rules.module or "")
    if missed:
        return Action(missed.href, _("Baca lagi: %(title)s", title=missed.title))
    if module:
        return Action(link("module", module=module.id), _("Baca lagi: %(title)s", title=module.title))
    return Action("#baca", _("Lihat yang perlu dibaca")) if about else Action("#jawaban", _("Baca pembahasannya"))
