"""The story from its first day to now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lms.catalog.model import Catalog
from lms.db.accounts import Role
from lms.db.cohorts import Place
from lms.demonstration import learners, staff
from lms.demonstration.lives import Life
from lms.demonstration.world import Group, World
from lms.learning.api import attempts, demonstration, events, passwords

#: Of the two cohorts: how many days ago they began, and how many they last.
TERMS = ((35, 119), (10, 56))


def tell(db: Session, catalog: Catalog, *, site: str, now: datetime) -> None:
    """Fill an empty database, in the transaction of ``db``. ``site``: the address that a certificate names."""
    events.silence(db)
    world = World(db, catalog, now)
    first, second = (
        world.group(name, began=began, days=days)
        for name, (began, days) in zip(demonstration.COHORTS, TERMS, strict=True)
    )
    _add_visitors(world, first, second)
    secret = passwords.new_hash(demonstration.PASSWORD, "")  # once for all: a hash costs more than all else of somebody
    for learner in learners.everybody():
        group = first if learner.is_in_first else second
        world.add(learner.login, learner.name, (Role.PARTICIPANT,), secret, group.began)
        world.enrol(learner.login, group, Place.PARTICIPANT)
        Life(world, learner, group, site).plan()
    staff.plan(world, first)
    world.go_on()
    attempts.close_overdue(db, now=now)


def _add_visitors(world: World, first: Group, second: Group) -> None:
    """Those whom whoever tries it may be: staff, and two who have just come to the second cohort."""
    for person in demonstration.PEOPLE:
        secret = passwords.new_hash(person.password, person.login)
        world.add(person.login, person.name, person.roles, secret, first.began)
        if Role.INSTRUCTOR in person.roles:
            world.enrol(person.login, first, Place.INSTRUCTOR)
            world.enrol(person.login, second, Place.INSTRUCTOR)
        if Role.PARTICIPANT in person.roles:
            world.enrol(person.login, second, Place.PARTICIPANT)
