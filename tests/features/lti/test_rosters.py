"""A roster is read whole before it changes anything: people come in, get their place, or leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from lms.db.accounts import User
from lms.db.cohorts import Enrolment, Place
from lms.features.lti import rosters
from lms.features.lti.messages import MediaType
from lms.features.lti.services import Away, Broken
from lms.learning import cohorts, platform_rosters
from lms.learning.platform_rosters import Listed
from tests.conftest import NOON
from tests.features.lti.gradebook import Answered, Asked
from tests.features.lti.sites import Site
from tests.learning.platform_courses import SUBJECT

BASIS = "http://purl.imsglobal.org/vocab/lis/v2/membership"


def member(subject: str, role: str = f"{BASIS}#Learner", **more: str) -> dict[str, Any]:
    return {"user_id": subject, "roles": [role], "status": "Active", **more}


def pages(*of: list[dict[str, Any]]) -> Callable[[Asked], Answered]:
    def answer(asked: Asked) -> Answered:
        number = int(asked.path.partition("page=")[2] or 0)
        headers = {"Link": f'</roster?page={number + 1}>; rel="next"'} if number + 1 < len(of) else {}
        return Answered(200, {"id": "x", "members": of[number]}, headers)

    return answer


def read(site: Site) -> rosters.Read:
    with site.database.reading() as db:
        (listed,) = platform_rosters.courses(db)
    return rosters.read(site.database, site.services, site.platform, listed, now=site.clock)


def there(site: Site) -> dict[str, Any]:
    """By name: place, and whether they left."""
    with site.database.reading() as db:
        rows = db.execute(
            select(User.name, Enrolment.place, Enrolment.left_at)
            .join(Enrolment, Enrolment.user_id == User.id)
            .where(Enrolment.cohort_id == site.people.cohort)
        ).all()
    return {row.name: (Place(row.place), row.left_at is not None) for row in rows}


def test_a_roster_is_read_page_by_page_and_changes_who_takes_part(site: Site) -> None:
    site.book.answers["/roster"] = pages(
        [member(SUBJECT, name="Ada Lain"), member("u-2", given_name="Budi", family_name="Santoso")],
        [member("u-3", "Instructor", name="Citra"), member("u-4", name="Dewi") | {"status": "Inactive"}],
    )
    assert read(site) == rosters.Read(people=3, changed=2, left=0)
    assert site.book.asked[1].headers["Accept"] == MediaType.ROSTER
    assert there(site) == {
        "Ada": (Place.PARTICIPANT, False),  # her own account: nobody calls her otherwise
        "Grace": (Place.INSTRUCTOR, False),  # came in another way
        "Budi Santoso": (Place.PARTICIPANT, False),
        "Citra": (Place.INSTRUCTOR, False),
    }
    site.book.answers["/roster"] = pages(
        [member("u-2", name="Budi S."), member("u-3", name="Citra"), member("u-9", name="")]
    )
    assert read(site) == rosters.Read(people=3, changed=2, left=1)
    now = there(site)
    assert now["Ada"] == (Place.PARTICIPANT, True), "who left is marked, not deleted"
    assert now["Budi S."] == (Place.PARTICIPANT, False)
    assert now["Citra"] == (Place.PARTICIPANT, False)
    assert now["Tanpa nama"] == (Place.PARTICIPANT, False)
    assert read(site) == rosters.Read(people=3, changed=0, left=0)


@pytest.mark.parametrize(
    "answer",
    [
        Answered(200, {"members": []}),
        Answered(200, {"members": [member(SUBJECT) | {"status": "Deleted"}]}),
        Answered(200, {"members": [member("u-2"), {"roles": []}]}),
        Answered(200, {"members": [member("u-2"), member("x" * 256)]}),
        Answered(200, {"members": {"user_id": "u-2"}}),
        Answered(200, [member("u-2")]),
        Answered(200, "?"),
        Answered(500),
        Answered(403),
        Answered(200, {"members": [member("u-2")]}, {"Link": '<https://elsewhere.example/roster>; rel="next"'}),
        Answered(200, {"members": [member("u-2")]}, {"Link": '</roster>; rel="next"'}),
    ],
)
def test_a_roster_that_is_empty_or_broken_changes_nothing(site: Site, answer: Answered) -> None:
    site.book.answers["/roster"] = lambda _: answer
    before = there(site)
    with pytest.raises((Away, Broken)):
        read(site)
    assert there(site) == before


def test_extra_minutes_stay_when_a_roster_names_somebody(site: Site) -> None:
    with site.database.transaction() as db:
        group = cohorts.by_name(db, "Angkatan I")
        cohorts.enrol(db, group, site.people.ada, Place.PARTICIPANT, extra_minutes=30, now=NOON)
    with site.database.transaction() as db:
        place = Listed(SUBJECT, "Ada", Place.INSTRUCTOR)
        assert platform_rosters.take_in(db, site.course.course, [place], now=NOON) == 1
    with site.database.transaction() as db:
        group = cohorts.by_name(db, "Angkatan I")
        assert not cohorts.enrol(db, group, site.people.ada, Place.INSTRUCTOR, extra_minutes=30, now=NOON)
