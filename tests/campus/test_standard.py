"""What a campus looks at beside its library: each of these the library alone would take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt

from lms.features.lti import messages
from lms.features.lti.messages import Scope
from tests.campus.campus import CLIENT, DEPLOYMENT, Campus, Column, Link
from tests.campus.standard import DEEP_LINKING, LTI
from tests.campus.views import application
from tests.features.lti import platform

HERE, OURS = "https://kampus.example", "https://latsar.example"


@pytest.fixture
def campus() -> Campus:
    made = Campus(address=HERE)
    told = messages.tool_configuration(
        OURS, name="Latsar", login=f"{OURS}/login", launch=f"{OURS}/launch", keys=f"{OURS}/keys", logo=""
    )
    made.register(dict(told)).set_tool_key_set({"keys": [platform.public() | {"alg": "RS256"}]})
    made.links.append(Link("Kuis", f"{OURS}/kuis/pecahan", {}, 1))
    made.columns.append(Column("Kuis", 100, "kuis/pecahan", "kuis", 0))
    return made


@pytest.fixture
def client(campus: Campus) -> Iterator[FlaskClient]:
    app: Flask = application(campus)
    with app.test_client() as made:
        made.get("/enter/k-2", base_url=HERE)
        yield made


def signed(**changed: Any) -> str:
    """Of our tool; an assertion unless it is told otherwise."""
    moment = int(time.time())
    said = {"iss": CLIENT, "sub": CLIENT, "aud": f"{HERE}/token", "jti": "satu", "iat": moment, "exp": moment + 60}
    said = {name: value for name, value in (said | changed).items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": platform.KEY}, said, platform.key(platform.KEY))


def ask_token(client: FlaskClient, assertion: str) -> Any:
    return client.post("/token", data=messages.token_form(assertion, [Scope.SCORE]), base_url=HERE)


def test_a_tool_gets_a_token_once_for_an_assertion_of_its_own(client: FlaskClient) -> None:
    given = ask_token(client, signed())
    assert given.json["scope"] == Scope.SCORE
    headers = {"Authorization": f"Bearer {given.json['access_token']}", "Content-Type": messages.MediaType.SCORE}
    score = {
        "userId": "k-1",
        "timestamp": "2026-01-05T05:00:00.000001Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 7,
        "scoreMaximum": 10,
    }
    answers = [client.post("/items/1/scores", json=score, headers=headers, base_url=HERE) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 409], "the second is no newer"
    assert client.get("/members", headers=headers, base_url=HERE).status_code == 403
    assert ask_token(client, signed()).json["why"] == "said before"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": f"{OURS}/token"},
        {"aud": None},
        {"iss": "somebody else"},
        {"sub": "somebody else"},
        {"jti": None},
        {"exp": int(time.time()) + 90_000},
        {"exp": int(time.time()) - 90},
    ],
    ids=["other audience", "no audience", "other issuer", "other subject", "no id", "for too long", "expired"],
)
def test_no_other_assertion_is_taken(client: FlaskClient, changed: dict[str, Any]) -> None:
    assert ask_token(client, signed(**changed)).status_code == 400


def ask_launch(client: FlaskClient, **changed: str) -> Any:
    asked = {
        **{"response_type": "id_token", "response_mode": "form_post", "prompt": "none", "scope": "openid"},
        **{"client_id": CLIENT, "redirect_uri": f"{OURS}/launch", "login_hint": "k-2", "lti_message_hint": "0"},
        **{"state": "s", "nonce": "n"},
    }
    return client.get("/auth", query_string=asked | changed, base_url=HERE)


def test_a_launch_goes_where_it_was_agreed_about_who_is_there(client: FlaskClient) -> None:
    assert "id_token" in ask_launch(client).get_data(as_text=True)
    for other in ({"redirect_uri": "https://elsewhere.example"}, {"login_hint": "k-1"}, {"prompt": "login"}):
        assert ask_launch(client, **other).status_code == 400


def test_what_is_placed_was_asked_for_by_who_teaches(client: FlaskClient, campus: Campus) -> None:
    def place(data: str, nonce: str) -> int:
        token = signed(
            **{"aud": HERE, "sub": None, "jti": None, "nonce": nonce},
            **{
                f"{LTI}message_type": "LtiDeepLinkingResponse",
                f"{LTI}deployment_id": DEPLOYMENT,
                f"{DEEP_LINKING}data": data,
                f"{DEEP_LINKING}content_items": [{"type": "ltiResourceLink", "title": "Satu", "url": OURS}],
            },
        )
        return client.post("/placed", data={"JWT": token}, base_url=HERE).status_code

    asked = campus.new_choice()
    assert place("never asked", "a") == 400
    assert place(asked, "b") == 200
    assert place(asked, "c") == 400
    assert [one.title for one in campus.links] == ["Kuis", "Satu"]
    campus.choices.add("again")
    client.get("/enter/k-1", base_url=HERE)
    assert place("again", "d") == 403
