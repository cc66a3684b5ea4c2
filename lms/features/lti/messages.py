"""What we say to a platform, as the standards write it. Neither Flask nor SQL; what is signed is signed elsewhere.

Sources: LTI Core 1.3; Deep Linking 2.0; Assignment and Grade Services 2.0 (AGS); Dynamic Registration 1.0; 1EdTech
Security Framework 1.0 (4.1: how a tool asks for a token).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lms.features.lti.claims import is_address
from lms.features.lti.protocol import DeepLinking, Message
from lms.features.lti.refusals import Code, LaunchRefused

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
_DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
_PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"

#: How long what we sign can be used.
GOOD_FOR = timedelta(minutes=5)


class Scope(StrEnum):
    """What a tool may be allowed to do in a course."""

    LINE_ITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
    LINE_ITEM_READ = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
    RESULT_READ = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
    SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
    ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


class MediaType(StrEnum):
    """By which a platform knows what it is sent, and what it is asked for."""

    LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
    LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
    SCORE = "application/vnd.ims.lis.v1.score+json"
    RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
    ROSTER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


# --- signing in -----------------------------------------------------------------------------------------------------


def login_url(
    authorization: str, *, client_id: str, redirect: str, login_hint: str, message_hint: str, state: str, nonce: str
) -> str:
    """Where a browser goes to come back with a token. What the platform's own address says stays."""
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": client_id,
        "redirect_uri": redirect,
        "login_hint": login_hint,
        "state": state,
        "nonce": nonce,
    }
    if message_hint:
        asked["lti_message_hint"] = message_hint
    parts = urlsplit(authorization)
    own = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in asked]
    return urlunsplit(parts._replace(query=urlencode([*own, *asked.items()])))


# --- tokens of services ---------------------------------------------------------------------------------------------


def assertion(client_id: str, audience: str, *, id: str, now: datetime) -> Mapping[str, Any]:
    """What is signed to be given a token. ``audience``: the token's address, or what the platform wants instead."""
    moment = int(now.timestamp())
    return {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": moment,
        "exp": moment + int(GOOD_FOR.total_seconds()),
        "jti": id,
    }


def token_form(signed: str, scopes: Iterable[Scope]) -> Mapping[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": signed,
        "scope": " ".join(sorted(scopes)),
    }


# --- what is placed in a course -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """Something of ours that a teacher chose. ``maximum`` None: it earns no points; ``tag``: what it is to us."""

    url: str
    title: str
    text: str
    resource: str
    tag: str
    maximum: float | None = None

    def content_item(self, *, with_line_item: bool) -> Mapping[str, Any]:
        item: dict[str, Any] = {
            "type": "ltiResourceLink",
            "url": self.url,
            "title": self.title,
            "text": self.text,
            "custom": {"latsar": self.resource},
        }
        if with_line_item and self.maximum:
            line = {"scoreMaximum": self.maximum, "label": self.title, "resourceId": self.resource, "tag": self.tag}
            item["lineItem"] = line
        return item


@dataclass(frozen=True, slots=True)
class Parties:
    """Between whom a message goes, and about which place in the platform."""

    issuer: str
    client_id: str
    deployment: str


def deep_linking_response(
    of: Parties, settings: DeepLinking, chosen: Sequence[Placed], *, nonce: str, now: datetime, said: str = ""
) -> Mapping[str, Any]:
    """What is signed when a teacher has chosen, the first of it where one is taken; ``said``: what they are shown."""
    moment, taken = int(now.timestamp()), chosen if settings.takes_several else chosen[:1]
    claims: dict[str, Any] = {
        "iss": of.client_id,
        "aud": [of.issuer],
        "iat": moment,
        "exp": moment + int(GOOD_FOR.total_seconds()),
        "nonce": nonce,
        _LTI + "message_type": "LtiDeepLinkingResponse",
        _LTI + "version": "1.3.0",
        _LTI + "deployment_id": of.deployment,
        _DEEP_LINKING + "content_items": [one.content_item(with_line_item=settings.takes_line_items) for one in taken],
    }
    if settings.data is not None:
        claims[_DEEP_LINKING + "data"] = settings.data
    if said:
        claims[_DEEP_LINKING + "msg"] = said
    return claims


