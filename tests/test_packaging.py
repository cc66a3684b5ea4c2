"""What is installed is what is here: the package list, and a wheel that carries the pack."""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACK_FOLDERS = ("content", "modules", "quizzes")


def _listed() -> set[str]:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    return set(setup["options"]["packages"].split())


def test_setup_cfg_lists_every_package() -> None:
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "lms").rglob("__init__.py")}
    assert _listed() == found | {f"lms.pack.{name}" for name in PACK_FOLDERS} | {"lms.guides"}


def _pinned(name: str) -> dict[str, str]:
    """Package -> version and hashes, of a list of packages."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    return {entry.split("==")[0]: entry for entry in entries}


def test_the_lists_of_packages_hold_what_is_asked_for_with_hashes_and_a_server_gets_no_tools() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = setup["options.extras_require"]

    def named(*listed: str) -> set[str]:
        found = re.findall(r"^(?!latsar-lms)([\w.-]+)", "\n".join(listed), flags=re.MULTILINE)
        return {name.replace(".", "-") for name in found}

    server, tools = _pinned("constraints.txt"), _pinned("constraints-dev.txt")
    needed = named(setup["options"]["install_requires"], extras["postgres"], extras["build"])
    assert needed <= server.keys()
    assert named(*extras.values()) <= tools.keys()
    assert server.items() <= tools.items(), "a server runs on what was tested"
    assert (named(extras["dev"], extras["mutation"]) - needed).isdisjoint(server.keys() - {"backports-zstd"})
    for entry in (*server.values(), *tools.values()):
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
        assert "://" not in entry, entry


@pytest.mark.slow
def test_the_wheel_in_an_empty_environment_serves_a_lesson(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _BUILD, str(tmp_path)], cwd=ROOT, check=True, capture_output=True, text=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in PACK_FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert f"lms/pack/{path.relative_to(ROOT).as_posix()}" in names
    for path in (ROOT / "docs/id").glob("*.md"):
        assert f"lms/guides/{path.name}" in names
    for path in (ROOT / "lms").rglob("*"):
        if path.is_file() and path.parent.name != "__pycache__":
            assert path.relative_to(ROOT).as_posix() in names
    assert not [name for name in names if name.startswith(("tests", "bench"))]

    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # our own environment has no pip: dev.py fills it from outside, and so do we
    pip = [
        sys._base_executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-compile",  # of all that comes along a lesson needs little
    ]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "constraints.txt")], check=True, cwd=tmp_path)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True, cwd=tmp_path)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "PYTHON"))}
    served = subprocess.run(
        [str(python), "-I", "-c", _SERVE], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
    )
    assert served.returncode == 0, served.stderr
    assert served.stdout.split() == ["200", "in", "the", "environment"]
    line = json.loads(served.stderr.splitlines()[-1])
    assert (line["event"], line["path"], line["status"]) == ("request", "/masuk", 200), "the target of the guide logs"


_BUILD = """
import os, shutil, sys, tempfile
from setuptools import build_meta
target, copy = sys.argv[1], tempfile.mkdtemp()
tree = shutil.copytree(".", os.path.join(copy, "source"),
                       ignore=shutil.ignore_patterns(".venv", ".git", "instance", "*.egg-info", "build", ".*_cache"))
os.chdir(tree)
build_meta.build_wheel(target)
shutil.rmtree(copy)
"""

#: Runs in the new environment: signs a person in and asks for the first lesson of the pack.
_SERVE = """
import os, re, sys
from datetime import UTC, datetime
import lms
from lms.config import Settings
from lms.db import migrate
from lms.db.engine import Database
from lms.learning import accounts, passwords
database = Database("sqlite:///first.db")
migrate.upgrade(database.engine)
with database.transaction() as db:
    user = accounts.add(db, login="ada", name="Ada", roles=["participant"], now=datetime.now(UTC))
    user.password_hash = passwords.rehash("kuda lepas di pasar")
app = lms.create_app(Settings(secret_key="x" * 40, database_url="sqlite:///first.db", secure_cookies=False))
client = app.test_client()
token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/masuk").text)[1]
client.post("/masuk", data={"login": "ada", "password": "kuda lepas di pasar", "csrf_token": token})
lesson = app.extensions["lms"].pack.current().every_lesson[0]
answer = client.get(f"/materi/{lesson.module}/{lesson.slug}")
print(answer.status_code if lesson.title in answer.text else "other page",
      "in the environment" if lms.__file__.startswith(sys.prefix) else "in the clone")
os.environ |= {"LMS_SECRET_KEY": "a key for tests only, and long enough", "LMS_DATABASE_URL": "sqlite:///first.db",
               "LMS_SECURE_COOKIES": "no"}
from lms.server import app as served
served.test_client().get("/masuk")
"""
