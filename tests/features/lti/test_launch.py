"""The door of a platform, as a browser meets it: logins begin, launches answer them, once."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from lms.config import Settings
from lms.db.accounts import AuthSession, Role, User, UserRole
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.db.engine import Database
from lms.db.lti import LtiCourse, LtiLink, LtiNonce, LtiPerson, LtiRegistration
from lms.learning import accounts, attempts, platforms
from lms.learning.platforms import Agreed
from lms.web.site import now
from tests.conftest import Cast, Statements
from tests.features.lti import platform
from tests.features.lti.phone import HERE, INSTRUCTOR, Phone, code_of, contents, rows, signed
from tests.features.lti.platform import GONE, ISSUER
from tests.visitor import TOKEN


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Over HTTPS, since there are no cookies in a frame without; and no platform lies in our own network."""
    return dataclasses.replace(settings, secure_cookies=True, own_network=False)


# --- the way in -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("registered", "people")
def test_a_first_launch_makes_account_cohort_and_link_and_shows_the_quiz(app: Flask, database: Database) -> None:
    phone = Phone(app)
    answered = phone.launch()
    assert (answered.status_code, answered.location) == (303, "/kuis/semua-jenis")
    page = phone.get(answered.location)
    assert page.status_code == 200
    assert 'Sudah punya akun di sini? <a href="/akun">Satukan akun</a>' in page.get_data(as_text=True)
    again = Phone(app)
    assert "Satukan akun" not in again.get(again.launch().location).get_data(as_text=True)
    with database.reading() as db:
        person = db.execute(select(LtiPerson.user_id, LtiPerson.subject)).one()
        assert person.subject == "peserta-7"
        course = db.execute(select(LtiCourse.cohort_id, LtiCourse.context)).one()
        assert db.execute(select(Cohort.name).where(Cohort.id == course.cohort_id)).scalar_one() == "Latsar 2026"
        placed = select(Enrolment.place).where(Enrolment.user_id == person.user_id)
        assert db.execute(placed).scalar_one() == Place.PARTICIPANT
        assert db.execute(select(LtiLink.link, LtiLink.resource)).one() == ("tautan-3", "kuis/semua-jenis")
        name, password = db.execute(select(User.name, User.password_hash).where(User.id == person.user_id)).one()
        assert (name, password) == ("Ada", None)


@pytest.mark.usefixtures("registered", "people")
def test_a_second_launch_is_the_same_person_and_costs_six_statements_at_most(
    app: Flask, database: Database, statements: Statements
) -> None:
    Phone(app).launch()
    before, phone = rows(database), Phone(app)
    asked = phone.asked()
    token = signed(asked["nonce"])
    assert statements.of(lambda: phone.answer(asked["state"], token)) <= 6
    more = {"lti_nonce": 1, "auth_session": 1, "sign_in": 1}
    assert rows(database) == {name: count + more.get(name, 0) for name, count in before.items()}


@pytest.mark.usefixtures("registered")
def test_a_login_writes_nothing(app: Flask, people: Cast, database: Database, statements: Statements) -> None:
    before = rows(database)
    assert statements.of(lambda: Phone(app).begin()) == 1
    assert rows(database) == before


@pytest.mark.usefixtures("registered", "people")
@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        (f"{HERE}/", "/beranda"),
        (HERE, "/beranda"),
        (f"{HERE}/beranda", "/beranda"),
        (f"{HERE}/materi/pecahan", "/materi/pecahan"),
        (f"{HERE}/materi/pecahan/setengah", "/materi/pecahan/setengah"),
        (f"{HERE}/kuis/semua-jenis?x=1#y", "/kuis/semua-jenis"),
    ],
)
def test_course_module_lesson_and_quiz_can_be_launched(app: Flask, target: str, leads_to: str) -> None:
    if "pecahan" in target:
        module, *lesson = _one_of(app)
        target, leads_to = (text.replace("pecahan", module) for text in (target, leads_to))
        target, leads_to = (text.replace("setengah", "".join(lesson)) for text in (target, leads_to))
    assert Phone(app).launch(target_link_uri=target).location == leads_to


