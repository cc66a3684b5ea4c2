"""How a report and its answer are read from their forms."""

from __future__ import annotations

from collections.abc import Mapping

from lms.db.reports import ReportState
from lms.errors import Invalid, Said
from lms.fields.typed import typed
from lms.learning.api import reports

SHORTEST, LONGEST = 10, 1000
LONGEST_ANSWER = 2000


def message(form: Mapping[str, str]) -> str:
    """What is wrong with a question, in the reporter's words. Raises ``Invalid``."""
    text = _text(form, "message")
    if not SHORTEST <= len(text) <= LONGEST:
        says = Said(
            "Tuliskan apa yang keliru dalam %(least)s–%(most)s karakter; kiriman ini %(length)s karakter.",
            least=SHORTEST,
            most=LONGEST,
            length=len(text),
        )
        raise Invalid(says, {"message": says})
    return text


def answer(form: Mapping[str, str]) -> reports.Answer:
    """Raises ``Invalid`` naming every field."""
    faults = {}
    state, text = form.get("state", ""), _text(form, "answer")
    if state not in {ReportState.FIXED, ReportState.DECLINED}:
        faults["state"] = Said("Pilih: sudah diperbaiki, atau tidak diubah.")
    if not text:
        faults["answer"] = Said("Tuliskan jawaban; pelapor membacanya.")
    elif len(text) > LONGEST_ANSWER:
        faults["answer"] = Said(
            "Jawaban paling panjang %(most)s karakter; ini %(length)s.", most=LONGEST_ANSWER, length=len(text)
        )
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    return reports.Answer(ReportState(state), text, form.get("seen", ""))


def _text(form: Mapping[str, str], name: str) -> str:
    """Line ends as ``\\n``: a browser counts one character for what it sends as two."""
    return typed(form.get(name, ""))
