"""Options that are right or wrong: a list whose items begin with ``(x)``, ``( )``, ``[x]`` or ``[ ]``."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Fix, Problems
from lms.quiz.item import Item, Response
from lms.quiz.items import options as lists
from lms.quiz.items.options import Listed, shuffled
from lms.quiz.key_form import KeyForm, Widget, marked, wrong_key
from lms.quiz.meant import are_plain
from lms.quiz.option import Option
from lms.quiz.written import Block, Entry, MissingId, Written, joined

# "(x)" or "[ ]", but not the beginning of a link "[x](…)"
_BOX = re.compile(r"(?:\( *(?P<round>[xX]?) *\)|\[ *(?P<square>[xX]?) *\])(?!\() *")
_TICK = re.compile(r"[(\[] *(?P<mark>[√✓✔☑✅vV]) *[)\]]")
ROUND, SQUARE = "round", "square"
_BRACKETS = {ROUND: ("(", ")"), SQUARE: ("[", "]")}

Read = list[tuple[Entry, "Choice"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Option):
    """An option that is right or wrong."""

    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenItem(Item):
    """A question with options to choose from, whatever they are worth."""

    def _known(self, values: Response) -> Response | None:
        """The chosen options in the order of the options. Raises ``Invalid`` for one that the item does not have."""
        chosen = set(values) - {""}
        ids = [option.id for option in self.choices()]
        if not chosen <= set(ids):
            raise self._refused(Said("Pilihan itu tidak ada pada soal ini. Muat ulang halaman lalu pilih lagi."))
        return tuple(id for id in ids if id in chosen) or None

    def _only(self, response: Response | None) -> Response | None:
        if response and len(response) > 1:
            raise self._refused(Said("Pilih satu jawaban saja."))
        return response

    def shuffled(self, rng: random.Random) -> Response:
        return shuffled(self.choices(), rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceItem(ChosenItem):
    """A question with options, at least one of them right."""

    shape: ClassVar[str]  # of the brackets

    options: tuple[Choice, ...]

    def __post_init__(self) -> None:
        if not self.right:
            raise ValueError(f"{self.id}: no option is right")

    @property
    def right(self) -> Response:
        """The ids of the right options, in the order of the options."""
        return tuple(option.id for option in self.options if option.right)

    def choices(self) -> tuple[Choice, ...]:
        return self.options

    def solution(self) -> tuple[str, ...]:
        return tuple(option.text for option in self.options if option.right)

    def worth(self) -> dict[str, float]:
        return {option.id: self.mark((option.id,)).fraction for option in self.options}

    def _rights(self) -> dict[str, bool]:
        return {option.id: option.right for option in self.options}

    def graded(self) -> object:
        return self._rights()

    def key_form(self) -> KeyForm:
        return KeyForm(Widget.SEVERAL, marked(self._rights(), self.right))

    def with_key(self, sent: KeyForm) -> Self:
        if not sent.right or not sent.right <= self._rights().keys():
            raise wrong_key(Said("Tandai sedikitnya satu pilihan yang benar."))
        return replace(self, options=tuple(replace(one, right=one.id in sent.right) for one in self.options))

    def written(self) -> str:
        left, right = _BRACKETS[self.shape]
        marks = {True: f"- {left}x{right} ", False: f"- {left} {right} "}
        return joined((marks[one.right], lists.written_text(one), one.feedback) for one in self.options)

    @classmethod
    def missing_ids(cls, answers: Sequence[Block]) -> Iterator[MissingId]:
        return lists.missing_ids(lists.take_apart(answers, _BOX))


# --- reading what an author wrote ---


def bracket(block: Block) -> str | None:
    """``ROUND`` or ``SQUARE`` by the first item of a list that begins with a bracket; None for any other block."""
    if block.type != "bullet_list":
        return None
    boxes = (_BOX.match(entry.text) for entry in block.entries)
    return next((box.lastgroup for box in boxes if box), None)


def read_options(written: Written, shape: str, problems: Problems) -> Read:
    """The options of a question, each with its place; every mistake is noted."""
    found = lists.read_list(written.answers, _BOX, problems)
    lists.check_feedback(found, problems)
    options = [(one.entry, _choice(one)) for one in found]
    _check_boxes(written, shape, found, problems)
    if all(one.box for one in found) and not any(option.right for _, option in options):
        message = "belum ada jawaban benar; beri tanda x di dalam kurung opsi yang benar"
        problems.error(written.answers[0].line, "Q040", message)
    if written.in_quiz:
        lists.check_ids(found, problems)
    return options


def _choice(one: Listed) -> Choice:
    right = bool(one.box and one.box[one.box.lastgroup or 0])
    return Choice(id=one.id, text=one.text, feedback=one.entry.quote, fixed=one.fixed, right=right)


def _check_boxes(written: Written, shape: str, found: Sequence[Listed], problems: Problems) -> None:
    for one in found:
        if not one.box:
            message = "opsi harus diawali kurung yang kosong atau berisi x, mis. `- ( ) teks` atau `- [x] teks`"
            problems.error(one.entry.line, "Q044", message, fix=_ticked(one, shape, found))
        elif one.box.lastgroup != shape:
            message = "kurung ( ) dan [ ] bercampur; pakai ( ) bila jawabannya satu, [ ] bila boleh beberapa"
            problems.error(one.entry.line, "Q032", message)
    if len(found) == 1:
        problems.error(written.answers[0].line, "Q042", "hanya ada satu opsi; tulis sedikitnya dua")


def _ticked(own: Listed, shape: str, found: Sequence[Listed]) -> Fix | None:
    """The mending of an option that is ticked instead of crossed, where no other one can be meant as right."""
    left, right = _BRACKETS[shape]
    ticked = [box for one in found if (box := _TICK.match(one.entry.text))]
    marks = [*(box["mark"] for box in ticked), *(one.box[one.box.lastgroup or 0] for one in found if one.box)]
    mine = _TICK.match(own.entry.text)
    if not mine or not are_plain(marks) or (shape == ROUND and len(ticked) > 1):
        return None
    return Fix(mine[0], f"{left}x{right}") if mine[0][0] + mine[0][-1] == left + right else None
