"""What this feature offers to the others. Every page asks first whether the person teaches that cohort."""

from __future__ import annotations

from lms.features.participants import answers as answers  # their routes belong to these
from lms.features.participants import one_person as one_person
from lms.features.participants.blueprint import bp as bp
from lms.web.links import Entry

LINKS = {"participant": "participants.person", "question-answers": "participants.question_answers"}
MENU: tuple[Entry, ...] = ()
