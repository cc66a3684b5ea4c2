"""The start page, the plan by day, and the calendar that follows it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.errors import Invalid
from lms.features.plan import forms, home, steps
from lms.learning.api import Standing, cards, participation, plan, progress, standing
from lms.web.guards import Permission, me, public, requires
from lms.web.language import local_day, local_zone
from lms.web.links import Entry
from lms.web.paging import paging
from lms.web.site import catalog, database, now
from lms.web.words import gettext as _
from lms.web.words import speak

bp = Blueprint("plan", __name__, template_folder="templates")
LINKS = {"dashboard": "plan.dashboard", "plan": "plan.days", "next-step": "plan.next_step"}
MENU = (Entry(name="dashboard", noun="dashboard", title=lambda: _("Beranda"), needs=Permission.READ, place=10),)
PAGE = 7  # days
LOT = 20  # steps
AHEAD = 31  # days for which is told how many questions come back


def _stands(db: Connection) -> tuple[Standing, plan.Plan, cards.Deck]:
    """Where the person who asks stands, the plan from there, and the questions that come back to them."""
    moment = now()
    today, midnight = local_day(moment)
    stands = standing.of(db, me().user_id, catalog(), now=moment)
    deck = cards.of(db, me().user_id, stands, today=today, midnight=midnight, zone=local_zone())
    return stands, stands.plan(today=today, midnight=midnight, cards=deck.shares(AHEAD)), deck


@bp.get("/beranda")
@requires(Permission.READ)
def dashboard() -> ResponseReturnValue:
    with database().reading() as db:
        stands, planned, deck = _stands(db)
        teachers = participation.teachers(db, me().user_id) if planned.blocked else []
    return render_template(
        "plan/home.html",
        is_new=stands.is_new,
        whole=home.whole(),
        resume=home.resume(stands, planned),
        pretest=home.offered_pretest(stands) if stands.is_new else None,
        goal=home.goal(stands),
        by_pretest=home.told_by_pretest(stands),
        today=home.today(stands, planned),
        returning=home.returning(deck),
        obstacles=home.obstacles(stands, planned, teachers),
        share=progress.course_share(catalog(), stands.records).value,
        agendas=[
            {"title": agenda.title, "share": progress.agenda_share(agenda, stands.records).value}
            for agenda in catalog().agendas
            if agenda.modules
        ],
        results=home.results(stands),
        ending=home.ending(stands),
        here="dashboard",
    )


@bp.get("/lanjut")
@requires(Permission.READ)
def next_step() -> ResponseReturnValue:
    """To the next step of the plan, but not once more to the one that ``setelah`` names; without any, to the end."""
    with database().reading() as db:
        today, midnight = local_day(moment := now())
        planned = standing.of(db, me().user_id, catalog(), now=moment).plan(today=today, midnight=midnight)
    step = planned.after(request.args.get("setelah", ""))
    return redirect(steps.href(step) if step else url_for(".dashboard"), 303)


@bp.get("/rencana")
@requires(Permission.READ)
def days() -> ResponseReturnValue:
    """All that is left, by day until the last one; without a last day, in its order."""
    with database().reading() as db:
        stands, planned, _deck = _stands(db)
    listed = list(planned.days()) or _in_lots(planned)
    shown = paging(len(listed), PAGE if planned.finish_on else 1)
    key = stands.participation.calendar
    return render_template(
        "plan/days.html",
        horizon=home.horizon(stands, planned),
        pretest=home.told_by_pretest(stands),
        days=[
            {
                "on": one.on if planned.finish_on else None,
                "today": one.on == planned.today,
                "amount": _amount(one, planned),
                "cards": one.cards,
                "steps": steps.lines(one.steps, stands.records),
            }
            for one in listed[shown.offset : shown.offset + shown.size]
            if not one.is_empty or one.on == planned.today
        ],
        lost=steps.lines(planned.out_of_reach(), stands.records),
        chosen=stands.participation.finish_on,
        of_cohort=stands.participation.ends_on,
        today=planned.today,
        calendar=url_for(".calendar", key=key, _external=True) if key else None,
        query={"page": shown.page},
        pages=shown.pages,
        here="dashboard",
    )


def _amount(one: plan.Day, planned: plan.Plan) -> str:
    """How much a day holds; without a last day how much is left, for a page of steps is no measure of anything."""
    if one.is_empty:
        return ""
    if planned.finish_on is None:
        return steps.amount(planned.steps, planned.todays().cards)
    return steps.amount(one.steps, one.cards)


def _in_lots(planned: plan.Plan) -> list[plan.Day]:
    """What is left without a last day, as many steps as a page holds; with the first what comes back today."""
    steps, cards = planned.steps, planned.todays().cards
    lots = [steps[start : start + LOT] for start in range(0, len(steps), LOT)] or [()]
    days = [plan.Day(planned.today, lot, cards if lot is lots[0] else 0) for lot in lots]
    return [day for day in days if not day.is_empty]


@bp.post("/rencana")
@requires(Permission.READ)
def finish_by() -> ResponseReturnValue:
    """The day by which somebody wants to be done."""
    today, _midnight = local_day(now())
    try:
        chosen = forms.last_day(request.form)
        database().commit(lambda db: participation.finish_by(db, me().user_id, chosen, today=today))
    except Invalid as error:
        flash(_(error.said), "warning")
    else:
        flash(_("Rencana Anda disusun ulang."), "ok")
    return redirect(url_for(".days"), 303)


@bp.post("/rencana/kalender")
@requires(Permission.READ)
def change_calendar() -> ResponseReturnValue:
    """Give the calendar an address, another one, or none."""
    change = (
        participation.withdraw_calendar if request.form.get("action") == "withdraw" else participation.share_calendar
    )
    database().commit(lambda db: change(db, me().user_id))
    return redirect(url_for(".days", _anchor="kalender"), 303)


@bp.get("/kalender/<key>.ics")
@public
def calendar(key: str) -> ResponseReturnValue:
    """For the program of a calendar, which cannot sign in: whoever has the address may read what is planned."""
    from lms.features.plan.calendar import written  # the library takes 0.3 s to load, and few servers are asked for it

    moment = now()
    with database().reading() as db:
        owner = participation.owner_of(db, key)
        if owner is None:
            abort(404)
        stands = standing.of(db, owner.id, catalog(), now=moment)
        today, midnight = local_day(moment, owner.time_zone)
        zone = local_zone(owner.time_zone)
        deck = cards.of(db, owner.id, stands, today=today, midnight=midnight, zone=zone)
    speak(owner.language)
    planned = stands.plan(today=today, midnight=midnight, cards=deck.shares(AHEAD))
    text = written(stands, planned, home=url_for(".dashboard", _external=True), key=key)
    return text, {"Content-Type": "text/calendar; charset=utf-8"}
