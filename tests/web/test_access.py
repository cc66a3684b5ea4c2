"""Whatever is there for instructors is there for those of this cohort alone: every such route is walked, as everybody
who may not, with ids that lead somewhere and with every form that it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lms.db.accounts import Role
from lms.db.base import Base
from lms.db.cohorts import Cohort, Place
from lms.db.engine import Database
from lms.db.exports import Form
from lms.features.exports import making
from lms.learning import accounts, cohorts, exports, marks, regrades, second_marks
from lms.learning.effects import Asked
from lms.learning.judgement import Given
from lms.quiz.regrade import Drop
from lms.web.guards import Permission, permission_of
from lms.web.site import now
from tests.conftest import NOON, Cast
from tests.features.attempts.test_views import RIGHT, form, start
from tests.visitor import Visitor
from tests.web.test_returned import FORMS, QUESTION, course, essay, filled, platform, proposed, version_of_the_first

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ESSAY_QUIZ, ESSAY = "semua-jenis", "sj-uraian"
PROPOSAL = {"message": "Kuncinya seharusnya pilihan kedua."}
QUIZ, ITEM, DROPPED = "pecahan", "k-nama", "k-sama"
#: What its instructors may, and what only administrators may.
STAFF = {Permission.TEACH, Permission.ADMINISTER}
#: What else an address says, where it leads nowhere without.
ASKED = {"exports.at_once": f"?form={Form.WORKBOOK}"}
#: How it is asked for: as by a browser, and as by a script.
WAYS: tuple[Mapping[str, str], ...] = ({}, {"Accept": "application/json"})


@dataclass(frozen=True)
class Somewhere:
    """A cohort with data: Ada's attempts in it, her report, a decision, a proposal, an essay marked by two people, and
    a file of all. ``places``: what stands for each variable of an address; ``essay``: what stands for it instead where
    people mark; ``forms``: for each ``<name>`` in ``FORMS``.

    A new page with a variable of its own puts it here, with the data that it needs.
    """

    places: Mapping[str, str]
    essay: Mapping[str, str]
    forms: Mapping[str, str]

    @property
    def ids(self) -> set[str]:
        """Variables that name something of this cohort alone, or the cohort."""
        return {name for name in self.places if name.endswith("_id")}

    def address(self, rule: Rule) -> str:
        missing = rule.arguments - self.places.keys()
        assert not missing, (
            f"{rule.endpoint} ({rule.rule}) is not walked: say in `somewhere` what stands for {', '.join(missing)}"
        )
        places = {**self.places, **self.essay} if rule.endpoint.startswith("marking.") else self.places
        built = rule.build({name: places[name] for name in rule.arguments}, append_unknown=False)
        assert built
        return built[1] + ASKED.get(rule.endpoint, "")


@pytest.fixture
def somewhere(app: Flask, people: Cast, database: Database) -> Somewhere:
    ada = Visitor(app).sign_in("ada")
    attempt = start(ada)
    ada.post(f"{attempt}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    ada.post(f"{attempt}/lapor/{ITEM}", {"message": "Pilihan lain juga benar menurut saya."})
    decision, essay_id = _decided(database, people), essay(ada)
    _marked_twice(database, UUID(essay_id), people)
    Visitor(app).sign_in("grace").post(f"{QUESTION.replace('<cohort>', str(people.cohort))}/usulan", PROPOSAL)
    attempt_id, platform_id = attempt.rpartition("/")[2], platform(database)
    course_id = course(database, people.cohort)
    return Somewhere(
        places={
            "cohort_id": str(people.cohort),
            "user_id": str(people.ada),
            "quiz": QUIZ,
            "item": ITEM,
            "attempt_id": attempt_id,
            "regrade_id": str(decision),
            "export_id": str(_file(app, people.grace, people.cohort)),
            "proposal_id": proposed(database),
            "registration_id": platform_id,
            "course_id": course_id,
        },
        essay={"attempt_id": essay_id, "quiz": ESSAY_QUIZ, "item": ESSAY},
        forms={
            "attempt": attempt,
            "cohort": str(people.cohort),
            "ada": str(people.ada),
            "version": version_of_the_first(database),
            "essay": essay_id,
            "platform": platform_id,
            "course": course_id,
        },
    )


def _marked_twice(database: Database, attempt_id: UUID, people: Cast) -> None:
    with database.transaction() as db:
        marks.judge(db, attempt_id, ESSAY, 0.5, author_id=people.grace, comment="", now=now())
        second_marks.give(db, attempt_id, ESSAY, Given(0.9, ""), author_id=people.edsger, now=now())


def _file(app: Flask, user_id: UUID, cohort_id: UUID) -> UUID:
    """A file of the cohort that this person asked for."""
    held, id = app.extensions["lms"], exports.new_id()
    with held.database.transaction() as db:
        exports.ask(db, id, cohort_id, user_id, Form.COMMAS, people=1, now=now())
    assert making.run(held.database, held.pack.current(), id, now=now)
    return id


def _decided(database: Database, people: Cast) -> UUID:
    id, asked = UUID(int=8), Asked(item=DROPPED, cohort_id=people.cohort, decision=Drop(), reason="Soalnya rancu.")
    with database.transaction() as db:
        plan = regrades.preview(db.connection(), asked)
        regrades.decide(db, asked, plan, regrade_id=id, seen=plan.digest, quiz=QUIZ, author_id=people.grace, now=NOON)
    return id


@pytest.fixture
def others(app: Flask, people: Cast, database: Database) -> dict[str, tuple[Visitor, int]]:
    """Who may not, with what each is told: Mallory teaches another cohort."""
    with database.transaction() as db:
        theirs = db.scalars(select(Cohort).where(Cohort.id != people.cohort)).one()
        cohorts.enrol(db, theirs, people.mallory, Place.INSTRUCTOR, now=NOON)
    told = {"mallory": 404, "edsger": 403, "ada": 403}
    return {login: (Visitor(app).sign_in(login), status) for login, status in told.items()}


def _rules(app: Flask, method: str) -> list[Rule]:
    """Those for staff of a cohort."""
    found = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    return [rule for rule in found if permission_of(app, rule.endpoint) in STAFF]


def _contents(database: Database) -> dict[str, list[Any]]:
    with database.reading() as db:
        return {table.name: sorted(map(repr, db.execute(select(table)))) for table in Base.metadata.sorted_tables}


def _sent(app: Flask, somewhere: Somewhere) -> Iterator[tuple[Rule, str, dict[str, Any]]]:
    """Every form of every route that changes something, and an empty one to where it leads somewhere."""
    for rule in _rules(app, "POST"):
        yield rule, somewhere.address(rule), {}
        for path, given in FORMS[rule.endpoint]:
            values = {name: filled(value, somewhere.forms) for name, value in given.items()}
            yield rule, filled(path, somewhere.forms), values


def test_pages_and_files_of_a_cohort_are_for_its_instructors(
    app: Flask, somewhere: Somewhere, others: dict[str, tuple[Visitor, int]]
) -> None:
    rules = _rules(app, "GET")
    assert len(rules) >= 13
    for login, (visitor, status) in others.items():
        for rule in rules:
            told = _told(app, rule, login, status)
            for headers in WAYS:
                answered = visitor.get(somewhere.address(rule), headers=headers)
                assert answered.status_code in told, (login, rule)
                assert not _tells(answered), (login, rule)


def _told(app: Flask, rule: Rule, login: str, status: int) -> set[int]:
    if permission_of(app, rule.endpoint) is Permission.ADMINISTER:
        return {403}
    return {200, 303} if login == "mallory" and not rule.arguments else {status}  # what is of her own cohort


def _tells(answered: TestResponse) -> set[str]:
    """What a page says of the cohort."""
    text = answered.get_data().decode(errors="replace").replace("Angkatan II", "").partition("<main")[2]
    return {word for word in ("Angkatan I", "Ada") if word in text}


def test_under_the_address_of_an_own_cohort_nothing_of_another_is_told_or_changed(
    app: Flask, somewhere: Somewhere, others: dict[str, tuple[Visitor, int]], people: Cast, database: Database
) -> None:
    mallory, before = others["mallory"][0], _contents(database)
    with database.reading() as db:
        theirs = db.execute(select(Cohort.id).where(Cohort.id != people.cohort)).scalar_one()
    mixed = replace(somewhere, places={**somewhere.places, "cohort_id": str(theirs)})
    for method, ask in (("GET", mallory.get), ("POST", mallory.post)):
        for rule in _rules(app, method):
            if {"cohort_id"} < somewhere.ids & rule.arguments:
                assert ask(mixed.address(rule)).status_code in {403, 404}, rule
            elif method == "GET" and rule.arguments:
                assert not _tells(ask(mixed.address(rule))), rule
    assert _contents(database) == before


def test_nobody_else_changes_anything_in_a_cohort(
    app: Flask, somewhere: Somewhere, others: dict[str, tuple[Visitor, int]], database: Database
) -> None:
    sent, before = list(_sent(app, somewhere)), _contents(database)
    for login, (visitor, status) in others.items():
        for rule, path, given in sent:
            told = _told(app, rule, login, status)
            assert visitor.post(path, given).status_code in told, (login, path, given)
            assert visitor.send(path, given).status_code in told, (login, path, given)
    assert _contents(database) == before


def test_a_stranger_is_led_to_sign_in_and_changes_nothing(app: Flask, somewhere: Somewhere, database: Database) -> None:
    nobody, before = Visitor(app), _contents(database)
    asked = [nobody.get(somewhere.address(rule)) for rule in _rules(app, "GET")]
    asked += [nobody.post(path, given) for _, path, given in _sent(app, somewhere)]
    assert {(one.status_code, one.location.split("?")[0]) for one in asked} == {(303, "/masuk")}
    assert _contents(database) == before


@pytest.mark.parametrize("administers", [False, True])
def test_its_own_instructor_and_an_administrator_get_all_of_it(
    app: Flask, somewhere: Somewhere, people: Cast, database: Database, administers: bool
) -> None:
    """So the walks above lead somewhere."""
    if administers:
        with database.transaction() as db:
            accounts.grant(db, people.edsger, Role.ADMINISTRATOR, now=NOON)
    visitor = Visitor(app).sign_in("edsger" if administers else "grace")
    if administers:  # a file is for whoever asked for it
        own = str(_file(app, people.edsger, people.cohort))
        somewhere = replace(somewhere, places={**somewhere.places, "export_id": own})
    for rule in _rules(app, "GET"):
        mine = administers or permission_of(app, rule.endpoint) is not Permission.ADMINISTER
        assert visitor.get(somewhere.address(rule)).status_code in ({200, 302, 303} if mine else {403}), rule