def _one_of(app: Flask) -> tuple[str, str]:
    module = next(iter(app.extensions["lms"].pack.current().modules.values()))
    return module.id, module.lessons[0].slug


@pytest.mark.usefixtures("registered", "people")
def test_a_platform_that_launches_all_at_one_address_says_what_we_placed(app: Flask) -> None:
    answered = Phone(app).launch(target_link_uri=f"{HERE}/lti/launch", custom={"latsar": "kuis/semua-jenis"})
    assert answered.location == "/kuis/semua-jenis"


@pytest.mark.usefixtures("registered", "people")
@pytest.mark.parametrize("path", ["kuis/tidak-ada", "materi/x/y", "akun", "pengampu", "static/lms.css", "lti/login"])
def test_what_is_not_there_or_nobody_launches_is_refused(app: Flask, database: Database, path: str) -> None:
    before = rows(database)
    answered = Phone(app).launch(target_link_uri=f"{HERE}/{path}")
    assert (answered.status_code, code_of(answered)) == (400, "LTI34")
    assert rows(database) == before


# --- who it is ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("registered", "people")
def test_an_instructor_teaches_the_cohort_of_the_course_and_sees_its_results(app: Flask, database: Database) -> None:
    Phone(app).launch()
    teacher = Phone(app)
    answered = teacher.launch(sub="pengajar-1", roles=[INSTRUCTOR])
    with database.reading() as db:
        cohort_id = db.execute(select(LtiCourse.cohort_id)).scalar_one()
    assert answered.location == f"/pengampu/angkatan/{cohort_id}/kuis/semua-jenis"
    assert teacher.get(answered.location).status_code == 200
    assert teacher.launch(sub="pengajar-1", roles=[INSTRUCTOR], target_link_uri=HERE).location == (
        f"/pengampu/angkatan/{cohort_id}"
    )


@pytest.mark.usefixtures("registered", "people")
def test_what_a_role_lost_it_loses_at_the_next_launch(app: Flask, database: Database) -> None:
    teacher = Phone(app)
    page = teacher.launch(sub="pengajar-1", roles=[INSTRUCTOR]).location
    demoted = Phone(app)
    assert demoted.launch(sub="pengajar-1").location == "/kuis/semua-jenis"
    assert demoted.get(page).status_code in {403, 404}
    assert teacher.get(page).status_code == 303  # the session that was an instructor's has ended
    with database.reading() as db:
        user = db.execute(select(LtiPerson.user_id)).scalar_one()
        assert set(db.execute(select(UserRole.role).where(UserRole.user_id == user)).scalars()) == {Role.PARTICIPANT}


@pytest.mark.usefixtures("registered", "people")
def test_minutes_that_somebody_was_granted_outlast_their_next_launch(app: Flask, database: Database) -> None:
    Phone(app).launch()
    with database.transaction() as db:
        person = db.execute(select(LtiPerson.user_id)).scalar_one()
        enrolment = db.execute(select(Enrolment).where(Enrolment.user_id == person)).scalar_one()
        enrolment.extra_minutes, enrolment.left_at = 15, now()
    Phone(app).launch()
    with database.reading() as db:
        held = db.execute(select(Enrolment.extra_minutes, Enrolment.left_at).where(Enrolment.user_id == person)).one()
    assert held == (15, None)


@pytest.mark.usefixtures("registered")
def test_no_name_and_no_address_links_to_an_account_that_is_there(app: Flask, people: Cast, database: Database) -> None:
    Phone(app).launch(name="Ada", email="ada@example.id", sub="ada")
    with database.reading() as db:
        assert db.execute(select(LtiPerson.user_id)).scalar_one() != people.ada


@pytest.mark.usefixtures("registered", "people")
def test_administrators_of_a_platform_are_nobody_here(app: Flask, database: Database) -> None:
    everything = ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"]
    Phone(app).launch(roles=everything)
    with database.reading() as db:
        user = db.execute(select(LtiPerson.user_id)).scalar_one()
        assert set(db.execute(select(UserRole.role).where(UserRole.user_id == user)).scalars()) == {Role.PARTICIPANT}


