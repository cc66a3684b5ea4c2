"""Whoever came by a platform proves that an older account here is theirs, and the platform opens that from then on."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.config import Settings
from lms.db.accounts import AuthSession, Tries, User
from lms.db.attempts import Attempt
from lms.db.audit import AuditEvent
from lms.db.cohorts import Enrolment, Place
from lms.db.engine import Database
from lms.db.lti import LtiCourse, LtiPerson, LtiScore
from lms.learning import accounts, attempts, launched_people
from lms.web.site import now
from tests.conftest import PASSWORD, Cast
from tests.features.lti.phone import INSTRUCTOR, Phone, rows
from tests.features.lti.platform import GRADES, ISSUER

TAKE = "/akun/satukan"
_SCORES = {"scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"], "lineitem": f"{ISSUER}/items/3"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, secure_cookies=True, own_network=False)


@pytest.fixture
def phone(app: Flask, people: Cast, registered: UUID) -> Phone:
    phone = Phone(app)
    phone.launch(**{GRADES: _SCORES})
    return phone


def person(database: Database, subject: str = "peserta-7") -> UUID:
    with database.reading() as db:
        found: UUID = db.execute(select(LtiPerson.user_id).where(LtiPerson.subject == subject)).scalar_one()
    return found


def places(database: Database, user_id: UUID) -> dict[UUID, tuple[Place, bool]]:
    """By cohort: the place, and whether they left."""
    with database.reading() as db:
        found = select(Enrolment.cohort_id, Enrolment.place, Enrolment.left_at).where(Enrolment.user_id == user_id)
        return {row.cohort_id: (Place(row.place), row.left_at is not None) for row in db.execute(found)}


def give(phone: Phone, login: str = "ada", password: str = PASSWORD) -> Any:
    return phone.post(TAKE, "/akun", login=login, password=password)


def test_the_page_says_what_stays_behind(phone: Phone) -> None:
    page = phone.get("/akun").get_data(as_text=True)
    assert "Saya sudah punya akun di sini" in page
    assert "Tidak ada yang dipindahkan" in page
    assert "Ganti kata sandi</h2>" not in page, "it has none"


def test_the_right_password_links_and_goes_on_in_the_same_frame(
    phone: Phone, app: Flask, database: Database, people: Cast
) -> None:
    made = person(database)
    with database.transaction() as db:
        cohort_id = db.scalars(select(LtiCourse.cohort_id)).one()
        db.execute(update(Enrolment).where(Enrolment.user_id == made).values(extra_minutes=15))
    answered = give(phone)
    assert (answered.status_code, answered.location) == (303, "/beranda")
    assert any(
        "latsar-frame=" in cookie and "Partitioned" in cookie for cookie in answered.headers.getlist("Set-Cookie")
    )
    page = phone.get("/akun")
    assert "<li>ada</li>" in page.get_data(as_text=True)
    assert f"frame-ancestors {ISSUER};" in page.headers["Content-Security-Policy"]
    assert "Saya sudah punya akun" not in page.get_data(as_text=True)
    assert person(database) == people.ada
    assert places(database, people.ada)[cohort_id] == (Place.PARTICIPANT, False)
    assert places(database, made) == {cohort_id: (Place.PARTICIPANT, True)}
    with database.reading() as db:
        minutes = select(Enrolment.extra_minutes).where(
            Enrolment.user_id == people.ada, Enrolment.cohort_id == cohort_id
        )
        assert db.execute(minutes).scalar_one() == 15
        assert (
            db.execute(select(func.count()).select_from(AuthSession).where(AuthSession.user_id == made)).scalar() == 0
        )
        event = db.execute(select(AuditEvent.actor_id).where(AuditEvent.action == "lti.link")).scalar_one()
        assert event == people.ada
    before = rows(database)
    assert Phone(app).launch().status_code == 303
    more = {"lti_nonce": 1, "auth_session": 1, "sign_in": 1}
    assert rows(database) == {name: count + more.get(name, 0) for name, count in before.items()}
    assert person(database) == people.ada


def test_the_platform_is_owed_what_the_older_account_has_there_and_no_more(
    phone: Phone, app: Flask, database: Database, people: Cast
) -> None:
    """Ada took part in the cohort of that course already, and handed in; so did the account that the platform made."""
    made, quiz = person(database), app.extensions["lms"].pack.current().quiz("semua-jenis")
    with database.transaction() as db:
        cohort_id = db.scalars(select(LtiCourse.cohort_id)).one()
        db.execute(update(Enrolment).where(Enrolment.user_id == people.ada).values(cohort_id=cohort_id))
    for user_id in (made, people.ada):
        with database.transaction() as db:
            attempt_id = attempts.start(db, quiz, user_id, now=now())
            attempts.submit(db, attempt_id, user_id, now=now())
    with database.reading() as db:
        (owed,) = db.execute(select(LtiScore.enrolment_id)).scalars()
    assert give(phone).status_code == 303
    with database.reading() as db:
        (row,) = db.execute(select(LtiScore.enrolment_id, LtiScore.subject, LtiScore.sent, LtiScore.version))
        holder = db.execute(select(Enrolment.user_id).where(Enrolment.id == row.enrolment_id)).scalar_one()
        kept = db.execute(select(func.count()).select_from(Attempt).where(Attempt.user_id == made)).scalar_one()
    assert row.enrolment_id != owed
    assert (holder, row.subject, row.sent < row.version) == (people.ada, "peserta-7", True)
    assert kept == 1, "what was done with it stays with it"


def test_whoever_left_that_cohort_comes_back_to_it_as_what_the_platform_says(
    app: Flask, database: Database, people: Cast, registered: UUID
) -> None:
    teacher = Phone(app)
    teacher.launch(sub="pengajar-1", roles=[INSTRUCTOR])
    with database.transaction() as db:
        cohort_id = db.scalars(select(LtiCourse.cohort_id)).one()
        moved = update(Enrolment).where(Enrolment.user_id == people.ada)
        db.execute(moved.values(cohort_id=cohort_id, left_at=now()))
    give(teacher)
    assert places(database, people.ada)[cohort_id] == (Place.INSTRUCTOR, False)
    assert teacher.get(f"/pengampu/angkatan/{cohort_id}").status_code == 200


def test_a_wrong_password_is_a_try_like_any_other_and_changes_nothing(
    phone: Phone, database: Database, people: Cast
) -> None:
    made = person(database)
    for _ in range(5):
        answered = give(phone, password="salah sekali")
        assert answered.status_code == 303
    page = phone.get(answered.location.partition("#")[0]).get_data(as_text=True)
    assert "tidak cocok" in page
    assert 'value="ada"' in page
    assert "salah sekali" not in page
    with database.reading() as db:
        assert db.execute(select(Tries.failures).where(Tries.login == "ada")).scalar_one() == 5
    give(phone, password="salah sekali")
    answered = give(phone)
    early = phone.get(answered.location.partition("#")[0])
    assert (early.status_code, "Retry-After" in early.headers) == (429, True)
    assert person(database) == made
    assert list(places(database, people.ada)) == [people.cohort]


def test_another_person_of_the_platform_takes_no_account_without_its_password(
    phone: Phone, app: Flask, database: Database, people: Cast
) -> None:
    give(phone)
    mallory = Phone(app)
    mallory.launch(sub="peserta-8", name="Ada", email="ada@example.id")
    give(mallory, password="ini kata sandi saya")
    assert person(database, "peserta-8") != people.ada
    assert person(database) == people.ada


@pytest.mark.parametrize("why", ["closed", "demonstration", "no password", "made by a platform"])
def test_an_account_that_nobody_may_take_is_not_taken(
    phone: Phone, app: Flask, database: Database, people: Cast, why: str
) -> None:
    made, login = person(database), "ada"
    with database.transaction() as db:
        ada = db.get_one(User, people.ada)
        if why == "closed":
            accounts.disable(db, people.ada, now=now())
        elif why == "demonstration":
            ada.demonstration = True
        elif why == "no password":
            ada.password_hash = None
    if why == "made by a platform":
        Phone(app).launch(sub="peserta-8")
        with database.reading() as db:
            login = db.execute(select(User.login).where(User.id == person(database, "peserta-8"))).scalar_one()
    before = rows(database)
    page = phone.get(give(phone, login).location.partition("#")[0]).get_data(as_text=True)
    assert "tidak cocok" in page
    assert person(database) == made
    told = {"tries", "sign_in", "carried"}
    assert {name for name, count in rows(database).items() if count != before[name]} <= told


@pytest.mark.parametrize("who", ["ada", "closed", "demonstration", "with a password"])
def test_only_an_account_that_nothing_but_a_launch_opens_is_linked(
    phone: Phone, database: Database, people: Cast, who: str
) -> None:
    made = people.grace if who == "ada" else person(database)
    with database.transaction() as db:
        user = db.get_one(User, made)
        if who == "closed":
            user.disabled_at = now()
        elif who == "demonstration":
            user.demonstration = True
        elif who == "with a password":
            user.password_hash = db.get_one(User, people.ada).password_hash
    with database.reading() as db:
        assert not launched_people.only_by_platform(db, made)
    before = person(database)
    with pytest.raises(launched_people.NotLinkable), database.transaction() as db:
        launched_people.link(db, made, people.ada, now=now())
    assert person(database) == before


def test_with_an_account_of_ones_own_there_is_nothing_to_link(
    app: Flask, database: Database, people: Cast, registered: UUID
) -> None:
    grace = Phone(app, within="document")
    sent = {"login": "grace", "password": PASSWORD}
    assert grace.post("/masuk", "/masuk", **sent).status_code == 303
    assert "Saya sudah punya akun" not in grace.get("/akun").get_data(as_text=True)
    assert grace.post(TAKE, "/akun", login="ada", password=PASSWORD).status_code == 403


def test_a_quiz_that_runs_is_handed_in_before(phone: Phone, app: Flask, database: Database, people: Cast) -> None:
    made, quiz = person(database), app.extensions["lms"].pack.current().quiz("semua-jenis")
    with database.transaction() as db:
        attempts.start(db, quiz, made, now=now())
    page = phone.get(give(phone).location.partition("#")[0]).get_data(as_text=True)
    assert "Kumpulkan dahulu kuis" in page
    assert person(database) == made


def test_two_at_once_link_once(phone: Phone, database: Database, people: Cast) -> None:
    made = person(database)
    with database.transaction() as db:
        launched_people.link(db, made, people.ada, now=now())
    with pytest.raises(launched_people.NotLinkable), database.transaction() as db:
        launched_people.link(db, made, people.edsger, now=now())
    assert person(database) == people.ada
