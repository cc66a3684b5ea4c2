"""The doors: sign in, sign out here or everywhere, the account page, invitation links."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from sqlalchemy.orm import Session

from lms.errors import Invalid, Throttled
from lms.features.accounts import forms
from lms.learning.api import Door, accounts, demonstration, devices, passwords, sign_ins, tries
from lms.web import known_devices
from lms.web.guards import Me, Permission, me, public, requires, safe_next
from lms.web.language import ZONES
from lms.web.links import Entry, link
from lms.web.site import database, now, reader, site
from lms.web.words import LANGUAGES, faults
from lms.web.words import gettext as _

bp = Blueprint("accounts", __name__, template_folder="templates")
LINKS = {"sign-in": "accounts.sign_in", "sign-out": "accounts.sign_out", "account": "accounts.account"}
MENU = (Entry(name="account", noun="account", title=lambda: _("Akun"), needs=Permission.READ, place=90),)


def load(token: str) -> Me | None:
    """Flask-Login's user loader: one statement on a reading connection."""
    person = sign_ins.who(reader(), token, now=now(), demonstration=site().settings.demonstration)
    if person is None:
        return None
    return Me(
        token=token,
        user_id=person.user_id,
        name=person.name,
        login=person.login,
        roles=person.roles,
        time_zone=person.time_zone,
        language=person.language,
    )


@bp.get("/masuk")
@public
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(link("dashboard"), 303)
    return _sign_in_page()


@bp.post("/masuk")
@public
def enter() -> ResponseReturnValue:
    given = forms.credentials(request.form)
    try:
        _enter(given)
    except (sign_ins.WrongPassword, Throttled) as error:
        if not isinstance(error, Throttled):
            return _sign_in_page(given.login, _(error.said)), 400
        wait = error.retry_after
        return _sign_in_page(given.login, _(error.said), wait), 429, {"Retry-After": str(wait)}
    return redirect(safe_next(request.form.get("next")) or link("dashboard"), 303)


def _enter(given: forms.Credentials) -> None:
    settings, address = site().settings, request.remote_addr or ""
    with database().reading() as reading:
        found = accounts.find(reading, given.login, demonstration=settings.demonstration)
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


def _sign_in_page(login: str = "", error: str | None = None, wait: int = 0) -> str:
    asked = request.form.get("next") or request.args.get("next")
    form = {"login": login, "error": error, "wait": wait, "next": asked if safe_next(asked) else None}
    demo = demonstration.PEOPLE if site().settings.demonstration else None
    return render_template("accounts/sign_in.html", form=form, demo=demo, here="")


@bp.post("/keluar")
@public
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        with database().transaction() as db:
            sign_ins.close_session(db, me().token)
    session.clear()
    flash(_("Anda sudah keluar. Sampai jumpa."), "ok")
    return redirect(link("landing"), 303)


@bp.post("/keluar-di-semua-perangkat")
@requires(Permission.READ)
def sign_out_everywhere() -> ResponseReturnValue:
    with database().transaction() as db:
        sign_ins.close_all_sessions(db, me().user_id)
    session.clear()
    flash(_("Anda sudah keluar di semua perangkat."), "ok")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/akun")
@requires(Permission.READ)
def account() -> ResponseReturnValue:
    return _account_page()


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
    except Throttled as error:
        return _account_page({"current": _(error.said)}), 429, {"Retry-After": str(error.retry_after)}
    except Invalid as error:
        field = "current" if isinstance(error, sign_ins.WrongPassword) else "new"
        return _account_page(faults(error) or {field: _(error.said)}), 400
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


def _account_page(errors: dict[str, str] | None = None) -> str:
    with database().reading() as db:
        sessions = devices.of(db, me().user_id, me().token, now=now())
    person = {"name": me().name, "login": me().login, "roles": sorted(me().roles)}
    return render_template(
        "accounts/account.html",
        person=person,
        sessions=sessions,
        zones=ZONES,
        languages=LANGUAGES,
        errors=errors or {},
        here="account",
    )


@bp.get("/undangan/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    try:
        with database().reading() as db:
            invited = accounts.invited(db, token, now=now())
    except accounts.InvitationSpent:
        return _invitation_page(None, expired=True), 409
    return _invitation_page(invited.name)


@bp.post("/undangan/<token>")
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    name = None
    try:
        with database().reading() as db:
            invited = accounts.invited(db, token, now=now())
        name = invited.name
        hashed = passwords.new_hash(forms.new_password(request.form).new, invited.login)
        with database().transaction() as db:
            user_id = accounts.accept_invitation(db, token, hashed, now=now())
    except Invalid as error:
        return _invitation_page(name, faults(error) or {"new": _(error.said)}), 400
    except accounts.InvitationSpent:
        return _invitation_page(None, expired=True), 409
    known_devices.remember(user_id, hashed)  # a new link is the way in for whoever others keep out
    flash(_("Kata sandi tersimpan. Silakan masuk."), "ok")
    return redirect(url_for(".sign_in"), 303)


def _invitation_page(name: str | None, errors: dict[str, str] | None = None, *, expired: bool = False) -> str:
    return render_template(
        "accounts/invitation.html", person={"name": name}, errors=errors or {}, expired=expired, here=""
    )
