"""How the form of an attempt is read: the answers of one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from lms.fields.typed import typed
from lms.learning.api import attempts, saves
from lms.quiz.item import Item


def answers(form: MultiDict[str, str], items: Sequence[Item]) -> dict[str, attempts.Answer]:
    """Read the answers of a form. A page may show some of the questions only: those whose revision it holds.

    Raises ``Invalid`` for an answer that a question cannot have.
    """
    # A browser sends two characters for the end of a line, and its length counts one.
    lists = {name: [typed(value) for value in values] for name, values in form.to_dict(flat=False).items()}
    shown = [item for item in items if f"revision-{item.id}" in form]
    return {item.id: _answer(item, form, lists) for item in shown}


def _answer(item: Item, form: MultiDict[str, str], lists: Mapping[str, list[str]]) -> attempts.Answer:
    return attempts.Answer(
        values=item.read(lists),
        revision=_revision(form.get(f"revision-{item.id}")),
        flagged=form.get(f"flag-{item.id}") == "1",
        confidence=saves.confidence(form.get(f"confidence-{item.id}")),
    )


def _revision(given: str | None) -> int:
    """A page with an unreadable number is as old as can be."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) <= 10 else 0