# --- scores ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    """What a person has at a line item. ``points`` None: a person has yet to judge it. ``maximum``: more than 0."""

    subject: str
    points: float | None
    maximum: float
    at: datetime
    comment: str = ""

    def body(self, extensions: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """``extensions``: what one platform wants besides.

        Points are never below 0; that they may be more than the maximum is for the platform to judge (AGS 2.0, 3.4.7).
        """
        told: dict[str, Any] = {
            "userId": self.subject,
            "timestamp": instant(self.at),
            "activityProgress": "Submitted" if self.points is None else "Completed",
            "gradingProgress": "PendingManual" if self.points is None else "FullyGraded",
        }
        if self.points is not None:
            told |= {"scoreGiven": max(0.0, self.points), "scoreMaximum": self.maximum}
        if self.comment:
            told["comment"] = self.comment
        return {**told, **(extensions or {})}


#: Canvas makes a new submission of each score unless it is told not to.
CANVAS = {"https://canvas.instructure.com/lti/submission": {"new_submission": False}}


def instant(moment: datetime) -> str:
    """With parts of a second: of two scores of one person the later one counts (AGS 2.0, 3.4.3)."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def scores_url(line_item: str) -> str:
    """Where scores of a line item go: below its path, before its query, which Moodle has."""
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores", fragment=""))


def next_page(link: str) -> str | None:
    """The address of ``rel="next"`` in a ``Link`` header (RFC 8288); None: it was the last page."""
    return _related(link, "next")


def _related(link: str, relation: str) -> str | None:
    for part in link.split("<")[1:]:
        address, _, parameters = part.partition(">")
        for parameter in parameters.split(";"):
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "rel" and relation in value.strip().strip(', "').lower().split():
                return address.strip()
    return None


# --- being registered -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Platform:
    """What a platform says of itself where it registers us (LTI Dynamic Registration 1.0, 3.5)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    registration: str
    audience: str
    product: str


def read_platform(said: object, url: str) -> Platform:
    """``url``: where it was read. Raises ``LaunchRefused``, also where the issuer is another host than that."""
    known = said if isinstance(said, dict) else {}

    def address(name: str, default: str | None = None) -> str:
        value = known.get(name, default)
        if not isinstance(value, str) or not value or len(value) > 2_000:
            raise LaunchRefused(Code.BAD_PLATFORM, name)
        return value

    issuer = address("issuer")
    if not is_address(issuer) or urlsplit(issuer).netloc != urlsplit(url).netloc:
        raise LaunchRefused(Code.BAD_PLATFORM, f"{issuer!r} was read at {url!r}")
    token = address("token_endpoint")
    of_platform = known.get(_PLATFORM)
    product = of_platform.get("product_family_code") if isinstance(of_platform, dict) else None
    return Platform(
        issuer=issuer,
        authorization=address("authorization_endpoint"),
        token=token,
        keys=address("jwks_uri"),
        registration=address("registration_endpoint"),
        audience=address("authorization_server", token),
        product=product if isinstance(product, str) else "",
    )


def tool_configuration(here: str, *, name: str, login: str, launch: str, keys: str, logo: str) -> Mapping[str, Any]:
    """What we say of ourselves where a platform registers us; all addresses below ``here``."""
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": login,
        "redirect_uris": [launch],
        "client_name": name,
        "jwks_uri": keys,
        "logo_uri": logo,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join((Scope.LINE_ITEM, Scope.LINE_ITEM_READ, Scope.SCORE, Scope.ROSTER)),
        _CONFIGURATION: {
            "domain": urlsplit(here).netloc,
            "target_link_uri": here,
            "claims": ["iss", "sub", "name", "given_name", "family_name"],
            "messages": [
                {"type": Message.DEEP_LINKING, "target_link_uri": here, "label": name},
                {"type": Message.RESOURCE_LINK, "target_link_uri": here, "label": name},
            ],
        },
    }


@dataclass(frozen=True, slots=True)
class Registered:
    """What a platform answered: how it calls us, and where in it we are installed, should it say so already."""

    client_id: str
    deployment: str | None


def read_registered(said: object) -> Registered:
    known = said if isinstance(said, dict) else {}
    client_id, of_tool = known.get("client_id"), known.get(_CONFIGURATION)
    if not isinstance(client_id, str) or not 0 < len(client_id) <= 255:
        raise LaunchRefused(Code.BAD_PLATFORM, "client_id")
    deployment = of_tool.get("deployment_id") if isinstance(of_tool, dict) else None
    return Registered(client_id, deployment if isinstance(deployment, str) and deployment else None)
