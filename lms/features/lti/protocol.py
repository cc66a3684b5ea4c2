"""What a platform says when it launches us, read and verified: a token and a registration in, one frozen ``Launch``
out. Neither Flask nor SQL.

Sources: LTI Core 1.3, LTI Deep Linking 2.0, LTI Assignment and Grade Services 2.0, LTI Names and Role Provisioning
Services 2.0, 1EdTech Security Framework 1.0 (5.1.3: how a token is verified).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lms.features.lti.claims import address, number, optional, part, text
from lms.features.lti.refusals import Code, LaunchRefused
from lms.fields.typed import storable

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

# joserfc takes a quarter of a second to load: it is imported where it is used.

ALGORITHM = "RS256"
#: Seconds by which the clocks of two servers may differ.
LEEWAY = 10
#: Characters of a token; those of the largest platforms have six thousand.
LONGEST = 50_000
#: Bits of a key below which RS256 is not to be trusted (RFC 7518, 3.3).
LEAST_BITS = 2048

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
_DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
_GRADES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
_ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


class Message(StrEnum):
    """What a launch is for."""

    RESOURCE_LINK = "LtiResourceLinkRequest"
    DEEP_LINKING = "LtiDeepLinkingRequest"
    SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"


@dataclass(frozen=True, slots=True)
class Registration:
    """What we agreed on with a platform. ``deployments``: ids of the places in it where we were installed.

    ``keys``: its public keys by ``kid``, as it publishes them (RFC 7517).
    """

    issuer: str
    client_id: str
    deployments: frozenset[str]
    keys: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Context:
    """A course of the platform."""

    id: str
    title: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class ResourceLink:
    """The place in a course of which somebody launched us."""

    id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Grades:
    """Where scores go. ``line_item`` None: the link has none, or more than one; both None: only what we make."""

    scopes: frozenset[str]
    line_items: str | None
    line_item: str | None


@dataclass(frozen=True, slots=True)
class DeepLinking:
    """What is asked for when something of ours is placed in a course. ``data`` is sent back as it came."""

    return_url: str
    takes_several: bool
    takes_line_items: bool
    data: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """As the platform knows them. It need not tell more than ``subject``, which is None of who is anonymous."""

    subject: str | None
    name: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A verified message. ``roles``: as full URIs. ``custom``: what was placed with the link, all of it text.

    ``about``: whose submission is to be reviewed, by their ``subject`` there.
    """

    message: Message
    issuer: str
    client_id: str
    deployment: str
    nonce: str
    person: Person
    roles: frozenset[str]
    target: str
    link: ResourceLink | None = None
    context: Context | None = None
    custom: Mapping[str, str] = field(default_factory=dict)
    grades: Grades | None = None
    roster: str | None = None
    deep_linking: DeepLinking | None = None
    about: str | None = None
    return_url: str = ""


def read(token: str, registration: Registration, *, nonce: str, here: str, now: datetime) -> Launch:
    """Verify a token and say what it launches.

    ``nonce``: of the login that it answers. ``here``: our own address, below which its target must lie. Raises
    ``LaunchRefused``. That a nonce is used once is for the caller to see to.
    """
    claims = _verified(token, registration)
    _check_parties(claims, registration)
    _check_times(claims, now)
    if not nonce or text(claims, "nonce") != nonce:
        raise LaunchRefused(Code.NONCE)
    if (version := claims.get(_LTI + "version")) != "1.3.0":
        raise LaunchRefused(Code.VERSION, repr(version))
    deployment = text(claims, _LTI + "deployment_id")
    if deployment not in registration.deployments:
        raise LaunchRefused(Code.UNKNOWN_DEPLOYMENT, repr(deployment))
    return _launch(claims, registration, deployment, here)


# --- whether it is believed -----------------------------------------------------------------------------------------


#: What is raised for what is no JSON, or brackets in brackets, or no ASCII.
_UNREADABLE = (ValueError, TypeError, AttributeError, RecursionError)