@pytest.mark.usefixtures("registered", "people")
def test_a_closed_account_stays_closed(app: Flask, database: Database) -> None:
    Phone(app).launch()
    with database.transaction() as db:
        accounts.disable(db, db.execute(select(LtiPerson.user_id)).scalar_one(), now=now())
    before = rows(database)
    assert code_of(Phone(app).launch()) == "LTI35"
    assert rows(database) == before


@pytest.mark.usefixtures("registered", "people")
def test_two_courses_of_one_title_are_two_cohorts(app: Flask, database: Database) -> None:
    for context in ("a", "b", "a"):
        Phone(app).launch(context={"id": context, "title": "Angkatan I"})
    with database.reading() as db:
        names = set(db.execute(select(Cohort.name).where(Cohort.name.startswith("Angkatan I"))).scalars())
    assert names == {"Angkatan I", "Angkatan II", "Angkatan I (2)", "Angkatan I (3)"}


@pytest.mark.usefixtures("registered", "people")
def test_a_launch_without_a_course_lets_in_and_enrols_nowhere(app: Flask, database: Database) -> None:
    assert Phone(app).launch(context=GONE).status_code == 303
    with database.reading() as db:
        assert db.execute(select(LtiCourse.id)).first() is None


@pytest.mark.usefixtures("registered", "people")
def test_who_is_named_otherwise_now_is_named_so(app: Flask, database: Database) -> None:
    Phone(app).launch()
    Phone(app).launch(name="  Ada   Lovelace ")
    Phone(app).launch(name=GONE)
    with database.reading() as db:
        name = select(User.name).join(LtiPerson, LtiPerson.user_id == User.id)
        assert db.execute(name).scalar_one() == "Ada Lovelace"


@pytest.mark.usefixtures("registered", "people")
def test_services_of_a_course_are_kept_and_follow(app: Flask, database: Database) -> None:
    scopes = ["https://purl.imsglobal.org/spec/lti-ags/scope/score"]
    url = f"{ISSUER}/mod/lti/services.php/2/lineitems?type_id=1"
    grades = {"scope": scopes, "lineitems": url, "lineitem": f"{ISSUER}/mod/lti/services.php/2/lineitems/3?type_id=1"}
    Phone(app).launch()
    Phone(app).launch(**{platform.GRADES: grades, platform.ROSTER: {"context_memberships_url": f"{ISSUER}/people"}})
    Phone(app).launch()  # one that names none takes none away
    with database.reading() as db:
        course = db.execute(select(LtiCourse.scopes, LtiCourse.line_items_url, LtiCourse.roster_url)).one()
        assert course == (scopes, url, f"{ISSUER}/people")
        assert db.execute(select(LtiLink.line_item_url)).scalar_one() == grades["lineitem"]


@pytest.mark.usefixtures("registered", "people")
def test_who_is_not_named_reads_and_leaves_nothing_behind(app: Flask, database: Database) -> None:
    module, slug = _one_of(app)
    lesson = f"/materi/{module}/{slug}"
    reader = Phone(app)
    before = rows(database)
    answered = reader.launch(sub=GONE, target_link_uri=f"{HERE}{lesson}")
    assert answered.location == lesson
    page = reader.get(lesson).get_data(as_text=True)
    assert "Anda dapat membaca, tetapi tidak ada yang disimpan" in page
    assert reader.get("/beranda").status_code == 200
    assert reader.get("/kuis/semua-jenis").status_code == 403
    token = TOKEN.search(page)
    assert token
    posted = reader.client.post(
        f"{lesson}/selesai", base_url=HERE, data={"csrf_token": token[1]}, headers={"Referer": HERE + lesson}
    )
    assert posted.status_code == 403
    assert "tidak ada yang disimpan" in posted.get_data(as_text=True)
    assert rows(database) == {**before, "lti_nonce": 1}


@pytest.mark.usefixtures("registered", "people")
def test_nobody_answers_a_quiz_for_somebody_who_is_not_named(app: Flask, database: Database) -> None:
    before = rows(database)
    assert code_of(Phone(app).launch(sub=GONE)) == "LTI36"
    assert rows(database) == before


