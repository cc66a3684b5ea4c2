"""A course's roster, read whole before anything is changed, and then taken in piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from lms.db.engine import Database
from lms.features.lti.services import Services
from lms.learning.api import platform_rosters

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
