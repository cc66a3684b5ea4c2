"""The doors: sign in, sign out here or everywhere, the account page, invitation links."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from sqlalchemy.orm import Session

from lms.errors import Invalid, NotAllowed, Refused, Throttled
from lms.features.accounts import forms
from lms.learning.api import (
    AttemptLine,
    Door,
    accounts,
    demonstration,
    devices,
    launched_people,
    passwords,
    person_attempts,
    sign_ins,
    tries,
)
from lms.web import framing, known_devices
from lms.web.guards import Barred, Me, Permission, is_nameless, me, nameless, public, requires, safe_next
from lms.web.language import ZONES, clock
from lms.web.links import Entry, link
from lms.web.returned import send_back, sent_back
from lms.web.site import catalog, database, now, reader, site
from lms.web.words import LANGUAGES, faults
from lms.web.words import gettext as _

bp = Blueprint("accounts", __name__, template_folder="templates")
LINKS = {
    "sign-in": "accounts.sign_in",
    "sign-out": "accounts.sign_out",
    "leave": "accounts.leave",
    "account": "accounts.account",
}
MENU = (Entry(name="account", noun="account", title=lambda: _("Akun"), needs=Permission.READ, place=90),)


#: What only people with a password of ours need.
_OF_OUR_OWN = {
    "accounts.enter",
    "accounts.sign_out_everywhere",
    "accounts.change_password",
    "accounts.link_account",
    "accounts.invitation",
    "accounts.accept_invitation",
}


class KeptByHost(NotAllowed):
    message = "Di sini orang masuk lewat portal, tanpa kata sandi sendiri. Buka portal, lalu masuk di sana."


@bp.before_request
def _only_by_the_host() -> None:
    if site().host and request.endpoint in _OF_OUR_OWN:
        raise KeptByHost


def load(token: str) -> Me | None:
    """Flask-Login's user loader: one statement on a reading connection."""
    if is_nameless(token):
        return nameless()
    person = sign_ins.who(reader(), token, now=now(), demonstration=site().settings.demonstration)
    return None if person is None else Me.of(person, token)


@bp.get("/masuk")
@public
def sign_in() -> ResponseReturnValue:
    if isinstance(person := current_user._get_current_object(), Barred):
        raise person.why  # the host would send them back here
    host, back_to = site().host, safe_next(request.args.get("next")) or link("dashboard")
    if host and person.is_authenticated and request.args.get("orang", str(person.user_id)) != str(person.user_id):
        return redirect(host.sign_out() or host.sign_in(back_to), 303)  # asked for by the page of somebody else
    if person.is_authenticated:
        return redirect(back_to, 303)
    if host:
        return redirect(host.sign_in(back_to), 303)
    if framing.framed():
        return framing.ended()
    back = sent_back()
    form = {"login": back.values.get("login", ""), "error": back.faults.get("login"), "wait": back.wait}
    wanted = request.args.get("next")
    demo = demonstration.PEOPLE if site().settings.demonstration else None
    page = render_template(
        "accounts/sign_in.html", form=form, next=wanted if safe_next(wanted) else None, demo=demo, here=""
    )
    return back.answer(page)


@bp.post("/masuk")
@public
def enter() -> ResponseReturnValue:
    given, wanted = forms.credentials(request.form), request.form.get("next")
    try:
        _enter(given, demonstration=site().settings.demonstration)
    except (sign_ins.WrongPassword, Throttled) as error:
        page = url_for(".sign_in", next=wanted if safe_next(wanted) else None)
        return send_back(page, {"login": _(error.said)}, {"login": given.login}, wait=_wait(error))
    return redirect(safe_next(wanted) or link("dashboard"), 303)


def _wait(error: Refused) -> int:
    """Seconds until it may be tried again."""
    return error.retry_after if isinstance(error, Throttled) else 0


def _enter(
    given: forms.Credentials, *, demonstration: bool, besides: Callable[[Session, UUID], None] | None = None
) -> None:
    """``besides``: what happens in the transaction that lets the person in."""
    address = request.remote_addr or ""
    with database().reading() as reading:
        found = accounts.find(reading, given.login, demonstration=demonstration)
    user_id, stored = found or (None, None)
    device = known_devices.known(user_id, stored) if user_id and stored else None
    door = Door.from_device(given.login, device) if device else Door.from_network(given.login, address)
    if not _verified(door, stored, given.password) or user_id is None or stored is None:
        database().commit(lambda db: sign_ins.record_failure(db, given.login, address, now=now()))
        raise sign_ins.WrongPassword
    fresh = passwords.rehash(given.password) if passwords.needs_rehash(stored) else None
    with database().transaction() as db:
        tries.succeeded(db, door)
        if fresh is not None:
            accounts.refresh_hash(db, user_id, fresh)
        if besides is not None:
            besides(db, user_id)
        token = _open_session(db, user_id)
    _remember(token, user_id, fresh or stored)


