"""What every question has in common, whatever its kind.

A kind is a frozen subclass of ``Item`` in ``lms.quiz.items`` with one line in ``registry``; nothing outside its own
file asks which kind an item is.
"""

from __future__ import annotations

import dataclasses
import random
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from lms.errors import Invalid
from lms.fields import Problems
from lms.quiz.written import Block, Field, Written

#: What a person gave: one string or more, as the kind understands them. Not answered is None, never an empty tuple.
Response = tuple[str, ...]
#: A submitted form: field name -> its values.
Form = Mapping[str, Sequence[str]]

MAX_TEXT = 2_000
#: What no database column and no JSON text can hold everywhere: control characters and halves of surrogate pairs.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Mark:
    """The judgement on one response. "Not answered" is kept apart from "answered wrongly"."""

    fraction: float  # -1…1 of the item's points; negative only where an author's weights are
    answered: bool


NOT_ANSWERED = Mark(0.0, answered=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several things to choose from. ``id`` is unique in its item and never changes once published."""

    id: str
    text: str
    feedback: str = ""
    fixed: bool = False  # keeps its place when options are shuffled


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(ABC):
    """One question. All texts are Markdown; an empty one was not written."""

    kind: ClassVar[str]
    name: ClassVar[str]  # what the kind is called in Bahasa Indonesia
    documentation: ClassVar[str]  # for authors: how it is written, one line
    example: ClassVar[str]  # a complete question; the sample of house tests and of the editors' guide
    extra_fields: ClassVar[frozenset[str]] = frozenset()  # field lines only this kind knows

    id: str
    title: str
    stem: str
    points: float = 1.0
    tags: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()  # "regulation" or "regulation#locator"
    explanation: str = ""
    hint: str = ""
    correct: str = ""  # feedback when the response is right …
    incorrect: str = ""  # … and when it is not
    line: int = dataclasses.field(
        default=0, compare=False
    )  # of the heading, from 1; 0 when unknown; no part of the model

    # --- what an author wrote ---

    @classmethod
    @abstractmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        """Whether ``block`` is an answer in this kind's writing. The registry asks particular kinds first."""

    @classmethod
    @abstractmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        """The item, or None when no item can be made of it; every mistake is noted in ``problems``."""

    # --- what a person gave ---

    @property
    def field(self) -> str:
        """The name of this item's form field."""
        return f"answer-{self.id}"

    def read(self, form: Form) -> Response | None:
        """This item's response from a submitted form. Raises ``Invalid`` for what the page cannot have sent."""
        return self.accept(form.get(self.field, ()))

    def accept(self, values: object) -> Response | None:
        """The response in a JSON value: a list of strings, or null for "not answered".

        Takes anything and raises ``Invalid`` for what it cannot use. What it returns, it accepts again unchanged.
        """
        if values is None:
            return None
        if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
            raise self._refused("Jawaban tidak dapat dibaca. Muat ulang halaman lalu jawab lagi.")
        if sum(map(len, values)) > MAX_TEXT:
            raise self._refused(f"Jawaban terlalu panjang; paling banyak {MAX_TEXT} karakter.")
        if any(map(_UNSTORABLE.search, values)):
            raise self._refused("Jawaban memuat karakter yang tidak dapat disimpan. Ketik ulang jawaban Anda.")
        return self._understand(tuple(value.strip() for value in values))

    @abstractmethod
    def _understand(self, values: Response) -> Response | None:
        """The response that stripped, possibly empty values make. Raises ``Invalid``."""

    def _refused(self, message: str) -> Invalid:
        return Invalid(message, {self.field: message})

    @abstractmethod
    def mark(self, response: Response | None) -> Mark:
        """Judge a response. Pure; strings that make no sense (any more) are wrong, never an error."""

    # --- what can be said about it ---

    def choices(self) -> tuple[Option, ...]:
        """What there is to choose from, in the author's order; empty where a text is typed."""
        return ()

    @property
    def rule(self) -> str:
        """How it is scored where that is not plain "right or wrong", in words for a participant; else empty."""
        return ""

    def shuffled(self, rng: random.Random) -> Response:
        """The ids of the options in a random order, fixed ones in their place; empty when there is nothing to order."""
        return ()

    @abstractmethod
    def key(self) -> Response | None:
        """A response that gets full marks; None when only a person can tell."""

    @abstractmethod
    def solution(self) -> tuple[str, ...]:
        """All that is right, in words a reader understands (Markdown)."""

    def guess(self) -> float | None:
        """The mean fraction of somebody who chooses blindly; None where that is undefined, as for text.

        Source: MoodleDocs, "Quiz statistics calculations", random guess score.
        """
        return None

    @abstractmethod
    def graded(self) -> object:
        """What decides a mark besides kind and points, JSON-able: when it changes, statistics start anew."""
