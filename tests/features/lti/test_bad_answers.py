"""What services of a platform answer that cannot be used: each is told in a sentence or a code, and changes nothing.

Statuses of scores, tokens that are refused and rosters that are broken stand beside the sound ones (``test_services``,
``test_rosters``); here is what is left, and all of it is compared row by row.
"""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from lms.config import Settings
from lms.db.engine import Database
from lms.db.lti import LtiCourse, LtiRegistration
from lms.errors import Refused
from lms.features.lti import rosters
from lms.features.lti.messages import Scope
from lms.features.lti.sending import Sent
from lms.features.lti.services import Away, Broken
from lms.learning import platform_rosters
from lms.outgoing import LONGEST
from lms.web.site import now
from tests.conftest import Cast
from tests.features.lti import platform
from tests.features.lti.gradebook import Answered, Gradebook
from tests.features.lti.phone import Phone, code_of, contents
from tests.features.lti.sites import Site
from tests.learning.platform_courses import link, owed

AWAY = "Platform tidak dapat dihubungi"
FORBIDDEN = "Platform tidak memberi izin"
BROKEN = "tidak dapat dibaca"
NO_JSON, NESTED, HUGE = b"{", b"[" * 100_000, b" " * (LONGEST + 1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, secure_cookies=True, own_network=True)


def token(said: Any) -> Answered:
    return Answered(200, {"access_token": said})


# --- tokens ---------------------------------------------------------------------------------------------------------

TOKENS: dict[str, tuple[Answered, str]] = {
    "no JSON": (Answered(200, NO_JSON), AWAY),
    "nothing": (Answered(200), AWAY),
    "brackets in brackets": (Answered(200, NESTED), AWAY),
    "more than anybody reads": (Answered(200, HUGE), AWAY),
    "null": (Answered(200, b"null"), FORBIDDEN),
    "no token": (Answered(200, {}), FORBIDDEN),
    "an empty token": (token(""), FORBIDDEN),
    "a token that is true": (token(True), FORBIDDEN),
    "a token in a list": (token(["t"]), FORBIDDEN),
    "a token beyond ASCII": (token("té"), FORBIDDEN),
    "a token that ends a header": (token("t\n"), FORBIDDEN),
    "a token of nine thousand characters": (token("t" * 9_000), FORBIDDEN),
    "a page that asks to sign in": (Answered(200, b"<html>"), AWAY),
    "found elsewhere": (Answered(307, headers={"Location": "http://127.0.0.1:1/"}), FORBIDDEN),
    "not to this tool": (Answered(401, {"error": "invalid_client"}), FORBIDDEN),
    "not now": (Answered(503), AWAY),
}


@pytest.mark.parametrize(("answer", "said"), TOKENS.values(), ids=TOKENS)
def test_without_a_token_that_can_be_used_no_score_is_sent_and_all_of_it_stays_owed(
    site: Site, answer: Answered, said: str
) -> None:
    site.book.answers["/token"] = lambda _: answer
    (before,), rest = owed(site.database), contents(site.database)
    assert site.worker.run() == Sent(0, 1)
    assert site.book.scores == []
    assert set(site.book.paths()) == {"/token"}
    (after,) = owed(site.database)
    assert said in after.refusal
    assert (after.sent, after.version, after.subject) == (before.sent, before.version, before.subject)
    assert {**contents(site.database), "lti_score": []} == {**rest, "lti_score": []}
    site.book.answers.clear()
    site.clock.now += timedelta(minutes=1)
    assert site.worker.run() == Sent(1, 0)


# --- scores ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [None, NO_JSON, b"<html>", {"resultUrl": 7}], ids=["nothing", "no JSON", "a page", "odd"]
)
def test_of_a_score_that_was_taken_nobody_reads_what_else_is_said(site: Site, body: Any) -> None:
    site.book.answers["/items/3/lineitem/scores"] = lambda _: Answered(200, body)
    assert site.worker.run() == Sent(1, 0)


def test_more_than_anybody_reads_is_as_if_nobody_answered(site: Site) -> None:
    site.book.answers["/items/3/lineitem/scores"] = lambda _: Answered(200, HUGE)
    assert site.worker.run() == Sent(0, 1)
    (row,) = owed(site.database)
    assert AWAY in row.refusal
    site.book.answers.clear()
    site.clock.now += timedelta(minutes=1)
    assert site.worker.run() == Sent(1, 0)


