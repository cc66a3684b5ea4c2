"""Who may ask for what. Every route names its permission or says that it is public; what says nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Request

from lms.db.accounts import Role
from lms.errors import NotAllowed, NotFound, Refused
from lms.learning.api import SignedIn
from lms.web import origins
from lms.web.links import link
from lms.web.site import site

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """What a route may need. Templates ask ``me.may("teach")``."""

    READ = "read"
    TAKE = "take"
    TEACH = "teach"
    EDIT = "edit"
    ADMINISTER = "administer"


_SIGNED_IN = frozenset({Permission.READ, Permission.TAKE})
GRANTS = {
    Role.PARTICIPANT: _SIGNED_IN,
    Role.INSTRUCTOR: _SIGNED_IN | {Permission.TEACH},
    Role.EDITOR: _SIGNED_IN | {Permission.EDIT},
    Role.ADMINISTRATOR: frozenset(Permission),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Me(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """Who is signed in on this device. ``token`` is the cookie's, never its digest; empty where a host says who is."""

    token: str
    user_id: UUID
    name: str
    login: str
    roles: frozenset[Role]
    time_zone: str
    language: str

    @classmethod
    def of(cls, person: SignedIn, token: str) -> Me:
        return cls(
            token=token,
            user_id=person.user_id,
            name=person.name,
            login=person.login,
            roles=person.roles,
            time_zone=person.time_zone,
            language=person.language,
        )

    def get_id(self) -> str:
        return self.token

    def may(self, permission: str) -> bool:
        return any(permission in GRANTS[role] for role in self.roles) or (self.is_nameless and permission == "read")

    @property
    def is_nameless(self) -> bool:
        """Whoever a platform let in without saying who they are: they read, and leave nothing behind."""
        return self.token == _NAMELESS


#: What the session of such a person holds instead of a token; a token is longer.
_NAMELESS = "nameless"


def nameless() -> Me:
    """Has done nothing, and nobody else is they."""
    return Me(
        token=_NAMELESS,
        user_id=UUID(int=0),
        name="",
        login="",
        roles=frozenset(),
        time_zone="Asia/Jakarta",
        language="id",
    )


def is_nameless(token: str) -> bool:
    return token == _NAMELESS


class Nameless(NotAllowed):
    message = "Platform Anda tidak menyebut siapa Anda: Anda dapat membaca, tetapi tidak ada yang disimpan."


class Barred(AnonymousUserMixin):  # type: ignore[misc]
    """Nobody, and the sign-in page is no help: public pages are there, and others are refused with ``why``."""

    def __init__(self, why: Refused) -> None:
        self.why = why


def me() -> Me:
    """The person behind this request; only for routes that need a permission."""
    person: Me = current_user._get_current_object()
    return person


def teacher() -> UUID | None:
    """Whose cohorts this person may see and change: their own, or all of them (None) for an administrator."""
    return None if me().may(Permission.ADMINISTER) else me().user_id


def public(view: View) -> View:
    """Anybody may ask, signed in or not."""
    view.lms_permission = None  # type: ignore[attr-defined]
    return view


def from_elsewhere(view: View) -> View:
    """A form of another site may be sent here: the view itself proves who sends it, and asks for no session of ours."""
    view.lms_from_elsewhere = True  # type: ignore[attr-defined]
    return view


def _comes_from_elsewhere() -> bool:
    return hasattr(current_app.view_functions.get(request.endpoint or ""), "lms_from_elsewhere")


def _is_sealed() -> bool:
    return hasattr(current_app.view_functions.get(request.endpoint or ""), "lms_sealed")


def requires(permission: Permission) -> Callable[[View], View]:
    def declare(view: View) -> View:
        view.lms_permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def sealed(view: View) -> View:
    """Its form carries a lock of its own, which it looks at itself: where it is shown, no session may come along."""
    view.lms_sealed = True  # type: ignore[attr-defined]
    return view


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """What a route needs; None: public. Raises ``NotAllowed`` for a route that says nothing."""
    view = app.view_functions[endpoint]
    if not hasattr(view, "lms_permission"):
        raise NotAllowed
    permission: Permission | None = view.lms_permission
    return permission


