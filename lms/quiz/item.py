"""What every question has in common, whatever its kind.

A kind is a frozen subclass of ``Item`` in a folder of ``lms.quiz.items`` with one line in ``registry``; nothing outside
its own folder asks which kind an item is.
"""

from __future__ import annotations

import dataclasses
import random
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from lms.errors import Invalid, Said
from lms.fields import Problems
from lms.fields.typed import storable
from lms.quiz.key_form import KeyForm
from lms.quiz.option import Option, Row
from lms.quiz.passage import Passage
from lms.quiz.rubric import Criterion
from lms.quiz.written import Block, Field, MissingId, Written

#: What a person gave: one string or more, as the kind understands them. Not answered is None, never an empty tuple.
Response = tuple[str, ...]
Form = Mapping[str, Sequence[str]]  # a submitted form: field name -> its values


@dataclass(frozen=True, slots=True)
class Mark:
    """The judgement on one response. "Not answered" is kept apart from "answered wrongly"."""

    fraction: float  # -1…1 of the item's points; negative only where an author's weights are
    answered: bool
    pending: bool = False  # a person has yet to judge it; until then the fraction is 0


NOT_ANSWERED = Mark(0.0, answered=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(ABC):
    """One question. All texts are Markdown; an empty one was not written."""

    kind: ClassVar[str]
    promise: ClassVar[int]  # of a kind in another package: for which version of our promise it is written
    name: ClassVar[Said]  # what the kind is called
    documentation: ClassVar[str]  # for authors: how it is written, one line
    example: ClassVar[str]  # a complete question; the sample of house tests and of the editors' guide
    extra_fields: ClassVar[frozenset[str]] = frozenset()  # field lines only this kind knows
    extra_texts: ClassVar[frozenset[str]] = frozenset()  # alerts only this kind knows, by attribute
    inline: ClassVar[bool] = False  # its answers stand inside the stem
    secret_order: ClassVar[bool] = False  # the author's order gives the key away: always shuffled
    in_degrees: ClassVar[bool] = False  # answers are better or worse: one with some of the points is no mistake
    max_text: ClassVar[int] = 2_000  # characters of a response

    id: str
    title: str
    stem: str
    points: float = 1.0
    tags: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()  # "regulation" or "regulation#locator"
    outcomes: tuple[str, ...] = ()  # "module/lesson.2": the second of a lesson, from 1
    family: str = ""  # of parallel questions, of which an attempt asks one
    explanation: str = ""
    hint: str = ""
    correct: str = ""  # feedback when the response is right …
    incorrect: str = ""  # … and when it is not
    section: str = ""  # id of the quiz's section it stands in
    passage: Passage | None = None
    line: int = dataclasses.field(default=0, compare=False)  # of the heading, from 1; 0: unknown; no part of the model

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
            raise self._refused(Said("Jawaban tidak dapat dibaca. Muat ulang halaman lalu jawab lagi."))
        if sum(map(len, values)) > self.max_text:
            raise self._refused(Said("Jawaban terlalu panjang; paling banyak %(most)s karakter.", most=self.max_text))
        if not all(map(storable, values)):
            raise self._refused(Said("Jawaban memuat karakter yang tidak dapat disimpan. Ketik ulang jawaban Anda."))
        return self._understand(tuple(value.strip() for value in values))

    @abstractmethod
    def _understand(self, values: Response) -> Response | None:
        """The response that stripped, possibly empty values make. Raises ``Invalid``."""

    def _refused(self, why: Said) -> Invalid:
        return Invalid(why, {self.field: why})

    def doubt(self, response: Response | None) -> Said | None:
        """Why a response can be right under no key, for whoever typed it; None for one that says something.

        It is kept all the same: nobody's words are thrown away.
        """
        return None

    @abstractmethod
    def mark(self, response: Response | None) -> Mark:
        """Judge a response. Pure; strings that make no sense (any more) are wrong, never an error."""

    # --- what a page shows without giving the key away ---

    def choices(self) -> tuple[Option, ...]:
        """What there is to choose from; empty where a text is typed.

        In the author's order, or by id where that would give the key away. A page shows them in that of ``order``.
        """
        return ()

    @property
    def takes_several(self) -> bool:
        """Whether more than one of ``choices`` may be chosen."""
        return False

    def rows(self) -> tuple[Row, ...]:
        """What is asked one by one, each with its own options or with a text to type; empty for a single question."""
        return ()

    def by_row(self, response: Response | None) -> dict[str, str]:
        """Row id -> what was given there: an option's id or the typed text. Rows left empty are missing."""
        return {}

    def feedback(self) -> dict[str, str]:
        """Option id, or row id where rows carry it -> what its author says about it."""
        return {one.id: one.feedback for one in self._asked() if one.feedback}

    def texts(self) -> Iterator[str]:
        """Every Markdown text of it that is not empty, to be proof-read or rendered before it is needed."""
        passage = self.passage.text if self.passage else ""
        asked = [*self._asked(), *(option for row in self.rows() for option in row.options)]
        texts = [text for one in asked for text in (one.text, one.feedback)]
        own = (passage, self.stem, *texts, self.hint, self.correct, self.incorrect, self.explanation)
        return iter(dict.fromkeys(filter(None, own)))

    def _asked(self) -> tuple[Option | Row, ...]:
        return (*self.choices(), *self.rows())

    @property
    def rule(self) -> Said | None:
        """How it is scored, for a participant who reads the question; None where that is plain "right or wrong"."""
        return None

    def order(self, rng: random.Random, *, shuffle: bool) -> Response:
        """The ids of ``choices`` as one person is to see them: shuffled when asked for, or when the kind needs it."""
        plain = tuple(option.id for option in self.choices())
        return self.shuffled(rng) or plain if shuffle or self.secret_order else plain

    def shuffled(self, rng: random.Random) -> Response:
        """The ids of the options in a random order, fixed ones in their place; empty when there is nothing to order."""
        return ()

    # --- what may be said once the key may be seen ---

    @abstractmethod
    def key(self) -> Response | None:
        """A response that gets full marks; None when only a person can tell."""

    @abstractmethod
    def solution(self) -> tuple[str, ...]:
        """All that is right, in words for a reader (Markdown or ``Said``); empty when only a person can tell."""

    def criteria(self) -> tuple[Criterion, ...]:
        """By what a person judges a response, worth its points together; empty where one number says it all."""
        return ()

    def worth(self) -> dict[str, float]:
        """Option id -> the fraction it earns when chosen alone; empty where options are not worth anything alone."""
        return {}

    def row_shares(self, response: Response | None) -> dict[str, float]:
        """Row id -> how right what was given there is, 0…1."""
        return {}

    def lacking(self, response: Response) -> Said | None:
        """Why a response did not earn all points, which tells of the key; None where "not right" says it all."""
        return None

    def alike(self, one: Response, other: Response) -> bool:
        """Whether two responses say the same."""
        return one == other

    def guess(self) -> float | None:
        """The mean fraction of somebody who chooses blindly; None where that is undefined, as for text.

        Source: MoodleDocs, "Quiz statistics calculations", random guess score.
        """
        return None

    @abstractmethod
    def graded(self) -> object:
        """What decides a mark besides kind and points, JSON-able: when it changes, statistics start anew."""

    # --- how its key is mended ---

    @abstractmethod
    def key_form(self) -> KeyForm | None:
        """What somebody fills in to mend the key; None where that takes more than a few fields."""

    def with_key(self, sent: KeyForm) -> Self:
        """The item with the key that was filled in; raises ``Invalid``. Only asked of items with a ``key_form``."""
        raise NotImplementedError

    # --- how it is written ---

    @abstractmethod
    def written(self) -> str:
        """The answer as ``parse`` reads it: the lines between stem and alerts; empty when it stands in the stem."""

    def written_stem(self) -> str:
        """The stem as ``parse`` reads it."""
        return self.stem

    def written_fields(self) -> dict[str, str]:
        """The field lines that only this kind knows, where they differ from what holds without them."""
        return {}

    @classmethod
    def missing_ids(cls, answers: Sequence[Block]) -> Iterator[MissingId]:
        """The ids that the author left out of ``answers`` and ``parse`` made up, for the formatter to write."""
        return iter(())
