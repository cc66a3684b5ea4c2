"""Lists of options: ids, marks and the ``fixed`` ones, read and shuffled the same for every kind that has a list."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from string import ascii_lowercase

from lms.fields import Fix, Problems, slug_of
from lms.quiz.item import Response
from lms.quiz.option import Option
from lms.quiz.written import Block, Entry, MissingId, id_at_end, is_id, with_id

FIXED = frozenset({"fixed", "tetap"})
_ATTRIBUTES = re.compile(r"\{((?:#|(?:fixed|tetap)\b)[^{}]*)\}$")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list, taken apart: ``box`` is its mark, None when it has none."""

    entry: Entry
    box: re.Match[str] | None
    id: str
    text: str
    fixed: bool


#: Texts and the ids that are taken -> ids for entries that have none.
Namer = Callable[[Sequence[str], set[str]], Iterator[str]]


def letters(texts: Sequence[str], taken: set[str]) -> Iterator[str]:
    """a, b, c … without those that are taken."""
    names = chain(ascii_lowercase, (f"o{number}" for number in count(27)))
    return (name for name in names if name not in taken)


def hashed(texts: Sequence[str], taken: set[str]) -> Iterator[str]:
    """Ids that tell nothing about the order of the texts."""
    taken = set(taken)
    for text in texts:
        name = hashed_id(text, taken)
        taken.add(name)
        yield name


