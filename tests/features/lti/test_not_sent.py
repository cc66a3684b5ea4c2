"""What a platform did not take is told to whoever teaches the people it is about, and sent again at their wish."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from lms.config import Settings
from lms.db.accounts import Role
from lms.db.cohorts import Cohort, Place
from lms.db.engine import Database
from lms.features.lti import not_sent  # noqa: F401 – its routes belong to the blueprint
from lms.features.lti.blueprint import bp
from lms.features.lti.sending import Sent
from lms.learning import accounts, cohorts, offered_scores, owed_scores
from lms.learning.offered_scores import Refusal
from tests.conftest import NOON, Cast, Statements
from tests.features.lti.gradebook import Answered, Gradebook
from tests.features.lti.sites import Site
from tests.learning.platform_courses import owed
from tests.visitor import Visitor

PAGE = "/lti/belum-terkirim"
WHY = "Butir nilai ini, atau orang ini, tidak ada lagi di platform."


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, own_network=True)


@pytest.fixture
def lti_app(own_app: Flask) -> Flask:
    if bp.name not in own_app.blueprints:
        own_app.register_blueprint(bp)
    return own_app


def refuse(site: Site) -> None:
    with site.database.transaction() as db:
        (offer,) = offered_scores.take_up(db, site.catalog, site.course.registration, now=site.clock.now, most=9)[1]
        offered_scores.refused(db, [Refusal(offer, WHY)], now=site.clock.now)


def test_whoever_teaches_is_told_why_and_has_it_sent_again(lti_app: Flask, site: Site) -> None:
    grace = Visitor(lti_app).sign_in("grace")
    assert "Semua nilai sudah terkirim" in grace.get(PAGE).text
    refuse(site)
    page = grace.get(PAGE).text
    assert WHY in page
    assert all(word in page for word in ("Ada", "Angkatan I", "Moodle BPSDM"))
    answered = grace.post(PAGE)
    assert "1 nilai dikirim ulang dalam lima menit, asal platformnya melayani." in grace.led(answered).text
    assert site.worker.run() == Sent(1, 0)
    assert "Semua nilai sudah terkirim" in grace.get(PAGE).text
    assert "Tidak ada nilai yang menunggu" in grace.led(grace.post(PAGE)).text


def test_the_overview_leads_there_where_cohorts_are_courses_of_a_platform(
    lti_app: Flask, people: Cast, database: Database, request: pytest.FixtureRequest
) -> None:
    grace = Visitor(lti_app).sign_in("grace")
    assert PAGE not in grace.get("/pengampu").text, "no platform, no line"
    site: Site = request.getfixturevalue("site")
    page = grace.get("/pengampu").text
    assert f'href="{PAGE}">Nilai dan daftar peserta di platform</a>' in page
    refuse(site)
    assert f'href="{PAGE}">1 nilai belum diterima platform</a>' in grace.get("/pengampu").text
    with site.database.transaction() as db:
        theirs = db.scalars(select(Cohort.id).where(Cohort.id != people.cohort)).one()
        cohorts.enrol(db, db.get_one(Cohort, theirs), people.mallory, Place.INSTRUCTOR, now=NOON)
    assert PAGE not in Visitor(lti_app).sign_in("mallory").get("/pengampu").text, "her cohort is none of its courses"
    with site.database.transaction() as db:
        accounts.grant(db, people.edsger, Role.ADMINISTRATOR, now=NOON)
    edsger = Visitor(lti_app).sign_in("edsger")
    for path in ("/pengampu", "/lti/platform"):
        assert f'href="{PAGE}">1 nilai belum diterima platform</a>' in edsger.get(path).text


def test_a_site_without_platforms_pays_nothing_for_that_line(
    app: Flask, people: Cast, database: Database, statements: Statements, request: pytest.FixtureRequest
) -> None:
    grace = Visitor(app).sign_in("grace")
    grace.get("/pengampu")
    alone = statements.of(lambda: grace.get("/pengampu"))
    assert not [one for one in statements.sent if "lti_score" in one]
    request.getfixturevalue("site")
    assert statements.of(lambda: grace.get("/pengampu")) == alone + 1 <= 6


def test_nobody_else_is_told(lti_app: Flask, site: Site) -> None:
    refuse(site)
    with site.database.transaction() as db:
        accounts.grant(db, site.people.edsger, Role.INSTRUCTOR, now=NOON)  # of no cohort
    edsger = Visitor(lti_app).sign_in("edsger")
    assert WHY not in edsger.get(PAGE).text
    edsger.post(PAGE)
    assert owed(site.database)[0].due_at > site.clock.now, "nothing of it is sent"
    assert edsger.post(f"/lti/daftar-peserta/{site.course.course}").status_code == 404
    for login in ("ada", "mallory"):
        assert Visitor(lti_app).sign_in(login).get(PAGE).status_code == 403


def test_a_button_reads_the_roster(lti_app: Flask, site: Site, book: Gradebook) -> None:
    listed = [{"user_id": "u-2", "name": "Budi", "roles": ["Learner"]}]
    book.answers["/roster"] = lambda _: Answered(200, {"members": listed})
    grace = Visitor(lti_app).sign_in("grace")
    assert "belum pernah" in grace.get(PAGE).text
    address = f"/lti/daftar-peserta/{site.course.course}"
    page = grace.led(grace.post(address)).text
    assert "1 orang di kursus ini; 1 keluar." in page
    assert "belum pernah" not in page
    book.answers["/roster"] = lambda _: Answered(503)
    assert "Platform tidak dapat dihubungi" in grace.led(grace.post(address)).text


def test_an_administrator_has_all_of_it_sent_again(site: Site) -> None:
    refuse(site)
    with site.database.transaction() as db:
        assert owed_scores.resend(db) == 1
