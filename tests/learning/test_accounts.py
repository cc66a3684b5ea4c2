"""Accounts without the web: sessions, invitations, roles."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select

from lms.db.accounts import AuthSession, Invitation, Role, SignIn
from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.errors import Invalid
from lms.learning import accounts, passwords, sign_ins
from tests.conftest import NOON, PASSWORD, Cast

DAY = timedelta(days=1)


def signed_in(database: Database, user_id: object, lifetime: timedelta = DAY) -> str:
    with database.transaction() as db:
        return sign_ins.open_session(
            db,
            user_id,  # type: ignore[arg-type]
            address="192.0.2.1",
            agent="Firefox",
            lifetime=lifetime,
            now=NOON,
        )


def test_a_token_leads_to_the_person_and_only_its_digest_is_stored(database: Database, people: Cast) -> None:
    token = signed_in(database, people.ada)
    with database.reading() as db:
        found = sign_ins.who(db, token, now=NOON)
        stored = db.execute(select(AuthSession.token_digest)).scalar_one()
    assert found is not None
    assert (found.user_id, found.login, found.roles) == (people.ada, "ada", {Role.PARTICIPANT})
    assert token not in stored


def test_a_session_ends_when_its_time_is_over(database: Database, people: Cast) -> None:
    token = signed_in(database, people.ada, lifetime=timedelta(hours=1))
    with database.reading() as db:
        assert sign_ins.who(db, token, now=NOON + timedelta(minutes=59)) is not None
        assert sign_ins.who(db, token, now=NOON + timedelta(hours=1)) is None


def test_signing_out_everywhere_but_here_keeps_this_device(database: Database, people: Cast) -> None:
    here, phone, others = (signed_in(database, who) for who in (people.ada, people.ada, people.grace))
    with database.transaction() as db:
        sign_ins.close_all_sessions(db, people.ada, but=here)
    with database.reading() as db:
        assert sign_ins.who(db, here, now=NOON) is not None
        assert sign_ins.who(db, phone, now=NOON) is None
        assert sign_ins.who(db, others, now=NOON) is not None


def test_a_change_of_roles_ends_the_sessions_and_is_written_down(database: Database, people: Cast) -> None:
    token = signed_in(database, people.ada)
    with database.transaction() as db:
        accounts.set_roles(db, people.ada, [Role.EDITOR], now=NOON, actor_id=people.edsger)
    with database.reading() as db:
        assert sign_ins.who(db, token, now=NOON) is None
        event = db.execute(
            select(AuditEvent.actor_id, AuditEvent.details).where(AuditEvent.action == "user.role")
        ).one()
    assert event.actor_id == people.edsger
    assert event.details == {"before": ["participant"], "after": ["editor"]}


def test_demonstration_people_do_not_exist_unless_asked_for(database: Database) -> None:
    with database.transaction() as db:
        user = accounts.add(db, login="peserta", name="Peserta", roles=[Role.PARTICIPANT], now=NOON, demonstration=True)
        user.password_hash = "$argon2id$"
    token = signed_in(database, user.id)
    with database.reading() as db:
        assert accounts.find(db, "peserta") is None
        assert sign_ins.who(db, token, now=NOON) is None
        assert accounts.find(db, "peserta", demonstration=True) == (user.id, "$argon2id$")
        assert sign_ins.who(db, token, now=NOON, demonstration=True) is not None


@pytest.mark.parametrize("login", ["", "a", "ab", "spasi di tengah", "titik;koma", "x" * 121, "ada\n"])
def test_a_login_that_cannot_be_typed_is_refused(database: Database, login: str) -> None:
    with pytest.raises(Invalid), database.transaction() as db:
        # a line break at the end is white space and is dropped; three letters would then be enough
        accounts.add(db, login=login if login != "ada\n" else "a\nda", name="X", roles=[], now=NOON)


def test_a_login_is_taken_whatever_its_capitals(database: Database, people: Cast) -> None:
    with pytest.raises(accounts.LoginTaken, match="ada"), database.transaction() as db:
        accounts.add(db, login="ADA", name="Ada", roles=[], now=NOON)


def test_an_invitation_works_once(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        token = accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
    with database.reading() as db:
        assert accounts.invited(db, token, now=NOON).login == "ada"
    with database.transaction() as db:
        assert accounts.accept_invitation(db, token, "hash", now=NOON) == people.ada
    with pytest.raises(accounts.InvitationSpent), database.transaction() as db:
        accounts.accept_invitation(db, token, "other hash", now=NOON)


def test_a_new_password_ends_the_links_that_would_set_another(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        token = accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
        accounts.set_password(db, people.ada, "hash")
    with pytest.raises(accounts.InvitationSpent), database.reading() as db:
        accounts.invited(db, token, now=NOON)


def test_an_invitation_grows_old_and_a_new_one_ends_the_old_one(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        old = accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
        new = accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
    with database.reading() as db:
        with pytest.raises(accounts.InvitationSpent):
            accounts.invited(db, old, now=NOON)
        with pytest.raises(accounts.InvitationSpent):
            accounts.invited(db, new, now=NOON + DAY)
        with pytest.raises(accounts.InvitationSpent):
            accounts.invited(db, "invented", now=NOON)


def test_of_two_who_use_an_invitation_at_once_one_succeeds(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        token = accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
    both_ready, outcomes = threading.Barrier(2, timeout=10), []

    def use(password_hash: str) -> None:
        both_ready.wait()
        try:
            with database.transaction() as db:
                accounts.accept_invitation(db, token, password_hash, now=NOON)
            outcomes.append(password_hash)
        except accounts.InvitationSpent:
            outcomes.append("refused")

    threads = [threading.Thread(target=use, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as db:
        stored = accounts.find(db, "ada")
        assert db.execute(select(Invitation.used_at)).scalar_one() is not None
    assert outcomes.count("refused") == 1
    assert stored is not None
    assert stored[1] in outcomes


def test_a_successful_sign_in_is_written_down_too(database: Database, people: Cast) -> None:
    signed_in(database, people.ada)
    with database.reading() as db:
        row = db.execute(select(SignIn.login, SignIn.succeeded, SignIn.address)).one()
    assert tuple(row) == ("ada", True, "192.0.2.1")


# --- passwords ------------------------------------------------------------------------------------------------------


def test_a_password_is_known_again_and_no_other(password_hash: str) -> None:
    assert password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify(password_hash, PASSWORD)
    assert not passwords.verify(password_hash, PASSWORD + " ")
    assert not passwords.verify(password_hash, "")
    assert not passwords.verify(None, PASSWORD)
    assert not passwords.verify("not a hash", PASSWORD)
    assert not passwords.needs_rehash(password_hash)


def test_an_unknown_login_is_held_against_a_hash_like_any_other(password_hash: str) -> None:
    """What argon2 cannot read would be refused at once, and so tell that nobody has this login."""
    assert extract_parameters(passwords._NOBODY) == extract_parameters(password_hash)
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(passwords._NOBODY, PASSWORD)


@pytest.mark.parametrize(
    "password", ["pendek", "x" * 201, "indonesia123", "Password12", "aaaaaaaaaaaa", "budi.santoso1", "1212121212"]
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(passwords.WeakPassword):
        passwords.check_strength(password, "budi.santoso")


@pytest.mark.parametrize("password", [PASSWORD, "kopi hujan bemo", "Tr0pis&Laut", "九州の海は広いな大きいな"])
def test_a_long_password_needs_no_signs(password: str) -> None:
    passwords.check_strength(password, "budi.santoso")
