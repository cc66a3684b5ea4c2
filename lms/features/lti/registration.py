"""Being registered by a platform itself (LTI Dynamic Registration 1.0), by whoever administers it.

They are strangers here, and their platform shows our page in a frame or a window of its own. So nothing on it rests on
a cookie: its form carries a seal over what was asked for, good for a while. Anybody may ask; what is registered lets
nobody in until an administrator of ours says yes, and only so many wait at a time.
"""

from __future__ import annotations

import hashlib
from threading import Lock
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from lms.errors import Conflict, Invalid, Said, Throttled
from lms.features.lti import messages
from lms.features.lti.addresses import Addresses
from lms.features.lti.blueprint import bp
from lms.features.lti.products import product
from lms.features.lti.refusal_page import page
from lms.features.lti.refusals import Code, LaunchRefused, not_asked
from lms.features.lti.signed import here, serializer
from lms.features.lti.signed import origin as origin_of
from lms.learning.api import platforms
from lms.outgoing import NotAsked, Outgoing
from lms.web import framing
from lms.web.errors import status_of
from lms.web.guards import public, sealed
from lms.web.log import request_id
from lms.web.site import catalog, database, now, site

#: Seconds within which a page that was shown may be sent.
_GOOD_FOR = 1_800
#: Seconds for each of the two requests to a platform: a worker waits for them.
_WHOLE = 8.0
#: Characters of a registration token, which goes into a header.
_LONGEST_TOKEN = 10_000

_TITLE = Said("Pendaftaran belum berhasil")
_STEP = Said(
    "Betulkan sebabnya di platform Anda, lalu mulai lagi dari sana. Bila tetap gagal, minta pengelola situs ini "
    "mendaftarkan platform Anda dengan tangan, dan sebutkan kode ini."
)


class StaleForm(Invalid):
    message = "Halaman pendaftaran ini sudah terlalu lama terbuka. Mulai lagi dari platform Anda."


class OneAtATime(Throttled):
    message = "Pendaftaran lain sedang berjalan. Tunggu sebentar, lalu coba lagi."


@bp.get("/register")
@public
def ask() -> ResponseReturnValue:
    """Show who asks for what; opened without a platform, what this address is for. It asks nobody and keeps nothing."""
    url = request.args.get("openid_configuration", "")
    origin = _origin(url)
    shown = render_template(
        "lti/register.html",
        ours=Addresses(here()),
        address=url if origin else "",
        host=urlsplit(url).hostname if origin else "",
        seal=serializer("lti-register").dumps(_digest()) if origin else "",
    )
    return _framed(make_response(shown))


@bp.post("/register")
@public
@sealed
def register() -> ResponseReturnValue:
    """Read what the platform says of itself, tell it what we are, and let it wait for an administrator."""
    try:
        _register(request.args.get("openid_configuration", ""), request.args.get("registration_token", ""))
    except LaunchRefused as error:
        return page(error, _TITLE, _STEP)
    except (Invalid, Conflict, Throttled) as error:
        shown = render_template("lti/not_registered.html", said=error.said, request_id=request_id())
        return _framed(make_response(shown, status_of(error)))
    return redirect(url_for(".registered", openid_configuration=request.args["openid_configuration"]), 303)


def _register(url: str, token: str) -> None:
    _check_seal(request.form.get("seal", ""))
    under_way = site().memory.remember(("lti", "registering"), Lock)
    if not under_way.acquire(blocking=False):  # it waits for a stranger's server: the other threads are for everybody
        raise OneAtATime
    try:
        with database().reading() as db:
            platforms.refuse_more(db)
        agreed = _agreed(url, token)
    finally:
        under_way.release()
    try:
        database().commit(lambda db: platforms.add(db, agreed, approved=False, now=now()))
    except Invalid as error:
        raise LaunchRefused(Code.BAD_PLATFORM, ", ".join(error.fields)) from error


@bp.get("/register/selesai")
@public
def registered() -> ResponseReturnValue:
    """Tell the platform's window that it may close, and a person that an administrator has yet to say yes."""
    return _framed(make_response(render_template("lti/registered.html")))


def _agreed(url: str, token: str) -> platforms.Agreed:
    """Have the platform register us. Raises ``LaunchRefused``."""
    outgoing = Outgoing(own_network=site().settings.own_network, whole=_WHOLE)
    told = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = outgoing.get(url, told)
        if not answer.ok:
            raise LaunchRefused(Code.BAD_PLATFORM, f"{url} answered {answer.status}")
        platform = messages.read_platform(answer.json(), url)
        said = outgoing.send("POST", platform.registration, _ourselves(), {**told, "Content-Type": "application/json"})
        if not said.ok:
            raise LaunchRefused(Code.BAD_PLATFORM, f"registering us was answered {said.status}: {said.body[:200]!r}")
        made = messages.read_registered(said.json())
    except NotAsked as error:
        raise not_asked(error) from error
    host = urlsplit(platform.issuer).netloc
    known = product(platform.product).name
    return platforms.Agreed(
        name=f"{known} {host}".strip()[:200],
        issuer=platform.issuer,
        client_id=made.client_id,
        authorization_url=platform.authorization,
        token_url=platform.token,
        keys_url=platform.keys,
        deployments=(made.deployment,) if made.deployment and len(made.deployment) <= 255 else (),
        audience=platform.audience,
        product=platform.product,
    )


def _ourselves() -> object:
    ours = Addresses(here())
    return messages.tool_configuration(
        ours.here,
        name=catalog().course.title,
        login=ours.login,
        launch=ours.launch,
        keys=ours.keys,
        logo=ours.here + site().assets.url("icon-192.png"),
    )


# --- what the form carries ------------------------------------------------------------------------------------------


def _digest() -> str:
    """Of what was asked for: the whole address, as it came."""
    return hashlib.sha256(request.query_string).hexdigest()


def _check_seal(seal: str) -> None:
    """Whether we showed the page for exactly this not long ago. Raises ``StaleForm``."""
    try:
        sealed_for = serializer("lti-register").loads(seal, max_age=_GOOD_FOR)
    except BadSignature as error:
        raise StaleForm from error
    token = request.args.get("registration_token", "")
    if sealed_for != _digest() or len(token) > _LONGEST_TOKEN:
        raise StaleForm


# --- in whose frame -------------------------------------------------------------------------------------------------


def _origin(url: str) -> str:
    """Scheme, host and port of an address that may be a platform's; "" for what is none."""
    found = origin_of(url) if len(url) <= platforms.LONGEST else ""
    return found if found.startswith("https:") or site().settings.own_network else ""


def _framed(answer: Response) -> Response:
    """In a frame, or a window, of the platform that asks, and of no other; a window must be able to tell it the end."""
    origin = _origin(request.args.get("openid_configuration", ""))
    if origin:
        framing.admit_here([origin])
        answer.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
