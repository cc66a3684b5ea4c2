"""The door of a platform: it begins a login, and its launch answers that (LTI Core 1.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db.cohorts import Place
from lms.errors import Conflict
from lms.features.lti import logins, messages, picker, platform_key_sets, protocol
from lms.features.lti.addresses import Addresses
from lms.features.lti.arrivals import arrival
from lms.features.lti.blueprint import bp
from lms.features.lti.logins import Asked, Login
from lms.features.lti.protocol import Launch, Message
from lms.features.lti.refusals import Code, LaunchRefused
from lms.features.lti.resources import Resource, resource
from lms.features.lti.signed import here, origin, origins, serializer
from lms.learning.api import launched, platform_keys, platforms, sign_ins
from lms.web import framing
from lms.web.guards import Me, from_elsewhere, nameless, public
from lms.web.links import link
from lms.web.sessions import begin_in_frame, cookie_name, cookie_path, has_own_session
from lms.web.site import catalog, database, now, site
from lms.web.words import gettext as _

#: What ties a launch to the browser in which its login began: one for all logins of a browser in tabs, one in frames.
#: WebKit sends a frame the cookies that a tab was given, and keeps none that the frame is given.
_BROWSER, _BROWSER_IN_FRAME = "latsar-lti", "latsar-lti-frame"

# --- a login begins -------------------------------------------------------------------------------------------------


@bp.route("/login", methods=["GET", "POST"])
@public
@from_elsewhere
def login() -> ResponseReturnValue:
    """Sends the browser back to the platform, to come with a token. Nothing is written."""
    _check_version()
    asked = _asked()
    registration = _registration(asked)
    protocol.check_target(asked.target, here())
    browser = request.cookies.get(_browser_cookie()) or logins.new_browser()
    state, nonce = logins.begin(registration.id, asked, browser, serializer("lti-login"))
    to = messages.login_url(
        registration.authorization_url,
        client_id=registration.client_id,
        redirect=Addresses(here()).launch,
        login_hint=asked.login_hint,
        message_hint=asked.message_hint,
        state=state,
        nonce=nonce,
    )
    if asked.storage:
        framing.admit_here(origins(registration))
        response = make_response(
            render_template(
                "lti/login.html",
                to=to,
                key=f"lti_state_{nonce}",
                browser=browser,
                storage=asked.storage,
                origin=origin(registration.authorization_url),
            )
        )
    else:
        response = make_response(redirect(to, 302))
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(
        _browser_cookie(),
        browser,
        max_age=logins.GOOD_FOR * 6,
        path=cookie_path(),
        secure=secure,
        httponly=True,
        samesite="None" if secure else "Lax",
        partitioned=secure,
    )
    return response


def _browser_cookie() -> str:
    return cookie_name(_BROWSER_IN_FRAME if framing.asked_in_frame() else _BROWSER)


def _check_version() -> None:
    """Raises ``LaunchRefused`` for what LTI 1.1 and before send, which has nothing that could be verified here."""
    if (told := request.values.get("lti_version", "")).startswith("LTI-"):
        raise LaunchRefused(Code.VERSION, repr(told))


def _asked() -> Asked:
    """Raises ``LaunchRefused`` where something is missing."""
    given = request.values
    wanted = ("iss", "login_hint", "target_link_uri")
    if missing := [name for name in wanted if not given.get(name)]:
        raise LaunchRefused(Code.BAD_LOGIN, f"without {', '.join(missing)}")
    return Asked(
        issuer=given["iss"],
        login_hint=given["login_hint"],
        target=given["target_link_uri"],
        client_id=given.get("client_id") or None,
        message_hint=given.get("lti_message_hint", ""),
        storage=given.get("lti_storage_target", "")[:100],
    )


def _registration(asked: Asked) -> platforms.Row:
    """Raises ``LaunchRefused`` for one that is not known, not meant for certain, or not approved."""
    with database().reading() as db:
        found = platforms.named(db, asked.issuer, asked.client_id)
    if not found:
        raise LaunchRefused(Code.UNKNOWN_PLATFORM, f"{asked.issuer!r}, client {asked.client_id!r}")
    if len(found) > 1:
        raise LaunchRefused(Code.SEVERAL_CLIENTS, repr(asked.issuer))
    if found[0].approved_at is None:
        raise LaunchRefused(Code.NOT_APPROVED, found[0].name)
    return found[0]


# --- the launch that answers it -------------------------------------------------------------------------------------


@bp.get("/launch")
@public
def opened_anew() -> ResponseReturnValue:
    """What stands at this address answers one token: it cannot be opened again."""
    raise LaunchRefused(Code.TOKENLESS, "GET")


@bp.post("/launch")
@public
@from_elsewhere
def launch() -> ResponseReturnValue:
    """Verify, let in, and lead to what was launched."""
    _check_version()
    login = logins.read(request.form.get("state", ""), serializer("lti-login"))
    with database().reading() as db:
        registration = platforms.known(db, login.registration_id)
    if registration is None:
        raise LaunchRefused(Code.UNKNOWN_PLATFORM, str(login.registration_id))
    if registration.approved_at is None:
        raise LaunchRefused(Code.NOT_APPROVED, registration.name)
    if told := request.form.get("error"):
        raise LaunchRefused(Code.PLATFORM_ERROR, f"{told}: {request.form.get('error_description', '')}")
    read = _read(registration, login)
    if not login.began_in(request.cookies.get(_browser_cookie()) or request.form.get("browser", "")):
        return _elsewhere(registration, login)
    return _enter(registration, login, read)


def _read(registration: platforms.Row, login: Login) -> Launch:
    moment, token = now(), request.form.get("id_token", "")
    keys = platform_key_sets.keys_with(registration, protocol.key_of(token), now=moment)
    agreed = protocol.Registration(
        registration.issuer, registration.client_id, frozenset(registration.deployments), keys
    )
    return protocol.read(token, agreed, nonce=login.nonce, here=here(), now=moment)


def _enter(registration: platforms.Row, login: Login, read: Launch) -> ResponseReturnValue:
    if read.message is Message.DEEP_LINKING:
        page = picker.show(registration, read)
        _once(lambda db: launched.use_nonce(db, login.nonce, expires_at=login.expires_at))
        return page
    opened = resource(read.target, read.custom, catalog())
    if read.person.subject is None:
        return _enter_nameless(registration, login, read, opened)
    came = arrival(registration.id, read, read.person.subject, opened.path)
    entered, token = _let_in(login, came)
    _begin_session(registration, read, Me.of(entered.person, token))
    if entered.is_new:
        flash(_welcome(), "ok")
    if read.message is Message.SUBMISSION_REVIEW and came.place is Place.INSTRUCTOR and entered.cohort_id:
        return redirect(_reviewed(registration, read, opened, entered.cohort_id), 303)
    return redirect(opened.href(came.place, entered.cohort_id), 303)


def _welcome() -> Markup:
    """In a frame there is no menu, and nowhere else a way to the account."""
    told, way = _("Akun baru sudah dibuat untuk Anda. Sudah punya akun di sini?"), _("Satukan akun")
    return Markup('{} <a href="{}">{}</a>').format(told, link("account"), way)


def _reviewed(registration: platforms.Row, read: Launch, opened: Resource, cohort_id: UUID) -> str:
    """What somebody handed in at the quiz that is launched; where they did not, the results of all."""
    with database().reading() as db:
        found = launched.submitted(db, registration.id, read.about or "", cohort_id, opened.values.get("quiz", ""))
    return link("reviewed-attempt", attempt_id=found) if found else opened.href(Place.INSTRUCTOR, cohort_id)


def _enter_nameless(registration: platforms.Row, login: Login, read: Launch, opened: Resource) -> ResponseReturnValue:
    """Whoever the platform does not name reads what was launched. A quiz would have nobody's answers."""
    if opened.noun == "quiz" or read.message is not Message.RESOURCE_LINK:
        raise LaunchRefused(Code.NAMELESS)
    _once(lambda db: launched.use_nonce(db, login.nonce, expires_at=login.expires_at))
    _begin_session(registration, read, nameless())
    flash(_("Platform Anda tidak menyebut siapa Anda: Anda dapat membaca, tetapi tidak ada yang disimpan."), "warning")
    return redirect(opened.href(Place.PARTICIPANT, None), 303)