def hashed_id(text: str, taken: set[str]) -> str:
    """``k`` and the first hex digits of the digest of ``text``, as many as it takes to be new, at least 4."""
    digits = hashlib.sha256(text.encode(errors="replace")).hexdigest()
    names = chain((f"k{digits[:length]}" for length in range(4, 40)), (f"k{digits}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def entries(blocks: Sequence[Block]) -> list[Entry]:
    """The entries of several lists."""
    return [entry for block in blocks for entry in block.entries]


def read_list(
    blocks: Sequence[Block], box: re.Pattern[str], problems: Problems, namer: Namer = letters
) -> list[Listed]:
    """Every entry with its id and text; mistakes in braces, empty texts and ids used twice are noted."""
    found = take_apart(blocks, box, namer)
    taken: set[str] = set()
    ids = {one.id for one in found if _names(_split(one)[1])}
    named = bool(ids)  # then braces at an end are not a set of numbers
    for one in found:
        names = _names(_split(one)[1])
        if len(names) > 1 or (names and not names[0].startswith("#")) or not is_id(one.id):
            message = "tulis satu id (huruf kecil, angka, tanda hubung) dan bila perlu kata fixed, mis. {#a fixed}"
            small = slug_of(one.id) if len(names) == 1 and names[0].startswith("#") else None
            fix = Fix(f"{{#{one.id}", f"{{#{small}") if small and small not in ids else None
            problems.error(one.entry.line, "Q046", message, fix=fix)
        if not one.text:
            problems.error(one.entry.line, "Q043", "opsi belum punya teks")
        elif is_misplaced(one.text) or (named and _BARE_ID.search(one.text)):
            message = "id opsi berdiri di akhir barisnya, mis. `- (x) teks {#a}`"
            problems.error(one.entry.line, "Q046", message, fix=None if names else _at_end(one.text, ids))
        if one.id in taken:
            problems.error(one.entry.line, "Q045", f"id opsi `{one.id}` sudah dipakai; beri id lain")
        taken.add(one.id)
    check_alike([(one.entry.line, one.text) for one in found], problems)
    return found


def _at_end(text: str, taken: Collection[str]) -> Fix | None:
    """The mending of an option whose id is not where it belongs; ``taken``: the ids that others have."""
    line = text.partition("\n")[0]
    bare = _BARE_ID.search(line)
    moved = f"{line[: bare.start('id')]}#{line[bare.start('id') :]}" if bare else id_at_end(line)
    return Fix(line, moved) if moved and attributes(moved)[1][0].removeprefix("#") not in taken else None


_BARE_ID = re.compile(r"\S \{(?P<id>[a-z0-9-]+)\}$")
_MARKS = re.compile(r"(?<!\\)[*_`]+")
_CODE_SPAN = re.compile(r"`[^`\n]*`")


def seen(text: str) -> str:
    """A text as a reader sees it: without marks, single spaces. Capitals count: how a word is spelt may be asked."""
    return " ".join(_MARKS.sub("", text).split())


def check_alike(texts: Sequence[tuple[int, str]], problems: Problems, what: str = "opsi") -> None:
    """Note texts, given with their lines, that nobody can tell apart."""
    first: dict[str, tuple[int, str]] = {}
    for line, text in texts:
        shown = seen(text)
        bare = shown.rstrip(".,;")
        if not bare:
            continue
        if bare not in first:
            first[bare] = line, shown
        elif first[bare][1] == shown:
            message = f"{what} ini berbunyi sama dengan yang di baris {first[bare][0]}; ubah salah satunya"
            problems.error(line, "Q048", message)
        else:
            message = f"{what} ini hanya berbeda tanda bacanya dari yang di baris {first[bare][0]}; ubah salah satunya"
            problems.warning(line, "Q049", message)


def is_misplaced(text: str) -> bool:
    """Whether an id stands in the midst of a text, where it is shown."""
    return "{#" in text and "{#" in _CODE_SPAN.sub("", text)


def take_apart(blocks: Sequence[Block], box: re.Pattern[str], namer: Namer = letters) -> list[Listed]:
    """Every entry with its id and text; nothing is noted."""
    rough = [Listed(entry, box.match(entry.text), "", "", False) for entry in entries(blocks)]
    parts = [_split(one) for one in rough]
    given = {word.removeprefix("#") for _, words in parts for word in words if word.startswith("#")}
    names = namer([text for text, words in parts if not _names(words)], given)
    return [
        Listed(
            one.entry,
            one.box,
            own[0].removeprefix("#") if (own := _names(words)) else next(names),
            text,
            not FIXED.isdisjoint(words),
        )
        for one, (text, words) in zip(rough, parts, strict=True)
    ]


def check_feedback(found: Sequence[Listed], problems: Problems) -> None:
    """Warn of options that say nothing to who chose them."""
    for one in found:
        if one.text and not one.entry.quote:
            message = "umpan balik opsi belum ada; tulis `> …` di bawahnya, menjorok dua spasi"
            problems.warning(one.entry.line, "Q061", message)


def check_ids(found: Sequence[Listed], problems: Problems) -> None:
    """Warn of ids that only ``take_apart`` made up."""
    for one in found:
        if not any(word.startswith("#") for word in _split(one)[1]):
            problems.warning(one.entry.line, "Q047", "opsi belum punya id; tulis mis. {#a} di akhir barisnya")


def missing_ids(found: Sequence[Listed]) -> Iterator[MissingId]:
    """What ``check_ids`` warns of, for the formatter to write."""
    for one in found:
        words = _split(one)[1]
        if _names(words):
            continue
        first = one.entry.text.split("\n")[0].rstrip()
        if not words:
            yield MissingId(one.entry.line, f" {{#{one.id}}}")
        elif first.endswith("}"):
            yield MissingId(one.entry.line, f"#{one.id} ", first[first.rindex("{") + 1 :])


def written_text(option: Option) -> str:
    """The text of an option with its id in braces."""
    return with_id(option.text, f"#{option.id} fixed" if option.fixed else f"#{option.id}")


def shuffled(options: Sequence[Option], rng: random.Random) -> Response:
    """The ids of ``options`` in a random order; fixed ones keep their place."""
    free = [option.id for option in options if not option.fixed]
    rng.shuffle(free)
    following = iter(free)
    return tuple(option.id if option.fixed else next(following) for option in options)


def attributes(text: str) -> tuple[str, list[str]]:
    """Take ``{#a fixed}`` from the end of the first line of a text, or from the end of its last."""
    lines = text.split("\n")
    for at in (0, -1):
        bare = lines[at].rstrip()
        if found := _ATTRIBUTES.search(bare):
            lines[at] = bare[: found.start()].rstrip() + lines[at][len(bare) :]
            return "\n".join(lines).strip(), found[1].split()
    return text.strip(), []


def _split(one: Listed) -> tuple[str, list[str]]:
    return attributes(one.entry.text[one.box.end() :] if one.box else one.entry.text)


def _names(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in FIXED]
