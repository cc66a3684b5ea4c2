"""Bytes to text, a page to its front matter and body, a misspelt word to the one that was meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from lms.fields.problems import Problems

MAX_BYTES = 1_000_000


def decode(data: bytes, *, path: str, problems: Problems) -> str | None:
    """The text of a file, lines ending in ``\\n``, no byte order mark; None when it cannot be text."""
    problems = problems.at(path)
    if len(data) > MAX_BYTES:
        problems.error(1, "F006", f"berkas lebih besar dari {MAX_BYTES // 1000} KB; bagi menjadi beberapa berkas")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.error(line, "F022", "berkas bukan teks UTF-8; simpan ulang dengan pengodean UTF-8")
        return None
    if (null := text.find("\0")) >= 0:
        problems.error(text.count("\n", 0, null) + 1, "F022", "berkas memuat karakter nol; hapus karakter itu")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "<<<<<<< " in text and (conflict := _CONFLICT.search(text)):
        message = "dua naskah belum digabungkan; pilih satu, lalu hapus baris `<<<<<<<`, `=======` dan `>>>>>>>`"
        problems.error(text.count("\n", 0, conflict.start()) + 1, "F023", message)
        return None
    return text


#: What git leaves where two people changed the same lines.
_CONFLICT = re.compile(r"^<<<<<<< .*\n(?=(?:.*\n)*?>>>>>>> )", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<front>.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)


def split_front_matter(text: str) -> tuple[str, str, int, int]:
    """Cut ``text`` into ``(front, body, front_line, body_line)``; the lines count from 1.

    Without a front matter, or when it is never closed: ``("", text, 0, 1)``.
    """
    found = _FRONT_MATTER.match(text)
    if not found:
        return "", text, 0, 1
    return found["front"], text[found.end() :], 2, found[0].count("\n") + 1


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` looks like, whatever its capitals."""
    words = {one.lower(): one for one in known}
    if only := misspelt(word, words):
        return words[only]
    near = difflib.get_close_matches(word.lower(), words, n=1)
    return words[near[0]] if near else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """``; maksud Anda `tags`?`` when ``word`` looks like a misspelt known one, else nothing."""
    near = nearest(word, known)
    return f"; maksud Anda `{near}`?" if near else ""


def misspelt(word: str, known: Iterable[str]) -> str | None:
    """The only known word that ``word`` can be: in other capitals or hyphens, or with one letter wrong.

    Narrower than ``nearest``, which may ask an author what this takes for granted.
    """
    words = {one: one.translate(_JOINTS).lower() for one in known}
    bare = word.translate(_JOINTS).lower()
    same = [one for one, other in words.items() if other == bare]
    meant = same or [one for one, other in words.items() if _is_slip(bare, other)]
    return meant[0] if len(meant) == 1 else None


_JOINTS = str.maketrans("", "", "-_ ")


def _is_slip(word: str, meant: str) -> bool:
    """Whether one letter is missing, added or another one, or two neighbours changed places."""
    shorter = min(len(word), len(meant))
    if shorter < 3 or abs(len(word) - len(meant)) > 1:
        return False
    at = next((at for at in range(shorter) if word[at] != meant[at]), shorter)
    one, other = word[at:], meant[at:]
    if one[2:] == other[2:] and one[:2] == other[1::-1]:
        return True
    return len(meant) > 3 and (one[1:] == other[1:] or one[1:] == other or one == other[1:])
