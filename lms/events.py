"""What a host application may listen to: a signal for each thing that happens, sent after its commit.

    from lms.events import AttemptMarked, attempt_marked

    @attempt_marked.connect
    def keep(sender: Flask, event: AttemptMarked) -> None: ...

``sender`` is our application, as ``lms.init_app`` returned it, so that two mounts can be told apart. What is promised
stands in docs/plugins.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from blinker import Signal

from lms.learning.api import events

Event = events.Event
AttemptMarked = events.AttemptMarked
AttemptSubmitted = events.AttemptSubmitted
CourseDone = events.CourseDone
LessonDone = events.LessonDone
ModuleDone = events.ModuleDone
PersonEnrolled = events.PersonEnrolled

#: By the name of the event.
SIGNALS: Mapping[str, Signal] = {event.name: Signal(event.__doc__) for event in events.EVENTS}

attempt_marked = SIGNALS["attempt_marked"]
attempt_submitted = SIGNALS["attempt_submitted"]
course_done = SIGNALS["course_done"]
lesson_done = SIGNALS["lesson_done"]
module_done = SIGNALS["module_done"]
person_enrolled = SIGNALS["person_enrolled"]

__all__ = [
    "SIGNALS",
    "AttemptMarked",
    "AttemptSubmitted",
    "CourseDone",
    "Event",
    "LessonDone",
    "ModuleDone",
    "PersonEnrolled",
    "attempt_marked",
    "attempt_submitted",
    "course_done",
    "lesson_done",
    "module_done",
    "person_enrolled",
]
