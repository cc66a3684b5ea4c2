"""Small inputs with one mistake each, and what ``lms check`` must say of them: ``tests/broken_pack/inputs/*.txt``.

An input begins with ``%% what it is``, goes on with a line ``-> path:line: CODE words`` for each problem (none: the
input is sound; the words, if any, must be part of the message) and then gives the files, each below ``%%% path``.
Below such a line, ``=> text`` gives the line once ``lms check --fix`` has mended it, and further ones those below it; a
mistake without it stays.
Beside them lies the sound pack of ``tests/pack``. ``lesson``, ``quiz`` and ``question`` in place of a path stand for a
file whose beginning needs no writing down; ``%%% path -`` takes a file of the pack away; ``\\xe9`` is a byte that is no
UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lms.catalog import check
from lms.catalog.source import Folder
from lms.catalog.store import File, Store, Unreadable
from lms.fields import Problem
from tests.conftest import PACK

FOLDER = Path(__file__).parents[1] / "broken_pack/inputs"

_HEAD = "---\ntitle: Uji\nsummary: Uji.\noutcomes: [Membaca]\nreviewed: 2026-11-23\n---\n"
_REGULATION = "title: Peraturan uji\nstatus: in-force\nas_of: 2026-11-23\nconfidence: high\n"
_QUIZ = "---\ntitle: Uji\nmodule: uji\nreview: after-last\n---\n"
#: Word in place of a path -> the path, and what stands before the text that is written down.
SHORT: Mapping[str, tuple[str, str]] = {
    "lesson": ("modules/uji/01-uji.md", _HEAD),  # the text begins on line 7
    "quiz": ("quizzes/uji.md", _QUIZ),  # on line 6
    "question": ("quizzes/uji.md", f"{_QUIZ}\n## Uji {{#uji}}\ntags: C1\n\n"),  # on line 10
    "regulation": ("content/regulations/uu-uji.yml", _REGULATION),  # on line 5
}
_INDEX = _HEAD.replace("title: Uji\n", "title: Uji\nagenda: kosong\norder: 9\n")
#: What lies beside the sound pack, for inputs to replace.
_SOUND: Mapping[str, bytes | None] = {
    "modules/uji/index.md": _INDEX.encode(),
    SHORT["lesson"][0]: f"{_HEAD}Isi.\n".encode(),
}
#: What an input of a few lines lacks; told only where the input asks for it.
LACKING = {"L011", "L013", "L015", "M004", "M005", "Q047", "Q060", "Q061", "Q062"}


@dataclass(frozen=True)
class Input:
    """``files``: path -> bytes, None for one that is taken away. ``expected``: (``path:line: CODE``, words).

    ``mended``: ``path:line`` -> the lines from there on after mending.
    """

    name: str
    files: Mapping[str, bytes | None]
    expected: tuple[tuple[str, str], ...]
    mended: Mapping[str, tuple[str, ...]]

    @property
    def store(self) -> Overlaid:
        return Overlaid(Folder.at(PACK), {**_SOUND, **self.files})

    def found(self) -> list[Problem]:
        """What the check says beyond what it says of the sound pack."""
        asked = {where.rpartition(" ")[2] for where, _ in self.expected}
        told = check.check(self.store)
        new = [one for one in told if one not in _known()]
        return [one for one in new if one.code not in LACKING or one.code in asked]


@cache
def _known() -> frozenset[Problem]:
    return frozenset(check.check(Overlaid(Folder.at(PACK), _SOUND)))


def inputs() -> list[Input]:
    return [one for path in sorted(FOLDER.glob("*.txt")) for one in _read(path)]


def _read(path: Path) -> Iterator[Input]:
    text = path.read_bytes().decode("utf-8")
    for name, rest in re.findall(r"^%% (.+)\n((?:(?!%% ).*\n)*)", text, re.MULTILINE):
        head, *files = re.split(r"^%%% ", rest, flags=re.MULTILINE)
        told = re.findall(r"^-> ((.+?:\d+): [A-Z]\d+) ?(.*)\n((?:=>.*\n)*)", head, re.MULTILINE)
        if not files or sum(1 + lines.count("\n") for *_, lines in told) != len(list(filter(None, head.splitlines()))):
            raise ValueError(f"{path.name}, {name}: write `-> path:line: CODE`, then `%%% path` and a text")
        expected = tuple((place, words) for place, _, words, _ in told)
        mended = {where: tuple(re.findall(r"^=> ?(.*)", lines, re.MULTILINE)) for _, where, _, lines in told if lines}
        yield Input(f"{path.stem}: {name}", dict(map(_file, files)), expected, mended)


def _file(written: str) -> tuple[str, bytes | None]:
    name, _, text = written.partition("\n")
    if name.endswith(" -"):
        return name.removesuffix(" -"), None
    path, head = SHORT.get(name, (name, ""))
    return path, (head + text).encode().replace(rb"\xe9", b"\xe9")


class Overlaid:
    """A store with other files before its own."""

    def __init__(self, below: Store, files: Mapping[str, bytes | None]) -> None:
        self._below, self._own = below, files

    def files(self) -> tuple[File, ...]:
        own = [File(path, len(data)) for path, data in self._own.items() if data is not None]
        rest = [file for file in self._below.files() if file.path not in self._own]
        return tuple(sorted([*own, *rest], key=lambda file: file.path))

    def read(self, path: str) -> bytes:
        if path not in self._own:
            return self._below.read(path)
        if (data := self._own[path]) is None:
            raise Unreadable(path, "tidak ada")
        return data
