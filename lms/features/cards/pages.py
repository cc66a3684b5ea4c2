"""Cards as pages show them: with the question, what is right and where to read, and in words when they come back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from flask import url_for

from lms.catalog.model import Lesson
from lms.learning.api import cards, plan, schedule
from lms.quiz.item import Item
from lms.web import items as item_pages
from lms.web import texts
from lms.web.items import ItemView
from lms.web.language import day, duration
from lms.web.links import link
from lms.web.site import catalog
from lms.web.words import gettext as _

DAYS_AHEAD = 7
_TITLE = 90  # characters


@dataclass(frozen=True, slots=True)
class Home:
    """The lesson or quiz where a question stands."""

    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the buttons below a card, and when it would come back."""

    grade: str
    word: str
    back: str


@dataclass(frozen=True, slots=True)
class CardPage:
    """A card to be reviewed. ``label``: what the person knows it by; ``shown_from``: when its day begins."""

    item: ItemView
    home: Home
    action: str
    answers: tuple[Answer, ...]
    label: str
    shown_from: datetime
    is_for_today: bool


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card in the list of all. ``state``: when it comes back, in words."""

    title: str
    home: Home
    state: str
    learnt: bool


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many cards one of the next days asks for; ``share``: of those of the fullest of these days."""

    on: str
    count: int
    share: float


def review(
    shares: Iterable[Iterable[cards.Card]], *, now: datetime, midnight: datetime, zone: tzinfo
) -> list[CardPage]:
    """``shares``: the cards of today, and of the days after it; ``midnight``: when today began."""
    on_days = [(ahead, card) for ahead, share in enumerate(shares) for card in share]
    return [
        _review(card, number, ahead, now=now, midnight=midnight, zone=zone)
        for number, (ahead, card) in enumerate(on_days, start=1)
    ]


def _review(card: cards.Card, number: int, ahead: int, *, now: datetime, midnight: datetime, zone: tzinfo) -> CardPage:
    """``ahead``: in how many days it is reviewed."""
    later = timedelta(days=ahead)
    words = {
        schedule.Grade.AGAIN: _("Lupa"),
        schedule.Grade.HARD: _("Ragu"),
        schedule.Grade.GOOD: _("Ingat"),
    }
    waits = cards.waits(card, now=now + later, zone=zone)
    return CardPage(
        item=item_pages.view(card.item, number=number, visible=card.visible, graded=False),
        home=_home(card),
        action=url_for(".review", item=card.item.id),
        answers=tuple(Answer(grade, word, back(waits[grade])) for grade, word in words.items()),
        label=_("Buku kesalahan: %(title)s", title=_title(card.item)),
        shown_from=midnight + later,
        is_for_today=ahead == 0,
    )


def back(days: int) -> str:
    return _("besok") if days == 1 else _("%(n)s hari lagi", n=days)


def resting_for(deck: cards.Deck) -> list[Home]:
    """The quizzes that are not handed in, each with where it goes on."""
    gone = _("kuis yang tidak ditawarkan lagi")
    return [
        Home(link("attempt", attempt_id=one.id), quiz.title if quiz else gone)
        for one in deck.resting_for
        for quiz in [catalog().quizzes.get(one.quiz)]
    ]


def lines(found: Iterable[cards.Card], deck: cards.Deck) -> list[CardLine]:
    return [
        CardLine(
            title=_title(card.item),
            home=_home(card),
            state=_state(card, deck),
            learnt=card.recall.is_learnt,
        )
        for card in found
    ]


def _state(card: cards.Card, deck: cards.Deck) -> str:
    days = (card.recall.due_on - deck.today).days
    if days <= 0:
        return _("Siap diulang hari ini")
    return _("Siap diulang besok") if days == 1 else _("Siap diulang %(day)s", day=day(card.recall.due_on))


def _home(card: cards.Card) -> Home:
    if isinstance(card.home, Lesson):
        return Home(texts.lesson_url(card.home, f"cek-{card.item.id}"), card.home.title)
    return Home(link("quiz", quiz=card.home.id), card.home.title)


def _title(item: Item) -> str:
    """Its title, else how it begins, without its Markdown."""
    if item.title:
        return item.title
    words = " ".join(re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[*_`|#>]", r"\1", item.stem).split())
    return words if len(words) <= _TITLE else words[:_TITLE].rsplit(" ", 1)[0] + "…"


def forecast(deck: cards.Deck) -> list[Ahead]:
    counts = deck.shares(DAYS_AHEAD)
    fullest = max(counts) or 1
    names = [_("Hari ini"), _("Besok")]
    names += [day(deck.today + timedelta(days=ahead)) for ahead in range(2, DAYS_AHEAD)]
    return [Ahead(name, count, count / fullest) for name, count in zip(names, counts, strict=True)]


def span(count: int) -> str:
    """How long so many cards take."""
    return duration(timedelta(minutes=plan.card_minutes(count)))
