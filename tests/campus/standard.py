"""lti1p3platform, tied to a ``Campus``; and what a platform has to look at that this library leaves out.

It asks of a tool's token neither whom it is for nor who says it, takes an assertion as often as it comes, sends a
launch to whatever address and about whomever is asked for, and keeps nothing for tools that get no cookie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import flask
import jwt
from lti1p3platform.exceptions import LtiException
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request

if TYPE_CHECKING:
    from tests.campus.campus import Campus, Person

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


class Wrong(Exception):
    """What a tool sent is not as it must be."""


class Asked(Request):  # type: ignore[misc]
    """The request that Flask has at hand."""

    def build_metadata(self, request: flask.Request) -> Any:
        return {"method": request.method, "form_data": request.form.to_dict(), "get_data": request.args.to_dict()}


class Agreement(LTI1P3PlatformConfAbstract):  # type: ignore[misc]
    """With the one tool that registered; for one request."""

    def init_platform_config(self, *, campus: Campus) -> None:
        self.campus = campus

    def get_registration_by_params(self, **_: Any) -> Registration:
        if self.campus.registration is None:
            raise Wrong("no tool is registered")
        return self.campus.registration

    def said(self, token: str, audience: str) -> dict[str, Any]:
        """What the tool signed, to us and for the first time. Raises ``Wrong``."""
        client = self.get_registration().get_client_id()
        try:
            said: dict[str, Any] = self.tool_validate_and_decode(token)
        except (LtiException, jwt.PyJWTError) as error:
            raise Wrong(str(error)) from error
        aud = said.get("aud")
        once = said.get("jti") or said.get("nonce")
        if audience not in (aud if isinstance(aud, list) else [aud]):
            raise Wrong(f"for {aud!r}, not for {audience!r}")
        if said.get("iss") != client or said.get("sub", client) != client:
            raise Wrong("said by somebody else")
        if not once or once in self.campus.used:
            raise Wrong("said before")
        if not 0 < said["exp"] - said["iat"] <= 3600:
            raise Wrong("good for too long")
        self.campus.used.add(once)
        return said


class Login(OIDCLoginAbstract):  # type: ignore[misc]
    """Where a launch begins. It offers to keep data, which this library does not know of."""

    def set_lti_message_hint(self, hint: str) -> None:
        self._lti_message_hint = hint

    def get_redirect(self, url: str) -> Any:
        kept = {"lti_storage_target": "_parent"} if self._platform_config.campus.keeps else {}
        return flask.redirect(f"{url}&{urlencode(kept)}" if kept else url)


class Launch(LTIAdvantageMessageLaunchAbstract):  # type: ignore[misc]
    """What is answered to a tool that asks who is there."""

    def __init__(self, campus: Campus, person: Person) -> None:
        super().__init__(Asked(flask.request), Agreement(campus=campus))
        self.campus, self.person = campus, person

    def validate_preflight_response(self, asked: dict[str, Any]) -> None:
        super().validate_preflight_response(asked)
        wanted = {"response_type": "id_token", "response_mode": "form_post", "prompt": "none", "scope": "openid"}
        if other := {name: asked.get(name) for name in wanted if asked.get(name) != wanted[name]}:
            raise Wrong(f"asked for {other}")
        if asked["redirect_uri"] not in self.campus.redirects:
            raise Wrong("a launch goes nowhere but where it was agreed to go")
        if asked.get("login_hint") != self.person.id:
            raise Wrong("somebody else is signed in here")

    def prepare_launch(self, asked: dict[str, Any]) -> None:
        campus, person = self.campus, self.person
        self.set_user_data(person.id, [MEMBERSHIP + person.role], person.name)
        self.set_launch_context_claim("kelas-1", ["CourseSection"], "Latsar di Kampus", "LK-1")
        self.set_launch_presentation_claim("iframe", f"{campus.address}/course")
        self.set_nrps(f"{campus.address}/members")
        hint = asked["lti_message_hint"]
        if hint == "choose":
            self.set_dl(f"{campus.address}/placed", extra_data=campus.new_choice())
            self._deep_linking_launch_data[f"{DEEP_LINKING}deep_linking_settings"]["accept_lineitem"] = True
            return
        link = campus.links[int(hint)]
        self.set_launch_url(link.url)
        self.set_resource_link_claim(f"link-{hint}", title=link.title)
        self.set_custom_parameters_claim(link.custom)
        self.set_ags(f"{campus.address}/items", f"{campus.address}/items/{link.column}" if link.column else None)

    def render_launch_form(self, launch: dict[str, Any], **_: Any) -> Any:
        return flask.render_template("launch.html", **launch)