@pytest.mark.usefixtures("registered", "people")
def test_a_submission_is_reviewed_where_it_was_handed_in(app: Flask, database: Database) -> None:
    Phone(app).launch()
    review = {"message_type": "LtiSubmissionReviewRequest", "for_user": {"user_id": "peserta-7"}}
    teacher = Phone(app)
    with database.reading() as db:
        cohort_id = db.execute(select(LtiCourse.cohort_id)).scalar_one()
        user = db.execute(select(LtiPerson.user_id)).scalar_one()
    nothing_yet = teacher.launch(sub="pengajar-1", roles=[INSTRUCTOR], **review)
    assert nothing_yet.location == f"/pengampu/angkatan/{cohort_id}/kuis/semua-jenis"
    catalog = app.extensions["lms"].pack.current()
    with database.transaction() as db:
        attempt_id = attempts.start(db, catalog.quiz("semua-jenis"), user, now=now())
        attempts.submit(db, attempt_id, user, now=now())
    found = teacher.launch(sub="pengajar-1", roles=[INSTRUCTOR], **review)
    assert found.location == f"/pengampu/percobaan/{attempt_id}"
    assert teacher.get(found.location).status_code == 200
    assert Phone(app).launch(**review).location == "/kuis/semua-jenis"  # who takes part reviews nobody


# --- once -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("registered", "people")
def test_one_launch_is_taken_once(app: Flask, database: Database) -> None:
    phone = Phone(app)
    asked = phone.asked()
    token = signed(asked["nonce"])
    assert phone.answer(asked["state"], token).status_code == 303
    before = rows(database)
    assert code_of(phone.answer(asked["state"], token)) == "LTI30"
    assert rows(database) == before


@pytest.mark.usefixtures("registered", "people")
def test_two_hundred_posts_of_one_launch_give_one_session(app: Flask, database: Database) -> None:
    phone = Phone(app)
    asked = phone.asked()
    token, cookies = signed(asked["nonce"]), phone.client._cookies  # type: ignore[attr-defined]
    answered: list[int] = []

    def post() -> None:
        other = Phone(app)
        other.client._cookies = dict(cookies)  # type: ignore[attr-defined]
        answered.append(other.answer(asked["state"], token).status_code)

    for _ in range(10):
        threads = [threading.Thread(target=post) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answered) == [303] + [400] * 199
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(AuthSession)).scalar_one() == 1
        assert db.execute(select(func.count()).select_from(LtiNonce)).scalar_one() == 1


@pytest.mark.usefixtures("registered", "people")
def test_first_launches_of_many_tabs_at_once_make_one_account_and_one_cohort(app: Flask, database: Database) -> None:
    answered: list[int] = []
    phones = [Phone(app) for _ in range(6)]
    ready = [(phone, phone.asked()) for phone in phones]

    def post(phone: Phone, asked: dict[str, str]) -> None:
        answered.append(phone.answer(asked["state"], signed(asked["nonce"])).status_code)

    threads = [threading.Thread(target=post, args=one) for one in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answered == [303] * 6
    with database.reading() as db:
        for table in (LtiPerson, LtiCourse, LtiLink):
            assert db.execute(select(func.count()).select_from(table)).scalar_one() == 1


@pytest.mark.usefixtures("registered", "people")
def test_a_launch_belongs_to_the_browser_that_asked_for_it(app: Flask, database: Database) -> None:
    """Somebody else's token in one's own browser would sign one in as them (login CSRF)."""
    asked, before = Phone(app).asked(), rows(database)
    token = signed(asked["nonce"])
    victim = Phone(app)
    victim.asked()  # it has a cookie, of another login
    answered = victim.answer(asked["state"], token)
    assert "Buka di tab baru" in answered.get_data(as_text=True)
    assert answered.status_code == 200
    assert "Set-Cookie" not in answered.headers
    assert rows(database) == before
    assert victim.answer(asked["state"], token, browser="x" * 32).status_code == 200
    assert rows(database) == before


@pytest.mark.usefixtures("registered", "people")
@pytest.mark.parametrize("state", ["", "x", "W10.abc.def"])
def test_a_state_that_is_not_ours_is_refused(app: Flask, database: Database, state: str) -> None:
    before = rows(database)
    assert code_of(Phone(app).answer(state, signed("x"))) == "LTI12"
    assert rows(database) == before


@pytest.mark.usefixtures("registered", "people")
def test_a_state_of_another_login_does_not_fit(app: Flask, database: Database) -> None:
    phone = Phone(app)
    first, second, before = phone.asked(), phone.asked(), rows(database)
    assert code_of(phone.answer(first["state"], signed(second["nonce"]))) == "LTI29"
    assert rows(database) == before


# --- platforms that are not known, or not yet -------------------------------------------------------------------------


@pytest.mark.usefixtures("registered", "people")
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"iss": "https://other.example"}, "LTI01"),
        ({"client_id": "other"}, "LTI01"),
        ({"iss": ""}, "LTI10"),
        ({"login_hint": ""}, "LTI10"),
        ({"target": ""}, "LTI10"),
        ({"target": "https://evil.example/kuis/x"}, "LTI11"),
        ({"target": f"{HERE}@evil.example/"}, "LTI11"),
        ({"target": "javascript:alert(1)"}, "LTI11"),
    ],
)
def test_a_login_that_cannot_begin_says_why(app: Flask, asked: dict[str, str], code: str) -> None:
    answered = Phone(app).begin(**asked)
    assert code_of(answered) == code
    assert "Set-Cookie" not in answered.headers


