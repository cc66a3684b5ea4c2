"""The start page, the plan by day, and the calendar that follows it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.errors import Invalid
from lms.features.plan import forms, home, steps
from lms.learning.api import Standing, participation, plan, progress, standing
from lms.web.guards import Permission, me, public, requires
from lms.web.language import local_day
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


def _stands(db: Connection) -> tuple[Standing, plan.Plan]:
    """Where the person who asks stands, and the plan from there."""
    moment = now()
    today, midnight = local_day(moment)
    stands = standing.of(db, me().user_id, catalog(), now=moment)
    return stands, stands.plan(today=today, midnight=midnight)


@bp.get("/beranda")
@requires(Permission.READ)
def dashboard() -> ResponseReturnValue:
    with database().reading() as db:
        stands, planned = _stands(db)
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
        _where, planned = _stands(db)
    step = planned.after(request.args.get("setelah", ""))
    return redirect(steps.href(step) if step else url_for(".dashboard"), 303)


@bp.get("/rencana")
@requires(Permission.READ)
def days() -> ResponseReturnValue:
    """All that is left, by day until the last one; without a last day, in its order."""
    with database().reading() as db:
        stands, planned = _stands(db)
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
                "amount": steps.amount(one.steps),
                "steps": steps.lines(one.steps, stands.records),
            }
            for one in listed[shown.offset : shown.offset + shown.size]
            if one.steps or one.on == planned.today
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


def _in_lots(planned: plan.Plan) -> list[plan.Day]:
    """What is left without a last day, as many steps as a page holds."""
    steps = planned.steps
    return [plan.Day(planned.today, steps[start : start + LOT]) for start in range(0, len(steps), LOT)]


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
    speak(owner.language)
    today, midnight = local_day(moment, owner.time_zone)
    planned = stands.plan(today=today, midnight=midnight)
    text = written(stands, planned, home=url_for(".dashboard", _external=True), key=key)
    return text, {"Content-Type": "text/calendar; charset=utf-8"}
