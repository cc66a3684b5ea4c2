"""The doors: sign in, sign out here or everywhere, the account page, invitation links."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from lms.errors import Invalid, Throttled
from lms.features.accounts import forms
from lms.learning.api import accounts, demonstration, devices, passwords, sign_ins
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
        status = 429 if isinstance(error, Throttled) else 400
        return _sign_in_page(login=given.login, error=_(error.said)), status
    return redirect(safe_next(request.form.get("next")) or link("dashboard"), 303)


def _enter(given: forms.Credentials) -> None:
    """The password is hashed between two short transactions: hashing must not hold a lock."""
    settings, address = site().settings, request.remote_addr or ""
    throttle = sign_ins.Throttle(
        settings.throttle_account, settings.throttle_address, timedelta(seconds=settings.throttle_window)
    )
    with database().reading() as db:
        sign_ins.check_throttle(db, given.login, address, throttle, now=now())
        found = accounts.find(db, given.login, demonstration=settings.demonstration)
    user_id, stored = found or (None, None)
    if not passwords.verify(stored, given.password) or user_id is None or stored is None:
        with database().transaction() as db:
            sign_ins.record_failure(db, given.login, address, now=now())
        raise sign_ins.WrongPassword
    fresh = passwords.rehash(given.password) if passwords.needs_rehash(stored) else None
    with database().transaction() as db:
        token = sign_ins.open_session(
            db,
            user_id,
            address=address,
            agent=request.user_agent.string,
            lifetime=settings.session_lifetime,
            now=now(),
        )
        if fresh is not None:
            accounts.refresh_hash(db, user_id, fresh)
    _remember(token)


def _remember(token: str) -> None:
    session.clear()  # nothing planted before signing in survives it
    session.permanent = True
    login_user(load(token))


def _sign_in_page(login: str = "", error: str | None = None) -> str:
    asked = request.form.get("next") or request.args.get("next")
    form = {"login": login, "error": error, "next": asked if safe_next(asked) else None}
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
    except Invalid as error:
        field = "current" if isinstance(error, sign_ins.WrongPassword) else "new"
        return _account_page(faults(error) or {field: _(error.said)}), 400
    flash(_("Kata sandi sudah diganti. Semua perangkat lain dikeluarkan."), "ok")
    return redirect(url_for(".account"), 303)


def _change_password(wanted: forms.NewPassword) -> None:
    with database().reading() as db:
        found = accounts.find(db, me().login, demonstration=site().settings.demonstration)
    if found is None or not passwords.verify(found[1], wanted.current):
        raise sign_ins.WrongPassword(_("Kata sandi yang sekarang tidak cocok."))
    hashed = passwords.new_hash(wanted.new, me().login)
    with database().transaction() as db:
        accounts.set_password(db, me().user_id, hashed)
        token = sign_ins.open_session(
            db,
            me().user_id,
            address=request.remote_addr or "",
            agent=request.user_agent.string,
            lifetime=site().settings.session_lifetime,
            now=now(),
        )
    _remember(token)


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
            accounts.accept_invitation(db, token, hashed, now=now())
    except Invalid as error:
        return _invitation_page(name, faults(error) or {"new": _(error.said)}), 400
    except accounts.InvitationSpent:
        return _invitation_page(None, expired=True), 409
    flash(_("Kata sandi tersimpan. Silakan masuk."), "ok")
    return redirect(url_for(".sign_in"), 303)


def _invitation_page(name: str | None, errors: dict[str, str] | None = None, *, expired: bool = False) -> str:
    return render_template(
        "accounts/invitation.html", person={"name": name}, errors=errors or {}, expired=expired, here=""
    )
