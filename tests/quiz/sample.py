"""What house tests must be told of a kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from lms.quiz.item import Response


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A key form filled in anew: ``right`` was not right before, and is then; for ``wrong`` it is refused."""

    form: Mapping[str, Sequence[str]]
    right: Response
    wrong: Sequence[Mapping[str, Sequence[str]]]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Every part is asked for, so that none can be forgotten.

    ``generated``: makes a strategy for items of the kind out of strategies for what all items have.
    ``answer``: a whole answer to its question in the quiz of all kinds (``samples.QUIZ``), as the server keeps it.
    ``question``: that question, of a kind that no pack of ours may ask, since its package is not always there.
    ``refused``: what no page of ours sends.
    ``mended``: None for a kind whose key takes more than a few fields to mend.
    ``order_decides``: whether the order of the options as they are written decides a mark.
    """

    generated: Callable[..., st.SearchStrategy[Any]]
    answer: Response
    refused: Sequence[Sequence[str]]
    mended: Mended | None
    order_decides: bool
    question: str = ""
