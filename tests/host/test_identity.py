"""Nobody signs in twice: whoever is signed in at the host is there, as long as the host says so."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Iterator
from functools import partial
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy import text as text_of_sql
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

import lms
from lms.config import BadSetting, Settings
from lms.db.accounts import AuthSession, HostPerson, Role, User
from lms.db.engine import Database
from lms.errors import Unavailable
from lms.learning import accounts, attempt_records, host_people
from lms.web.site import Site
from tests.conftest import NOON, PASSWORD, Cast, Statements
from tests.host.conftest import Guest, mount
from tests.host.portal import Portal, portal
from tests.visitor import TOKEN, Visitor


@pytest.fixture
def ours(guesthouse: Portal) -> Site:
    site: Site = guesthouse.app.extensions["lms"]["/latsar"]
    return site


def people_here(database: Database) -> int:
    with database.reading() as db:
        count: int = db.execute(select(func.count()).select_from(User)).scalar_one()
    return count


def text(visitor: Visitor, path: str) -> str:
    answered = visitor.get(path)
    assert answered.status_code == 200, (path, answered.status_code, answered.location)
    return answered.get_data(as_text=True)


def answer(visitor: Visitor, attempt: str, response: list[str]) -> int:
    body = {"item": "k-terbesar", "response": response, "revision": 1, "save_id": str(uuid4()), "version": None}
    return visitor.send(f"{attempt}/simpan", body).status_code


# --- who is there ---------------------------------------------------------------------------------------------------


def test_whoever_is_signed_in_at_the_host_takes_a_quiz_and_is_out_when_they_sign_out_there(guesthouse: Portal) -> None:
    ada = guesthouse.add("Ada Lovelace", cohorts={"Angkatan I": "participant"})
    guest = Guest(guesthouse.app).enter(ada)
    ours = guest.at("/latsar")
    assert "Ada Lovelace" in text(ours, "/akun")
    attempt = ours.post("/kuis/pecahan/mulai").location.removeprefix("/latsar")
    assert "Manakah yang terbesar?" in text(ours, attempt)
    assert answer(ours, attempt, ["a"]) == 200
    guest.leave()
    assert ours.get(attempt).location == f"/latsar/masuk?next={attempt}"
    assert answer(ours, attempt, ["b"]) == 401
    guest.enter(ada)
    assert ours.get(attempt).status_code == 200
    with guesthouse.app.extensions["lms"]["/latsar"].database.reading() as db:
        rows = attempt_records.items(db, UUID(attempt.rpartition("/")[2]))
        assert [row.value for row in rows if row.item == "k-terbesar"] == ['["a"]']
        assert db.execute(select(func.count()).select_from(AuthSession)).scalar_one() == 0


def test_the_host_sees_its_own_request_and_keeps_nothing_of_it(guesthouse: Portal) -> None:
    guest = Guest(guesthouse.app).enter(guesthouse.add("Ada Lovelace"))
    before = guest.client.get_cookie("session")
    answered = guest.at("/latsar").get("/beranda")
    assert answered.status_code == 200
    assert guesthouse.asked == ["|/latsar/beranda"]
    assert not [cookie for cookie in answered.headers.getlist("Set-Cookie") if not cookie.startswith("latsar")]
    assert guest.client.get_cookie("session") == before
    assert guest.client.get("/rahasia").get_data(as_text=True) == "Ada Lovelace, never asked"


def test_whom_the_host_remembers_by_a_cookie_of_its_own_is_there(guesthouse: Portal) -> None:
    """Flask-Login calls it the same everywhere, and it is signed with a key that we share."""
    guest = Guest(guesthouse.app).enter(guesthouse.add("Ada Lovelace"), remember="1")
    guest.client.delete_cookie("session")
    assert guest.client.get_cookie("remember_token")
    assert guest.at("/latsar").get("/beranda").status_code == 200


def test_a_host_below_a_prefix(guesthouse: Portal) -> None:
    outside = Flask("outside")
    outside.wsgi_app = DispatcherMiddleware(outside.wsgi_app, {"/a": guesthouse.app.wsgi_app})  # type: ignore[method-assign]
    nobody = Visitor(outside, "/a/latsar")
    assert nobody.get("/masuk?next=/beranda").location == "/a/masuk?next=%2Fa%2Flatsar%2Fberanda"
    assert guesthouse.asked == ["/a|/latsar/masuk"]


@pytest.mark.parametrize("behind", ["before", "after", "twice"])
def test_a_proxy_is_believed_whenever_the_host_says_so(settings: Settings, behind: str) -> None:
    made = portal()
    believe = partial(ProxyFix, x_for=1, x_proto=1, x_host=1, x_prefix=1)
    if behind != "after":
        made.app.wsgi_app = believe(made.app.wsgi_app)  # type: ignore[method-assign]
    if behind == "twice":
        made.app.wsgi_app = ProxyFix(made.app.wsgi_app, x_for=0, x_proto=0)  # type: ignore[method-assign]
    mount(made, "/latsar", settings)
    mount(made, "/kursus", settings)
    if behind == "after":
        made.app.wsgi_app = believe(made.app.wsgi_app)  # type: ignore[method-assign]
    told = {"X-Forwarded-Prefix": "/a", "X-Forwarded-Host": "portal.example", "X-Forwarded-Proto": "https"}
    client = made.app.test_client()
    for prefix in ("/latsar", "/kursus"):
        asked = client.get(f"{prefix}/masuk?next=/beranda", headers=told)
        assert asked.location == f"/a/masuk?next=%2Fa%2F{prefix[1:]}%2Fberanda"
        assert made.asked[-1] == f"/a|{prefix}/masuk"
    assert client.get("/", headers=told).status_code == 200
    for site in made.app.extensions["lms"].values():
        site.database.dispose()


def test_our_sign_in_page_leads_to_the_host_and_back(guesthouse: Portal) -> None:
    guest = Guest(guesthouse.app)
    ours = guest.at("/latsar")
    assert ours.get("/kuis/pecahan?x=1").location == "/latsar/masuk?next=/kuis/pecahan?x%3D1"
    there = ours.get("/masuk?next=/kuis/pecahan?x%3D1").location
    assert there == "/masuk?next=%2Flatsar%2Fkuis%2Fpecahan%3Fx%3D1"
    ada = guesthouse.add("Ada Lovelace")
    token = TOKEN.search(guest.client.get(there).get_data(as_text=True))
    assert token
    answered = guest.client.post(there, data={"csrf_token": token[1], "name": ada.name})
    assert answered.location == "/latsar/kuis/pecahan?x=1"
    assert ours.get("/masuk").location == "/latsar/beranda"
    for elsewhere in ("https://example.org/", "//example.org", "/\\example.org", "javascript:0"):
        guest.leave()
        assert ours.get("/masuk", query_string={"next": elsewhere}).location == "/masuk?next=%2Flatsar%2Fberanda"


def test_there_is_no_way_in_but_the_hosts(guesthouse: Portal, people: Cast, ours: Site) -> None:
    """``people`` lie in the same database, with passwords and devices from before the mount."""
    with ours.database.transaction() as db:
        token = accounts.invite(db, people.ada, lifetime=ours.settings.session_lifetime, now=NOON)
    nobody = Guest(guesthouse.app).at("/latsar")
    nobody.get("/tampilan")  # has a form of ours
    assert nobody.post("/masuk", {"login": "ada", "password": PASSWORD}).status_code == 403
    assert nobody.get(f"/undangan/{token}").status_code == 403
    guest = Guest(guesthouse.app).enter(guesthouse.add("Ada Lovelace"))
    ada = guest.at("/latsar")
    page = text(ada, "/akun")
    assert "Akun dari portal" in page
    assert "kata-sandi" not in page
    refused = {
        "/masuk": {"login": "ada", "password": PASSWORD},
        "/akun/kata-sandi": {"current": PASSWORD, "new": "x" * 20, "again": "x" * 20},
        "/keluar-di-semua-perangkat": {},
        f"/undangan/{token}": {"new": "x" * 20, "again": "x" * 20},
    }
    for path, form in refused.items():
        answered = ada.post(path, form)
        assert answered.status_code == 403, path
        assert "portal" in answered.get_data(as_text=True)


def test_a_session_of_ours_from_before_opens_nothing(settings: Settings, people: Cast) -> None:
    made = portal()
    before = lms.init_app(made.app, settings=settings)
    ada = Visitor(made.app, "/latsar").sign_in("ada")
    cookie = ada._client.get_cookie("latsar", path="/latsar/")
    assert cookie
    hosted = portal()
    mount(hosted, "/latsar", settings)
    guest = Guest(hosted.app)
    guest.client.set_cookie("latsar", cookie.value, path="/latsar/")
    assert guest.at("/latsar").get("/beranda").status_code == 303
    before.extensions["lms"].database.dispose()
    hosted.app.extensions["lms"]["/latsar"].database.dispose()


# --- what they may --------------------------------------------------------------------------------------------------


def test_roles_and_cohorts_are_what_the_host_says_at_the_next_page(guesthouse: Portal) -> None:
    grace = guesthouse.add("Grace", roles=["instructor"], cohorts={"Angkatan I": "instructor"})
    ada = guesthouse.add("Ada", cohorts={"Angkatan I": "participant"})
    Guest(guesthouse.app).enter(ada).at("/latsar").get("/beranda")
    teaching = Guest(guesthouse.app).enter(grace).at("/latsar")
    listed = text(teaching, "/pengampu")
    assert "Angkatan I" in listed
    grace.roles, grace.cohorts = ["participant"], {}
    assert teaching.get("/pengampu").status_code == 403
    grace.roles = []
    assert teaching.get("/beranda").status_code == 403
    grace.roles = ["participant"]
    assert teaching.get("/beranda").status_code == 200


def test_a_page_costs_one_statement_for_who_is_there(guesthouse: Portal, ours: Site) -> None:
    ada = guesthouse.add("Ada Lovelace", roles=["editor", "participant"], cohorts={"Angkatan I": "participant"})
    visitor = Guest(guesthouse.app).enter(ada).at("/latsar")
    heard = Statements()
    event.listen(ours.database.engine, "before_cursor_execute", heard.listen)
    assert heard.of(lambda: visitor.get("/segar")) > 1  # the first visit
    assert heard.of(lambda: visitor.get("/segar")) == 1, heard.sent
    ada.cohorts = None
    assert heard.of(lambda: visitor.get("/segar")) == 1, heard.sent
    assert "INSERT" not in " ".join(heard.sent)
    ada.name = "Bu Ada"
    assert heard.of(lambda: visitor.get("/segar")) > 1
    assert heard.of(lambda: visitor.get("/segar")) == 1, heard.sent


def test_public_pages_of_strangers_make_no_accounts(guesthouse: Portal, ours: Site) -> None:
    nobody = Guest(guesthouse.app).at("/latsar")
    for path in ("/", "/bantuan", "/sw.js", "/aplikasi.webmanifest", "/luring", "/beranda"):
        nobody.get(path)
    assert people_here(ours.database) == 0


def test_an_account_that_is_closed_here_is_refused_and_not_sent_round(guesthouse: Portal, ours: Site) -> None:
    visitor = Guest(guesthouse.app).enter(guesthouse.add("Ada Lovelace")).at("/latsar")
    visitor.get("/beranda")
    with ours.database.transaction() as db:
        accounts.disable(db, db.scalars(select(HostPerson.user_id)).one(), now=NOON)
    for path in ("/beranda", "/masuk"):
        answered = visitor.get(path)
        assert answered.status_code == 403
        assert "ditutup" in answered.get_data(as_text=True)
    assert visitor.get("/").status_code == 200


def test_an_account_linked_by_an_administrator_is_the_hosts_person(
    guesthouse: Portal, people: Cast, ours: Site
) -> None:
    ada = guesthouse.add("Ada", cohorts=None)
    with ours.database.transaction() as db:
        host_people.link(db, people.ada, ada.id, now=NOON)
    told = Guest(guesthouse.app).enter(ada).at("/latsar").get("/segar").get_json()
    assert told["user"] == str(people.ada)


@pytest.mark.parametrize("times", [1, 3])
def test_whose_key_is_given_to_an_older_account_comes_in_again_by_a_new_one(
    guesthouse: Portal, people: Cast, ours: Site, times: int
) -> None:
    """The logins that are made of the key are taken by what the same key made before."""
    visitor = Guest(guesthouse.app).enter(guesthouse.add("Ada Lovelace")).at("/latsar")
    seen = set()
    for _ in range(times):
        seen.add(visitor.get("/segar").get_json()["user"])
        with ours.database.transaction() as db:
            host_people.link(db, people.ada, "p-1", now=NOON)
        with ours.database.transaction() as db:
            host_people.link(db, people.ada, "another", now=NOON)
    answered = visitor.get("/segar")
    assert answered.status_code == 200
    assert answered.get_json()["user"] not in {*seen, str(people.ada)}
    assert len(seen) == times


def test_what_stands_in_the_way_of_a_person_is_told_and_logged_as_it_is(
    guesthouse: Portal, ours: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """The database refuses a second person of the host; no other request made them meanwhile."""
    Guest(guesthouse.app).enter(guesthouse.add("Ada Lovelace")).at("/latsar").get("/beranda")
    with ours.database.transaction() as db:
        db.execute(text_of_sql("CREATE UNIQUE INDEX nobody_else ON host_person ((1))"))
    try:
        visitor = Guest(guesthouse.app).enter(guesthouse.add("Mallory")).at("/latsar")
        answered = visitor.get("/beranda")
    finally:
        with ours.database.transaction() as db:
            db.execute(text_of_sql("DROP INDEX nobody_else"))
    assert answered.status_code == 503
    assert "belum dapat dicatat" in answered.get_data(as_text=True)
    assert [(record.name, record.__dict__["event"]) for record in caplog.records] == [
        ("lms.host", "identity not followed")
    ]
    assert "nobody_else" in caplog.text
    assert visitor.get("/beranda").status_code == 200


# --- somebody else --------------------------------------------------------------------------------------------------


def test_of_the_one_before_nothing_is_shown_and_nothing_taken(guesthouse: Portal) -> None:
    first, second = guesthouse.add("Ada Lovelace"), guesthouse.add("Mallory")
    guest = Guest(guesthouse.app).enter(first)
    ours = guest.at("/latsar")
    attempt = ours.post("/kuis/pecahan/mulai").location.removeprefix("/latsar")
    ours.post("/akun/pilihan", {"language": "id", "time_zone": "Asia/Makassar"})  # has something to tell her
    user = ours.get("/segar").get_json()["user"]
    text(ours, attempt)
    before = ours._token
    guest.leave()
    guest.enter(second)
    assert answer(ours, attempt, ["b"]) == 400  # her page is still open, with her token
    fresh = ours.get("/segar").get_json()
    page = text(ours, "/akun")
    assert "Mallory" in page
    assert "Ada Lovelace" not in page
    assert "Pilihan tersimpan" not in page
    assert ours._token != before
    assert fresh["user"] != user
    assert fresh["csrf"] != before
    assert ours.get(attempt).status_code == 404
    assert ours.post("/akun/pilihan", {"csrf_token": before, "language": "en"}).status_code == 400


def test_the_token_of_a_stranger_is_not_that_of_whoever_comes(guesthouse: Portal) -> None:
    guest = Guest(guesthouse.app)
    ours = guest.at("/latsar")
    ours.get("/tampilan")
    before = ours._token
    assert before
    guest.enter(guesthouse.add("Ada Lovelace"))
    assert ours.post("/tampilan", {"csrf_token": before, "theme": "gelap"}).status_code == 400


SIGN_IN = re.compile(r'href="([^"]+)" target="_blank" data-sign-in')


@pytest.mark.parametrize(
    ("sign_out_url", "changed_at"), [("/keluar", "/keluar"), ("", "/masuk?next={attempt}")], ids=["out", "in"]
)
def test_a_page_whose_person_is_gone_leads_to_them_and_never_to_somebody_else(
    settings: Settings, sign_out_url: str, changed_at: str
) -> None:
    made = portal()
    mount(made, "/latsar", settings, sign_out_url=sign_out_url)
    ada, mallory = made.add("Ada Lovelace"), made.add("Mallory")
    guest = Guest(made.app).enter(ada)
    ours = guest.at("/latsar")
    attempt = ours.post("/kuis/pecahan/mulai").location
    page = SIGN_IN.search(text(ours, attempt.removeprefix("/latsar")))
    assert page
    again = unescape(page[1]).removeprefix("/latsar")
    assert ours.get(again).location == attempt  # back already
    guest.leave()
    quoted = attempt.replace("/", "%2F")
    assert ours.get(again).location == f"/masuk?next={quoted}"
    guest.enter(mallory)
    assert ours.get(again).location == changed_at.format(attempt=quoted)
    made.app.extensions["lms"]["/latsar"].database.dispose()


# --- signing out ----------------------------------------------------------------------------------------------------


def test_signing_out_here_leads_to_where_one_signs_out(guesthouse: Portal) -> None:
    guest = Guest(guesthouse.app).enter(guesthouse.add("Ada Lovelace"))
    ours = guest.at("/latsar")
    ours.get("/beranda")
    assert ours.post("/keluar").location == "/keluar"
    attempt = ours.post("/kuis/pecahan/mulai").location
    assert ours.post("/keluar").location == "/latsar/keluar"  # a quiz runs
    page = text(ours, "/keluar")
    assert attempt in page
    assert 'href="/keluar"' in page
    guest.leave()
    assert ours.get("/keluar").location == "/latsar/"


@pytest.mark.parametrize(
    ("sign_out_url", "said"),
    [("", "Keluarlah di portal"), ("https://portal.example/keluar", 'href="https://portal.example/keluar"')],
)
def test_where_a_form_cannot_lead_a_page_says_how_to_sign_out(settings: Settings, sign_out_url: str, said: str) -> None:
    made = portal()
    mount(made, "/latsar", settings, sign_out_url=sign_out_url)
    ours = Guest(made.app).enter(made.add("Ada Lovelace")).at("/latsar")
    ours.get("/beranda")
    assert ours.post("/keluar").location == "/latsar/keluar"
    assert said in text(ours, "/keluar")
    made.app.extensions["lms"]["/latsar"].database.dispose()


# --- a host that fails ----------------------------------------------------------------------------------------------


def test_what_the_host_raises_names_nobody_and_is_logged(
    guesthouse: Portal, ours: Site, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Guest(guesthouse.app).enter(guesthouse.add("Ada Lovelace")).at("/latsar")
    attempt = visitor.post("/kuis/pecahan/mulai").location.removeprefix("/latsar")
    text(visitor, attempt)
    visitor.post("/akun/pilihan", {"language": "id", "time_zone": "Asia/Makassar"})  # has something to tell her
    guesthouse.broken = True
    with caplog.at_level(logging.WARNING):
        refused = visitor.get("/beranda", headers={"X-Request-ID": "asked-by-a-test"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, str(Unavailable.retry_after))
    [line] = caplog.records
    assert line.name == "lms.host"
    assert line.exc_info
    assert "the portal's database is away" in str(line.exc_info[1])
    assert line.__dict__["fields"] == {"id": "asked-by-a-test", "path": "/beranda"}
    assert line.getMessage() == "identity failed [id=asked-by-a-test path=/beranda]"
    assert visitor.get("/masuk").status_code == 503  # the host would only send them back
    assert answer(visitor, attempt, ["a"]) == 503
    public = text(visitor, "/")
    assert "Ada Lovelace" not in public
    assert "Pilihan tersimpan" not in public
    guesthouse.broken = False
    assert answer(visitor, attempt, ["a"]) == 200
    assert "Pilihan tersimpan" in text(visitor, "/akun")
    assert people_here(ours.database) == 1


def whoever(**said: Any) -> Any:
    """An ``identity`` that makes its answer of this."""
    return lambda _request: lms.Identity(**{"key": "p-1", "name": "Ada Lovelace", **said})


@pytest.mark.parametrize(
    "identity",
    [
        *(lambda _request, said=said: said for said in (True, "p-1", {"key": "p-1", "name": "Ada Lovelace"})),
        whoever(roles=["dean"]),
        whoever(name=""),
        whoever(key="k" * 256),
        lambda: None,  # takes no request
    ],
)
def test_what_is_no_identity_names_nobody(settings: Settings, identity: Any, caplog: pytest.LogCaptureFixture) -> None:
    made = portal()
    ours = lms.init_app(made.app, settings=settings, identity=identity)
    answered = made.app.test_client().get("/latsar/beranda")
    page = answered.get_data(as_text=True)
    assert answered.status_code == 503
    assert "Refresh" not in answered.headers
    assert "Beri tahu pengelola portal" in page
    assert answered.headers["X-Request-ID"] in page
    assert [(record.name, record.__dict__["event"]) for record in caplog.records] == [("lms.host", "identity failed")]
    ours.extensions["lms"].database.dispose()


async def says_later(_request: Any) -> None:
    return None


class SaysLater:
    async def __call__(self, _request: Any) -> None:
        return None


@pytest.mark.parametrize("identity", ["current_user", False, says_later, SaysLater(), partial(says_later)])
def test_what_cannot_be_asked_who_is_there_is_not_mounted(settings: Settings, identity: Any) -> None:
    made = portal()
    with pytest.raises(BadSetting, match="identity is"):
        lms.init_app(made.app, settings=settings, identity=identity)
    assert made.app.extensions["lms"] == {}


# --- how it is put together -----------------------------------------------------------------------------------------


def test_a_device_keeps_no_pages_of_people_whose_sign_out_it_does_not_hear(ours: Site) -> None:
    assert ours.settings.offline is False


@pytest.fixture
def mounted(settings: Settings) -> Iterator[Flask]:
    app = portal().app
    lms.init_app(app, url_prefix="/a/b", settings=settings)
    yield app
    for site in app.extensions["lms"].values():
        site.database.dispose()


@pytest.mark.parametrize("prefix", ["/a/b", "/a", "/a/b/c"])
def test_a_mount_in_the_way_of_another_is_refused(mounted: Flask, settings: Settings, prefix: str) -> None:
    with pytest.raises(BadSetting, match="/a/b is mounted already"):
        lms.init_app(mounted, url_prefix=prefix, settings=settings)
    assert list(mounted.extensions["lms"]) == ["/a/b"]
    lms.init_app(mounted, url_prefix="/a/bc", settings=dataclasses.replace(settings))


def test_roles_are_known_by_their_values() -> None:
    said = lms.Identity(key="p-1", name="Ada Lovelace", roles=["editor", Role.INSTRUCTOR])
    assert said.roles == {Role.EDITOR, Role.INSTRUCTOR}
