"""Options to choose from: a list whose items begin with a bracket, read and shuffled the same for every such kind."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from string import ascii_lowercase

from lms.fields import Problems
from lms.quiz.item import Item, Option, Response
from lms.quiz.written import Block, Entry, Written, is_id

# "(x)" or "[ ]", but not the beginning of a link "[x](…)"
_BOX = re.compile(r"(?:\( *(?P<round>[xX]?) *\)|\[ *(?P<square>[xX]?) *\])(?!\() *")
ROUND, SQUARE = "round", "square"

_ATTRIBUTES = re.compile(r"\{((?:#|(?:fixed|tetap)\b)[^{}]*)\}$")
_FIXED = {"fixed", "tetap"}

Read = list[tuple[Entry, "Choice"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Option):
    """An option that is right or wrong."""

    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceItem(Item):
    """A question with options, at least one of them right."""

    options: tuple[Choice, ...]

    def __post_init__(self) -> None:
        if not self.right:
            raise ValueError(f"{self.id}: no option is right")

    @property
    def right(self) -> Response:
        """The ids of the right options, in the order of the options."""
        return tuple(option.id for option in self.options if option.right)

    def _known(self, values: Response) -> Response | None:
        """The chosen options in the order of the options. Raises ``Invalid`` for one that the item does not have."""
        chosen = set(values) - {""}
        if not chosen <= {option.id for option in self.options}:
            raise self._refused("Pilihan itu tidak ada pada soal ini. Muat ulang halaman lalu pilih lagi.")
        return tuple(option.id for option in self.options if option.id in chosen) or None

    def choices(self) -> tuple[Choice, ...]:
        return self.options

    def shuffled(self, rng: random.Random) -> Response:
        return shuffled(self.options, rng)

    def solution(self) -> tuple[str, ...]:
        return tuple(option.text for option in self.options if option.right)

    def _rights(self) -> dict[str, bool]:
        return {option.id: option.right for option in self.options}

    def graded(self) -> object:
        return self._rights()


def shuffled(options: Sequence[Option], rng: random.Random) -> Response:
    """The ids of ``options`` in a random order; fixed ones keep their place."""
    free = [option.id for option in options if not option.fixed]
    rng.shuffle(free)
    following = iter(free)
    return tuple(option.id if option.fixed else next(following) for option in options)


# --- reading what an author wrote ---


def bracket(block: Block) -> str | None:
    """``ROUND`` or ``SQUARE`` by the first item of a list that begins with a bracket; None for any other block."""
    if block.type != "bullet_list":
        return None
    boxes = (_BOX.match(entry.text) for entry in block.entries)
    return next((box.lastgroup for box in boxes if box), None)


def read_options(written: Written, shape: str, problems: Problems) -> Read:
    """The options of a question, each with its place; every mistake is noted."""
    entries = [entry for block in written.answers for entry in block.entries]
    ids = _free_ids(entries)
    options: Read = []
    taken: set[str] = set()
    for entry in entries:
        option = _option(entry, ids, problems)
        if option.id in taken:
            problems.error(entry.line, "Q045", f"id opsi `{option.id}` sudah dipakai; beri id lain")
        taken.add(option.id)
        options.append((entry, option))
    _check_boxes(written, shape, options, problems)
    if written.in_quiz:
        _check_ids(entries, problems)
    return options


def _option(entry: Entry, ids: Iterator[str], problems: Problems) -> Choice:
    box = _BOX.match(entry.text)
    text, words = _attributes(entry.text[box.end() :] if box else entry.text)
    names = [word for word in words if word not in _FIXED]
    name = names[0].removeprefix("#") if names else next(ids)
    if len(names) > 1 or (names and not names[0].startswith("#")) or not is_id(name):
        message = "tulis satu id (huruf kecil, angka, tanda hubung) dan bila perlu kata fixed, mis. {#a fixed}"
        problems.error(entry.line, "Q046", message)
    if not text:
        problems.error(entry.line, "Q043", "opsi belum punya teks")
    elif not entry.quote:
        message = "umpan balik opsi belum ada; tulis `> …` di bawahnya, menjorok dua spasi"
        problems.warning(entry.line, "Q061", message)
    right = bool(box and box[box.lastgroup or 0])
    return Choice(id=name, text=text, feedback=entry.quote, fixed=not _FIXED.isdisjoint(words), right=right)


def _check_boxes(written: Written, shape: str, options: Read, problems: Problems) -> None:
    line, readable = written.answers[0].line, True
    for entry, _ in options:
        box = _BOX.match(entry.text)
        if not box:
            readable = False
            message = "opsi harus diawali kurung yang kosong atau berisi x, mis. `- ( ) teks` atau `- [x] teks`"
            problems.error(entry.line, "Q044", message)
        elif box.lastgroup != shape:
            message = "kurung ( ) dan [ ] bercampur; pakai ( ) bila jawabannya satu, [ ] bila boleh beberapa"
            problems.error(entry.line, "Q032", message)
    if len(options) == 1:
        problems.error(line, "Q042", "hanya ada satu opsi; tulis sedikitnya dua")
    if readable and not any(option.right for _, option in options):
        problems.error(line, "Q040", "belum ada jawaban benar; beri tanda x di dalam kurung opsi yang benar")


def _check_ids(entries: Sequence[Entry], problems: Problems) -> None:
    for entry in entries:
        if not any(word.startswith("#") for word in _attributes(entry.text)[1]):
            problems.warning(entry.line, "Q047", "opsi belum punya id; tulis mis. {#a} di akhir barisnya")


def _attributes(text: str) -> tuple[str, list[str]]:
    """Take ``{#a fixed}`` from the end of the first line of an option, or from the end of its last."""
    lines = [line.rstrip() for line in text.split("\n")]
    for at in (0, -1):
        if found := _ATTRIBUTES.search(lines[at]):
            lines[at] = lines[at][: found.start()]
            return "\n".join(lines).strip(), found[1].split()
    return text.strip(), []


def _free_ids(entries: Sequence[Entry]) -> Iterator[str]:
    """a, b, c … without those that the author gave."""
    given = {word for entry in entries for word in _attributes(entry.text)[1]}
    names = chain(ascii_lowercase, (f"o{number}" for number in count(27)))
    return (name for name in names if f"#{name}" not in given)