def key_of(token: str) -> str:
    """The ``kid`` that a token names, before anything of it is believed. Raises ``LaunchRefused``."""
    from joserfc import jws
    from joserfc.errors import JoseError

    if not token:
        raise LaunchRefused(Code.TOKENLESS)
    if len(token) > LONGEST:
        raise LaunchRefused(Code.MALFORMED, f"{len(token)} characters")
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (*_UNREADABLE, JoseError) as error:
        raise LaunchRefused(Code.MALFORMED, str(error)) from error
    if header.get("alg") != ALGORITHM:
        raise LaunchRefused(Code.ALGORITHM, repr(header.get("alg")))
    if not isinstance(id := header.get("kid"), str):
        raise LaunchRefused(Code.UNKNOWN_KEY, "it names none")
    return id


def _verified(token: str, registration: Registration) -> Mapping[str, Any]:
    from joserfc import jwt
    from joserfc.errors import InvalidPayloadError, JoseError

    key = public_key(registration, key_of(token))
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
    except (*_UNREADABLE, InvalidPayloadError) as error:
        raise LaunchRefused(Code.MALFORMED, str(error)) from error
    except JoseError as error:
        raise LaunchRefused(Code.SIGNATURE, str(error)) from error
    return claims


def public_key(registration: Registration, id: str) -> RSAKey:
    """One of the platform's keys. Raises ``LaunchRefused`` where it is not there, or not to be trusted."""
    from joserfc.errors import JoseError
    from joserfc.jwk import RSAKey

    found = registration.keys.get(id)
    if found is None:
        raise LaunchRefused(Code.UNKNOWN_KEY, repr(id))
    try:
        bits = len(urlsafe_b64decode(f"{found['n']}==")) * 8
        if found["kty"] != "RSA" or bits < LEAST_BITS:
            raise LaunchRefused(Code.UNKNOWN_KEY, f"{id!r} is {found['kty']} of {bits} bits")
        return RSAKey.import_key({"kty": "RSA", "n": found["n"], "e": found["e"]})
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise LaunchRefused(Code.UNKNOWN_KEY, f"{id!r} is no key: {error}") from error


def _check_parties(claims: Mapping[str, Any], registration: Registration) -> None:
    """Who made it, and for whom: where several are named, ``azp`` says who of them it is."""
    if claims.get("iss") != registration.issuer:
        raise LaunchRefused(Code.ISSUER, repr(claims.get("iss")))
    named, party = claims.get("aud"), claims.get("azp")
    audience = [named] if isinstance(named, str) else named
    if not isinstance(audience, list) or registration.client_id not in audience:
        raise LaunchRefused(Code.AUDIENCE, repr(named))
    if party is None and len(audience) > 1:
        raise LaunchRefused(Code.AUDIENCE, "several, and no azp")
    if party is not None and party != registration.client_id:
        raise LaunchRefused(Code.AUDIENCE, f"azp {party!r}")


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    moment, expires, issued = now.timestamp(), number(claims, "exp"), number(claims, "iat")
    if expires + LEEWAY <= moment:
        raise LaunchRefused(Code.EXPIRED, f"{moment - expires:.0f} s ago")
    if issued - LEEWAY > moment:
        raise LaunchRefused(Code.NOT_YET, f"in {issued - moment:.0f} s")


# --- what it says ---------------------------------------------------------------------------------------------------


_MESSAGES = {message.value: message for message in Message}


def _launch(claims: Mapping[str, Any], registration: Registration, deployment: str, here: str) -> Launch:
    asked = claims.get(_LTI + "message_type")
    message = _MESSAGES.get(asked) if isinstance(asked, str) else None
    if message is None:
        raise LaunchRefused(Code.MESSAGE, repr(asked))
    target = claims.get(_LTI + "target_link_uri")
    if message is Message.DEEP_LINKING and target is None:
        target = here  # it places something yet to be chosen
    check_target(target, here)
    link = _link(claims)
    if link is None and message is not Message.DEEP_LINKING:
        raise LaunchRefused(Code.CLAIM, "resource_link")
    settings = _deep_linking(claims)
    if settings is None and message is Message.DEEP_LINKING:
        raise LaunchRefused(Code.CLAIM, "deep_linking_settings")
    return Launch(
        message=message,
        issuer=registration.issuer,
        client_id=registration.client_id,
        deployment=deployment,
        nonce=text(claims, "nonce"),
        person=_person(claims),
        roles=_roles(claims),
        target=str(target),
        link=link,
        context=_context(claims),
        custom=_custom(claims),
        grades=_grades(claims),
        roster=_roster(claims),
        deep_linking=settings,
        about=_about(claims, message),
        return_url=optional(part(claims, _LTI + "launch_presentation") or {}, "return_url"),
    )


