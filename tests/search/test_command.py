"""``lms search``, as whoever writes a pack types it."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner

from lms.cli import main
from tests.conftest import PACK


def test_the_command_shows_what_is_found_with_its_places_and_what_was_looked_for_instead() -> None:
    done = CliRunner().invoke(main, ["search", "--pack", str(PACK), "pembilamg", "xyzzyqwv"])
    assert done.exit_code == 0, done.output
    assert "pembilamg: tidak ada; dicari pembilang" in done.output
    assert "xyzzyqwv: tidak ada" in done.output
    assert "term pembilang: *pembilang*" in done.output
    assert "lesson pecahan/setengah: Setengah" in done.output


def test_whoever_searches_a_pack_needs_neither_database_nor_web() -> None:
    asked = "import sys; from lms.cli import search; sys.exit('sqlalchemy' in sys.modules or 'flask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
