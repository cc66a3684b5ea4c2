"""The pages on which an instructor gives a cohort or a person other rules. Every one asks first who teaches it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.db.accounts import Role
from lms.errors import Invalid
from lms.features.overrides import forms
from lms.learning.api import accounts, cohorts, deadlines, overrides, stale, tries
from lms.quiz.quiz import Quiz
from lms.web.guards import Permission, me, requires, teacher
from lms.web.language import ZONES, moment, zone
from lms.web.links import Entry, link
from lms.web.returned import Returned, send_back, sent_back
from lms.web.review_rules import when
from lms.web.site import catalog, database, now
from lms.web.words import faults
from lms.web.words import gettext as _

Old = stale.ChangedMeanwhile

bp = Blueprint("overrides", __name__, template_folder="templates", url_prefix="/pengampu/angkatan/<uuid:cohort_id>")
LINKS = {"cohort-rules": "overrides.rules", "allowances": "overrides.person"}
MENU: tuple[Entry, ...] = ()


# --- a cohort -------------------------------------------------------------------------------------------------------


@bp.get("/aturan")
@requires(Permission.TEACH)
def rules(cohort_id: UUID) -> ResponseReturnValue:
    back = sent_back()
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        held = overrides.cohort_rules(db, cohort_id)
    return render_template(
        "overrides/rules.html",
        cohort=_cohort(group),
        grace=back.values.get("grace", held.grace),
        error=back.faults.get("grace", ""),
        old=_old(back, _("%(n)s menit", n=held.grace)),
        seen=_seen(stale.stamp(overrides.grace_held(held.grace)), back),
        most=overrides.MOST_GRACE,
        quizzes=[
            {
                "href": url_for(".quiz_rules", cohort_id=cohort_id, quiz=quiz.id),
                "title": quiz.title,
                "different": held.quizzes.get(quiz.id),
            }
            for quiz in catalog().quizzes.values()
        ],
        here="gradebook",
    )


def _cohort(group: cohorts.Taught) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "href": link("cohort", cohort_id=group.id),
        "rules": url_for(".rules", cohort_id=group.id),
    }


@bp.post("/aturan")
@requires(Permission.TEACH)
def change_grace(cohort_id: UUID) -> ResponseReturnValue:
    try:
        with database().transaction() as db:
            cohorts.taught(db.connection(), cohort_id, teacher())
            minutes = forms.grace(request.form)
            overrides.set_grace(db, cohort_id, minutes, seen=request.form.get("seen"), actor_id=me().user_id, now=now())
    except (Invalid, Old) as error:
        return _send_back(url_for(".rules", cohort_id=cohort_id, _anchor="tenggang"), ["grace"], error)
    _carry_on(cohort_id)
    flash(_("Masa tenggang tersimpan; percobaan yang sedang berjalan ikut menyesuaikan."), "ok")
    return redirect(url_for(".rules", cohort_id=cohort_id), 303)


def _carry_on(cohort_id: UUID) -> int:
    """Move for about a second, enough for thousands, what deadlines a decision left; ``lms tick`` does the rest."""
    return database().in_pieces(partial(deadlines.go_on, cohort_id=cohort_id, now=now()), seconds=1)


# --- a quiz of a cohort ---------------------------------------------------------------------------------------------


@bp.get("/aturan/<quiz>")
@requires(Permission.TEACH)
def quiz_rules(cohort_id: UUID, quiz: str) -> ResponseReturnValue:
    found, back = catalog().quiz(quiz), sent_back()
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        held = overrides.cohort_rules(db, cohort_id).quizzes.get(found.id, overrides.Different())
    return render_template(
        "overrides/quiz.html",
        cohort=_cohort(group),
        quiz=found,
        zone=ZONES[zone()],
        values={**_shown(held, found), **back.values},
        old=_old(back, _rules_in_words(held)),
        seen=_seen(held.stamp, back),
        aspects=_aspects(found),
        moments={one.value: words for one, words in when().items()},
        errors=back.faults,
        problem=back.faults.get("problem", ""),
        here="gradebook",
    )


@bp.post("/aturan/<quiz>")
@requires(Permission.TEACH)
def change_quiz_rules(cohort_id: UUID, quiz: str) -> ResponseReturnValue:
    found, at = catalog().quiz(quiz), now()
    try:
        with database().transaction() as db:
            cohorts.taught(db.connection(), cohort_id, teacher())
            asked = forms.rules(request.form, zone())
            held = overrides.cohort_rules(db.connection(), cohort_id).quizzes.get(found.id, overrides.Different())
            forms.meant(request.form, asked, held.closes_at, at)
            moved = overrides.set_rules(
                db, cohort_id, found.id, asked, seen=request.form.get("seen"), actor_id=me().user_id, now=at
            )
    except (Invalid, Old) as error:
        return _send_back(url_for(".quiz_rules", cohort_id=cohort_id, quiz=found.id), _RULES, error)
    says = {
        True: _("Aturan tersimpan. Nilai dan pembahasan tampak menurut aturan sendiri."),
        False: _("Aturan tersimpan. Nilai dan pembahasan tampak seperti menurut kuisnya."),
    }
    flash(says[asked.review is not None], "ok")
    if _carry_on(cohort_id):
        many = _("Lebih dari %(n)s percobaan sedang berjalan; tenggatnya ikut berpindah.", n=deadlines.PIECE)
        flash(many, "warning")
    elif moved:
        flash(_("%(n)s percobaan yang sedang berjalan berpindah tenggat.", n=len(moved)), "warning")
    return redirect(url_for(".rules", cohort_id=cohort_id), 303)


def _rules_in_words(held: overrides.Different) -> str:
    review = _("aturan sendiri") if held.review else _("seperti kuisnya")
    return _(
        "dibuka %(opens)s, ditutup %(closes)s, pembahasan %(review)s",
        opens=moment(held.opens_at) if held.opens_at else "–",
        closes=moment(held.closes_at) if held.closes_at else "–",
        review=review,
    )


def _send_back(to: str, names: Sequence[str], error: Invalid | Old) -> ResponseReturnValue:
    """What was typed goes back to its page, with what is wrong with it, or with who was first in saving something."""
    typed = {name: request.form.get(name, "") for name in (*names, "seen")}
    if isinstance(error, Old):
        return send_back(to, {}, typed, old=error)
    return send_back(to, {"problem": _(error.said), **faults(error)}, typed)


def _seen(held: str, back: Returned) -> str:
    """The stamp that a form carries: of what the page shows, or of what it showed before it was filled in wrongly."""
    return back.values.get("seen", held) if back.faults else held


def _old(back: Returned, held: str) -> dict[str, Any] | None:
    """What a page that had grown old says: who was first, and what is held now; what was typed stands in the form."""
    return {"who": back.first.who or _("Baris perintah"), "at": back.first.at, "held": held} if back.first else None


def _shown(held: overrides.Different, quiz: Quiz) -> dict[str, str]:
    review = held.review or quiz.review
    return {
        "opens_at": _local(held.opens_at),
        "closes_at": _local(held.closes_at),
        "review": "own" if held.review else "quiz",
        **{f"review-{aspect}": getattr(review, aspect).value for aspect in forms.ASPECTS},
    }


_RULES = ("opens_at", "closes_at", "passed", "review", *(f"review-{aspect}" for aspect in forms.ASPECTS))


def _local(instant: datetime | None) -> str:
    return instant.astimezone(ZoneInfo(zone())).strftime(forms.LOCAL) if instant else ""


def _aspects(quiz: Quiz) -> list[dict[str, str]]:
    """What the rules speak of, with what the quiz itself says of it."""
    words = {
        "marks": _("Nilai"),
        "answers": _("Kunci jawaban"),
        "feedback": _("Umpan balik pilihan"),
        "explanation": _("Pembahasan"),
    }
    told = when()
    return [
        {"name": f"review-{aspect}", "label": words[aspect], "quiz": told[getattr(quiz.review, aspect)]}
        for aspect in forms.ASPECTS
    ]


# --- a person -------------------------------------------------------------------------------------------------------


@bp.get("/peserta/<uuid:user_id>/kelonggaran")
@requires(Permission.TEACH)
def person(cohort_id: UUID, user_id: UUID) -> ResponseReturnValue:
    chosen, back = request.args.get("kuis", ""), sent_back()
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        who = overrides.participant(db, cohort_id, user_id)
        granted = overrides.allowances(db, user_id)
        running = overrides.running(db, user_id)
    held = granted.get(chosen)
    values: dict[str, Any] = {
        "extra_minutes": held.extra_minutes if held else 0,
        "extra_attempts": held.extra_attempts if held else 0,
        "reason": held.reason if held else "",
    }
    return render_template(
        "overrides/person.html",
        cohort=_cohort(group),
        person=who,
        person_href=link("participant", cohort_id=cohort_id, user_id=user_id),
        granted=[
            {
                "title": _title(quiz),
                "href": url_for(".person", cohort_id=cohort_id, user_id=user_id, kuis=quiz, _anchor="beri"),
                "allowed": allowed,
            }
            for quiz, allowed in granted.items()
        ],
        running=[{"title": _title(quiz), "deadline_at": deadline} for quiz, deadline in running.items()],
        quizzes=list(catalog().quizzes.values()),
        chosen=chosen,
        values={**values, **back.values},
        old=_old(back, _granted_in_words(held)),
        seen=_seen(held.stamp if held else overrides.NOTHING, back),
        errors=back.faults,
        problem=back.faults.get("problem", ""),
        administers=_administers(),
        most={"minutes": forms.MOST_MINUTES, "attempts": forms.MOST_ATTEMPTS},
        here="gradebook",
    )


@bp.post("/peserta/<uuid:user_id>/kelonggaran")
@requires(Permission.TEACH)
def grant(cohort_id: UUID, user_id: UUID) -> ResponseReturnValue:
    found = catalog().quiz(request.form.get("quiz", ""))
    try:
        with database().transaction() as db:
            connection = db.connection()
            cohorts.taught(connection, cohort_id, teacher())
            overrides.participant(connection, cohort_id, user_id)
            given = forms.grant(request.form)
            moved = overrides.grant(
                db, user_id, found.id, given, seen=request.form.get("seen"), actor_id=me().user_id, now=now()
            )
            stays = found.id in overrides.running(connection, user_id) and given.extra_minutes > 0 and not moved
    except (Invalid, Old) as error:
        page = url_for(".person", cohort_id=cohort_id, user_id=user_id, kuis=found.id, _anchor="beri")
        return _send_back(page, ["extra_minutes", "extra_attempts", "reason"], error)
    _tell(moved, stays=stays)
    return redirect(url_for(".person", cohort_id=cohort_id, user_id=user_id), 303)


@bp.post("/peserta/<uuid:user_id>/keluar")
@requires(Permission.TEACH)
def leave(cohort_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Let a participant leave the cohort."""
    with database().transaction() as db:
        connection = db.connection()
        cohorts.taught(connection, cohort_id, teacher())
        who = overrides.participant(connection, cohort_id, user_id)
        cohorts.leave(db, cohort_id, user_id, now=now(), actor_id=me().user_id)
    flash(_("%(name)s sudah keluar dari angkatan ini. Pekerjaannya tersimpan dan kembali bila ia didaftarkan lagi.",
            name=who.name), "ok")  # fmt: skip
    return redirect(link("cohort", cohort_id=cohort_id), 303)