def _let_in(login: Login, came: launched.Arrival) -> tuple[launched.Entered, str]:
    def let_in(db: Session) -> tuple[launched.Entered, str]:
        moment = now()
        launched.use_nonce(db, login.nonce, expires_at=login.expires_at)
        entered = launched.enter(db, came, now=moment)
        person = entered.person
        token = sign_ins.begin_session(
            db,
            person.user_id,
            person.login,
            person.roles,
            address=request.remote_addr or "",
            agent=request.user_agent.string,
            lifetime=site().settings.session_lifetime,
            now=moment,
        )
        return entered, token

    return _once(let_in)


T = TypeVar("T")
#: First launches of two tabs at once: one of them finds what the other one made.
_TRIES = 3


def _once(work: Callable[[Session], T]) -> T:
    """Raises ``LaunchRefused``; then nothing of it was written."""
    for left in reversed(range(_TRIES)):
        try:
            return database().commit(work)
        except launched.NonceUsed as error:
            raise LaunchRefused(Code.USED, "the nonce") from error
        except launched.ClosedAccount as error:
            raise LaunchRefused(Code.CLOSED_ACCOUNT) from error
        except (IntegrityError, Conflict):
            if not left:
                raise
    raise AssertionError("unreachable")


def _begin_session(registration: platforms.Row, read: Launch, person: Me) -> None:
    begin_in_frame(framed=_in_a_foreign_frame())
    session.clear()  # nothing planted before survives it
    session.permanent = True
    framing.admit(origins(registration, read.return_url))
    login_user(person)