def _verified(door: Door, stored: str | None, password: str) -> bool:
    """Whether the password fits. Raises ``Throttled`` where it is not to be looked at yet.

    The try is counted before, and the password hashed between two short transactions: hashing must hold no lock.
    """
    with database().reading() as reading:
        tries.check(reading, door, now=now())
    if wait := database().commit(lambda db: tries.begin(db, door, now=now())):
        raise tries.TooEarly(wait)
    try:
        return passwords.verify(stored, password)
    except Throttled:
        database().commit(lambda db: tries.take_back(db, door, now=now()))
        raise


def _open_session(db: Session, user_id: UUID) -> str:
    return sign_ins.open_session(
        db,
        user_id,
        address=request.remote_addr or "",
        agent=request.user_agent.string,
        lifetime=site().settings.session_lifetime,
        now=now(),
    )


def _remember(token: str, user_id: UUID, password_hash: str) -> None:
    session.clear()  # nothing planted before signing in survives it
    session.permanent = True
    login_user(load(token))
    known_devices.remember(user_id, password_hash)


@bp.post("/keluar")
@public
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        if _must_ask():
            return redirect(url_for(".leave"), 303)
        if host := site().host:
            away = (
                host.sign_out()
            )  # a form may lead to an address of this server, but to no other: the page links to it
            return redirect(away if away.startswith("/") else url_for(".leave"), 303)
        with database().transaction() as db:
            sign_ins.close_session(db, me().token)
    session.clear()
    flash(_("Anda sudah keluar. Sampai jumpa."), "ok")
    return redirect(url_for(".sign_in") if framing.framed() else link("landing"), 303)


@bp.post("/keluar-di-semua-perangkat")
@requires(Permission.READ)
def sign_out_everywhere() -> ResponseReturnValue:
    if _must_ask():
        return redirect(url_for(".leave", semua=1), 303)
    with database().transaction() as db:
        sign_ins.close_all_sessions(db, me().user_id)
    session.clear()
    flash(_("Anda sudah keluar di semua perangkat."), "ok")
    return redirect(url_for("accounts.sign_in"), 303)


def _must_ask() -> bool:
    return request.form.get("confirmed") != "1" and bool(_running())


def _running() -> list[AttemptLine]:
    """The attempts of this person to which answers can still come."""
    moment = now()
    return [one for one in person_attempts.every_attempt(reader(), me().user_id) if one.is_running(moment)]


@bp.get("/keluar")
@public
def leave() -> ResponseReturnValue:
    """Asks before somebody goes whose quiz runs; what waits on the device its script adds (``unsent.js``)."""
    if not current_user.is_authenticated:
        return redirect(link("landing"), 303)
    quizzes, moment = catalog().quizzes, now()
    running = [
        {
            "title": quizzes[one.quiz].title if one.quiz in quizzes else one.quiz,
            "href": link("attempt", attempt_id=one.id),
            "until": clock(one.deadline_at) if one.deadline_at and not one.is_late(moment) else "",
            "late": one.is_late(moment),
        }
        for one in _running()
    ]
    action = url_for(".sign_out_everywhere") if request.args.get("semua") else url_for(".sign_out")
    host = site().host
    return render_template(
        "accounts/leave.html",
        running=running,
        user=me().user_id,
        action=action,
        by_host=host is not None,
        away=host.sign_out() if host else "",
        here="account",
    )


@bp.get("/akun")
@requires(Permission.READ)
def account() -> ResponseReturnValue:
    back = sent_back()
    with database().reading() as db:
        sessions = devices.of(db, me().user_id, me().token, now=now())
        may_link = _came_by_platform() and launched_people.only_by_platform(db, me().user_id)
    person = {"name": me().name, "login": me().login, "roles": sorted(me().roles)}
    page = render_template(
        "accounts/account.html",
        person=person,
        sessions=sessions,
        by_host=site().host is not None,
        may_link=may_link,
        older_login=back.values.get("login", ""),
        zones=ZONES,
        languages=LANGUAGES,
        errors=back.faults,
        here="account",
    )
    return back.answer(page)


