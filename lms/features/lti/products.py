"""What is pasted where: the fields of each product by the names that it gives them, which are never translated.

Names as of November 2026. Sources: Moodle's strings (``mod/lti/lang/en/lti.php``), Instructure's developer
documentation, Anthology's developer portal, D2L's documentation of LTI Advantage, ``lti_consumer/lti_xblock.py`` of
Open edX.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lms.features.lti.addresses import Addresses

#: What stands in a field: an address of ours, or what is to be chosen there.
Value = Callable[[Addresses], str] | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product that launches tools. ``id``: what it calls itself (``product_family_code``).

    ``menu``: where in it tools are set up; ``fields``: what is filled in there; ``dynamic``: the field that takes our
    registration address, "" where there is none. ``shows``: a field of our own form -> what the product calls it;
    ``known``: what is alike for all its customers.
    """

    id: str
    name: str
    menu: str
    fields: tuple[tuple[str, Value], ...]
    dynamic: str = ""
    shows: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)

    def paste(self, ours: Addresses) -> list[tuple[str, str, bool]]:
        """Name of the field there, what stands in it, and whether that is an address of ours."""
        return [
            (name, value if isinstance(value, str) else value(ours), callable(value)) for name, value in self.fields
        ]


def _here(ours: Addresses) -> str:
    return ours.here


def _domain(ours: Addresses) -> str:
    return ours.domain


def _login(ours: Addresses) -> str:
    return ours.login


def _launch(ours: Addresses) -> str:
    return ours.launch


def _keys(ours: Addresses) -> str:
    return ours.keys


