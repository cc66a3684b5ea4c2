"""What a verified launch means here: who arrives, in which course, in which place."""

from __future__ import annotations

from uuid import UUID

from lms.features.lti import roles
from lms.features.lti.protocol import Launch
from lms.learning.api import launched


def arrival(registration_id: UUID, read: Launch, subject: str, path: str) -> launched.Arrival:
    """``path``: of what is opened, below the root of the site."""
    return launched.Arrival(
        registration_id=registration_id,
        subject=subject,
        name=read.person.name,
        place=roles.place(read.roles),
        course=_course(read, path),
    )


def _course(read: Launch, path: str) -> launched.Course | None:
    if read.context is None:
        return None
    grades = read.grades
    return launched.Course(
        deployment=read.deployment,
        context=read.context.id,
        title=read.context.title or read.context.label,
        scopes=tuple(sorted(grades.scopes)) if grades else (),
        line_items_url=grades.line_items if grades else None,
        roster_url=read.roster,
        link=read.link.id if read.link else None,
        resource=path,
        line_item_url=grades.line_item if grades else None,
    )
