"""docs/plugins.md, followed to the letter: both mounts of its example start, and their commands run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

import lms
from lms.cli import main
from tests.host.conftest import Guest, other_pack
from tests.host.portal import portal

GUIDE = (Path(__file__).parents[2] / "docs/plugins.md").read_text(encoding="utf-8")
_SETTINGS = GUIDE[GUIDE.index("### Settings and commands of a mount") : GUIDE.index("## Events")]
_BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", _SETTINGS, flags=re.MULTILINE | re.DOTALL)
SHELL = [lines for language, lines in _BLOCKS if not language]
[PYTHON] = (lines for language, lines in _BLOCKS if language == "python")


@pytest.fixture
def srv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    other_pack(tmp_path).rename(tmp_path / "pkn")
    for name in ("LMS_SECRET_KEY", "LMS_DATABASE_URL", "LMS_PACK"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(lines: str, srv: Path) -> None:
    environment: dict[str, str] = {}
    for line in lines.replace("/srv", str(srv)).splitlines():
        program, *words = shlex.split(line)
        if program == "export":
            environment |= dict(word.split("=", 1) for word in words)
        else:
            done = CliRunner(env=environment).invoke(main, words)
            assert (program, done.exit_code) == ("lms", 0), (line, done.output)


def test_both_mounts_of_the_example_start_and_what_is_due_is_done(srv: Path) -> None:
    assert len(SHELL) == 2
    for lines in SHELL:
        run(lines, srv)
    made = portal()
    exec(PYTHON.replace("/srv", str(srv)), {"lms": lms, "app": made.app, "identity": made.identity})
    guest = Guest(made.app).enter(made.add("Ada Lovelace"))
    assert mounted(made.app) == ["/latsar", "/pkn"]
    for prefix in mounted(made.app):
        assert guest.at(prefix).get("/readyz").status_code == 200
        assert guest.at(prefix).get("/beranda").status_code == 200
        made.app.extensions["lms"][prefix].database.dispose()


def mounted(app: Flask) -> list[str]:
    return list(app.extensions["lms"])