@bp.post("/akun/pilihan")
@requires(Permission.READ)
def change_preferences() -> ResponseReturnValue:
    chosen = forms.preferences(request.form)
    with database().transaction() as db:
        accounts.set_preferences(db, me().user_id, time_zone=chosen.time_zone, language=chosen.language)
    flash(_("Pilihan tersimpan."), "ok")
    return redirect(url_for(".account"), 303)


@bp.post("/akun/kata-sandi")
@requires(Permission.READ)
def change_password() -> ResponseReturnValue:
    try:
        wanted = forms.new_password(request.form)
        _change_password(wanted)
    except (Invalid, Throttled) as error:
        told = faults(error) if isinstance(error, Invalid) else {}
        field = "current" if isinstance(error, sign_ins.WrongPassword | Throttled) else "new"
        return send_back(url_for(".account"), told or {field: _(error.said)}, wait=_wait(error))
    flash(_("Kata sandi sudah diganti. Semua perangkat lain dikeluarkan."), "ok")
    return redirect(url_for(".account"), 303)


def _change_password(wanted: forms.NewPassword) -> None:
    with database().reading() as reading:
        found = accounts.find(reading, me().login, demonstration=site().settings.demonstration)
    door = Door.to_change(me().login)
    if found is None or not _verified(door, found[1], wanted.current):
        raise sign_ins.WrongPassword(_("Kata sandi yang sekarang tidak cocok."))
    database().commit(lambda db: tries.succeeded(db, door))  # also where the new one is refused
    hashed = passwords.new_hash(wanted.new, me().login)
    with database().transaction() as db:
        accounts.set_password(db, me().user_id, hashed)
        token = _open_session(db, me().user_id)
    _remember(token, me().user_id, hashed)


def _came_by_platform() -> bool:
    return me().login.startswith(launched_people.PREFIX)


@bp.post("/akun/satukan")
@requires(Permission.READ)
def link_account() -> ResponseReturnValue:
    """Whoever came by a platform proves that an older account is theirs, and goes on with it, in the same frame."""
    made, given, frame = me().user_id, forms.credentials(request.form), framing.admitted()
    with database().reading() as db:
        if not (_came_by_platform() and launched_people.only_by_platform(db, made)):
            raise launched_people.NotLinkable
    if _running():
        told = _("Kumpulkan dahulu kuis yang sedang Anda kerjakan dengan akun ini.")
        return send_back(url_for(".account"), {"login": told}, {"login": given.login})
    try:
        _enter(
            given,
            demonstration=False,
            besides=lambda db, older: launched_people.link(db, made, older, now=now()),
        )
    except (sign_ins.WrongPassword, Throttled) as error:
        return send_back(url_for(".account"), {"login": _(error.said)}, {"login": given.login}, wait=_wait(error))
    if frame:
        framing.admit(frame)
    flash(_("Akun Anda sudah disatukan. Mulai sekarang platform Anda membuka akun ini."), "ok")
    return redirect(link("dashboard"), 303)


@bp.get("/undangan/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    try:
        person = _invited(token)
    except accounts.InvitationSpent:
        return render_template("accounts/invitation_spent.html", here=""), 409
    return render_template("accounts/invitation.html", person=person, errors=sent_back().faults, here="")


@bp.post("/undangan/<token>")
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    """Choose a password and be signed in: the link proved as much as the password will."""
    page = url_for(".invitation", token=token)
    try:
        hashed = passwords.new_hash(forms.new_password(request.form).new, _invited(token).login)
        with database().transaction() as db:
            user_id = accounts.accept_invitation(db, token, hashed, now=now())
            session_token = _open_session(db, user_id)
    except Invalid as error:
        return send_back(page, faults(error) or {"new": _(error.said)})
    except accounts.InvitationSpent:
        return redirect(page, 303)
    _remember(session_token, user_id, hashed)  # a new link is the way in for whoever others keep out
    flash(_("Kata sandi tersimpan, dan Anda sudah masuk. Selamat belajar!"), "ok")
    return redirect(link("dashboard"), 303)


def _invited(token: str) -> accounts.Invited:
    with database().reading() as db:
        return accounts.invited(db, token, now=now(), demonstration=site().settings.demonstration)
