"""What is done in lessons, cards and notes: cut off at any point, sent twice, in any order, while the server is killed.

The fault tests of answers, for the deeds of ADR 22. Two devices of one person do it, and what is there in the end is
what would be there had every deed arrived at once.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from flask import Flask
from sqlalchemy import select

from lms.catalog.load import load
from lms.catalog.model import Lesson
from lms.catalog.source import Folder
from lms.config import Settings
from lms.db.accounts import Role
from lms.db.cards import CardReview, CardState
from lms.db.engine import Database
from lms.db.learning import LessonRecord, SelfCheck
from lms.db.notes import LessonMark, Note
from lms.learning import accounts, reading
from tests.conftest import PACK
from tests.faults.conftest import ask
from tests.serving import serving
from tests.visitor import Visitor
from tests.web.test_what_pages_tell import ON_SQLITE

LESSON = load(Folder.at(PACK)).lesson("pecahan/setengah")
MINUTE = timedelta(minutes=1)
ORDERS = 6  # that are tried
LONG = 120  # seconds, after which the server does not come back
#: Of a note, what tells its texts apart while they arrive; what its person sees are the texts.
_BETWEEN = {"user_id", "version", "replaces"}
_IDS = UUID("1c9d6a3e-0f5b-4f0e-9a57-3d2c1b0a9f8e")


@dataclass(frozen=True)
class Deed:
    """Where it is sent, and what its script sends."""

    path: str
    form: dict[str, str]


def deeds(lesson: Lesson, since: datetime) -> list[Deed]:
    """A day of somebody with a phone and a laptop, in the order in which they did it. What is reviewed as a card is not
    answered as a self-check besides: a mistake that turns up late counts from the next review on (ADR 23)."""
    place, (card, *checks) = f"/materi/{lesson.module}/{lesson.slug}", lesson.checks
    note, other = (str(uuid5(_IDS, name)) for name in ("note", "other"))
    first, second, third = (str(uuid5(_IDS, f"version {number}")) for number in range(3))
    written = {"lesson": lesson.id, "heading": ""}
    mark = {"lesson": lesson.id, "kind": "unclear"}
    done: list[tuple[str, dict[str, str]]] = [
        (f"{place}/posisi", {"anchor": ""}),
        *((f"{place}/cek/{check.id}", _answer(check, right=False)) for check in checks),
        (f"/catatan/{note}", {**written, "text": "Pagi.", "version": first}),
        (f"/buku-kesalahan/ulangi/{card.id}", {"grade": "again"}),
        *((f"{place}/cek/{check.id}", _answer(check, right=True)) for check in checks),
        ("/catatan/tanda", {**mark, "is_set": "1"}),
        (f"/catatan/{note}", {**written, "text": "Pagi, di ponsel.", "version": second, "replaces": first}),
        (f"/catatan/{note}", {**written, "text": "Pagi, di laptop.", "version": third, "replaces": first}),
        (f"{place}/selesai", {}),
        (f"/buku-kesalahan/ulangi/{card.id}", {"grade": "hard"}),
        (f"/catatan/{other}", {**written, "text": "Siang.", "version": other}),
        ("/catatan/tanda", {**mark, "is_set": "0"}),
        (f"/catatan/{other}", {**written, "action": "delete", "version": first, "replaces": other}),
        (f"/buku-kesalahan/ulangi/{card.id}", {"grade": "good"}),
        (f"{place}/selesai", {}),
    ]
    return [
        Deed(path, {**form, "made_at": (since + number * MINUTE).isoformat()})
        for number, (path, form) in enumerate(done)
    ]


def _answer(check: Any, *, right: bool) -> dict[str, str]:
    key = check.key()
    wrong = [option.id for option in check.choices() if option.id not in key]
    return {check.field: key[0] if right else wrong[0]}


def left_by(database: Database, user_id: UUID) -> dict[str, list[Any]]:
    """Everything that is kept of what a person did there."""
    found = {}
    with database.reading() as db:
        for model in (SelfCheck, LessonRecord, CardReview, CardState, Note, LessonMark):
            columns = [column for column in model.__table__.columns if column.name not in _BETWEEN]
            rows = db.execute(select(*columns).where(model.user_id == user_id))  # type: ignore[attr-defined]
            found[model.__tablename__] = sorted(map(str, rows))
    return found


def joined(database: Database, login: str, password_hash: str, now: datetime) -> UUID:
    with database.transaction() as db:
        user = accounts.add(db, login=login, name="Ada", roles=[Role.PARTICIPANT], now=now)
        user.password_hash = password_hash
        return user.id


def missed(database: Database, user_id: UUID, lesson: Lesson, at: datetime) -> None:
    """The first self-check of the lesson is a card."""
    card = lesson.checks[0]
    wrong = next(iter(_answer(card, right=False).values()))
    with database.transaction() as db:
        reading.answer(db, user_id, lesson, card, (wrong,), now=at)


# --- in whatever way it arrives -------------------------------------------------------------------------------------


def come_to_the_same(app: Flask, password_hash: str, made: Sequence[Deed], ways: Iterable[list[Deed]]) -> None:
    """Each of the ``ways`` to arrive, of a person of its own, as all that was ``made`` arriving undisturbed."""
    database, now = app.extensions["lms"].database, datetime.now(UTC)
    found = []
    for number, arriving in enumerate([list(made), *ways]):
        user_id = joined(database, f"ada{number}", password_hash, now)
        missed(database, user_id, LESSON, now - timedelta(days=2))
        visitor = Visitor(app).sign_in(f"ada{number}")
        for deed in arriving:
            answered = visitor.post(deed.path, deed.form, headers={"Accept": "application/json"})
            assert answered.status_code in {200, 204}, (deed, answered.get_data(as_text=True))
        found.append(left_by(database, user_id))
        assert found[-1] == found[0], [deed.form["made_at"] for deed in arriving]
    assert [len(rows) for rows in found[0].values()] == [len(LESSON.checks), 1, 3, 1, 3, len(LESSON.names)]


def yesterdays() -> list[Deed]:
    return deeds(LESSON, datetime.now(UTC) - timedelta(days=1))


@ON_SQLITE
def test_a_link_may_be_cut_at_any_point_and_the_last_one_arrive_without_anybody_knowing(
    app: Flask, password_hash: str
) -> None:
    made = yesterdays()
    cuts = ([*made[:cut], *made[cut - 1 :]] for cut in range(1, len(made) + 1))
    come_to_the_same(app, password_hash, made, cuts)


def test_deeds_come_to_the_same_in_any_order_and_some_of_them_twice(
    app: Flask, database: Database, password_hash: str
) -> None:
    made, chance = yesterdays(), random.Random(20261130)
    orders = ([*chance.sample(made, len(made)), *chance.choices(made, k=4)] for _ in range(ORDERS))
    come_to_the_same(app, password_hash, made, orders)


# --- into a server that is killed -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Session:
    """Of somebody who is signed in, for whatever process serves them."""

    user_id: UUID
    cookie: str
    token: str


def signed_in(app: Flask, login: str, password_hash: str) -> Session:
    database, now = app.extensions["lms"].database, datetime.now(UTC)
    user_id = joined(database, login, password_hash, now)
    return Session(user_id, *Visitor(app).sign_in(login).session())


class Device:
    """Sends what it holds until each deed was acknowledged, as ``flush.js`` does; some of it once more."""

    def __init__(self, port: int, session: Session, made: Sequence[Deed], seed: int = 0) -> None:
        self.port, self.session, self.made, self.chance = port, session, made, random.Random(seed)
        self.until = time.monotonic() + LONG

    def send_all(self, killed: threading.Event) -> None:
        """At least until the server was ``killed``, so that it is while they send."""
        held = list(self.made)
        while held or not killed.is_set():
            deed = self.chance.choice(held or self.made)
            if self.arrives(deed) and deed in held and self.chance.random() < 0.7:
                held.remove(deed)

    def arrives(self, deed: Deed) -> bool:
        headers = {
            "Cookie": self.session.cookie,
            "X-CSRFToken": self.session.token,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        try:
            answered = ask(self.port, "POST", deed.path, headers, urlencode(deed.form))
        except (OSError, HTTPException):
            if time.monotonic() > self.until:
                raise
            time.sleep(0.02)
            return False
        assert answered.status in {200, 204}, answered.text
        return True


@ON_SQLITE
def test_no_deed_is_lost_or_done_twice_when_the_server_is_killed_meanwhile(
    app: Flask, settings: Settings, database: Database, password_hash: str, tmp_path: Path
) -> None:
    now, made = datetime.now(UTC), yesterdays()
    ada, mallory = (signed_in(app, login, password_hash) for login in ("ada", "mallory"))
    for session in (ada, mallory):
        missed(database, session.user_id, LESSON, now - timedelta(days=2))
    environment = {
        "LMS_SECRET_KEY": settings.secret_key,
        "LMS_DATABASE_URL": settings.database_url,
        "LMS_PACK": str(PACK),
        "LMS_SECURE_COOKIES": "false",
    }
    with serving(environment, log=tmp_path / "log") as server:
        undisturbed = Device(server.port, mallory, made)
        assert all(map(undisturbed.arrives, made))
        killed = threading.Event()
        devices = [Device(server.port, ada, made[number::2], number) for number in (0, 1)]
        with ThreadPoolExecutor(len(devices)) as both:
            sent = [both.submit(device.send_all, killed) for device in devices]
            time.sleep(0.1)
            server.stop(signal.SIGKILL)
            killed.set()
            server.start()
        for one in sent:
            one.result()
    assert left_by(database, ada.user_id) == left_by(database, mallory.user_id)