def check_target(target: object, here: str) -> None:
    """Raises ``LaunchRefused`` for an address that is not below ours."""
    if not isinstance(target, str):
        raise LaunchRefused(Code.CLAIM, "target_link_uri")
    try:
        asked, ours = urlsplit(target), urlsplit(here)
        same = (asked.scheme, asked.hostname, asked.port) == (ours.scheme, ours.hostname, ours.port)
    except ValueError as error:
        raise LaunchRefused(Code.TARGET_ELSEWHERE, repr(target)) from error
    below = f"{asked.path.rstrip('/')}/".startswith(f"{ours.path.rstrip('/')}/")
    if not same or not below or asked.username is not None or "\\" in target:
        raise LaunchRefused(Code.TARGET_ELSEWHERE, repr(target))


def _person(claims: Mapping[str, Any]) -> Person:
    subject = claims.get("sub")
    if subject is not None:
        subject = text(claims, "sub", longest=255)
    whole = optional(claims, "name")
    parts = (optional(claims, name) for name in ("given_name", "family_name"))
    return Person(subject, whole or " ".join(filter(None, parts)), optional(claims, "locale"))


#: Roles in a course may be named shortly (LTI Core 1.3, A.2.4).
_IN_COURSE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


def _roles(claims: Mapping[str, Any]) -> frozenset[str]:
    """There may be none, and then the list may be missing on some platforms."""
    named = claims.get(_LTI + "roles", [])
    if not isinstance(named, list) or not all(isinstance(role, str) for role in named):
        raise LaunchRefused(Code.CLAIM, "roles")
    return frozenset(role if ":" in role else _IN_COURSE + role for role in named)


def _link(claims: Mapping[str, Any]) -> ResourceLink | None:
    found = part(claims, _LTI + "resource_link")
    return None if found is None else ResourceLink(text(found, "id", longest=255), optional(found, "title"))


def _context(claims: Mapping[str, Any]) -> Context | None:
    found = part(claims, _LTI + "context")
    return (
        None
        if found is None
        else Context(text(found, "id", longest=255), optional(found, "title"), optional(found, "label"))
    )


def _custom(claims: Mapping[str, Any]) -> Mapping[str, str]:
    """Values that are no text are left out: a variable that the platform does not know comes as it was written."""
    found = part(claims, _LTI + "custom") or {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _grades(claims: Mapping[str, Any]) -> Grades | None:
    found = part(claims, _GRADES)
    if found is None:
        return None
    scopes = found.get("scope", [])
    if not isinstance(scopes, list) or not all(isinstance(scope, str) and storable(scope) for scope in scopes):
        raise LaunchRefused(Code.CLAIM, "scope of the grade service")
    return Grades(frozenset(scopes), address(found, "lineitems"), address(found, "lineitem"))


def _roster(claims: Mapping[str, Any]) -> str | None:
    found = part(claims, _ROSTER)
    return None if found is None else address(found, "context_memberships_url")


def _deep_linking(claims: Mapping[str, Any]) -> DeepLinking | None:
    found = part(claims, _DEEP_LINKING)
    if found is None:
        return None
    back = address(found, "deep_link_return_url")
    types = found.get("accept_types")
    if back is None or not isinstance(types, list) or "ltiResourceLink" not in types:
        raise LaunchRefused(Code.CLAIM, "deep_linking_settings")
    data = found.get("data")
    return DeepLinking(
        return_url=back,
        takes_several=found.get("accept_multiple") is True,
        takes_line_items=found.get("accept_lineitem") is not False,
        data=data if isinstance(data, str) else None,
    )


def _about(claims: Mapping[str, Any], message: Message) -> str | None:
    if message is not Message.SUBMISSION_REVIEW:
        return None
    return text(part(claims, _LTI + "for_user") or {}, "user_id")
