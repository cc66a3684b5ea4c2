"""What platforms are asked, as each wants it, and what becomes of what they answer. One of them listens on loopback."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select, update

from lms.catalog.model import Catalog
from lms.db.engine import Database
from lms.db.lti import LtiCourse, LtiKey, LtiLink, LtiScore
from lms.features.lti import rosters, sending
from lms.features.lti.messages import MediaType, Scope
from lms.features.lti.sending import Sent, signing_key
from lms.features.lti.services import LineItem
from lms.learning import offered_scores, owed_scores, platform_keys, platform_rosters
from lms.learning.offered_scores import LEASE
from lms.outgoing import Outgoing
from tests.conftest import NOON, Cast
from tests.features.lti.gradebook import Answered, Asked, Gradebook, gradebook
from tests.features.lti.sites import Clock, Site
from tests.learning.platform_courses import SUBJECT, course, link, owed

# --- scores ---------------------------------------------------------------------------------------------------------


def test_a_score_arrives_below_the_path_and_before_the_query_of_moodle(site: Site) -> None:
    assert site.worker.run() == Sent(1, 0)
    (score,) = site.book.scores
    assert score.pop("at") == "/items/3/lineitem/scores?type_id=1"
    assert score == {
        "userId": SUBJECT,
        "timestamp": "2026-11-23T12:00:30.000000Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 50.0,
        "scoreMaximum": 100.0,
    }
    assert site.worker.run() == Sent(0, 0)


def test_canvas_is_told_to_make_no_new_submission(
    database: Database, people: Cast, catalog: Catalog, book: Gradebook, signs: platform_keys.SigningKey
) -> None:
    Site(database, people, catalog, book, signs, product="canvas").worker.run()
    assert book.scores[0]["https://canvas.instructure.com/lti/submission"] == {"new_submission": False}


def test_a_token_is_asked_for_by_a_signed_assertion_and_kept(site: Site) -> None:
    site.worker.run()
    site.take(right=True)
    site.worker.run()
    (asked,) = (one for one in site.book.asked if one.path == "/token")
    assert asked.form["scope"] == Scope.SCORE
    assert asked.form["grant_type"] == "client_credentials"
    with site.database.reading() as db:
        keys = KeySet.import_key_set(platform_keys.public_keys(db))  # type: ignore[arg-type]
    token = jwt.decode(asked.form["client_assertion"], keys, algorithms=["RS256"])
    claims = token.claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("latsar-1", "latsar-1", f"{site.book.address}/token")
    assert claims["exp"] - claims["iat"] == 300
    assert token.header["kid"] == keys.keys[0].kid
    assert len(site.book.scores) == 2


def test_the_audience_is_the_one_that_the_platform_wants(
    database: Database, people: Cast, catalog: Catalog, book: Gradebook, signs: platform_keys.SigningKey
) -> None:
    site = Site(database, people, catalog, book, signs, audience="https://d2l.example/aud")
    site.worker.run()
    with database.reading() as db:
        keys = KeySet.import_key_set(platform_keys.public_keys(db))  # type: ignore[arg-type]
    asked = next(one for one in book.asked if one.path == "/token")
    assert jwt.decode(asked.form["client_assertion"], keys, algorithms=["RS256"]).claims["aud"] == (
        "https://d2l.example/aud"
    )


def test_a_token_is_asked_for_anew_before_it_ends(site: Site) -> None:
    site.worker.run()
    site.clock.now += timedelta(minutes=59, seconds=1)
    site.take(right=True)
    site.worker.run()
    assert site.book.tokens == 2
    assert len(site.book.scores) == 2


def test_a_token_that_is_taken_no_more_is_asked_for_anew_once(site: Site) -> None:
    site.worker.run()
    site.book.tokens += 1  # another tool's
    site.take(right=True)
    assert site.worker.run() == Sent(1, 0)
    assert site.book.paths().count("/token") == 2
    site.refuses(401)
    site.take(right=True)
    assert site.worker.run() == Sent(0, 1)
    assert site.book.paths().count("/token") == 3
    assert "tidak memberi izin" in (owed(site.database)[0].refusal or "")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "tidak lagi, dapat dinilai"),  # Blackboard of somebody who left, Moodle of who cannot be graded
        (403, "sudah keluar"),  # D2L
        (404, "tidak ada lagi"),  # D2L
        (409, "lebih baru"),
        (422, "tanpa alasan yang dikenal"),
        (302, "tanpa alasan yang dikenal"),
    ],
)
def test_what_a_platform_refuses_is_told_in_a_sentence_and_offered_later(site: Site, status: int, said: str) -> None:
    site.refuses(status)
    assert site.worker.run() == Sent(0, 1)
    (row,) = owed(site.database)
    assert said in row.refusal
    assert row.sent < row.version
    assert row.due_at == site.clock.now + timedelta(minutes=1)
    site.book.answers.clear()
    site.clock.now += timedelta(minutes=1)
    assert site.worker.run() == Sent(1, 0)
    assert owed(site.database)[0].refusal is None


def test_a_score_of_which_nobody_knows_whether_it_arrived_is_not_refused_for_its_time(site: Site) -> None:
    """Killed after the platform took it: of the second the platform says that it knows that time."""
    with site.database.transaction() as db:
        offered_scores.take_up(db, site.catalog, site.course.registration, now=site.clock.now, most=9)
    site.clock.now += LEASE
    site.refuses(409)
    assert site.worker.run() == Sent(1, 0)
    assert owed(site.database)[0].refusal is None


def test_after_a_long_outage_what_is_sent_again_by_hand_waits_five_minutes_at_most(site: Site) -> None:
    site.refuses(503)
    for _ in range(12):
        site.worker.run()
        site.clock.now += timedelta(days=1)
    site.worker.run()
    site.book.answers.clear()
    with site.database.transaction() as db:
        assert owed_scores.resend(db) == 1
    site.clock.now += timedelta(minutes=4, seconds=59)
    assert site.worker.run() == Sent(0, 0)
    site.clock.now += timedelta(seconds=1)
    assert site.worker.run() == Sent(1, 0)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (503, {}, 60),
        (500, {"Retry-After": "later"}, 60),
        (429, {"Retry-After": "600"}, 600),
        (429, {"Retry-After": "5"}, 60),
        (503, {"Retry-After": "Mon, 23 Nov 2026 12:30:30 GMT"}, 1800),
        (503, {"Retry-After": "99999999999"}, 86_400),
    ],
)
def test_a_platform_that_asks_to_be_left_alone_is(
    site: Site, status: int, headers: dict[str, str], seconds: int
) -> None:
    site.refuses(status, **headers)
    assert site.worker.run() == Sent(0, 1)
    assert owed(site.database)[0].due_at == site.clock.now + timedelta(seconds=seconds)
    asked = len(site.book.asked)
    with site.database.transaction() as db:
        db.execute(update(LtiScore).values(due_at=NOON))
    site.clock.now += timedelta(seconds=seconds - 1)
    site.worker.run()
    assert len(site.book.asked) == asked, "no other score is tried meanwhile"
    site.book.answers.clear()
    site.clock.now += timedelta(seconds=1)
    assert site.worker.run() == Sent(1, 0)


@pytest.mark.parametrize(
    "answer",
    [
        Answered(400, {"error": "invalid_client"}),
        Answered(200, ["t"]),
        Answered(200, {"access_token": 7}),
        Answered(200, {"access_token": "a\r\nX-Evil: 1"}),
        Answered(500),
        Answered(302, headers={"Location": "http://127.0.0.1:1/"}),
    ],
)
def test_without_a_token_nothing_is_sent(site: Site, answer: Answered) -> None:
    site.book.answers["/token"] = lambda _: answer
    assert site.worker.run() == Sent(0, 1)
    assert site.book.paths() == ["/token"]


def test_a_platform_that_is_away_keeps_no_other_from_its_scores(site: Site) -> None:
    """It is registered first, and nobody listens at its address."""
    with gradebook() as gone:
        address = gone.address
    with site.database.transaction() as db:
        away = course(db, site.people, address, client_id="away")
        link(db, away, f"kuis/{site.quiz.id}", url=f"{address}/items/1")
        db.execute(update(LtiScore).values(due_at=NOON))
    assert site.worker.run() == Sent(1, 1)
    assert [one.refusal is None for one in sorted(owed(site.database), key=lambda one: one.sent)] == [False, True]


def test_the_connection_is_kept(site: Site) -> None:
    for _ in range(3):
        site.worker.run()
        site.take(right=True)
    before = site.book.connections
    with Outgoing(own_network=True).keeping() as kept:
        for _ in range(5):
            assert kept.get(f"{site.book.address}/elsewhere").status == 401
    assert site.book.connections == before + 1


def test_a_worker_that_watches_sends_what_comes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "EVERY", 0.01)
    stop, arrived = threading.Event(), threading.Event()

    def answer(_: Asked) -> None:
        arrived.set()

    site.book.answers["/items/3/lineitem/scores"] = answer
    thread = threading.Thread(target=site.worker.watch, args=(stop,))
    thread.start()
    try:
        assert arrived.wait(10)
    finally:
        stop.set()
        thread.join()


# --- keys -----------------------------------------------------------------------------------------------------------


def test_keys_change_and_two_of_them_live(database: Database) -> None:
    clock = Clock()

    def signs() -> str:
        return signing_key(database, now=clock).id

    def published() -> list[str]:
        with database.reading() as db:
            return [one["kid"] for one in platform_keys.public_keys(db)["keys"]]

    assert published() == []
    first = signs()
    assert published() == [first]
    clock.now += timedelta(days=91)
    assert signs() == first, "the new one is published a day before it signs"
    second = published()[0]
    assert published() == [second, first]
    clock.now += timedelta(days=1)
    assert signs() == second
    clock.now += timedelta(days=91)
    signs()
    assert published()[1:] == [second]
    with database.reading() as db:
        told = platform_keys.public_keys(db)["keys"][0]
    assert (told["alg"], told["use"], told["kty"]) == ("RS256", "sig", "RSA")
    assert "d" not in told


def test_a_key_that_another_process_made_first_stays(database: Database, signs: platform_keys.SigningKey) -> None:
    for one in (signs, platform_keys.SigningKey("later", signs.private)):
        with database.transaction() as db:
            platform_keys.keep(db, one, now=NOON)
    with database.reading() as db:
        assert list(db.execute(select(LtiKey.id)).scalars()) == [signs.id]


# --- line items -----------------------------------------------------------------------------------------------------


def item(number: int, **named: str) -> dict[str, Any]:
    return {"id": f"https://m.example/items/{number}", "scoreMaximum": 10, "label": "x", **named}


def test_line_items_are_read_page_by_page_with_both_scopes(site: Site) -> None:
    book = site.book
    book.answers["/items"] = lambda asked: Answered(
        200,
        [item(2)] if "page=2" in asked.path else [item(1, tag="t"), "?", {"id": 5}],
        {} if "page=2" in asked.path else {"Link": '</items?type_id=1&page=2>; rel="next"'},
    )
    found = list(site.services.line_items(site.platform, f"{book.address}/items?type_id=1", "tautan 3"))
    assert found == [
        LineItem("https://m.example/items/1", 10.0, "", "", "t"),
        LineItem("https://m.example/items/2", 10.0, "", "", ""),
    ]
    token, first, _second = book.asked
    assert token.form["scope"].split() == [Scope.LINE_ITEM, Scope.LINE_ITEM_READ]
    assert first.path == "/items?type_id=1&resource_link_id=tautan+3"
    assert first.headers["Accept"] == MediaType.LINE_ITEMS


def test_a_link_without_a_line_item_gets_its_own(site: Site) -> None:
    with site.database.transaction() as db:
        other = link(db, site.course, "kuis/pecahan", url=None)
        db.get_one(LtiCourse, site.course.course).scopes = [Scope.LINE_ITEM_READ]
    site.book.answers["/items"] = lambda _: Answered(200, [item(1, resourceId="kuis/pecahan")])

    def look_up() -> int:
        with site.database.reading() as db:
            (listed,) = platform_rosters.courses(db)
        return rosters.find_line_items(site.database, site.services, site.platform, listed, now=site.clock)

    assert (look_up(), look_up()) == (1, 0)
    assert site.book.asked[0].form["scope"] == Scope.LINE_ITEM_READ
    with site.database.reading() as db:
        row = db.execute(select(LtiLink.line_item_url, LtiLink.maximum).where(LtiLink.id == other)).one()
    assert tuple(row) == ("https://m.example/items/1", 10.0)


@pytest.mark.parametrize(
    ("listed", "chosen"),
    [
        ([item(1, resourceLinkId="L")], 1),
        ([item(1, resourceLinkId="M")], None),
        ([item(1, resourceLinkId="L"), item(2, resourceLinkId="L", resourceId="kuis/a")], 2),
        ([item(1, resourceLinkId="L"), item(2, resourceLinkId="L")], None),
        ([item(1, resourceId="kuis/a"), item(2, resourceId="kuis/b")], 1),
        ([item(1, tag="kuis/a"), item(2, tag="kuis/b")], 1),
        ([item(1, resourceLinkId="L"), item(2, resourceId="kuis/a")], 2),
        ([], None),
    ],
)
def test_of_several_line_items_the_one_is_taken_that_is_ours(
    site: Site, listed: list[dict[str, Any]], chosen: int | None
) -> None:
    site.book.answers["/items"] = lambda _: Answered(200, listed)
    url = f"{site.book.address}/items"
    found = site.services.line_item(site.platform, url, link="L", resource="kuis/a")
    assert (found and found.url) == (f"https://m.example/items/{chosen}" if chosen else None)