# --- line items -----------------------------------------------------------------------------------------------------


def _ours(**changed: Any) -> dict[str, Any]:
    return {"id": "https://m.example/items/1", "resourceId": "kuis/pecahan", "scoreMaximum": 10, **changed}


LINE_ITEMS: dict[str, tuple[Answered, type[Refused] | None]] = {
    "no JSON": (Answered(200, NO_JSON), Broken),
    "brackets in brackets": (Answered(200, NESTED), Broken),
    "nothing": (Answered(200), Broken),
    "an object": (Answered(200, {"lineItems": []}), Broken),
    "a word": (Answered(200, "kosong"), Broken),
    "more than anybody reads": (Answered(200, HUGE), Away),
    "not here": (Answered(404), Away),
    "not allowed": (Answered(403), Away),
    "never allowed": (Answered(401), Away),
    "elsewhere": (Answered(302, headers={"Location": "http://127.0.0.1:1/"}), Away),
    "not now": (Answered(503), Away),
    "a next page of another server": (Answered(200, [], {"Link": '<https://evil.example/items>; rel="next"'}), Broken),
    "a next page without TLS": (Answered(200, [], {"Link": '<ftp://127.0.0.1/items>; rel="next"'}), Broken),
    "a next page at no address": (Answered(200, [], {"Link": '<http://[x>; rel="next"'}), Broken),
    "a next page that is this one": (Answered(200, [], {"Link": '</items?resource_link_id=L>; rel="next"'}), Broken),
    # such an item is none of ours
    "no items": (Answered(200, []), None),
    "items that are no objects": (Answered(200, [1, None, "x", [_ours()]]), None),
    "an item without an id": (Answered(200, [_ours(id=None)]), None),
    "an item that is a script": (Answered(200, [_ours(id="javascript:alert(1)")]), None),
    "an item in a file": (Answered(200, [_ours(id="file:///etc/passwd")]), None),
    "an item at no address": (Answered(200, [_ours(id="https://[x")]), None),
    "an item that no database holds": (Answered(200, [_ours(id="https://m.example/\0")]), None),
    "an item of three thousand characters": (Answered(200, [_ours(id="https://m.example/" + "a" * 3_000)]), None),
    "two that are alike": (Answered(200, [_ours(), _ours(id="https://m.example/items/2")]), None),
    "one of another link": (Answered(200, [_ours(resourceLinkId="lain")]), None),
}


@pytest.mark.parametrize(("answer", "raised"), LINE_ITEMS.values(), ids=LINE_ITEMS)
def test_line_items_that_cannot_be_used_change_nothing(
    site: Site, answer: Answered, raised: type[Refused] | None
) -> None:
    with site.database.transaction() as db:
        link(db, site.course, "kuis/pecahan", url=None)
        db.get_one(LtiCourse, site.course.course).scopes = [Scope.LINE_ITEM]
    with site.database.reading() as db:
        (course,) = platform_rosters.courses(db)
    site.book.answers["/items"] = lambda _: answer
    before = contents(site.database)
    if raised is None:
        found = rosters.find_line_items(site.database, site.services, site.platform, course, now=site.clock)
        assert found == 0
    else:
        with pytest.raises(raised):
            rosters.find_line_items(site.database, site.services, site.platform, course, now=site.clock)
    assert contents(site.database) == before


# --- rosters --------------------------------------------------------------------------------------------------------


def _people(*of: Any) -> Answered:
    return Answered(200, {"members": [{"user_id": "u-2", "roles": []}, *of]})


ROSTERS: dict[str, tuple[Answered, type[Refused]]] = {
    "no JSON": (Answered(200, NO_JSON), Broken),
    "brackets in brackets": (Answered(200, NESTED), Broken),
    "nobody known": (Answered(200, {"members": None}), Broken),
    "somebody that is a word": (_people("u-3"), Broken),
    "somebody that is a number": (_people({"user_id": 3}), Broken),
    "somebody without a letter": (_people({"user_id": ""}), Broken),
    "somebody whom no database holds": (_people({"user_id": "u\0"}), Broken),
    "somebody with half a letter": (_people({"user_id": "u\ud83d"}), Broken),
    "more than anybody reads": (Answered(200, HUGE), Away),
    "never allowed": (Answered(401), Away),
    "elsewhere": (Answered(301, headers={"Location": "http://127.0.0.1:1/"}), Away),
    "a next page at no address": (
        Answered(200, {"members": [{"user_id": "u-2"}]}, {"Link": '<http://[x>; rel="next"'}),
        Broken,
    ),
}


