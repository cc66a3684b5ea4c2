"""The lms command, as an operator types it."""

from __future__ import annotations

import csv
import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, insert, literal, select, update

from lms.cli import enrolment, group, main
from lms.cli.enrolment import PIECE
from lms.db.accounts import AuthSession, HostPerson, SignIn, Tries, User
from lms.db.attempts import AttemptItem, QuestionVersion, Regrade
from lms.db.audit import AuditEvent
from lms.db.cohorts import Cohort, Enrolment
from lms.db.engine import Database
from lms.db.exports import Export, ExportPiece, Form
from lms.learning import (
    accounts,
    analyses,
    carried,
    certificates,
    cohorts,
    deadlines,
    exports,
    overrides,
    sign_ins,
    tries,
)
from lms.learning.tries import Door
from lms.quiz import regrade
from lms.web.site import now
from tests.conftest import NOON, PACK, Cast
from tests.learning.test_attempts import make, start, the_attempt
from tests.learning.test_certificates import found, issued
from tests.learning.test_overrides import grace_of, running
from tests.learning.test_regrades import asked, begun, points, take

Lms = Callable[..., Result]


@pytest.fixture
def lms(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Lms:
    monkeypatch.setenv("LMS_DATABASE_URL", database_url)

    def run(*arguments: object, typed: str | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=typed)

    return run


def _count(database: Database, model: type) -> int:
    with database.reading() as db:
        found: int = db.execute(select(func.count()).select_from(model)).scalar_one()
    return found


def test_every_command_has_its_home() -> None:
    """A command is loaded by its name: one that is not listed would never be found, one that is gone would be."""
    for file in Path(group.__file__).parent.glob("*.py"):
        importlib.import_module(f"lms.cli.{file.stem}")
    assert main.commands.keys() == group.HOMES.keys()
    for name, home in group.HOMES.items():
        callback = next(iter(getattr(main.commands[name], "commands", {"": main.commands[name]}).values())).callback
        assert callback is not None
        assert callback.__module__ == f"lms.cli.{home}"


def test_whoever_checks_a_pack_needs_no_database() -> None:
    asked = "import sys; from lms.cli import pack; sys.exit('sqlalchemy' in sys.modules or 'flask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_upgrading_is_safe_to_repeat(lms: Lms, database: Database) -> None:
    assert lms("db", "upgrade").exit_code == 0
    assert lms("db", "upgrade").exit_code == 0


def test_a_person_is_added_with_a_link_that_works(lms: Lms, database: Database) -> None:
    done = lms("user", "add", "Dennis", "Dennis R", "--role", "editor", "--address", "https://latsar.example/")
    assert done.exit_code == 0, done.output
    link = done.output.splitlines()[-1]
    assert link.startswith("https://latsar.example/undangan/")
    with database.reading() as db:
        assert accounts.invited(db, link.rsplit("/", 1)[1], now=now()).login == "dennis"


@pytest.mark.parametrize(
    "arguments",
    [
        ("user", "add", "ada", "Ada"),
        ("user", "add", "x!", "X"),
        ("user", "role", "nobody", "editor"),
        ("user", "password", "nobody", "--invite"),
        ("cohort", "add", "Angkatan I"),
        ("cohort", "add", "Terbalik", "--starts", "2026-12-02", "--ends", "2026-12-01"),
        ("cohort", "set", "Angkatan I", "--grace", "-1"),
        ("cohort", "set", "Angkatan I", "--grace", "1000000000"),
        ("cohort", "set", "Tidak ada", "--grace", "5"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line_and_changes_nothing(
    lms: Lms, database: Database, people: Cast, arguments: tuple[str, ...]
) -> None:
    before = _count(database, User)
    done = lms(*arguments)
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert "Traceback" not in done.output
    assert _count(database, User) == before


def test_a_role_and_a_password_are_changed(lms: Lms, database: Database, people: Cast) -> None:
    assert lms("user", "role", "ada", "editor", "instructor").exit_code == 0
    typed = "bulan jatuh di kali\nbulan jatuh di kali\n"
    assert lms("user", "password", "ada", typed=typed).exit_code == 0
    assert lms("user", "password", "ada", typed="pendek\npendek\n").exit_code == 1
    with database.transaction() as db:
        assert accounts.roles_of(db, people.ada) == {"editor", "instructor"}


def test_the_grace_of_a_cohort_is_set(lms: Lms, database: Database, people: Cast) -> None:
    done = lms("cohort", "set", "Angkatan I", "--grace", "45")
    assert (done.exit_code, done.output) == (0, "Cohort 'Angkatan I': 45 minutes of grace.\n")
    assert lms("cohort", "set", "Angkatan I").exit_code == 2
    assert lms("cohort", "set", "Angkatan I", "--grace", "x").exit_code == 2
    with database.reading() as db:
        assert set(db.execute(select(Cohort.name, Cohort.grace_minutes))) == {("Angkatan I", 45), ("Angkatan II", 10)}


def test_a_list_is_rehearsed_then_enrolled_then_found_unchanged(
    lms: Lms, database: Database, people: Cast, tmp_path: Path
) -> None:
    roster, links = tmp_path / "daftar.csv", tmp_path / "undangan.csv"
    roster.write_bytes("NIP;Nama;Peran\r\n199001012020121001;Siti;\r\nken;Ken;pengampu\r\n".encode("utf-8-sig"))
    before = _count(database, Enrolment)
    rehearsed = lms("enrol", roster, "--cohort", "Angkatan I", "--dry-run")
    assert rehearsed.exit_code == 0, rehearsed.output
    assert "nothing was changed" in rehearsed.output
    assert _count(database, Enrolment) == before
    done = lms("enrol", roster, "--cohort", "Angkatan I", "--invitations", links)
    assert (
        "2 enrolled, 2 of them new people; 0 given another place or time; 0 names changed; 0 unchanged." in done.output
    )
    with links.open(encoding="utf-8-sig", newline="") as file:
        assert [row["login"] for row in csv.DictReader(file)] == ["199001012020121001", "ken"]
    again = lms("enrol", roster, "--cohort", "Angkatan I")
    assert (
        "0 enrolled, 0 of them new people; 0 given another place or time; 0 names changed; 2 unchanged." in again.output
    )


def test_another_name_is_shown_and_left_until_it_is_wanted(
    lms: Lms, database: Database, people: Cast, tmp_path: Path
) -> None:
    roster = tmp_path / "daftar.csv"
    roster.write_text("login,nama,menit tambahan\nada,Ada Lovelace,30\nmallory,Mallory,\n", encoding="utf-8")
    enrol = ("enrol", roster, "--cohort", "Angkatan I")
    stays = "Known by another name, which stays without --update-names:\n  ada: Ada → Ada Lovelace\n"
    taken = "The list's names, taken:\n  ada: Ada → Ada Lovelace\n"
    for options, told, name in (
        (["--dry-run"], ("1 enrolled, 0 of them new people; 1 given another place or time; 0 names", stays), "Ada"),
        ([], ("1 enrolled, 0 of them new people; 1 given another place or time; 0 names changed; 0", stays), "Ada"),
        (["--update-names", "--dry-run"], ("; 1 names changed; 1 unchanged.\n", taken), "Ada"),
        (["--update-names"], ("; 1 names changed; 1 unchanged.\n", taken), "Ada Lovelace"),
    ):
        done = lms(*enrol, *options)
        assert done.exit_code == 0, done.output
        assert [words for words in told if words not in done.output] == []
        with database.transaction() as db:
            assert accounts.by_login(db, "ada").name == name
    assert "0 names changed; 2 unchanged.\n" in lms(*enrol, "--update-names").output


def test_a_number_that_is_no_nip_needs_a_word(lms: Lms, database: Database, people: Cast, tmp_path: Path) -> None:
    roster = tmp_path / "daftar.csv"
    roster.write_text("nip,nama\n199001012020121000,Siti\nken,Ken, M.Si.\n", encoding="utf-8")
    enrol = ("enrol", roster, "--cohort", "Angkatan I")
    done, before = lms(*enrol), _count(database, User)
    assert done.exit_code == 1
    assert [row for row in ("Baris 2: ", "Baris 3: ", "--accept-unusual-nip") if row not in done.stderr] == []
    roster.write_text("nip,nama\n199001012020121000,Siti\n", encoding="utf-8")
    assert (lms(*enrol).exit_code, _count(database, User)) == (1, before)
    assert lms(*enrol, "--accept-unusual-nip").exit_code == 0
    assert _count(database, User) == before + 1


def test_links_that_cannot_be_written_make_nobody(lms: Lms, database: Database, people: Cast, tmp_path: Path) -> None:
    roster = tmp_path / "daftar.csv"
    roster.write_text("login,nama\n'199001012020121001,Siti\n", encoding="utf-8")
    before = _count(database, Enrolment), _count(database, User)
    done = lms("enrol", roster, "--cohort", "Angkatan I", "--invitations", tmp_path / "tidak-ada/undangan.csv")
    assert done.exit_code == 1
    assert "nothing was changed" in done.output
    assert (_count(database, Enrolment), _count(database, User)) == before
    assert lms("enrol", roster, "--cohort", "Angkatan I", "--invitations", tmp_path / "undangan.csv").exit_code == 0
    assert (tmp_path / "undangan.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("199001012020121001,")


def test_a_bad_list_names_its_rows_and_enrols_nobody(
    lms: Lms, database: Database, people: Cast, tmp_path: Path
) -> None:
    roster = tmp_path / "daftar.csv"
    roster.write_text("login,nama\nken,Ken\n,Tanpa\nken,Ken\n", encoding="utf-8")
    before = _count(database, Enrolment), _count(database, User)
    done = lms("enrol", roster, "--cohort", "Angkatan I")
    assert done.exit_code == 1
    assert "Baris 3" in done.output
    assert "Baris 4" in done.output
    assert (_count(database, Enrolment), _count(database, User)) == before


def test_the_shipped_pack_is_clean(lms: Lms) -> None:
    done = lms("check")
    assert done.exit_code == 0, done.output


def test_a_pack_is_checked_in_text_and_in_json(lms: Lms) -> None:
    broken = Path(__file__).parent / "broken_pack"
    assert lms("check", PACK).exit_code == 0
    plain, machine = lms("check", broken), lms("check", broken, "--format", "json")
    assert (plain.exit_code, machine.exit_code) == (1, 1)
    listed = json.loads(machine.output)
    assert len(listed) > 30
    first = listed[0]
    assert f"{first['path']}:{first['line']}: {first['code']} {first['message']}" in plain.output


def test_a_pack_is_mended_and_what_is_left_is_reported(lms: Lms, pack: Path) -> None:
    register, lesson = pack / "content/regulations/uu-lama.yml", pack / "modules/desimal/01-koma.md"
    register.write_text(register.read_text(encoding="utf-8").replace("since:", "sinse:"), encoding="utf-8")
    lesson.write_text(lesson.read_text(encoding="utf-8") + "\n[materi](lesson:desimal/tiada)\n", encoding="utf-8")
    mended = "content/regulations/uu-lama.yml:4: F011 sinse: → since:"
    assert lms("check", pack).exit_code == 1
    done = lms("check", pack, "--fix")
    assert done.exit_code == 1
    first, second, *left = done.output.splitlines()
    assert (first, second) == (mended, "1 baris dibetulkan.")
    assert any(line.startswith("modules/desimal/01-koma.md:") and " X003 " in line for line in left)
    assert not any("F011" in line for line in left)
    assert "since:" in register.read_text(encoding="utf-8")
    assert "Tidak ada yang dapat dibetulkan sendiri." in lms("check", pack, "--fix").output


def test_what_is_mended_stays_out_of_the_json(lms: Lms, pack: Path) -> None:
    register = pack / "content/regulations/uu-lama.yml"
    register.write_text(register.read_text(encoding="utf-8").replace("since:", "sinse:"), encoding="utf-8")
    done = lms("check", pack, "--fix", "--format", "json")
    assert done.exit_code == 0
    assert all(one["severity"] == "warning" for one in json.loads(done.stdout))
    assert "F011 sinse: → since:" in done.stderr


def test_the_coverage_is_shown_as_a_table_and_as_csv(lms: Lms) -> None:
    assert "Pasal 3 ayat (2): Nilai dasar" in lms("coverage", "--pack", PACK).output
    lines = lms("coverage", "uu-baru", "--pack", PACK, "--format", "csv", "--empty").output.splitlines()
    assert lines[0].startswith("regulation,locator,")
    assert {line.split(",")[0] for line in lines[1:]} == {"uu-baru"}
    assert lms("coverage", "uu-tiada", "--pack", PACK).exit_code == 1


def test_ticking_closes_nothing_when_nothing_is_due(lms: Lms, database: Database) -> None:
    assert "0 overdue" in lms("tick").output


def unreadable(database: Database, *attempt_ids: UUID) -> None:
    """What is kept of a question of these attempts is damaged, as no release of ours leaves it."""
    with database.transaction() as db:
        held = AttemptItem.attempt_id.in_(attempt_ids), AttemptItem.item == "t-satu"
        named = db.execute(select(AttemptItem.question_version).where(*held).distinct()).scalar_one()
        damaged = insert(QuestionVersion).from_select(
            ["digest", "major", "item", "definition", "created_at"],
            select(
                literal("rusak"),
                QuestionVersion.major,
                QuestionVersion.item,
                literal({}, QuestionVersion.definition.type),
                QuestionVersion.created_at,
            ).where(QuestionVersion.digest == named),
        )
        db.execute(damaged)
        db.execute(update(AttemptItem).where(*held).values(question_version="rusak"))


def test_an_attempt_that_cannot_be_closed_holds_up_nothing_else(
    lms: Lms, database: Database, people: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    timed, yesterday = make("pass: 70\ntime_limit: 20 min"), now() - timedelta(days=1)
    stuck = start(database, timed, people.ada, yesterday)  # the oldest, so that it is first each time
    others = [start(database, timed, one, yesterday + timedelta(hours=1)) for one in (people.mallory, people.edsger)]
    unreadable(database, stuck)
    with database.transaction() as db:
        sign_ins.open_session(db, people.ada, address="127.0.0.1", agent="old", lifetime=timedelta(days=-1), now=now())
    for closed, removed in ((2, 1), (0, 0)):
        caplog.clear()
        done = lms("tick")
        assert done.exit_code == 1
        assert f"{closed} overdue attempt(s) closed; {removed} old session(s) and sign-in(s) removed." in done.output
        assert f"closing attempt {stuck}" in done.output
        assert [str(stuck) in one.getMessage() for one in caplog.records if one.name == "lms.overdue"] == [True]
    assert the_attempt(database, stuck).is_open
    assert [the_attempt(database, one).closed_by for one in others] == ["deadline", "deadline"]


def test_more_attempts_that_cannot_be_closed_than_are_closed_at_once_hold_up_nobody(
    lms: Lms, database: Database, people: Cast
) -> None:
    timed = make("pass: 70\ntime_limit: 20 min")
    with database.transaction() as db:
        crowd = [
            accounts.add(db, login=f"orang{n}", name=f"Orang {n}", roles=["participant"], now=now()).id
            for n in range(11)
        ]
    stuck = [start(database, timed, one, now() - timedelta(days=2)) for one in crowd]
    unreadable(database, *stuck)
    fine = start(database, timed, people.ada, now() - timedelta(days=1))
    assert "1 overdue attempt(s) closed" in lms("tick").output
    assert not the_attempt(database, fine).is_open


def test_a_step_that_fails_holds_up_none_behind_it(lms: Lms, database: Database, people: Cast) -> None:
    """A decision that nobody can read any more stands before all that is forgotten and counted."""
    take(database, make(), people.ada, {"t-satu": ["b"]})
    begun(database, people, asked(people, regrade.FullMarks()))
    with database.transaction() as db:
        db.execute(update(Regrade).values(action={"action": "dahulu"}))
    done = lms("tick")
    assert done.exit_code == 1
    assert "1 of what was due failed: carrying decision" in done.output
    assert "0 overdue attempt(s) closed" in done.output
    assert "1 quiz(zes) of a cohort counted" in done.output
    assert "decision(s)" not in done.output


def test_ticking_forgets_forms_that_were_refused_a_day_ago(lms: Lms, database: Database, people: Cast) -> None:
    with database.transaction() as db:
        old, new = (carried.carry(db, people.ada, "/akun", {}, now=now() - carried.KEPT * age) for age in (2, 0))
    assert lms("tick").exit_code == 0
    with database.reading() as db:
        assert [carried.brought(db, people.ada, "/akun", one) for one in (old, new)] == [None, {}]


def test_ticking_forgets_old_sessions_and_sign_ins_and_no_others(lms: Lms, database: Database, people: Cast) -> None:
    moment = now()
    days = {"expired": -1, "good": 20}
    with database.transaction() as db:
        for name, left in days.items():
            lifetime = timedelta(days=left)
            token = {"address": "127.0.0.1", "agent": name}
            sign_ins.open_session(db, people.ada, **token, lifetime=lifetime, now=moment)
        sign_ins.record_failure(db, "ada", "127.0.0.1", now=moment - sign_ins.SIGN_INS_KEPT - timedelta(days=1))
        sign_ins.record_failure(db, "ada", "127.0.0.1", now=moment - sign_ins.SIGN_INS_KEPT + timedelta(days=1))
    assert "2 old session(s) and sign-in(s) removed" in lms("tick").output
    with database.reading() as db:
        assert db.execute(select(AuthSession.agent)).scalars().all() == ["good"]
        assert _count(database, SignIn) == 3
    assert "0 old" in lms("tick").output


def test_an_account_is_let_try_again_and_ticking_forgets_what_was_wrong(
    lms: Lms, database: Database, people: Cast
) -> None:
    doors = [Door.from_network("ada", "192.0.2.1"), Door.from_network("grace", "192.0.2.1")]
    with database.transaction() as db:
        for door in doors:
            tries.begin(db, door, now=now() - timedelta(hours=25))
            tries.begin(db, Door.from_device(door.login, "phone"), now=now())
    assert lms("user", "unlock", "ada").output == "ada waits no more.\n"
    assert "Nothing wrong was tried" in lms("user", "unlock", "ada").output
    assert lms("user", "unlock", "nobody").exit_code == 1
    assert _count(database, Tries) == 2
    assert lms("tick").exit_code == 0
    with database.reading() as db:
        assert db.execute(select(Tries.login, Tries.kind)).all() == [("grace", "device")]


def test_an_account_is_linked_to_a_person_of_the_host(lms: Lms, database: Database, people: Cast) -> None:
    assert lms("user", "link", "ada", "p-1").output == "Whoever is signed in at the host as 'p-1' is ada here.\n"
    with database.reading() as db:
        assert db.execute(select(HostPerson.key, HostPerson.user_id)).all() == [("p-1", people.ada)]
    assert lms("user", "link", "nobody", "p-1").exit_code == 1
    assert lms("user", "link", "ada", "").exit_code == 1


def test_ticking_carries_a_decision_through(lms: Lms, database: Database, people: Cast) -> None:
    attempt_id = take(database, make(), people.ada, {"t-satu": ["b"]})
    begun(database, people, asked(people, regrade.FullMarks()))
    assert "1 decision(s) about a question carried through" in lms("tick").output
    assert points(database, attempt_id, "t-satu") == [(0, 1), (1, 1)]
    assert "decision" not in lms("tick").output


def test_ticking_counts_what_changed_for_its_instructors(lms: Lms, database: Database, people: Cast) -> None:
    take(database, make(), people.ada, {"t-satu": ["b"]})
    assert "1 quiz(zes) of a cohort counted" in lms("tick").output
    with database.reading() as db:
        found = analyses.of(db, people.cohort, make().id)
        assert found is not None
        assert (found.is_old, found.quiz.scores.total) == (False, 1)
    assert "counted" not in lms("tick").output


def test_ticking_makes_a_file_that_was_asked_for_and_forgets_it_after_a_day(
    lms: Lms, database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_PACK", str(PACK))
    with database.transaction() as db:
        for id in (uuid4(), uuid4()):
            exports.ask(db, id, people.cohort, people.grace, Form.COMMAS, people=1, now=now())
    assert "1 file of a cohort made" in lms("tick").output
    assert _count(database, ExportPiece) == 1
    assert "of a cohort made" not in lms("tick").output
    with database.transaction() as db:
        db.execute(update(Export).values(made_at=now() - timedelta(days=1)))
    assert lms("tick").exit_code == 0
    assert (_count(database, Export), _count(database, ExportPiece)) == (0, 0)


def test_a_person_is_shut_out_and_let_in_again(lms: Lms, database: Database, people: Cast) -> None:
    with database.transaction() as db:
        session = {"address": "127.0.0.1", "agent": "", "lifetime": timedelta(days=1), "now": now()}
        token = sign_ins.open_session(db, people.ada, **session)  # type: ignore[arg-type]
        link = accounts.invite(db, people.ada, lifetime=timedelta(days=1), now=now())
    assert lms("user", "disable", "ada").output == "ada cannot sign in any more.\n"
    assert "before either" in lms("user", "disable", "ada").output
    with database.reading() as db:
        assert sign_ins.who(db, token, now=now()) is None
        assert accounts.find(db, "ada") is None
        with pytest.raises(accounts.InvitationSpent):
            accounts.invited(db, link, now=now())
    assert lms("user", "enable", "ada").output == "ada can sign in again.\n"
    with database.reading() as db:
        assert accounts.find(db, "ada") is not None
        assert sign_ins.who(db, token, now=now()) is None, "what was ended stays ended"
        acts = db.execute(select(AuditEvent.action).where(AuditEvent.subject == "ada")).scalars().all()
    assert {"user.disable", "user.enable"} <= set(acts)
    assert lms("user", "disable", "nobody").exit_code == 1


def test_ticking_gives_running_attempts_the_deadlines_of_a_decision_that_was_cut_off(
    lms: Lms, database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = running(database, people, 5)
    monkeypatch.setattr(deadlines, "PIECE", 2)
    with database.transaction() as db:
        overrides.set_grace(db, people.cohort, 40, actor_id=None, now=NOON)
    assert grace_of(database, attempts) == [40, 40, 10, 10, 10]
    assert lms("tick").exit_code == 0
    assert grace_of(database, attempts) == [40] * 5
    with database.reading() as db:
        assert deadlines.moving(db) == []


def test_a_grace_reaches_every_running_attempt(
    lms: Lms, database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = running(database, people, 5)
    monkeypatch.setattr(deadlines, "PIECE", 2)
    assert lms("cohort", "set", "Angkatan I", "--grace", "40").exit_code == 0
    assert grace_of(database, attempts) == [40] * 5


def test_of_those_who_leave_one_who_is_not_there_keeps_all_of_them(
    lms: Lms, database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolment, "PIECE", 1)
    assert lms("cohort", "leave", "Angkatan I", "ada", "mallory").exit_code == 1
    with database.reading() as db:
        (mine,) = cohorts.taught_by(db, people.grace)
    assert mine.participants == 1
    assert lms("cohort", "leave", "Angkatan I", "ada", "ada").exit_code == 0, "named twice"


def test_who_leaves_a_cohort_counts_in_it_no_more(lms: Lms, database: Database, people: Cast) -> None:
    assert lms("cohort", "leave", "Angkatan I", "ada").output == "ada left 'Angkatan I'.\n"
    for wrong in (("Angkatan I", "ada"), ("Angkatan I", "mallory"), ("Tidak ada", "ada"), ("Angkatan I", "nobody")):
        assert lms("cohort", "leave", *wrong).exit_code == 1
    with database.reading() as db:
        (mine,) = cohorts.taught_by(db, people.grace)
    assert mine.participants == 0


def test_a_list_that_was_cut_off_is_finished_by_running_it_again(
    lms: Lms, database: Database, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster, links = tmp_path / "daftar.csv", tmp_path / "undangan.csv"
    roster.write_text("login,nama\n" + "".join(f"orang{n:03},Orang {n}\n" for n in range(120)), encoding="utf-8")
    pauses = iter([None])
    monkeypatch.setattr("lms.cli.enrolment.time.sleep", lambda _seconds: next(pauses))  # killed after the second piece
    assert lms("enrol", roster, "--cohort", "Angkatan I", "--invitations", links).exit_code != 0
    monkeypatch.undo()
    monkeypatch.setenv("LMS_DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    assert _count(database, User) == 4 + 2 * PIECE
    done = lms("enrol", roster, "--cohort", "Angkatan I", "--invitations", links)
    assert (
        "70 enrolled, 70 of them new people; 0 given another place or time; 0 names changed; 50 unchanged"
        in done.output
    )
    with links.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["login"] for row in rows] == [f"orang{n:03}" for n in range(120)]
    with database.reading() as db:
        for row in (rows[0], rows[-1]):
            assert accounts.invited(db, row["invitation"].rsplit("/", 1)[1], now=now()).login == row["login"]


def test_a_certificate_is_revoked_and_the_key_changed(lms: Lms, database: Database, people: Cast) -> None:
    one = issued(database, people.ada)
    assert lms("certificate", "key").exit_code == 0
    assert found(database, one).is_valid, "by the former key"
    assert lms("certificate", "revoke", one, "--reason", " ").exit_code == 1
    assert lms("certificate", "revoke", uuid4(), "--reason", "x").exit_code == 1
    assert lms("certificate", "revoke", "x", "--reason", "x").exit_code == 2
    assert found(database, one).is_valid
    done = lms("certificate", "revoke", one, "--reason", "Salah nama.")
    assert (done.exit_code, "--reissue" in done.output) == (0, True)
    assert found(database, one).reason == "Salah nama."
    with pytest.raises(certificates.Barred):
        issued(database, people.ada)
    assert lms("certificate", "revoke", one, "--reason", "Salah nama.", "--reissue").exit_code == 0
    assert issued(database, people.ada) != one


def test_an_unknown_setting_is_told(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_DATABSE_URL", "x")
    done = lms("tick")
    assert done.exit_code == 2
    assert "LMS_DATABSE_URL" in done.output


# --- the pack -------------------------------------------------------------------------------------------------------


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def test_ids_that_are_missing_are_written_into_quiz_files_alone(lms: Lms, pack: Path) -> None:
    quiz = pack / "quizzes/sejarah.md"
    written = quiz.read_text(encoding="utf-8")
    quiz.write_text(written.replace(" {#k-nilai}", ""), encoding="utf-8")
    (pack / "quizzes/bukan-teks.md").write_bytes(b"\xff")
    before = {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    would = lms("fmt", pack, "--check")
    assert (would.exit_code, quiz.read_bytes()) == (1, before[quiz])
    done = lms("fmt", pack)
    assert done.exit_code == 0
    assert "quizzes/sejarah.md\n" in done.output
    assert "quizzes/bukan-teks.md: left alone" in done.output
    assert [path for path, data in before.items() if path.read_bytes() != data] == [quiz]
    assert lms("fmt", pack, "--check").exit_code == 0


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_quiz_that_is_a_link_is_left_alone(lms: Lms, pack: Path, tmp_path: Path) -> None:
    outside = tmp_path / "luar.md"
    outside.write_text((pack / "quizzes/sejarah.md").read_text(encoding="utf-8").replace(" {#k-nilai}", ""), "utf-8")
    before = outside.read_bytes()
    (pack / "quizzes/luar.md").symlink_to(outside)
    assert "quizzes/luar.md: left alone" in lms("fmt", pack).output
    assert outside.read_bytes() == before