def _in_a_foreign_frame() -> bool:
    """Whether the session needs a cookie that other sites' frames get. A browser that says nothing may need it."""
    if request.headers.get("Sec-Fetch-Dest") == "document" or has_own_session():
        return False
    return request.headers.get("Sec-Fetch-Site", "cross-site") == "cross-site"


def _elsewhere(registration: platforms.Row, login: Login) -> ResponseReturnValue:
    """The token is good, and this browser gave us no cookie to tell that it asked for it.

    Its platform may have kept for us what proves it (``lti.get_data``); then a tab of our own takes the launch. Else
    the tab begins anew.
    """
    if not login.asked.storage and not login.asked.login_hint:
        raise LaunchRefused(Code.OTHER_BROWSER, "no cookie")
    framing.admit_here(origins(registration))
    asked = login.asked
    anew: dict[str, Any] = {
        "iss": asked.issuer,
        "client_id": asked.client_id,
        "login_hint": asked.login_hint,
        "lti_message_hint": asked.message_hint or None,
        "target_link_uri": asked.target,
    }
    return render_template(
        "lti/new_tab.html",
        anew=url_for(".login", **anew) if asked.login_hint else None,
        storage=asked.storage,
        state=request.form["state"],
        token=request.form["id_token"],
        key=f"lti_state_{login.nonce}",
        origin=origin(registration.authorization_url),
    )


# --- our keys -------------------------------------------------------------------------------------------------------


@bp.get("/keys")
@public
def keys() -> ResponseReturnValue:
    """What we sign with, for platforms to verify (RFC 7517)."""
    with database().reading() as db:
        published = platform_keys.public_keys(db)
    return published, {"Cache-Control": f"public, max-age={_PUBLISHED}"}


#: Seconds for which a platform may keep our keys: a new one is published for a day before it signs.
_PUBLISHED = 3_600
