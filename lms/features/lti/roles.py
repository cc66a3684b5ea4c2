"""What a platform's roles are here (LTI Core 1.3, A.2).

Only roles in the course count: whoever administers a platform, or a school in it, is nobody's instructor here. And no
platform makes anybody an editor or an administrator of ours, since those see more than that course.
"""

from __future__ import annotations

from collections.abc import Collection

from lms.db.cohorts import Place

_IN_COURSE = "http://purl.imsglobal.org/vocab/lis/v2/membership"
#: Roles of a course, and those below them: ``membership/Instructor#TeachingAssistant``.
_TEACH = ("Instructor", "Administrator", "Manager")


def place(roles: Collection[str]) -> Place:
    """As what somebody is in the cohort of a course: who teaches it teaches it here, everybody else takes part."""
    teaches = any(
        role == f"{_IN_COURSE}#{name}" or role.startswith(f"{_IN_COURSE}/{name}#") for role in roles for name in _TEACH
    )
    return Place.INSTRUCTOR if teaches else Place.PARTICIPANT
