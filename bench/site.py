"""Our side of a measurement: a database with people in the middle of a quiz, and the wrk scripts that act as them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import create_app
from lms.catalog.load import load
from lms.catalog.model import Lesson
from lms.catalog.source import bundled
from lms.config import Settings
from lms.db import migrate
from lms.db.accounts import Role, User
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.learning.api import accounts, attempts, cohorts, passwords

PEOPLE = 60
QUESTIONS = 10  # on the quiz page that is measured, all answered
PASSWORD = "kuda lepas di pasar"
SECRET_KEY = "a key for measurements only, and long enough"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_VERSION = re.compile(r'data-item="([^"]+)" data-version="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the shipped pack is asked for. ``options``: option ids of its quiz's single-choice questions."""

    lesson: Lesson
    quiz: str
    options: dict[str, list[str]]


def asked(module: str) -> Asked:
    found = load(bundled()).module(module)
    quiz = found.quizzes[0]
    shown = quiz.items[:QUESTIONS]
    options = {item.id: [choice.id for choice in item.choices()] for item in shown if item.kind == "single"}
    return Asked(found.lessons[0], quiz.id, options)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is signed in and has an attempt open."""

    cookie: str
    csrf: str
    attempt: str
    versions: dict[str, str]  # of the questions as the attempt froze them, which a save says again


def environment(database_url: str) -> dict[str, str]:
    return {"LMS_SECRET_KEY": SECRET_KEY, "LMS_DATABASE_URL": database_url, "LMS_SECURE_COOKIES": "false"}


def prepare(database_url: str, asked: Asked, people: int = PEOPLE, *, answered: bool = True) -> list[Reader]:
    """Fill a fresh database with people who have read, and are in the middle of the quiz."""
    database = Database(database_url)
    migrate.upgrade(database.engine)
    _people(database, people)
    database.dispose()
    settings = Settings(secret_key=SECRET_KEY, database_url=database_url, secure_cookies=False)
    app = create_app(settings)
    readers = [_reader(app, f"peserta{number}", asked, answered=answered) for number in range(people)]
    app.extensions["lms"].database.dispose()
    return readers


def _people(database: Database, people: int) -> None:
    hashed, now = passwords.rehash(PASSWORD), datetime.now(UTC)
    with database.transaction() as db:
        cohort = cohorts.add(db, "Angkatan ukur", now=now)
        for number in range(people):
            user = accounts.add(
                db, login=f"peserta{number}", name=f"Peserta {number}", roles=[Role.PARTICIPANT], now=now
            )
            user.password_hash = hashed
            cohorts.enrol(db, cohort, user.id, Place.PARTICIPANT, now=now)


def _reader(app: Flask, login: str, asked: Asked, *, answered: bool) -> Reader:
    client = app.test_client()
    form = {"login": login, "password": PASSWORD, "csrf_token": _token(client, "/masuk")}
    client.post("/masuk", data=form)
    catalog = app.extensions["lms"].pack.current()
    for lesson in catalog.every_lesson[:6]:  # progress to show, as somebody in the middle of the course has
        path = f"/materi/{lesson.module}/{lesson.slug}"
        client.post(f"{path}/selesai", data={"csrf_token": _token(client, path)})
    attempt = _start(app, login, asked.quiz)
    token, cookie = _token(client, attempt), client.get_cookie("latsar")
    if cookie is None:
        raise RuntimeError(f"{login} has no session")
    reader = Reader(f"latsar={cookie.value}", token, attempt, dict(_VERSION.findall(client.get(attempt).text)))
    for item, options in asked.options.items() if answered else ():
        _save(client, reader, item, options[0])
    return reader


def _start(app: Flask, login: str, quiz: str) -> str:
    """The attempt of a quiz that has only the first questions of ``quiz``; it freezes them, so any server shows it."""
    running = app.extensions["lms"]
    short = running.pack.current().quizzes[quiz]
    with running.database.transaction() as db:
        user = db.execute(select(User.id).where(User.login == login)).scalar_one()
        attempt = attempts.start(
            db, replace(short, items=short.items[:QUESTIONS], asks=None), user, now=datetime.now(UTC)
        )
    return f"/percobaan/{attempt}"


def _save(client: FlaskClient, reader: Reader, item: str, option: str) -> None:
    answer = {
        "item": item,
        "version": reader.versions[item],
        "response": [option],
        "revision": 1,
        "save_id": str(uuid4()),
    }
    saved = client.post(f"{reader.attempt}/simpan", json=answer, headers={"X-CSRFToken": reader.csrf})
    if saved.status_code != 200:
        raise RuntimeError(f"an answer to {item} was not saved: {saved.status}")


def _token(client: FlaskClient, path: str) -> str:
    found = _TOKEN.search(client.get(path).get_data(as_text=True))
    if found is None:
        raise RuntimeError(f"no form on {path}")
    return found[1]


# --- wrk scripts ----------------------------------------------------------------------------------------------------


def pages(folder: Path, name: str, asked: list[tuple[str, str]], *, accept: str = "") -> Path:
    """GET each of the (path, cookie) pairs in turn; ``accept``: the Accept-Encoding, none for plain text."""
    return _script(
        folder,
        name,
        [{"path": path, "cookie": cookie} for path, cookie in asked],
        f"""
function request()
  turn = turn % #asked + 1
  local one = asked[turn]
  return wrk.format("GET", one.path, {{["Cookie"] = one.cookie, ["Accept-Encoding"] = {json.dumps(accept)}}})
end""",
    )


def floor_save(folder: Path, cookie: str) -> Path:
    return _script(
        folder,
        "floor-save",
        [{"cookie": cookie}],
        """
function request()
  local headers = {["Cookie"] = asked[1].cookie, ["Content-Type"] = "application/json"}
  return wrk.format("POST", "/autosave", headers, '{"value":"B"}')
end""",
    )


def saves(folder: Path, readers: list[Reader], options: dict[str, list[str]]) -> Path:
    """Save an answer of each person to each single-choice question in turn; each round is a new revision."""
    rows = [
        {
            "path": f"{reader.attempt}/simpan",
            "cookie": reader.cookie,
            "csrf": reader.csrf,
            "item": item,
            "version": reader.versions[item],
            "option": ids[0],
        }
        for item, ids in options.items()
        for reader in readers
    ]
    return _script(
        folder,
        "save",
        rows,
        """
revision = 1
math.randomseed(os.time())
function request()
  turn = turn + 1
  if turn > #asked then turn = 1; revision = revision + 1 end
  local one = asked[turn]
  local id = string.format("%08x-0000-4000-8000-%012x", math.random(0, 2147483647), turn * 100000 + revision)
  local body = string.format('{"item":"%s","version":"%s","response":["%s"],"revision":%d,"save_id":"%s"}',
    one.item, one.version, one.option, base + revision, id)
  return wrk.format("POST", one.path, {["Cookie"] = one.cookie, ["X-CSRFToken"] = one.csrf,
    ["Content-Type"] = "application/json", ["Accept"] = "application/json"}, body)
end
base = (os.time() - 1700000000) * 10""",
    )


def _script(folder: Path, name: str, rows: list[dict[str, str]], code: str) -> Path:
    lines = ",\n".join(
        "{" + ", ".join(f"{key} = {json.dumps(value)}" for key, value in row.items()) + "}" for row in rows
    )
    path = folder / f"{name}.lua"
    path.write_text(f"asked = {{{lines}}}\nturn = 0\n{code}\n")
    return path
