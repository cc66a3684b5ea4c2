"""Two mounts in one process, with the same addresses and ids in two packs and two databases: nothing of one is in the
other, also while threads ask both."""

from __future__ import annotations

import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

import lms
from lms.config import Settings
from lms.db.accounts import User
from lms.db.attempts import Attempt
from lms.learning import attempt_records
from tests.conftest import Cast
from tests.host.conftest import Guest
from tests.host.portal import Portal
from tests.visitor import Visitor

#: Mount -> what its pack says, and the other does not.
SAYS = {
    "/latsar": ("Kuis pecahan", "Manakah yang terbesar?"),
    "/kursus": ("Ujian pecahan", "Manakah yang paling besar?"),
}


def other(mount: str) -> str:
    return next(one for one in SAYS if one != mount)


def take(visitor: Visitor, mount: str) -> str:
    """Start the quiz, and answer its first question; the address of the attempt, without the mount."""
    attempt: str = visitor.post("/kuis/pecahan/mulai").location.removeprefix(mount)
    page = visitor.get(attempt).get_data(as_text=True)
    assert SAYS[mount][1] in page
    assert SAYS[other(mount)][1] not in page
    body = {"item": "k-terbesar", "response": ["a"], "revision": 1, "save_id": str(uuid4()), "version": None}
    assert visitor.send(f"{attempt}/simpan", body).status_code == 200
    return attempt


def walk(two: Portal, name: str) -> list[str]:
    """One person goes back and forth between both mounts; the names of the cookies they end with."""
    person = two.people[name]
    guest = Guest(two.app).enter(person)
    mounts = {mount: guest.at(mount) for mount in SAYS}
    attempts = {mount: take(visitor, mount) for mount, visitor in mounts.items()}
    for _ in range(2):
        for mount, visitor in mounts.items():
            for path in ("/akun", "/kuis/pecahan", "/beranda", attempts[mount], "/cari?q=pecahan"):
                page = visitor.get(path).get_data(as_text=True)
                assert SAYS[other(mount)][0] not in page, path
                assert not re.search(f'(href|src|action)="{other(mount)}/', page), path
                assert path != "/akun" or person.name in page
            assert visitor.get(attempts[other(mount)]).status_code == 404
            assert visitor.post("/akun/pilihan", {"language": "id", "time_zone": "Asia/Jakarta"}).status_code == 303
    for mount, visitor in mounts.items():
        assert visitor.post(f"{attempts[mount]}/kumpulkan", {"action": "submit", "confirmed": "1"}).status_code == 303
        result = visitor.get(f"{attempts[mount]}/hasil")
        assert SAYS[mount][1] in result.get_data(as_text=True)
    return sorted(f"{cookie.path}{cookie.key}" for cookie in guest.client._cookies.values())


def test_one_person_goes_back_and_forth_between_two_mounts(two: Portal) -> None:
    ada = two.add("Ada Lovelace", cohorts={"Angkatan I": "participant"})
    assert walk(two, ada.id) == ["/kursus/latsar", "/latsar/latsar", "/session"]
    for mount, site in two.app.extensions["lms"].items():
        with site.database.reading() as db:
            assert db.execute(select(func.count()).select_from(User)).scalar_one() == 1, mount
            [attempt] = db.execute(select(Attempt.id, Attempt.user_id)).all()
            assert {row.value for row in attempt_records.items(db, attempt.id) if row.item == "k-terbesar"} == {'["a"]'}


def test_threads_ask_both_mounts_at_once(two: Portal) -> None:
    names = [two.add(f"Orang {n}").id for n in range(4)]
    with ThreadPoolExecutor(4) as threads:
        for cookies in threads.map(lambda name: walk(two, name), names):
            assert cookies == ["/kursus/latsar", "/latsar/latsar", "/session"]
    users = []
    for site in two.app.extensions["lms"].values():
        with site.database.reading() as db:
            users.append(set(db.execute(select(User.id)).scalars()))
    assert len(users[0]) == len(users[1]) == 4
    assert not users[0] & users[1]


def test_signing_out_at_the_host_ends_both(two: Portal) -> None:
    guest = Guest(two.app).enter(two.add("Ada Lovelace"))
    assert [guest.at(mount).get("/beranda").status_code for mount in SAYS] == [200, 200]
    guest.leave()
    assert [guest.at(mount).get("/beranda").location for mount in SAYS] == [
        f"{mount}/masuk?next=/beranda" for mount in SAYS
    ]


def test_the_session_of_one_mount_opens_nothing_in_the_other(
    settings: Settings, people: Cast, sqlite_template: Path, tmp_path: Path
) -> None:
    """Both sign with the host's key. Here people sign in to each mount by itself."""
    host = Flask("host")
    host.secret_key = "the host's own key, long enough for us too"
    copied = tmp_path / "other.db"
    copied.write_bytes(sqlite_template.read_bytes())
    ours = dataclasses.replace(settings, secret_key="")
    lms.init_app(host, url_prefix="/latsar", settings=ours)
    lms.init_app(host, url_prefix="/kursus", settings=dataclasses.replace(ours, database_url=f"sqlite:///{copied}"))
    ada = Visitor(host, "/latsar").sign_in("ada")
    assert ada.get("/beranda").status_code == 200
    cookie = ada._client.get_cookie("latsar", path="/latsar/")
    assert cookie
    ada._client.set_cookie("latsar", cookie.value, path="/kursus/")
    assert Visitor(host, "/kursus").enter("ada", "kuda lepas di pasar").status_code == 200  # unknown there
    elsewhere = Visitor(host, "/kursus")
    elsewhere._client = ada._client
    assert elsewhere.get("/beranda").location == "/kursus/masuk?next=/beranda"
    assert ada.get("/beranda").status_code == 200
    for site in host.extensions["lms"].values():
        site.database.dispose()


def test_what_two_mounts_hold_is_not_the_same(two: Portal) -> None:
    one, another = two.app.extensions["lms"].values()
    for name in ("settings", "database", "pack", "memory", "pages", "links", "host"):
        assert getattr(one, name) is not getattr(another, name), name
    assert one.pack.current().quizzes.keys() == another.pack.current().quizzes.keys()