@pytest.mark.parametrize(("answer", "raised"), ROSTERS.values(), ids=ROSTERS)
def test_a_roster_that_cannot_be_used_changes_nothing(site: Site, answer: Answered, raised: type[Refused]) -> None:
    site.book.answers["/roster"] = lambda _: answer
    with site.database.reading() as db:
        (course,) = platform_rosters.courses(db)
    before = contents(site.database)
    with pytest.raises(raised):
        rosters.read(site.database, site.services, site.platform, course, now=site.clock)
    assert contents(site.database) == before


def test_names_that_no_database_holds_are_called_by_what_is_left_of_them(site: Site) -> None:
    site.book.answers["/roster"] = lambda _: _people({"user_id": "u-3", "name": "Bu\0di", "status": 7, "roles": "x"})
    with site.database.reading() as db:
        (course,) = platform_rosters.courses(db)
    assert rosters.read(site.database, site.services, site.platform, course, now=site.clock).people == 2
    assert any("'Budi'" in row for row in contents(site.database)["user"])


# --- key sets -------------------------------------------------------------------------------------------------------


def _keys(*of: Any) -> Answered:
    return Answered(200, {"keys": list(of)})


_KEY = platform.public()
KEYS: dict[str, tuple[Answered, str]] = {
    "no JSON": (Answered(200, NO_JSON), "LTI23"),
    "brackets in brackets": (Answered(200, NESTED), "LTI23"),
    "nothing": (Answered(200), "LTI23"),
    "more than anybody reads": (Answered(200, HUGE), "LTI41"),
    "a list": (Answered(200, [_KEY]), "LTI23"),
    "keys by name": (Answered(200, {"keys": {platform.KEY: _KEY}}), "LTI23"),
    "not here": (Answered(404), "LTI23"),
    "not now": (Answered(503), "LTI41"),
    "elsewhere": (Answered(302, headers={"Location": "http://127.0.0.1:1/"}), "LTI23"),
    "no keys": (_keys(), "LTI23"),
    "keys that are no objects": (_keys(platform.KEY, None, 1), "LTI23"),
    "a key without a name": (_keys({name: value for name, value in _KEY.items() if name != "kid"}), "LTI23"),
    "a key of another name": (_keys(platform.public("kunci-2")), "LTI23"),
    "a short key": (_keys({**platform.SHORT, "kid": platform.KEY}), "LTI23"),
    "a secret": (_keys({"kty": "oct", "k": "c2FuZGk", "kid": platform.KEY}), "LTI23"),
    "a key that no database holds": (_keys({"kid": platform.KEY, "use": "\0\ud83d"}), "LTI23"),
    "a key of nothing": (_keys({"kid": platform.KEY}), "LTI23"),
    "another's key under this name": (_keys({**platform.public("kunci-9"), "kid": platform.KEY}), "LTI24"),
}


@pytest.mark.parametrize(("answer", "code"), KEYS.values(), ids=KEYS)
def test_keys_that_cannot_be_used_let_nobody_in(
    app: Flask, database: Database, people: Cast, registered: UUID, book: Gradebook, answer: Answered, code: str
) -> None:
    with database.transaction() as db:
        row = db.get_one(LtiRegistration, registered)
        row.keys, row.keys_read_at, row.keys_url = {}, now() - timedelta(minutes=2), f"{book.address}/keys"
    book.answers["/keys"] = lambda _: answer
    before, phone = contents(database), Phone(app)
    assert code_of(phone.launch()) == code
    assert book.paths() == ["/keys"]
    after = contents(database)
    assert {**after, "lti_registration": []} == {**before, "lti_registration": []}
    assert code_of(phone.launch()) in {code, "LTI23"}
    assert book.paths() == ["/keys"], "asked at most once a minute"


def test_the_same_keys_without_a_fault_let_in(
    app: Flask, database: Database, people: Cast, registered: UUID, book: Gradebook
) -> None:
    with database.transaction() as db:
        row = db.get_one(LtiRegistration, registered)
        row.keys, row.keys_read_at, row.keys_url = {}, None, f"{book.address}/keys"
    book.answers["/keys"] = lambda _: _keys(_KEY)
    assert Phone(app).launch().status_code == 303