def test_a_platform_without_a_yes_lets_nobody_in(app: Flask, database: Database, registered: Any) -> None:
    with database.transaction() as db:
        db.get_one(LtiRegistration, registered).approved_at = None
    assert code_of(Phone(app).begin()) == "LTI02"


@pytest.mark.usefixtures("people")
def test_a_yes_that_is_taken_back_ends_logins_that_began(app: Flask, database: Database, registered: Any) -> None:
    phone = Phone(app)
    asked = phone.asked()
    with database.transaction() as db:
        platforms.remove(db, registered, now=now())
    assert code_of(phone.answer(asked["state"], signed(asked["nonce"]))) == "LTI01"


@pytest.mark.usefixtures("registered")
def test_one_issuer_with_several_clients_must_say_which(app: Flask, database: Database) -> None:
    with database.transaction() as db:
        row = db.execute(select(LtiRegistration)).scalar_one()
        agreed = Agreed(
            name="Kedua",
            issuer=ISSUER,
            client_id="lain",
            authorization_url=row.authorization_url,
            token_url=row.token_url,
            keys_url=row.keys_url,
        )
        platforms.add(db, agreed, approved=True, now=now())
    assert code_of(Phone(app).begin(client_id="")) == "LTI03"
    assert Phone(app).begin().status_code == 302


@pytest.mark.usefixtures("registered", "people")
def test_what_the_platform_itself_refuses_is_told(app: Flask) -> None:
    phone = Phone(app)
    answered = phone.answer(phone.asked()["state"], "", error="login_required")
    assert code_of(answered) == "LTI14"


# --- a frame --------------------------------------------------------------------------------------------------------


@pytest.fixture
def in_frame(app: Flask, registered: Any, people: Cast) -> Phone:
    phone = Phone(app)
    phone.launch(launch_presentation={"return_url": "https://kelas.example.go.id/course/1"})
    return phone


def test_only_the_platform_may_frame_the_pages_of_its_session(app: Flask, in_frame: Phone) -> None:
    page = in_frame.get("/kuis/semua-jenis")
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors https://kelas.example.go.id {ISSUER};" in policy
    assert "/static/frame." in page.get_data(as_text=True)
    stranger = app.test_client().get("/masuk", base_url=HERE)
    assert "frame-ancestors 'none'" in stranger.headers["Content-Security-Policy"]


def test_cookies_of_a_frame_are_partitioned_and_only_for_frames(in_frame: Phone) -> None:
    answered = in_frame.launch()
    (told,) = [cookie for cookie in answered.headers.getlist("Set-Cookie") if "latsar-frame" in cookie]
    assert told.startswith("__Host-latsar-frame=")
    for word in ("Secure", "HttpOnly", "SameSite=None", "Partitioned"):
        assert word in told
    assert in_frame.get("/beranda").status_code == 200
    assert in_frame.get("/beranda", **{"Sec-Fetch-Dest": "document"}).status_code == 303  # to the sign-in page


