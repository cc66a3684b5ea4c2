"""What a course's platform tells of it: its roster, read whole before anything is changed and then taken in piece by
piece; and the line items of links of which no launch named one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from lms.db.engine import Database
from lms.features.lti.messages import Scope
from lms.features.lti.services import Services
from lms.learning.api import owed_scores, platform_rosters

PIECE = platform_rosters.PIECE


@dataclass(frozen=True, slots=True)
class Read:
    """How many people are in the course, for how many of them something changed, and how many left."""

    people: int
    changed: int
    left: int


def read(
    database: Database,
    services: Services,
    platform: Any,
    course: Any,
    *,
    now: Callable[[], datetime],
    actor_id: UUID | None = None,
) -> Read:
    """Raises ``Away`` or ``Broken``; then nothing has changed."""
    listed = services.roster(platform, course.roster_url)
    active = [one for one in listed if one.active]
    changed = 0
    for start in range(0, len(active), PIECE):
        part = active[start : start + PIECE]
        changed += database.commit(
            lambda db, part=part: platform_rosters.take_in(db, course.id, part, now=now(), actor_id=actor_id)  # type: ignore[misc]
        )
    leave = partial(platform_rosters.leave_others, course_id=course.id, active={one.subject for one in active})
    left = database.in_pieces(lambda db: leave(db, now=now(), actor_id=actor_id))
    done = partial(platform_rosters.was_read, course_id=course.id, people=len(active), left=left)
    database.commit(lambda db: done(db, now=now(), actor_id=actor_id))
    return Read(len(active), changed, left)


def find_line_items(
    database: Database, services: Services, platform: Any, course: Any, *, now: Callable[[], datetime]
) -> int:
    """To how many links scores go from now on. Raises ``Away`` or ``Broken``."""
    allowed = {Scope.LINE_ITEM, Scope.LINE_ITEM_READ} & set(course.scopes)
    if not course.line_items_url or not allowed:
        return 0
    with database.reading() as db:
        links = owed_scores.ungraded(db, course.id)
    found = 0
    for one in links:
        item = services.line_item(
            platform,
            course.line_items_url,
            link=one.link,
            resource=one.resource,
            only_read=Scope.LINE_ITEM not in allowed,
        )
        if item is not None:
            grade = partial(owed_scores.grade, link_id=one.id, line_item_url=item.url, maximum=item.maximum)
            found += database.commit(lambda db, grade=grade: grade(db, now=now()))  # type: ignore[misc]
    return found