_MOODLE = Product(
    id="moodle",
    name="Moodle",
    menu="Site administration › Plugins › Activity modules › External tool › Manage tools › configure a tool manually",
    fields=(
        ("Tool URL", _here),
        ("LTI version", "LTI 1.3"),
        ("Public key type", "Keyset URL"),
        ("Public keyset", _keys),
        ("Initiate login URL", _login),
        ("Redirection URI(s)", _launch),
        ("Supports Deep Linking (Content-Item Message)", "✓"),
        ("Content Selection URL", _here),
        ("Services › IMS LTI Assignment and Grade Services", "Use this service for grade sync and column management"),
        (
            "Services › IMS LTI Names and Role Provisioning",
            "Use this service to retrieve members' information as per privacy settings",
        ),
        ("Privacy › Share launcher's name with tool", "Always"),
    ),
    dynamic="Manage tools › Tool URL › Add LTI Advantage",
    shows={
        "issuer": "Platform ID",
        "client_id": "Client ID",
        "deployments": "Deployment ID",
        "keys_url": "Public keyset URL",
        "token_url": "Access token URL",
        "authorization_url": "Authentication request URL",
    },
)
_CANVAS = Product(
    id="canvas",
    name="Canvas",
    menu="Admin › Developer Keys › + Developer Key › + LTI Key › Manual Entry",
    fields=(
        ("Redirect URIs", _launch),
        ("Target Link URI", _here),
        ("OpenID Connect Initiation Url", _login),
        ("JWK Method", "Public JWK URL"),
        ("Public JWK URL", _keys),
        ("LTI Advantage Services", "assignment data (create, view) · submission results · user data of the context"),
        ("Additional Settings › Domain", _domain),
        ("Additional Settings › Privacy Level", "PUBLIC"),
        ("Placements", "Link Selection, Assignment Selection: LtiDeepLinkingRequest"),
    ),
    dynamic="Admin › Apps › Dynamic Registration (self-hosted Canvas only)",  # hosted, its issuer is another host
    shows={
        "client_id": "Developer Keys › Details",
        "deployments": "Settings › Apps › ⚙ › Deployment Id",
        "token_url": "https://[your Canvas]/login/oauth2/token",
    },
    known={
        "issuer": "https://canvas.instructure.com",
        "authorization_url": "https://sso.canvaslms.com/api/lti/authorize_redirect",
        "keys_url": "https://sso.canvaslms.com/api/lti/security/jwks",
    },
)
_BLACKBOARD = Product(
    id="BlackboardLearn",
    name="Blackboard",
    menu="developer.anthology.com › Register a REST or LTI application › My integration supports LTI 1.3",
    fields=(
        ("Domain(s)", _domain),
        ("Login Initiation URL", _login),
        ("Tool Redirect URL(s)", _launch),
        ("Tool JWKS URL", _keys),
        ("Signing Algorithm", "RS256"),
        ("Administrator Panel › LTI Tool Providers › Manage Placements › Deep Linking content tool", _here),
    ),
    shows={
        "client_id": "Application ID",
        "deployments": "LTI Tool Providers › Edit › Deployment ID",
        "keys_url": "Public keyset URL",
        "token_url": "Auth token endpoint",
        "authorization_url": "OIDC auth request endpoint",
    },
    known={
        "issuer": "https://blackboard.com",
        "authorization_url": "https://developer.blackboard.com/api/v1/gateway/oidcauth",
        "token_url": "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",
    },
)
_BRIGHTSPACE = Product(
    id="desire2learn",
    name="D2L Brightspace",
    menu="Admin Tools › Manage Extensibility › LTI Advantage › Register Tool › Standard",
    fields=(
        ("Domain", _here),
        ("Redirect URLs", _launch),
        ("OpenID Connect Login URL", _login),
        ("Target Link URI", _here),
        ("Keyset URL", _keys),
        (
            "Extensions",
            "Assignment and Grade Services, Deep Linking, Names and Role Provisioning Services",
        ),
    ),
    dynamic="Register Tool › Dynamic › Tool initiation registration endpoint",
    shows={
        "issuer": "Issuer",
        "client_id": "Client Id",
        "deployments": "External Learning Tools › LTI Advantage › New Deployment › Deployment Id",
        "keys_url": "Brightspace Keyset URL",
        "token_url": "Brightspace OAuth2 Access Token URL",
        "audience": "Brightspace OAuth2 Audience",
        "authorization_url": "OpenID Connect Authentication Endpoint",
    },
)
_OPEN_EDX = Product(
    id="open-edx",
    name="Open edX",
    menu="Studio › Advanced › LTI Consumer › Edit",
    fields=(
        ("LTI Version", "LTI 1.3"),
        ("Tool Launch URL", _here),
        ("Registered Redirect URIs", lambda ours: f'["{ours.launch}"]'),
        ("Tool Initiate Login URL", _login),
        ("Tool Public Key Mode", "Keyset URL"),
        ("Tool Keyset URL", _keys),
        ("Deep linking", "True"),
        ("Deep Linking Launch URL", _here),
        ("LTI Assignment and Grades Service", "Allow tools to submit grades only (declarative)"),
        ("Scored", "True"),
        ("Enable LTI NRPS", "True"),
        ("Request user's full name", "True"),
    ),
    shows={
        "issuer": "LMS root URL",
        "client_id": "Client ID",
        "deployments": "Deployment ID",
        "keys_url": "Keyset URL",
        "token_url": "OAuth Token URL",
        "authorization_url": "OIDC Callback URL",
    },
)
_ANOTHER = Product(
    id="",
    name="",
    menu="",
    fields=(
        ("Target link URI", _here),
        ("OIDC login initiation URL", _login),
        ("Redirect URI", _launch),
        ("JWKS (key set) URL", _keys),
        ("Domain", _domain),
        ("Dynamic registration URL", lambda ours: ours.register),
    ),
    shows={
        "issuer": "iss",
        "client_id": "client_id",
        "deployments": "deployment_id",
        "keys_url": "jwks_uri",
        "token_url": "token_endpoint",
        "authorization_url": "authorization_endpoint",
    },
)
PRODUCTS = (_MOODLE, _CANVAS, _BLACKBOARD, _BRIGHTSPACE, _OPEN_EDX, _ANOTHER)


def product(id: str) -> Product:
    """The product that calls itself so; else what holds for any."""
    return next((one for one in PRODUCTS if one.id == id), _ANOTHER)
