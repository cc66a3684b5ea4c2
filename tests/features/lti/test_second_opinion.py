"""The same launches judged by pylti1p3next, another tool's library: where it says otherwise, it stands here why."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

import pytest
from jwt import api_jwt
from pylti1p3.contrib.flask import FlaskCookieService, FlaskMessageLaunch, FlaskRequest, FlaskSessionService
from pylti1p3.tool_config import ToolConfDict

from lms.features.lti.refusals import Code
from tests.conftest import NOON
from tests.features.lti.platform import CLIENT, DEPLOYMENT, ISSUER, KEY, NONCE, Login, claims, public, token
from tests.features.lti.test_protocol import REFUSED, SOUND, Made

#: Launches that it takes and we do not.
TAKEN = {
    # It asks neither who is meant of several, nor whether the one that is named is us; and a token need not end.
    *("several tools and no party", "several tools and another party", "one tool and another party"),
    *("no end", "made at no time", "an end beyond all time", "fifty thousand characters"),
    # What is said beside who, where and what it hands on as it came: the application is to look at it.
    *(name for name, (_made, code) in REFUSED.items() if code is Code.TARGET_ELSEWHERE),
    *("no target", "a course without an id"),
    *(name for name in REFUSED if "no database holds" in name or "300 letters" in name or "half a letter" in name),
    *("a grade service at no address", "roles that are a word", "a role that is a number"),
    *("a grade service by script", "a grade service that is a list", "scopes that are a word", "a roster in a file"),
}
#: Sound ones that it does not: it wants roles and a person, and clocks that agree to the second.
NOT_TAKEN = {"nobody", "no list of roles", "a clock that is ten seconds ahead", "a clock that is ten seconds behind"}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    class At(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return NOON

    monkeypatch.setattr(api_jwt, "datetime", At)


def takes(text: str) -> bool:
    """Whether it takes a launch; errors of any kind are a no."""
    session: dict[str, Any] = {}
    request = FlaskRequest(
        cookies={}, session=session, request_data={"id_token": text, "state": "s"}, request_is_secure=True
    )
    service = FlaskSessionService(request)
    service.save_nonce(NONCE)
    cookies = FlaskCookieService(request)
    request._cookies = {cookies._get_key("s"): "s"}
    platform = {
        "default": True,
        "client_id": CLIENT,
        "auth_login_url": f"{ISSUER}/auth",
        "auth_token_url": f"{ISSUER}/token",
        "key_set": {"keys": [{**public(), "kid": KEY, "alg": "RS256"}]},
        "deployment_ids": [DEPLOYMENT],
    }
    launch = FlaskMessageLaunch(
        request, ToolConfDict({ISSUER: [platform]}), session_service=service, cookie_service=cookies
    )
    try:
        launch.validate()
    except Exception:  # of any kind, also where it stumbles
        return False
    return True


@pytest.mark.parametrize(("name", "changed"), SOUND.items(), ids=SOUND)
def test_it_takes_what_we_take(name: str, changed: dict[str, Any]) -> None:
    assert takes(token(claims(NOON, changed))) == (name not in NOT_TAKEN)


@pytest.mark.parametrize(("name", "made", "code"), [(name, *rest) for name, rest in REFUSED.items()], ids=REFUSED)
def test_it_refuses_what_we_refuse(name: str, made: Made, code: Code) -> None:
    assert takes(made(Login(NOON, NONCE))) == (name in TAKEN), code