@bp.post("/peserta/<uuid:user_id>/akun")
@requires(Permission.ADMINISTER)
def open_or_close(cohort_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Close the door to a person, or open it again: it concerns all their cohorts."""
    with database().transaction() as db:
        overrides.participant(db.connection(), cohort_id, user_id)
        act = accounts.enable if request.form.get("open") == "1" else accounts.disable
        act(db, user_id, now=now(), actor_id=me().user_id)
    flash(_("Akun orang ini sudah diubah."), "ok")
    return redirect(url_for(".person", cohort_id=cohort_id, user_id=user_id), 303)


@bp.post("/peserta/<uuid:user_id>/masuk")
@requires(Permission.ADMINISTER)
def unlock(cohort_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Let an account be tried again at once, whatever was wrong before."""
    with database().transaction() as db:
        who = overrides.participant(db.connection(), cohort_id, user_id)
        changed = tries.unlock(db, who.login, now=now(), actor_id=me().user_id)
    says = {
        True: _("Waktu tunggu akun ini sudah dihapus; kata sandinya dapat langsung dicoba lagi."),
        False: _("Akun ini tidak sedang menunggu: tidak ada kata sandi yang salah sejak kemarin."),
    }
    flash(says[changed], "ok")
    return redirect(url_for(".person", cohort_id=cohort_id, user_id=user_id), 303)


def _administers() -> bool:
    return Role.ADMINISTRATOR in me().roles


def _tell(moved: list[deadlines.Moved], *, stays: bool) -> None:
    flash(_("Kelonggaran tersimpan."), "ok")
    for one in moved:
        flash(_("Tenggat percobaan yang sedang berjalan sekarang %(when)s.", when=moment(one.deadline_at)), "ok")
    if stays:
        flash(
            _("Tenggat percobaan yang berjalan tidak bergeser: kuisnya tanpa batas waktu, atau ditutup saat itu."),
            "warning",
        )


def _granted_in_words(held: overrides.Allowed | None) -> str:
    if held is None:
        return _("tidak ada kelonggaran")
    return _(
        "+%(minutes)s menit, +%(attempts)s percobaan (%(reason)s)",
        minutes=held.extra_minutes,
        attempts=held.extra_attempts,
        reason=held.reason,
    )


def _title(quiz: str) -> str:
    found = catalog().quizzes.get(quiz)
    return found.title if found else quiz
