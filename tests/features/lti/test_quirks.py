"""What platforms do in their own way, each with the test that holds it. Sources: their documentation, and what users of
other tools reported (numbers of issues)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from lms.catalog.model import Catalog
from lms.config import Settings
from lms.db.accounts import User
from lms.db.cohorts import Cohort
from lms.db.engine import Database
from lms.db.lti import LtiCourse, LtiLink, LtiPerson, LtiRegistration
from lms.features.lti.sending import Sent
from lms.learning import platform_keys, platforms
from lms.web.site import now
from tests.conftest import Cast, Statements
from tests.features.lti import platform
from tests.features.lti.gradebook import Gradebook, gradebook
from tests.features.lti.phone import HERE, QUIZ, Phone, code_of, contents, signed
from tests.features.lti.platform import CLIENT, GONE, GRADES, ISSUER, LTI
from tests.features.lti.sites import Site
from tests.learning.platform_courses import course, link, owed

#: Quirk -> the tests that hold it, of this folder unless a folder stands before.
QUIRKS = {
    "Moodle: lineitem.readonly is named beside lineitem": (
        "test_services.test_line_items_are_read_page_by_page_with_both_scopes",
        "test_messages.test_what_we_say_of_ourselves_and_what_comes_back",
    ),
    "Moodle: addresses have a query (?type_id=), before which /scores goes": (
        "test_services.test_a_score_arrives_below_the_path_and_before_the_query_of_moodle",
        "test_messages.test_scores_go_below_the_path_of_a_line_item_and_before_its_query",
        "test_messages.test_what_the_address_of_a_platform_says_stays_and_cannot_say_our_part",
    ),
    "Moodle: 400 for who cannot be graded in the course (ltijs 65)": (
        "test_services.test_what_a_platform_refuses_is_told_in_a_sentence_and_offered_later",
        "tests.learning.test_owed_scores.test_who_tries_a_quiz_as_an_instructor_is_owed_nothing",
    ),
    "Canvas: one issuer for all its customers": (
        "test_quirks.test_of_several_clients_of_one_issuer_each_has_its_own_people_and_keys",
        "test_launch.test_one_issuer_with_several_clients_must_say_which",
    ),
    "Canvas: each score makes a submission unless told otherwise": (
        "test_services.test_canvas_is_told_to_make_no_new_submission",
        "test_quirks.test_nobody_else_is_told_what_only_canvas_knows",
    ),
    "Canvas: courses are shown at another host than the one that signs": (
        "test_launch.test_only_the_platform_may_frame_the_pages_of_its_session",
    ),
    "Canvas: its configuration lies at another host than its issuer": (
        "test_messages.test_a_platform_that_says_too_little_or_speaks_for_another_is_refused",
    ),
    "Blackboard: one client for all, and a deployment for each institution": (
        "test_quirks.test_two_institutions_with_a_course_of_one_id_have_two_cohorts",
    ),
    "Blackboard: comments are lost when results are asked for": ("test_quirks.test_nobody_asks_for_results",),
    "Blackboard: 400 for who left the course; D2L: 403, 404": (
        "test_services.test_what_a_platform_refuses_is_told_in_a_sentence_and_offered_later",
        "test_rosters.test_a_roster_is_read_page_by_page_and_changes_who_takes_part",
    ),
    "D2L, and others: a token is asked for by an audience of their own (oli-torus 1735)": (
        "test_services.test_the_audience_is_the_one_that_the_platform_wants",
        "test_messages.test_a_platform_says_where_everything_is",
    ),
    "D2L: registration opens in a tab, which is told to close": (
        "test_registration.test_only_the_platform_that_asks_may_show_it_in_a_frame",
    ),
    "Open edX: the lineitem claim names one of several (xblock-lti-consumer 707)": (
        "test_services.test_of_several_line_items_the_one_is_taken_that_is_ours",
        "test_quirks.test_a_line_item_that_another_link_has_is_not_taken_from_it",
    ),
    "Open edX: a client and keys for each component": (
        "test_quirks.test_of_several_clients_of_one_issuer_each_has_its_own_people_and_keys",
    ),
    "Service tokens reach no other tool's or platform's grades (tutor 800)": (
        "test_quirks.test_a_token_of_one_platform_goes_to_no_other",
    ),
    "Scores that failed are lost": (
        "test_not_sent.test_whoever_teaches_is_told_why_and_has_it_sent_again",
        "tests.learning.test_owed_scores.test_what_is_refused_is_offered_after_pauses_that_grow_and_told",
    ),
    "No third-party cookies (canvas 1900, ltijs 180, Carnap 351)": (
        "test_launch.test_a_platform_that_keeps_data_is_given_what_proves_the_browser",
        "test_launch.test_cookies_of_a_frame_are_partitioned_and_only_for_frames",
        "test_launch.test_a_launch_belongs_to_the_browser_that_asked_for_it",
    ),
    "Another version of LTI is told as such (hypothesis 4189)": (
        "test_quirks.test_another_version_is_told_as_such",
        "test_quirks.test_a_token_of_another_version_is_told_as_such",
    ),
    "Roles may be empty, or missing": (
        "test_protocol.test_what_a_platform_may_leave_out_or_say_otherwise_is_no_reason_to_refuse",
        "test_quirks.test_whoever_has_no_role_takes_part",
    ),
    "Names may be missing, or in parts; variables come as they were written": (
        "test_quirks.test_variables_that_a_platform_does_not_know_are_nobodys_name",
        "test_launch.test_who_is_named_otherwise_now_is_named_so",
    ),
    "Nobody may be named at all": ("test_launch.test_who_is_not_named_reads_and_leaves_nothing_behind",),
    "All links are launched at one address": (
        "test_launch.test_a_platform_that_launches_all_at_one_address_says_what_we_placed",
    ),
}


def test_each_quirk_has_its_tests() -> None:
    for quirk, tests in QUIRKS.items():
        for one in tests:
            home, _, name = one.rpartition(".")
            module = import_module(home if home.startswith("tests.") else f"tests.features.lti.{home}")
            assert callable(getattr(module, name, None)), (quirk, one)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, secure_cookies=True, own_network=True)


# --- who comes in ---------------------------------------------------------------------------------------------------


@pytest.fixture
def other(database: Database, registered: UUID) -> UUID:
    """Another client of the same issuer, with other keys."""
    with database.transaction() as db:
        first = db.get_one(LtiRegistration, registered)
        agreed = platforms.Agreed(
            name="Kedua",
            issuer=ISSUER,
            client_id="latsar-2",
            authorization_url=first.authorization_url,
            token_url=first.token_url,
            keys_url=f"{first.keys_url}?lain",
            deployments=tuple(first.deployments),
        )
        row = platforms.add(db, agreed, approved=True, now=now())
        row.keys, row.keys_read_at = {"kunci-2": platform.public("kunci-2")}, now()
        found: UUID = row.id
    return found


def test_of_several_clients_of_one_issuer_each_has_its_own_people_and_keys(
    app: Flask, database: Database, people: Cast, registered: UUID, other: UUID
) -> None:
    Phone(app).launch()
    phone = Phone(app)
    answered = phone.begin(client_id="latsar-2")
    assert "client_id=latsar-2" in answered.location
    asked = phone.asked(client_id="latsar-2")
    said = platform.claims(now(), {"aud": "latsar-2", "nonce": asked["nonce"], "target_link_uri": QUIZ})
    before = contents(database)
    assert code_of(phone.answer(asked["state"], platform.token(said))) == "LTI23", "the first one's key"
    assert contents(database) == before
    assert phone.answer(asked["state"], platform.token(said, id="kunci-2", signed_by="kunci-2")).status_code == 303
    with database.reading() as db:
        known = db.execute(select(LtiPerson.registration_id, LtiPerson.user_id).where(LtiPerson.subject == "peserta-7"))
        by_registration = {row.registration_id: row.user_id for row in known}
        cohorts = set(db.execute(select(LtiCourse.cohort_id)).scalars())
    assert by_registration.keys() == {registered, other}
    assert len(set(by_registration.values())) == 2, "the same number there is another person"
    assert len(cohorts) == 2


def test_two_institutions_with_a_course_of_one_id_have_two_cohorts(
    app: Flask, database: Database, people: Cast, registered: UUID
) -> None:
    with database.transaction() as db:
        platforms.add_deployment(db, registered, "lembaga-2", now=now())
    Phone(app).launch()
    Phone(app).launch(deployment_id="lembaga-2", sub="peserta-8")
    with database.reading() as db:
        rows = db.execute(select(LtiCourse.deployment, LtiCourse.context, Cohort.name).join(Cohort)).all()
    assert {tuple(row) for row in rows} == {
        ("1", "kelas-9", "Latsar 2026"),
        ("lembaga-2", "kelas-9", "Latsar 2026 (2)"),
    }


@pytest.mark.parametrize("roles", [[], GONE, ["http://purl.imsglobal.org/vocab/lis/v2/system/person#User"]])
def test_whoever_has_no_role_takes_part(app: Flask, people: Cast, registered: UUID, roles: Any) -> None:
    assert Phone(app).launch(roles=roles).location == "/kuis/semua-jenis"


def test_variables_that_a_platform_does_not_know_are_nobodys_name(
    app: Flask, database: Database, people: Cast, registered: UUID
) -> None:
    custom = {"latsar": "kuis/semua-jenis", "nama": "$Person.name.full", "kursus": "$Context.title", "nomor": 7}
    assert Phone(app).launch(name=GONE, custom=custom).location == "/kuis/semua-jenis"
    with database.reading() as db:
        names = set(db.execute(select(User.name).join(LtiPerson)).scalars())
    assert names == {"Tanpa nama"}


def test_a_line_item_that_another_link_has_is_not_taken_from_it(
    app: Flask, database: Database, people: Cast, registered: UUID, statements: Statements
) -> None:
    grades = {"scope": [], "lineitems": f"{ISSUER}/items", "lineitem": f"{ISSUER}/items/1"}

    def launch(link: str, quiz: str, **changed: Any) -> None:
        more = {"resource_link": {"id": link}, "target_link_uri": f"{HERE}/kuis/{quiz}", GRADES: grades, **changed}
        assert Phone(app).launch(**more).status_code == 303

    def line_items() -> dict[str, str | None]:
        with database.reading() as db:
            rows = db.execute(select(LtiLink.link, LtiLink.line_item_url))
            return {row.link: row.line_item_url for row in rows}

    launch("a", "semua-jenis")
    launch("b", "pecahan")
    assert line_items() == {"a": f"{ISSUER}/items/1", "b": None}
    assert statements.of(lambda: launch("b", "pecahan")) <= 6 + 1, "and the login before it"
    launch("c", "semua-jenis")
    assert line_items()["c"] == f"{ISSUER}/items/1", "the same quiz, placed anew"
    launch("b", "pecahan", **{GRADES: {**grades, "lineitem": f"{ISSUER}/items/2"}})
    assert line_items()["b"] == f"{ISSUER}/items/2"


@pytest.mark.parametrize("path", ["/lti/launch", "/lti/login"])
@pytest.mark.parametrize("version", ["LTI-1p0", "LTI-2p0"])
def test_another_version_is_told_as_such(
    app: Flask, database: Database, people: Cast, registered: UUID, path: str, version: str
) -> None:
    form = {
        "lti_message_type": "basic-lti-launch-request",
        "lti_version": version,
        "oauth_consumer_key": CLIENT,
        "resource_link_id": "tautan-3",
        "user_id": "7",
    }
    before = contents(database)
    answered = app.test_client().post(path, data=form, base_url=HERE)
    assert code_of(answered) == "LTI31"
    assert "1.3" in answered.get_data(as_text=True)
    assert contents(database) == before


def test_a_token_of_another_version_is_told_as_such(app: Flask, people: Cast, registered: UUID) -> None:
    phone = Phone(app)
    asked = phone.asked()
    answered = phone.answer(asked["state"], signed(asked["nonce"], **{LTI + "version": "1.1"}))
    assert code_of(answered) == "LTI31"


# --- what is sent ---------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere() -> Iterator[Gradebook]:
    with gradebook() as found:
        yield found


def test_a_token_of_one_platform_goes_to_no_other(site: Site, elsewhere: Gradebook) -> None:
    """Two clients of one issuer, Ada in a course of each: each score goes with a token that its own platform gave."""
    with site.database.transaction() as db:
        theirs = course(db, site.people, elsewhere.address, client_id="latsar-2")
        link(db, theirs, f"kuis/{site.quiz.id}", url=f"{elsewhere.address}/items/8")
    elsewhere.tokens = 40  # its next one is called otherwise
    assert site.worker.run() == Sent(2, 0)
    for book, client, token in ((site.book, "latsar-1", "t-1"), (elsewhere, "latsar-2", "t-41")):
        told = {one.headers["Authorization"] for one in book.asked if "Authorization" in one.headers}
        assert told == {f"Bearer {token}"}
        assert len(book.scores) == 1, client


def test_nobody_else_is_told_what_only_canvas_knows(site: Site) -> None:
    site.worker.run()
    assert not [name for name in site.book.scores[0] if name.startswith("https://")]


def test_nobody_asks_for_results(
    database: Database, people: Cast, catalog: Catalog, book: Gradebook, signs: platform_keys.SigningKey
) -> None:
    site = Site(database, people, catalog, book, signs, product="BlackboardLearn")
    site.worker.run()
    assert {one.path for one in book.asked} == {"/token", "/items/3/lineitem/scores?type_id=1"}
    assert not any("result" in one.form["scope"] for one in book.asked if one.path == "/token")
    assert owed(database)[0].refusal is None