#: Methods that change nothing.
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def guard() -> ResponseReturnValue | None:
    """Runs before every view: lets the request pass, sends to the sign-in page, or refuses."""
    if request.endpoint is None:
        return None  # no such page: the error page says so
    if "\0" in request.path:
        raise NotFound  # no database could look for it
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        return None
    person = current_user._get_current_object()  # once: the proxy looks it up at every touch
    if isinstance(person, Barred):
        raise person.why
    if not person.is_authenticated:
        return _ask_to_sign_in()
    if person.is_nameless and (permission != Permission.READ or request.method not in _SAFE):
        raise Nameless
    if not person.may(permission):
        raise NotAllowed
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json(request):
        return {"error": {"code": 401, "message": "Sesi Anda sudah berakhir. Masuk lagi untuk melanjutkan."}}, 401
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(link("sign-in", next=back), 303)


def safe_next(target: str | None) -> str | None:
    """A path of this application to go to after signing in, or None when it would lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 33 for character in target) or "\\" in target:
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else request.script_root + target


def wants_json(asked: Request) -> bool:
    return asked.is_json or asked.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def refuse_cross_site() -> None:
    """A second lock beside the CSRF token, for browsers that say where an unsafe request comes from."""
    if request.method in _SAFE or _comes_from_elsewhere():
        return
    origins.notice_scheme()
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        origins.refused("Sec-Fetch-Site names another site.")
        raise NotAllowed("Permintaan ini datang dari situs lain, jadi tidak dijalankan.")


class Csrf(CSRFProtect):  # type: ignore[misc]  # flask-wtf ships no types
    """Looks for the token in the headers first: what a script sends has no form to be searched."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = csrf_token  # macros see only what is global

    def protect(self, apply_exemptions: bool = False) -> None:
        if _comes_from_elsewhere() or _is_sealed():
            return
        try:
            super().protect(apply_exemptions)
        except ValueError:  # flask-wtf takes it apart without looking
            self._error_response("The referrer cannot be read.")

    def _get_csrf_token(self) -> str | None:
        names: list[str] = current_app.config["WTF_CSRF_HEADERS"]
        told = next((request.headers[name] for name in names if name in request.headers), None)
        return told or super()._get_csrf_token()


def csrf_token() -> str:
    """The token of this session, signed when it is first asked for: it is good as long as the session is."""
    token: str | None = g.get("lms_csrf_token")
    if token is None:
        token = g.lms_csrf_token = _csrf_token()
    return token


def _csrf_token() -> str:
    if "_user_id" not in session:
        return _signed()  # strangers fill no memory
    if "csrf_token" not in session:
        _signed()  # begins one, and gives the same again in this request
    return site().memory.remember(("csrf", session["csrf_token"]), _signed)


def _signed() -> str:
    token: str = generate_csrf()
    return token


def install(app: Flask, load: Callable[[str], Me | None]) -> None:
    """``load`` finds who a session token belongs to."""
    _login(app).user_loader(load)
    _guard(app)


def install_for_host(app: Flask, ask: Callable[[Request], Me | Barred | None]) -> None:
    """``ask`` finds who is signed in at the host, whatever our own session says."""
    _login(app).request_loader(ask)
    app.before_request(_know_before_anything_is_taken)
    _guard(app)


def _login(app: Flask) -> LoginManager:
    login = LoginManager()
    login.session_protection = None  # it hashes address and browser: phones that change mast would be signed out
    login._session_identifier_generator = str  # hashed at every request all the same, and kept in every cookie
    login.init_app(app, add_context_processor=False)  # templates know the person as ``me``
    return login


def _guard(app: Flask) -> None:
    app.before_request(refuse_cross_site)
    app.before_request(guard)


def _know_before_anything_is_taken() -> None:
    """Where somebody else is there by now, the session of the one before is gone before its token is looked at."""
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        current_user._get_current_object()
