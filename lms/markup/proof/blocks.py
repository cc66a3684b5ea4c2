"""Blocks of code and self-checks that are none, or are not closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from lms.markup import fences
from lms.markup.proof.flaw import Flaw, excerpt

#: What authors call a self-check, in whatever spelling; the first two also misspelt.
_NAMES = ("quiz", "kuis", "soal", "latihan")
#: What looks like the beginning of a block, and is none.
_NO_FENCE = re.compile(r"^[ >]*(?:'{2,}|\"{3,}|`{1,2})[ ]*(?:quiz|kuis)[ ]*$", re.MULTILINE | re.IGNORECASE)
#: What stands in code only because a block above it was not closed: another block, a question, its options.
_SWALLOWED = re.compile(r"^(?:(?P<mark>`{3,}|~{3,})[ ]*\w|#{2,3} .*\{#[^{}]+\}[ ]*$|[-*] \([ xX]\) )", re.MULTILINE)
_DELIBERATE = 4  # marks: whoever shows how blocks are written takes one more


def flaws(text: str, *, page: bool) -> Iterator[Flaw]:
    for fence in fences.find(text):
        line = fence.first + 1
        if page and (swallowed := _swallowed(fence)):
            message = f"blok kode ini memuat `{excerpt(swallowed)}` beserta kuncinya; tutup dahulu dengan ```"
            yield Flaw(line, "T036", f"{message}, atau buka dengan ```` bila ini contoh penulisan")
        elif not fence.closed:
            yield Flaw(line, "T016", "blok kode ini tidak ditutup; tulis ``` pada baris tersendiri")
        if page:
            yield from _self_check(fence)
    if page:
        for found in _NO_FENCE.finditer(fences.mask(text)):
            message = f"`{found[0].strip()}` bukan pembuka cek mandiri dan kuncinya terbaca; tulis ```quiz di tepi kiri"
            yield Flaw(text.count("\n", 0, found.start()) + 1, "T026", message)


def _swallowed(fence: fences.Fence) -> str:
    """The line with which another block or a question begins inside of this block, which hides it."""
    if len(fence.mark) >= _DELIBERATE or _is_nearly_quiz(fence.info, but_quiz=True):
        return ""
    for found in _SWALLOWED.finditer(fence.source):
        mark = found["mark"]
        if (mark and mark.startswith(fence.mark)) or not (mark or fence.language == "quiz"):
            return fence.source[found.start() :].partition("\n")[0]
    return ""


def _self_check(fence: fences.Fence) -> Iterator[Flaw]:
    line = fence.first + 1
    if fence.is_check:
        yield from _unused(line, fence.info)
    elif fence.language == "quiz":
        message = "cek mandiri tidak boleh menjorok, di dalam daftar, atau di dalam kutipan; tulis ```quiz di tepi kiri"
        yield Flaw(line, "T017", message)
    elif _is_nearly_quiz(fence.info):
        message = f"```{fence.info[:40]} tampil sebagai kode dan kuncinya terbaca; tulis ```quiz untuk cek mandiri"
        yield Flaw(line, "T026", message, fix=(fence.info, "quiz") if _is_misspelt(fence) else None)


def _unused(line: int, info: str) -> Iterator[Flaw]:
    _, *more = info.split(maxsplit=1)
    if more:
        message = f"`{more[0][:40]}` sesudah ```quiz tidak dipakai; tulis ```quiz saja, dan id soal di judul soalnya"
        yield Flaw(line, "T028", message)


def _is_misspelt(fence: fences.Fence) -> bool:
    """Whether nothing but the name of a self-check stands there, in other letters or within other marks."""
    only = re.fullmatch(r"[{.:, ]*(?P<name>[A-Za-z]+)[}:, ]*", fence.info)
    plain = fence.closed and not fence.prefix
    return plain and only is not None and bool(get_close_matches(only["name"].lower(), _NAMES[:2], cutoff=0.75))


def _is_nearly_quiz(info: str, *, but_quiz: bool = False) -> bool:
    """Whether its first letters name a self-check: ``Quiz``, ``quizz``, ``{.quiz}``, ``quiz:``."""
    letters = re.search(r"[a-z]+", info.lower())
    if letters is None or (but_quiz and info.split(maxsplit=1)[0] == "quiz"):
        return False
    return letters[0] in _NAMES or bool(get_close_matches(letters[0], _NAMES[:2], cutoff=0.75))
