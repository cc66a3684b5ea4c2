"""How a request names what a practice is about: its subject, and after a colon the id of a module, an article …"""

from __future__ import annotations

from collections.abc import Mapping

from lms.errors import Invalid
from lms.fields.typed import storable
from lms.quiz.practice import About, Subject

FIELD = "tentang"


def written(about: About) -> str:
    return f"{about.subject}:{about.id}"


def about(form: Mapping[str, str]) -> About:
    """Raises ``Invalid``."""
    subject, _, id = form.get(FIELD, "").partition(":")
    if subject not in set(Subject) or not storable(id):
        raise Invalid("Pilih dahulu apa yang ingin Anda latih.")
    return About(Subject(subject), id)
