"""The product, a pack as `lms new pack` writes it and the sample kind, each a wheel, in an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from latsar_calendar import CalendarDate

from tests.test_packaging import _BUILD, ROOT

pytestmark = pytest.mark.slow


def test_a_pack_and_a_kind_are_installed_with_pip_and_served(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    pack = tmp_path / "kerja"
    new = [sys.executable, "-m", "lms", "new", "pack", "kerja", str(pack)]
    subprocess.run(new, check=True, cwd=ROOT, capture_output=True)
    quiz = pack / "latsar_pack_kerja/quizzes/menulis-materi.md"
    without = quiz.read_text(encoding="utf-8")
    quiz.write_text(f"{quiz.read_text(encoding='utf-8')}\n{CalendarDate.example}", encoding="utf-8")
    for source in (ROOT, pack, ROOT / "tests/sample_kind"):
        done = subprocess.run([sys.executable, "-c", _BUILD, str(wheels)], cwd=source, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    python = _environment(tmp_path / "environment")
    product, *plugins = sorted(wheels.glob("*.whl"), key=lambda path: not path.name.startswith("latsar_lms"))
    assert len(plugins) == 2
    _install(python, "--no-deps", "--ignore-installed", str(product))
    _install(python, *map(str, plugins))  # what they depend on is there
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "PYTHON"))}
    clean |= {
        "LMS_PACK": "kerja",
        "LMS_SECRET_KEY": "a key for tests only, and long enough",
        "LMS_SECURE_COOKIES": "no",
    }
    clean |= {"LMS_DATABASE_URL": f"sqlite:///{tmp_path}/lms.db"}

    def told(*command: str) -> str:
        done = subprocess.run(
            [python, "-I", *command], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert told("-m", "lms", "check") == told("-m", "lms", "check", "kerja") == "Tidak ada masalah.\n"
    told("-m", "lms", "db", "upgrade")
    assert told("-c", _USE).splitlines() == [
        "in the environment: lms, latsar_calendar",
        "asked, with its script",
        "in English",
        "right",
        "exported",
    ]
    _pip(python, "uninstall", "--yes", "latsar-calendar")
    installed = Path(told("-c", "import latsar_pack_kerja; print(latsar_pack_kerja.__path__[0])").strip())
    (installed / "quizzes/menulis-materi.md").write_text(without, encoding="utf-8")
    assert told("-m", "lms", "check") == "Tidak ada masalah.\n"
    assert told("-m", "lms", "tick").startswith("1 overdue attempt(s) closed")
    assert told("-c", _USE_WITHOUT).splitlines() == ["not there", "right still", "waits"]


def _environment(place: Path) -> Path:
    """An empty one, in which only what the product depends on is found, where it is installed here."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([python, "-I", "-c", asked], check=True, capture_output=True, text=True).stdout.strip()
    # what a .pth file names comes last, and no .pth file in there is read: an editable clone of ours is not found
    Path(site, "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


def _install(python: Path, *what: str) -> None:
    _pip(python, "install", "--no-index", "--no-compile", *what)


def _pip(python: Path, command: str, *what: str) -> None:
    # our own environment has no pip: dev.py fills it from outside, and so do we
    pip = [sys._base_executable, "-m", "pip", "--python", str(python), command, "--quiet"]
    subprocess.run([*pip, "--disable-pip-version-check", *what], check=True, cwd=python.parent)


#: Runs in the new environment: Ada takes the quiz with the kind of the package, Grace takes her answers along.
_USE = r"""
import io, re, sys, zipfile
from datetime import UTC, datetime
import latsar_calendar
import lms
from sqlalchemy import select, update
from lms.db.attempts import Attempt, AttemptItem
from lms.db.cohorts import Place
from lms.learning import accounts, cohorts, passwords
app = lms.create_app()
site = app.extensions["lms"]
now = datetime.now(UTC)
with site.database.transaction() as db:
    cohort = cohorts.add(db, "Angkatan I", now=now)
    for login, role in (("ada", Place.PARTICIPANT), ("grace", Place.INSTRUCTOR)):
        user = accounts.add(db, login=login, name=login.title(), roles=[role.value], now=now)
        user.password_hash = passwords.rehash("kuda lepas di pasar")
        cohorts.enrol(db, cohort, user.id, role, now=now)
    cohort = cohort.id

def sent(client, page, path, **form):
    form["csrf_token"] = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)[1]
    answered = client.post(path, data=form)
    assert answered.status_code == 303, (path, answered.status_code)
    return answered.location

def signed_in(login):
    client = app.test_client()
    sent(client, "/masuk", "/masuk", login=login, password="kuda lepas di pasar")
    return client

here = [one.__name__ for one in (lms, latsar_calendar) if one.__file__.startswith(sys.prefix)]
print("in the environment:", ", ".join(here))
ada = signed_in("ada")
attempt = sent(ada, "/kuis/menulis-materi", "/kuis/menulis-materi/mulai")
page = ada.get(attempt).text
assert 'type="date" name="answer-contoh-tanggal"' in page and "Tanggal yang Anda maksud" in page
script = re.search(r'src="([^"]*items/calendar_date/page[^"]*\.js)"', page)[1]
assert b"Intl.DateTimeFormat" in ada.get(script).data
print("asked, with its script")
sent(ada, "/akun/pilihan", "/akun/pilihan", language="en", time_zone="Asia/Jakarta")
assert "The date you mean" in ada.get(attempt).text
print("in English")
form = {"answer-contoh-tanggal": "2023-11-01", "revision-contoh-tanggal": "0", "action": "submit", "confirmed": "1"}
sent(ada, attempt, f"{attempt}/kumpulkan", **form)
with site.database.reading() as db:
    held = select(AttemptItem.points).where(AttemptItem.item == "contoh-tanggal")
    assert db.execute(held).scalars().all() == [1.0]
print("right")
grace = signed_in("grace")
files = f"/pengampu/angkatan/{cohort}/unduhan"
export = re.search(r'name="export" value="([^"]+)"', grace.get(files).text)[1]
answered = grace.get(sent(grace, files, files, form="csv", export=export))
with zipfile.ZipFile(io.BytesIO(answered.data)) as archive:
    tables = [archive.read(name).decode("utf-8-sig") for name in archive.namelist()]
assert any("contoh-tanggal" in table and "2023-11-01" in table for table in tables)
print("exported")
attempt = sent(ada, "/kuis/menulis-materi", "/kuis/menulis-materi/mulai")
answer = {"answer-contoh-tanggal": "2023-11-01", "revision-contoh-tanggal": "0", "action": "save"}
sent(ada, attempt, f"{attempt}/kumpulkan", **answer)
with site.database.transaction() as db:
    db.execute(update(Attempt).where(Attempt.submitted_at.is_(None)).values(deadline_at=now, closes_at=now))
"""

#: The same when the package is gone: what Ada handed in, and what its deadline closed since.
_USE_WITHOUT = r"""
import importlib.util
import re
import lms
from sqlalchemy import select
from lms.db.attempts import Attempt, AttemptItem
app = lms.create_app()
assert importlib.util.find_spec("latsar_calendar") is None
print("not there")
with app.extensions["lms"].database.reading() as db:
    held = select(AttemptItem.attempt_id, AttemptItem.points, AttemptItem.pending)
    held = held.join(Attempt, Attempt.id == AttemptItem.attempt_id).order_by(Attempt.number)
    (first, points, _), (second, _, waits) = db.execute(held.where(AttemptItem.item == "contoh-tanggal")).all()
if points == 1.0:
    print("right still")
client = app.test_client()
token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/masuk").text)[1]
client.post("/masuk", data={"csrf_token": token, "login": "ada", "password": "kuda lepas di pasar"})
for attempt in (first, second):
    assert "which is no longer installed here" in client.get(f"/percobaan/{attempt}/hasil").text
if waits:
    print("waits")
"""
