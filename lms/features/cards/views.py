"""The pages of Buku kesalahan, and the way by which a review comes."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import Invalid
from lms.features.cards import forms, pages
from lms.learning.api import cards, plan, standing
from lms.web import items as item_pages
from lms.web.deeds import made_at
from lms.web.deeds import moment as read_moment
from lms.web.guards import Permission, me, requires, wants_json
from lms.web.keeping import is_asked_to_keep, keepable, show_only
from lms.web.language import local_day, local_zone
from lms.web.paging import paging
from lms.web.site import catalog, database, now
from lms.web.words import gettext as _

bp = Blueprint("cards", __name__, template_folder="templates")
LINKS = {"cards": "cards.book", "todays-cards": "cards.todays"}
MENU = ()
PAGE = 20  # cards
DAYS_KEPT = 3  # of a device: today and the next ones


def _deck(moment: datetime) -> cards.Deck:
    today, midnight = local_day(moment)
    with database().reading() as db:
        stands = standing.of(db, me().user_id, catalog(), now=moment)
        return cards.of(db, me().user_id, stands, today=today, midnight=midnight, zone=local_zone())


@bp.get("/buku-kesalahan")
@requires(Permission.READ)
def book() -> ResponseReturnValue:
    """What is due, what is learnt, what comes on the next days, and all cards."""
    deck = _deck(now())
    shown = paging(len(deck.cards), PAGE)
    return render_template(
        "cards/book.html",
        resting_for=pages.resting_for(deck),
        total=len(deck.cards),
        learnt=deck.learnt,
        todays=len(deck.todays),
        span=pages.span(len(deck.todays)),
        reviewed=deck.reviewed_today,
        waiting=len(deck.due) - len(deck.todays),
        forecast=pages.forecast(deck),
        most=plan.MOST_CARDS,
        cards=pages.lines(deck.cards[shown.offset : shown.offset + shown.size], deck),
        query={"page": shown.page},
        pages=shown.pages,
        here="dashboard",
    )


@bp.get("/buku-kesalahan/ulangi")
@requires(Permission.READ)
@keepable
def todays() -> ResponseReturnValue:
    """What is left of today's share, one after the other; ``lagi``: of whoever wants more, the next ones.

    What a device keeps also holds the shares of the next days, each of which its script shows on its day.
    """
    moment = now()
    deck = _deck(moment)
    shown = deck.due[: plan.MOST_CARDS] if "lagi" in request.args else deck.todays
    shares = deck.on_days(DAYS_KEPT) if is_asked_to_keep() else (shown,)
    if not is_asked_to_keep():
        show_only()
    return render_template(
        "cards/todays.html",
        cards=pages.review(shares, now=moment, midnight=deck.midnight, zone=local_zone()),
        scripts=item_pages.scripts(card.item for share in shares for card in share),
        todays=len(shown),
        resting_for=pages.resting_for(deck),
        total=len(deck.cards),
        reviewed=deck.reviewed_today,
        waiting=len(deck.due) - len(shown),
        user=me().user_id,
        now=moment.isoformat(),
        here="dashboard",
    )


@bp.post("/buku-kesalahan/ulangi/<item>")
@requires(Permission.READ)
def review(item: str) -> ResponseReturnValue:
    """How well a card was remembered: from its form, or from a script, now or once its device has a link again."""
    moment, by_script, more = now(), wants_json(request), "lagi" in request.args
    following = url_for(".todays", lagi=1 if more else None)
    try:
        grade = forms.grade(request.form)
    except Invalid as error:
        flash(_(error.said), "warning")
        return redirect(following, 303)
    with database().transaction() as db:
        cards.review(
            db,
            me().user_id,
            item,
            grade,
            stands=standing.of(db.connection(), me().user_id, catalog(), now=moment),
            zone=local_zone(),
            now=moment,
            made_at=made_at(request.form),
            shown_at=None if by_script else read_moment(request.form.get("shown_at", "")),
        )
    return {"href": url_for(".book"), "places": {}} if by_script else redirect(following, 303)