def test_a_browser_that_keeps_no_cookie_apart_has_each_page_in_its_own_session(app: Flask, in_frame: Phone) -> None:
    """It sends the frame's cookie from a tab of its own, too, where what a page sends does not say where it stands."""
    tab = Phone(app, **{"Sec-Fetch-Dest": "document"})
    tab.launch(sub="another")
    (own,) = [cookie for cookie in tab.client._cookies.values() if cookie.key == "__Host-latsar"]
    asking = {"Sec-Fetch-Dest": "empty", "Accept": "application/json"}
    theirs = in_frame.get("/segar", **asking).json["user"]
    mine = tab.get("/segar", **asking).json["user"]
    assert theirs != mine
    in_frame.client.set_cookie(own.key, own.value, domain="localhost")
    assert in_frame.get("/segar", **asking).json["user"] == mine


def test_what_a_worker_asks_for_in_a_frame_is_a_page_of_the_frame(in_frame: Phone, database: Database) -> None:
    """Firefox does not say where a page will stand for which a worker asks."""
    asking = {"Sec-Fetch-Dest": "empty"}
    page = in_frame.get("/kuis/semua-jenis", **asking)
    assert f"frame-ancestors https://kelas.example.go.id {ISSUER};" in page.headers["Content-Security-Policy"]
    with database.transaction() as db:
        db.execute(delete(AuthSession))
    assert in_frame.get("/masuk", **asking).status_code == 401


def test_where_a_session_ended_no_frame_holds_our_own_door(app: Flask, in_frame: Phone, database: Database) -> None:
    with database.transaction() as db:
        db.execute(delete(AuthSession))
    assert in_frame.get("/kuis/semua-jenis").location.startswith("/masuk")
    sent = in_frame.client.post("/kuis/semua-jenis/mulai", base_url=HERE, headers={"Sec-Fetch-Dest": "iframe"})
    assert sent.location == "/masuk"
    shown = in_frame.get("/masuk")
    assert shown.status_code == 401
    page = shown.get_data(as_text=True)
    assert "Buka lagi kegiatan ini dari platform Anda" in page
    assert "<form" not in page
    assert f"frame-ancestors https://kelas.example.go.id {ISSUER};" in shown.headers["Content-Security-Policy"]
    assert 'action="' not in page
    stranger = Phone(app).get("/masuk")
    assert stranger.status_code == 401
    assert "frame-ancestors *;" in stranger.headers["Content-Security-Policy"], (
        "its words are seen without a cookie, too"
    )
    alone = Phone(app).get("/masuk", **{"Sec-Fetch-Dest": "document"})
    assert "frame-ancestors 'none'" in alone.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/keluar", "/keluar-di-semua-perangkat"])
def test_who_signs_out_in_a_frame_sees_that_they_did(in_frame: Phone, path: str) -> None:
    answered = in_frame.post(path, "/akun")
    shown = in_frame.get(answered.location)
    assert (answered.status_code, shown.status_code) == (303, 401)
    assert "Anda sudah keluar" in shown.get_data(as_text=True)
    assert "frame-ancestors *;" in shown.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("registered", "people")
def test_a_cookie_of_a_tab_says_nothing_of_what_a_frame_keeps(app: Flask, database: Database) -> None:
    """WebKit sends a frame the cookies of our tabs, and keeps none of those that a frame is given."""
    webkit = Phone(app, **{"Sec-Fetch-Dest": "document"})
    webkit.launch()
    before = contents(database)
    webkit.headers["Sec-Fetch-Dest"] = "iframe"
    asked = webkit.asked()
    webkit.client.delete_cookie("__Host-latsar-lti-frame", domain="localhost")
    webkit.client.delete_cookie("__Host-latsar", domain="localhost")  # ``Lax``
    assert "__Host-latsar-lti" in {cookie.key for cookie in webkit.client._cookies.values()}
    answered = webkit.answer(asked["state"], signed(asked["nonce"]))
    assert "Buka di tab baru" in answered.get_data(as_text=True)
    assert contents(database) == before


