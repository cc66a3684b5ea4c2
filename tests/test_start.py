"""What keeps a command from starting is told in one sentence that says what to do: no traceback, exit code 2."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, make_url, text

from lms.cli import main
from tests.conftest import PACK

ROOT = Path(__file__).parent.parent
KEY = "for these tests only, and long enough"
SECRET = "rahasia"
#: One step into each way of using a database.
COMMANDS = (["tick"], ["user", "add", "ada", "Ada"], ["serve", "--port", "8000"], ["db", "upgrade"])
#: What its folders may not be is not asked of the administrator: root without its powers is like anybody.
ANYBODY = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.name != "nt" and os.geteuid() == 0 else []


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("LMS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LMS_SECRET_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def copy(folder: Path, sqlite_template: Path) -> Path:
    """A database as ``lms db upgrade`` makes it."""
    return Path(shutil.copy(sqlite_template, folder / "lms.db"))


def sentence(arguments: list[str], **settings: str) -> str:
    """What a command says that cannot start, here."""
    done = CliRunner(env={f"LMS_{name.upper()}": value for name, value in settings.items()}).invoke(main, arguments)
    return _one(done.exit_code, done.stdout, done.stderr)


def process(*command: object, anybody: bool = False, **settings: str) -> str:
    """The same in a process of its own; as ``anybody``, not as the administrator."""
    if anybody and ANYBODY and not shutil.which(ANYBODY[0]):
        pytest.skip("the administrator cannot be anybody here: no setpriv")
    env = os.environ | {"PYTHONPATH": str(ROOT)} | {f"LMS_{name.upper()}": value for name, value in settings.items()}
    line = [*(ANYBODY if anybody else []), sys.executable, *map(str, command)]
    done = subprocess.run(line, env=env, capture_output=True, text=True, timeout=120, check=False)
    return _one(done.returncode, done.stdout, done.stderr)


def _one(code: int, out: str, err: str) -> str:
    assert (code, out) == (2, ""), err
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert SECRET not in err
    return err


# --- settings -------------------------------------------------------------------------------------------------------

NUMBERS = ("session_days", "invitation_days")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        *((name, "0", f"LMS_{name.upper()} is '0'; write a whole number from 1 to ") for name in NUMBERS),
        ("max_request_bytes", "0", "write a whole number from 100000 to "),
        ("proxies", "-1", "LMS_PROXIES is '-1'; write a whole number from 0 to 10"),
        ("session_days", "²", "write a whole number"),
        ("session_days", "9" * 40, "from 1 to 3650"),
        ("secure_cookies", "perhaps", "LMS_SECURE_COOKIES is 'perhaps'; write true or false"),
        ("databse_url", "x", "unknown setting LMS_DATABSE_URL; write LMS_DATABASE_URL"),
        ("address", "x", "unknown setting LMS_ADDRESS; known are LMS_DATABASE_POOLED, LMS_DATABASE_URL, "),
        ("zzz", "x", "unknown setting LMS_ZZZ; known are LMS_DATABASE_POOLED, LMS_DATABASE_URL, "),
        ("secret_key", f" {KEY}", "LMS_SECRET_KEY begins or ends with white space"),
        ("secret_key", "x" * 32, "LMS_SECRET_KEY repeats a few characters"),
    ],
)
def test_a_setting_that_cannot_be_is_told_to_every_command(name: str, value: str, told: str) -> None:
    for command in COMMANDS:
        assert told in sentence(command, **{name: value})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("secret_key", "", "LMS_SECRET_KEY is missing or shorter than 32 characters. Make one with: "),
        ("mode", "debug", "LMS_MODE is 'debug'; write production or development"),
        ("url_prefix", "latsar", "write it like /latsar"),
        (
            "pack",
            "tidak-ada",
            "LMS_PACK is 'tidak-ada', which is no folder here and no installed pack; write the folder that holds ",
        ),
        ("pack", __file__, "which is no folder, or none that may be opened; write the folder"),
        ("pack", str(PACK / "content"), "which is no pack; write the folder that holds content, modules, quizzes"),
    ],
)
def test_a_setting_with_which_no_server_may_start_is_told(name: str, value: str, told: str) -> None:
    assert told in sentence(["serve"], **{name: value})


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "LMS_DATABASE_URL is empty; write sqlite:////"),
        ("  ", "LMS_DATABASE_URL is empty"),
        (SECRET, "is no URL of a database; write sqlite:////"),
        (f"/srv/{SECRET}.db", "is no URL of a database"),
        (f"postgresql://ada:{SECRET}@db/lms?prepare_threshold=0", "set LMS_DATABASE_POOLED=true"),
        (f"mysql://ada:{SECRET}@db/lms", "begins with mysql://, which is not spoken here; write "),
        (f"postgres://ada:{SECRET}@db/lms", "begins with postgres://"),
        (f"postgresql+psycopg2://ada:{SECRET}@db/lms", "begins with postgresql+psycopg2://"),
        (f"postgresql://ada:{SECRET}@db:banyak/lms", "a port that is no number"),
        (f"postgresql://ada:x@{SECRET}@db/lms", "whose special characters are not quoted; write % as %25"),
        (f"postgresql://ada:x@y:{SECRET}@db/lms", "whose special characters are not quoted"),
        (f"postgresql://ada:{SECRET}%x@db/lms", "whose special characters are not quoted"),
        (f"postgresql://ada:{SECRET}%ff@db/lms", "whose special characters are not quoted"),
        ("sqlite://", "names no file; write sqlite:////"),
        ("sqlite://lms.db", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_an_address_that_leads_to_no_database_is_told_without_its_password(url: str, told: str) -> None:
    for command in COMMANDS:
        assert told in sentence(command, database_url=url)


# --- the database ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS[:3], ids=" ".join)
def test_what_needs_a_database_says_how_to_make_one_and_makes_none(folder: Path, command: list[str]) -> None:
    assert f"there is no database at {folder}/instance/lms.db; make it with `lms db upgrade`" in sentence(command)
    assert not (folder / "instance").exists()
    (folder / "kosong.db").touch()
    told = "the database is empty, and this release needs "
    assert told in sentence(command, database_url="sqlite:///kosong.db")


@pytest.mark.parametrize(
    ("revision", "told", "commands"),
    [
        ("0001", "the database is at revision 0001, and this release needs ", COMMANDS[:3]),
        ("9999", "the database is of a newer release (revision 9999, and this one knows up to ", COMMANDS),
    ],
)
def test_a_database_of_another_release_is_told(
    copy: Path, revision: str, told: str, commands: tuple[list[str], ...]
) -> None:
    engine = create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    engine.dispose()
    for command in commands:
        assert told in sentence(command, database_url=f"sqlite:///{copy}")


def test_what_is_no_database_file_is_told(folder: Path, copy: Path) -> None:
    (folder / "berkas").write_text("bukan basis data " * 100, encoding="utf-8")
    (folder / "map").mkdir()
    copy.write_bytes(copy.read_bytes()[:8192] + bytes(4096))
    for command in COMMANDS:
        assert "berkas is no SQLite database; " in sentence(command, database_url="sqlite:///berkas")
        assert "map is a folder; write the path of a file" in sentence(command, database_url="sqlite:///map")
    under = sentence(["db", "upgrade"], database_url="sqlite:///berkas/lms.db")
    assert f"the folder for {folder}/berkas/lms.db cannot be made (" in under
    assert "lms.db is damaged; put a backup in its place" in sentence(["tick"], database_url="sqlite:///lms.db")


def test_a_database_that_somebody_holds_is_told(copy: Path) -> None:
    engine = create_engine(f"sqlite:///{copy}")
    with engine.connect() as holding:
        holding.exec_driver_sql("PRAGMA locking_mode=EXCLUSIVE")
        holding.exec_driver_sql("BEGIN EXCLUSIVE")
        assert "is held by another program; run the command again" in sentence(
            ["user", "add", "ada", "Ada"], database_url=f"sqlite:///{copy}"
        )
    engine.dispose()


def test_what_may_not_be_written_is_told(folder: Path, copy: Path) -> None:
    closed = folder / "tertutup"
    closed.mkdir()
    shutil.copy(copy, closed / "ada.db")
    (closed / "ada.db").chmod(0o444)
    closed.chmod(0o555)
    for path, told in {
        "tertutup/ada.db": f"the database {closed}/ada.db cannot be written; give this user the right",
        "tertutup/baru.db": f"the database {closed}/baru.db cannot be opened; give this user the right",
        "tertutup/x/baru.db": f"the folder for {closed}/x/baru.db cannot be made (Permission denied); ",
    }.items():
        assert told in process("-m", "lms", "db", "upgrade", anybody=True, database_url=f"sqlite:///{path}")
    told = process("-m", "lms", "develop", "--instance", closed / "x", anybody=True)
    assert f"{closed}/x: Permission denied; choose a folder in which this user may write with --instance" in told


@pytest.mark.parametrize(
    ("server", "told"),
    [
        ("127.0.0.1:1/lms", "port 1 failed: Connection refused; start the server, or mend host and port"),
        ("db.invalid/lms", "failed to resolve host 'db.invalid'"),
        ("127.0.0.1:1/lms?sslmode=x", 'invalid sslmode value: "x"; mend LMS_DATABASE_URL'),
        ("127.0.0.1:1/lms?x=y", 'invalid connection option "x"; mend LMS_DATABASE_URL'),
    ],
)
def test_a_server_that_cannot_be_reached_is_told(server: str, told: str) -> None:
    for command in COMMANDS:
        assert told in sentence(command, database_url=f"postgresql://ada:{SECRET}@{server}")


@pytest.fixture
def locked_door(postgresql_url: str) -> Iterator[str]:
    """The address of a PostgreSQL that asks Ada for a password, which is not ``SECRET``."""
    admin = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        rules = Path(connection.execute(text("SHOW hba_file")).scalar_one())
        if not os.access(rules, os.W_OK):
            pytest.skip("the rules of the given server are out of reach")
        before = rules.read_text(encoding="utf-8")
        connection.execute(text("CREATE ROLE ada LOGIN PASSWORD 'lain'"))
        with rules.open("w", encoding="utf-8") as file:
            file.write(f"local all ada scram-sha-256\nhost all ada all scram-sha-256\n{before}")
        connection.execute(text("SELECT pg_reload_conf()"))
        yield make_url(postgresql_url).set(username="ada", password=SECRET).render_as_string(hide_password=False)
        rules.write_text(before, encoding="utf-8")
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("DROP ROLE ada"))
    admin.dispose()


def test_who_postgresql_does_not_let_in_is_told(postgresql_url: str, locked_door: str) -> None:
    url = make_url(postgresql_url)
    nobody, nowhere = url.set(username="nobody", password=SECRET), url.set(database="tidak-ada", password=SECRET)
    for tried, told in (
        (locked_door, 'password authentication failed for user "ada"; mend user and password in LMS_DATABASE_URL'),
        (nobody.render_as_string(hide_password=False), 'role "nobody" does not exist; mend user and password'),
        (
            nowhere.render_as_string(hide_password=False),
            'database "tidak-ada" does not exist; make it, or mend the name',
        ),
    ):
        for command in COMMANDS:
            assert told in sentence(command, database_url=tried)


def test_a_driver_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    told = sentence(["tick"], database_url=f"postgresql://ada:{SECRET}@db/lms")
    assert "the driver for PostgreSQL is missing" in told
    assert "pip install 'latsar-lms[postgres]'" in told


# --- the server, and dev.py -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", [("--port", "99999"), ("--port", "0"), ("--port", "-1"), ("--threads", "0")])
def test_a_port_or_a_number_of_threads_that_cannot_be_is_told(option: tuple[str, str]) -> None:
    assert f"Invalid value for '{option[0]}': {option[1]} is not in the range" in sentence(["serve", *option])


def test_an_address_on_which_nobody_can_listen_is_told(copy: Path) -> None:
    serve = ("-m", "lms", "serve", "--port")
    url = f"sqlite:///{copy}"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = process(*serve, port, database_url=url)
        assert f"cannot listen on 127.0.0.1, port {port}: another program listens there; end it, or choose" in told
    assert "does not have that address; write one of its own" in process(
        *serve, port, "--host", "192.0.2.1", database_url=url
    )
    assert "no machine has this name; write an address" in process(
        *serve, port, "--host", "db.invalid", database_url=url
    )


@pytest.mark.skipif(
    not Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").exists()
    or int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) <= 80,
    reason="anybody may take any port here",
)
def test_a_port_that_anybody_may_not_take_is_told(copy: Path) -> None:
    told = process("-m", "lms", "serve", "--port", 80, anybody=True, database_url=f"sqlite:///{copy}")
    assert "port 80: this user may not take that port; choose one above 1023" in told


def test_a_python_without_pip_is_told_what_to_install_and_removes_no_environment(folder: Path) -> None:
    for name in ("dev.py", "setup.cfg", "pyproject.toml", "constraints.txt", "constraints-dev.txt"):
        shutil.copy(ROOT / name, folder)
    (folder / ".venv").mkdir()
    told = process("-S", folder / "dev.py", "lms")
    assert "has no pip; install it" in told
    assert (folder / ".venv").exists()


def test_a_clone_that_may_not_be_written_is_told(folder: Path) -> None:
    for name in ("dev.py", "setup.cfg", "pyproject.toml", "constraints.txt", "constraints-dev.txt"):
        shutil.copy(ROOT / name, folder)
    folder.chmod(0o555)
    # any module of this name will do: what is asked first is whether it is there
    pip = folder.parent / f"{folder.name}-pip"
    pip.mkdir()
    (pip / "pip.py").touch()
    code = f"import sys, runpy; sys.path.insert(0, {str(pip)!r}); sys.argv = ['dev.py', 'lms']; "
    told = process("-c", code + f"runpy.run_path({str(folder / 'dev.py')!r}, run_name='__main__')", anybody=True)
    folder.chmod(0o755)
    assert f"This user may not write in {folder}; run this as the one who may" in told
