"""People, their devices, links and roles: what changes one of them leaves all others alone and is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.db.accounts import Invitation, Role, SignIn
from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.errors import Invalid
from lms.learning import accounts, devices, sign_ins
from tests.conftest import NOON, Cast
from tests.learning.test_accounts import DAY, signed_in


def test_a_session_tells_who_is_there_with_every_role(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        accounts.grant(db, people.ada, Role.EDITOR, now=NOON)
        accounts.set_preferences(db, people.ada, time_zone="Asia/Jayapura", language="en")
    token = signed_in(database, people.ada)
    with database.reading() as db:
        assert sign_ins.who(db, token, now=NOON) == sign_ins.SignedIn(
            user_id=people.ada,
            name="Ada",
            login="ada",
            roles=frozenset({Role.PARTICIPANT, Role.EDITOR}),
            time_zone="Asia/Jayapura",
            language="en",
        )
        assert sign_ins.who(db, token + "x", now=NOON) is None


def test_a_device_leaves_and_the_others_stay(database: Database, people: Cast) -> None:
    here, phone = signed_in(database, people.ada), signed_in(database, people.ada)
    with database.transaction() as db:
        sign_ins.close_session(db, here)
    with database.reading() as db:
        assert sign_ins.who(db, here, now=NOON) is None
        assert sign_ins.who(db, phone, now=NOON) is not None


def test_the_devices_of_a_person_are_listed_newest_first(database: Database, people: Cast) -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140"
    tokens = []
    with database.transaction() as db:
        for hours, (user_id, agent) in enumerate(
            [(people.ada, "Lynx/2.9"), (people.ada, edge), (people.grace, edge), (people.ada, "x" * 300)]
        ):
            tokens.append(
                sign_ins.open_session(
                    db, user_id, address="192.0.2.1", agent=agent, lifetime=DAY, now=NOON + timedelta(hours=hours)
                )
            )
    with database.reading() as db:
        listed = devices.of(db, people.ada, tokens[1], now=NOON + timedelta(hours=23))
        later = devices.of(db, people.ada, tokens[1], now=NOON + DAY)
    assert [(one.current, one.name, one.created_at) for one in listed] == [
        (False, "x" * 200, NOON + timedelta(hours=3)),
        (True, "Edge, Windows", NOON + timedelta(hours=1)),
        (False, "Lynx/2.9", NOON),
    ]
    assert later == listed[:2], "the first is over to the second"


def test_a_person_is_found_however_their_login_is_written(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        assert accounts.by_login(db, " ADA ").id == people.ada
        assert accounts.find(db.connection(), " Ada ") is not None
        with pytest.raises(accounts.UnknownPerson, match="'eve'"):
            accounts.by_login(db, "Eve")
        with pytest.raises(accounts.UnknownPerson):
            accounts.set_password(db, people.cohort, "hash")


def test_a_newer_hash_of_the_same_password_signs_nobody_out(database: Database, people: Cast) -> None:
    token = signed_in(database, people.ada)
    with database.transaction() as db:
        accounts.refresh_hash(db, people.ada, "newer")
    with database.reading() as db:
        assert accounts.find(db, "ada") == (people.ada, "newer")
        assert sign_ins.who(db, token, now=NOON) is not None


def test_a_new_password_signs_out_that_person_and_ends_their_links_alone(database: Database, people: Cast) -> None:
    own, other = signed_in(database, people.ada), signed_in(database, people.grace)
    with database.transaction() as db:
        link = accounts.invite(db, people.grace, lifetime=DAY, now=NOON)
        accounts.set_password(db, people.ada, "hash")
    with database.reading() as db:
        assert sign_ins.who(db, own, now=NOON) is None
        assert sign_ins.who(db, other, now=NOON) is not None
        assert accounts.invited(db, link, now=NOON) == accounts.Invited(people.grace, "Grace", "grace")


def test_an_invitation_of_one_person_ends_no_other_and_a_used_one_stays_known(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        used = accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
        hers = accounts.invite(db, people.grace, lifetime=DAY, now=NOON)
    with database.transaction() as db:
        accounts.accept_invitation(db, used, "hash", now=NOON)
        accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
        accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
    with database.reading() as db:
        assert accounts.invited(db, hers, now=NOON).user_id == people.grace
        moments = db.execute(select(Invitation.used_at).where(Invitation.user_id == people.ada)).scalars()
        assert sorted(moments, key=bool) == [None, NOON], "the used one, and the newest"


def test_a_closed_door_signs_out_and_lets_nobody_in_until_it_is_opened(database: Database, people: Cast) -> None:
    token, other = signed_in(database, people.ada), signed_in(database, people.grace)
    with database.transaction() as db:
        used = accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
    with database.transaction() as db:
        accounts.accept_invitation(db, used, "hash", now=NOON)
        link = accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
        hers = accounts.invite(db, people.grace, lifetime=DAY, now=NOON)
        assert accounts.disable(db, people.ada, now=NOON, actor_id=people.edsger) is True
        assert accounts.disable(db, people.ada, now=NOON + DAY) is False
    with database.reading() as db:
        assert sign_ins.who(db, other, now=NOON) is not None
        assert sign_ins.who(db, token, now=NOON) is None
        assert accounts.find(db, "ada") is None
        assert accounts.invited(db, hers, now=NOON)
        with pytest.raises(accounts.InvitationSpent):
            accounts.invited(db, link, now=NOON)
        left = db.execute(select(Invitation.used_at).where(Invitation.user_id == people.ada)).scalars().all()
        assert left == [NOON], "what was used stays known"
    with database.transaction() as db:
        assert accounts.by_login(db, "ada").disabled_at == NOON
        early = accounts.invite(db, people.ada, lifetime=DAY, now=NOON)
    with database.reading() as db, pytest.raises(accounts.InvitationSpent):
        accounts.invited(db, early, now=NOON)
    with database.transaction() as db:
        assert accounts.enable(db, people.ada, now=NOON + DAY, actor_id=people.grace) is True
        assert accounts.enable(db, people.ada, now=NOON + DAY) is False
    with database.reading() as db:
        assert accounts.find(db, "ada") is not None
        assert sign_ins.who(db, token, now=NOON) is None
        events = db.execute(
            select(AuditEvent.action, AuditEvent.subject, AuditEvent.actor_id, AuditEvent.at)
            .where(AuditEvent.action.in_(["user.disable", "user.enable"]))
            .order_by(AuditEvent.id)
        ).all()
    assert [tuple(event) for event in events] == [
        ("user.disable", "ada", people.edsger, NOON),
        ("user.enable", "ada", people.grace, NOON + DAY),
    ]


def test_what_is_over_is_forgotten_and_nothing_else(database: Database, people: Cast) -> None:
    over, _also_over = signed_in(database, people.ada, lifetime=DAY), signed_in(database, people.grace, lifetime=DAY)
    open_still = signed_in(database, people.ada, lifetime=2 * DAY)
    old, young = NOON + DAY - sign_ins.SIGN_INS_KEPT - timedelta(seconds=1), NOON + DAY - sign_ins.SIGN_INS_KEPT
    with database.transaction() as db:
        for moment in (old, old, young):
            sign_ins.record_failure(db, "eve", "192.0.2.9", now=moment)
    with database.transaction() as db:
        assert sign_ins.forget(db, now=NOON + DAY, most=1) == 2
        assert sign_ins.forget(db, now=NOON + DAY, most=1) == 2
        assert sign_ins.forget(db, now=NOON + DAY, most=1) == 0
    with database.reading() as db:
        assert sign_ins.who(db, over, now=NOON) is None
        assert sign_ins.who(db, open_still, now=NOON) is not None
        moments = db.execute(select(SignIn.at).where(SignIn.login == "eve")).scalars().all()
    assert moments == [young]


@pytest.mark.parametrize("login", ["abc", "x" * 120, "0.b", "budi_s@example.go.id", "a+b-c"])
def test_a_login_that_can_be_typed_is_taken_as_it_is(database: Database, login: str) -> None:
    with database.transaction() as db:
        user = accounts.add(db, login=f" {login.upper()} ", name="  Budi   Santoso ", roles=[], now=NOON)
    assert (user.login, user.name, user.created_at, user.demonstration) == (login, "Budi Santoso", NOON, False)


@pytest.mark.parametrize(
    ("name", "fits"), [("", False), (" ", False), ("x", True), ("x" * 200, True), ("x" * 201, False)]
)
def test_a_name_is_not_empty_and_not_endless(name: str, fits: bool) -> None:
    if fits:
        assert accounts.proper("budi", name) == ("budi", name)
        return
    with pytest.raises(Invalid, match="budi"):
        accounts.proper("budi", name)


def test_whoever_is_added_is_written_down_with_their_roles(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        user = accounts.add(
            db, login="Ken", name="Ken", roles=[Role.PARTICIPANT, Role.EDITOR], now=NOON, actor_id=people.edsger
        )
        assert accounts.roles_of(db, user.id) == {Role.EDITOR, Role.PARTICIPANT}
        ids = accounts.add_all(
            db,
            [("Tono", " Tono  S ", Role.PARTICIPANT), ("tini", "Tini", Role.INSTRUCTOR)],
            now=NOON,
            actor_id=people.grace,
        )
        assert accounts.add_all(db, [], now=NOON) == {}
        assert {login: accounts.by_login(db, login).id for login in ("tono", "tini")} == ids
        assert accounts.by_login(db, "tono").name == "Tono S"
        assert accounts.by_login(db, "tono").created_at == NOON
        assert [accounts.roles_of(db, ids[login]) for login in ("tono", "tini")] == [
            {Role.PARTICIPANT},
            {Role.INSTRUCTOR},
        ]
    with database.reading() as db:
        events = db.execute(
            select(AuditEvent.subject, AuditEvent.actor_id, AuditEvent.details, AuditEvent.at).where(
                AuditEvent.action == "user.add", AuditEvent.subject.in_(["ken", "tono", "tini"])
            )
        ).all()
    assert sorted(map(tuple, events)) == [
        ("ken", people.edsger, {"roles": ["editor", "participant"]}, NOON),
        ("tini", people.grace, {"roles": ["instructor"]}, NOON),
        ("tono", people.grace, {"roles": ["participant"]}, NOON),
    ]


def test_a_login_taken_meanwhile_stops_a_whole_list(database: Database, people: Cast) -> None:
    with pytest.raises(accounts.LoginTaken), database.transaction() as db:
        accounts.add_all(db, [("ken", "Ken", Role.PARTICIPANT), ("ada", "Ada", Role.PARTICIPANT)], now=NOON)
    with database.reading() as db:
        assert accounts.find(db, "ken") is None


def test_the_roles_that_somebody_holds_already_change_nothing(database: Database, people: Cast) -> None:
    token = signed_in(database, people.ada)
    with database.transaction() as db:
        accounts.grant(db, people.ada, Role.PARTICIPANT, now=NOON)
        accounts.set_roles(db, people.ada, [Role.PARTICIPANT], now=NOON)
    with database.reading() as db:
        assert sign_ins.who(db, token, now=NOON) is not None
        told = select(AuditEvent.subject).where(AuditEvent.action == "user.role", AuditEvent.subject == "ada")
        assert db.execute(told).first() is None


def test_another_role_is_added_to_those_a_person_holds(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        accounts.grant(db, people.ada, Role.EDITOR, now=NOON, actor_id=people.edsger)
        assert accounts.roles_of(db, people.ada) == {Role.PARTICIPANT, Role.EDITOR}
        assert accounts.roles_of(db, people.grace) == {Role.INSTRUCTOR}
        db.flush()
        event = db.scalars(
            select(AuditEvent).where(AuditEvent.action == "user.role", AuditEvent.subject == "ada")
        ).one()
    assert (event.actor_id, event.at) == (people.edsger, NOON)
    assert event.details == {"before": ["participant"], "after": ["editor", "participant"]}


def test_a_wrong_try_is_written_down_whatever_was_typed(database: Database) -> None:
    with database.transaction() as db:
        sign_ins.record_failure(db, "X" * 5000, "192.0.2.1", now=NOON)
    with database.reading() as db:
        row = db.execute(select(SignIn.login, SignIn.succeeded, SignIn.address, SignIn.at)).one()
    assert tuple(row) == ("x" * 120, False, "192.0.2.1", NOON)