@pytest.mark.usefixtures("registered")
def test_the_address_of_a_launch_is_told_to_be_none_to_open(app: Flask) -> None:
    """A refused launch, and the list to choose from, stand there; whoever opens it again is led to the course."""
    assert code_of(Phone(app).get("/lti/launch")) == "LTI20"


@pytest.mark.usefixtures("registered", "people")
def test_who_came_by_a_platform_is_led_back_to_it(app: Flask, database: Database) -> None:
    """In a tab of its own, too, the sign-in page is no help to somebody without a password of ours."""
    tab = Phone(app, **{"Sec-Fetch-Dest": "document"})
    tab.launch()
    with database.transaction() as db:
        db.execute(delete(AuthSession))
    assert "Buka lagi kegiatannya dari sana" in tab.get("/masuk", **{"Sec-Fetch-Dest": "document"}).get_data(True)
    stranger = app.test_client().get("/masuk", base_url=HERE).get_data(as_text=True)
    assert "Buka lagi kegiatannya dari sana" not in stranger


@pytest.mark.usefixtures("registered", "people")
def test_in_a_tab_of_its_own_the_session_is_as_everybodys(app: Flask) -> None:
    tab = Phone(app, **{"Sec-Fetch-Dest": "document"})
    answered = tab.launch()
    (told,) = [cookie for cookie in answered.headers.getlist("Set-Cookie") if "__Host-latsar=" in cookie]
    assert "SameSite=Lax" in told
    assert "Partitioned" not in told
    page = tab.get("/beranda", **{"Sec-Fetch-Dest": "document"})
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "/static/frame." not in page.get_data(as_text=True)


@pytest.mark.usefixtures("registered", "people")
def test_a_platform_of_our_own_site_frames_us_with_the_session_that_everybody_has(app: Flask) -> None:
    """``lms.example.go.id`` and ``latsar.example.go.id`` are one site: the browser sends what is ``Lax``."""
    phone = Phone(app, **{"Sec-Fetch-Site": "same-site"})
    answered = phone.launch()
    assert "__Host-latsar=" in str(answered.headers.getlist("Set-Cookie"))
    assert "latsar-frame" not in str(answered.headers.getlist("Set-Cookie"))
    page = phone.get(answered.location)
    assert f"frame-ancestors {ISSUER};" in page.headers["Content-Security-Policy"]
    alone = phone.get(answered.location, **{"Sec-Fetch-Dest": "document"})
    assert "frame-ancestors 'none'" in alone.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("registered", "people")
def test_a_platform_that_keeps_data_is_given_what_proves_the_browser(app: Flask) -> None:
    phone = Phone(app)
    page = phone.begin(lti_storage_target="_parent").get_data(as_text=True)
    assert "/static/lti-login." in page
    browser = page.partition('data-value="')[2].partition('"')[0]
    to = page.partition('href="https')[2].partition('"')[0].replace("&amp;", "&")
    asked = {name: values[0] for name, values in parse_qs(urlsplit("https" + to).query).items()}
    without = Phone(app)  # its cookies were not kept
    token = signed(asked["nonce"])
    offered = without.answer(asked["state"], token).get_data(as_text=True)
    assert "/static/lti-new-tab." in offered
    assert f'value="{asked["state"]}"' in offered
    tab = Phone(app, **{"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "same-origin"})
    assert tab.answer(asked["state"], token, browser=browser).status_code == 303


# --- keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
def test_a_key_that_is_not_known_is_asked_for_once_a_minute(app: Flask, database: Database, registered: Any) -> None:
    with database.transaction() as db:
        row = db.get_one(LtiRegistration, registered)
        row.keys, row.keys_url = {}, "https://127.0.0.1:1/keys"
    assert code_of(Phone(app).launch()) == "LTI23"  # somebody asked within the last minute
    with database.transaction() as db:
        db.get_one(LtiRegistration, registered).keys_read_at = now() - timedelta(minutes=2)
    assert code_of(Phone(app).launch()) == "LTI40"  # it lies in our own network
    assert code_of(Phone(app).launch()) == "LTI23"
