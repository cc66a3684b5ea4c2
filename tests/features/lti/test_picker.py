"""Something of ours is placed in a course: what is offered, what goes back, and that nobody else can send it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet

from lms.db.engine import Database
from lms.learning import platform_keys
from tests.features.lti.phone import HERE, Phone, code_of, rows, signed
from tests.features.lti.platform import CLIENT, DEEP_LINKING, DEPLOYMENT, GONE, ISSUER, LTI
from tests.features.lti.test_launch import settings

__all__ = ["settings"]

_DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
RETURN = "https://kelas.example.go.id/mod/lti/contentitem_return.php"


def asks(**changed: Any) -> dict[str, Any]:
    """Claims of a launch that wants something to place."""
    wanted = {
        "deep_link_return_url": RETURN,
        "accept_types": ["ltiResourceLink"],
        "accept_multiple": True,
        "data": "tanda-dari-platform",
        **changed,
    }
    return {"message_type": "LtiDeepLinkingRequest", "resource_link": GONE, DEEP_LINKING: wanted}


def ticket(page: str) -> str:
    found = re.search(r'name="asked" value="([^"]+)"', page)
    assert found
    return found[1]


def sent(database: Database, page: str) -> dict[str, Any]:
    """What the platform is sent, verified with the keys that we publish."""
    found = re.search(r'name="JWT" value="([^"]+)"', page)
    assert found
    with database.reading() as db:
        keys = KeySet.import_key_set(platform_keys.public_keys(db))
    return dict(jwt.decode(found[1], keys, algorithms=["RS256"]).claims)


@pytest.mark.usefixtures("registered", "people")
def test_where_nothing_is_chosen_it_is_asked_for_and_given_up_by_a_button_of_its_own(
    app: Flask, database: Database
) -> None:
    phone = Phone(app)
    page = phone.launch(**asks()).get_data(as_text=True)
    nothing = phone.client.post("/lti/place", data={"asked": ticket(page)}, base_url=HERE)
    again = nothing.get_data(as_text=True)
    assert nothing.status_code == 400
    assert "Pilih sedikitnya satu" in again
    assert "frame-ancestors https://kelas.example.go.id " in nothing.headers["Content-Security-Policy"]
    given_up = {"asked": ticket(again), "chosen": "kuis/semua-jenis", "cancel": "1"}
    placed = phone.client.post("/lti/place", data=given_up, base_url=HERE).get_data(as_text=True)
    assert sent(database, placed)[f"{_DL}content_items"] == []


@pytest.mark.usefixtures("registered", "people")
def test_what_is_chosen_goes_back_signed_with_line_items(app: Flask, database: Database) -> None:
    phone = Phone(app)
    before = rows(database)
    listed = phone.launch(**asks())
    assert listed.status_code == 200
    page = listed.get_data(as_text=True)
    assert page.count('type="checkbox" name="chosen"') > 5
    drawn = app.extensions["lms"].pack.current().quiz("latihan")
    assert (len(drawn.items), drawn.length) == (0, 2)
    assert re.search(r'value="kuis/latihan">.*Kuis, 2 soal', page)
    assert "https://kelas.example.go.id" in listed.headers["Content-Security-Policy"]
    assert rows(database) == {**before, "lti_nonce": 1}
    module = next(iter(app.extensions["lms"].pack.current().modules.values()))
    lesson = f"materi/{module.id}/{module.lessons[0].slug}"
    chosen = {"asked": ticket(page), "chosen": ["kuis/semua-jenis", lesson, ""], "done": "1"}
    other = Phone(app)  # no cookie is needed
    placed = other.client.post("/lti/place", data=chosen, base_url=HERE)
    assert "form-action 'self' https://kelas.example.go.id;" in placed.headers["Content-Security-Policy"]
    text = placed.get_data(as_text=True)
    assert f'action="{RETURN}"' in text
    said = sent(database, text)
    assert (said["iss"], said["aud"], said[_DL + "data"]) == (CLIENT, [ISSUER], "tanda-dari-platform")
    assert said[LTI + "deployment_id"] == DEPLOYMENT
    quiz, read, course = said[_DL + "content_items"]
    assert (quiz["url"], quiz["custom"]) == (f"{HERE}/kuis/semua-jenis", {"latsar": "kuis/semua-jenis"})
    assert (quiz["lineItem"]["scoreMaximum"], quiz["lineItem"]["resourceId"]) == (100, "kuis/semua-jenis")
    assert (read["lineItem"]["scoreMaximum"], read["lineItem"]["tag"]) == (1, "materi")
    assert "lineItem" not in course
    assert course["url"] == f"{HERE}/"


@pytest.mark.usefixtures("registered", "people")
def test_one_is_taken_where_one_is_asked_for_and_no_line_item_where_none_is(app: Flask, database: Database) -> None:
    page = Phone(app).launch(**asks(accept_multiple=False, accept_lineitem=False, data=None))
    text = page.get_data(as_text=True)
    assert 'type="radio" name="chosen"' in text
    assert 'name="done"' not in text
    chosen = {"asked": ticket(text), "chosen": ["kuis/semua-jenis", "kuis/latihan"], "done": "1"}
    said = sent(database, app.test_client().post("/lti/place", data=chosen, base_url=HERE).get_data(as_text=True))
    (only,) = said[_DL + "content_items"]
    assert "lineItem" not in only
    assert _DL + "data" not in said


@pytest.mark.usefixtures("registered", "people")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"asked": "x"}, "LTI12"),
        ({"asked": ""}, "LTI12"),
        ({"chosen": "kuis/tidak-ada"}, "LTI34"),
        ({"chosen": "akun"}, "LTI34"),
        ({"chosen": "https://evil.example/"}, "LTI34"),
    ],
)
def test_what_was_not_asked_or_not_offered_is_refused(app: Flask, given: dict[str, str], code: str) -> None:
    page = Phone(app).launch(**asks()).get_data(as_text=True)
    answered = app.test_client().post("/lti/place", data={"asked": ticket(page), **given}, base_url=HERE)
    assert code_of(answered) == code


@pytest.mark.usefixtures("registered", "people")
def test_nothing_is_sent_back_to_what_is_no_address(app: Flask) -> None:
    assert code_of(Phone(app).launch(**asks(deep_link_return_url="javascript:alert(1)"))) == "LTI33"


@pytest.mark.usefixtures("registered", "people")
def test_choosing_is_launched_once(app: Flask) -> None:
    phone = Phone(app)
    asked = phone.asked()
    token = signed(asked["nonce"], **asks())
    assert phone.answer(asked["state"], token).status_code == 200
    assert code_of(phone.answer(asked["state"], token)) == "LTI30"
