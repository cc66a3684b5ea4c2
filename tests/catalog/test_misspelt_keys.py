"""One misspelt key, wherever it stands in the shipped pack: the first message is the true one, and few follow.

The names that authors give themselves (articles, terms) are no keys of a schema: to misspell one is to give another
name, which whoever uses the old one is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from lms.catalog import check
from lms.catalog.mending import applied, places
from lms.catalog.source import bundled
from lms.fields import split_front_matter
from tests.catalog.broken_inputs import Overlaid

MOST = 3
#: Kind of file -> where such files stand; all keys that any of them uses are tried, each where it is met first.
KINDS = {
    "course": r"content/course\.yml",
    "glossary": r"content/glossary\.yml",
    "regulation": r"content/regulations/.*\.yml",
    "module": r"modules/[^/]*/index\.md",
    "lesson": r"modules/[^/]*/\d.*\.md",
    "quiz": r"quizzes/.*\.md",
}
_KEY = re.compile(r"(?P<before>[ ]*(?:- )?(?:\{)?)(?P<key>[a-z_]+):(?= |$)")
_FIELD = re.compile(r"(?P<before>)(?P<key>[a-z]+):(?= )")


def _keys() -> Iterator[tuple[str, str, int]]:
    """A path and a line (from 0) for every key of every kind of file, with its name."""
    store = bundled()
    met: set[tuple[str, str]] = set()
    for kind, shape in KINDS.items():
        for file in store.files():
            if not re.fullmatch(shape, file.path):
                continue
            text = store.read(file.path).decode()
            for at, (place, key) in _written(text, is_page=file.path.endswith(".md")):
                if kind == "glossary" and place == "0 ":
                    continue  # the name of a term
                if (f"{kind} {place}", key) not in met:
                    met.add((f"{kind} {place}", key))
                    yield f"{kind} {place}{key}", file.path, at


def _written(text: str, *, is_page: bool) -> Iterator[tuple[int, tuple[str, str]]]:
    """Each line that holds a key, with the depth at which it stands or the head it stands under."""
    _, _, _, body_line = split_front_matter(text)
    above = ""
    for at, line in enumerate(text.split("\n")):
        if is_page and at >= body_line - 1:
            if line.startswith("#"):
                above = "section " if line.startswith("# ") else "question "
            elif above and (found := _FIELD.match(line)):
                yield at, (above, found["key"])
            else:
                above = ""
        elif found := _KEY.match(line):
            yield at, (f"{len(found['before']) // 2} ", found["key"])


def _misspelt(key: str) -> str:
    """Two letters changed places, or one was left out."""
    return f"{key[:-2]}{key[-1]}{key[-2]}" if key[-1] != key[-2] else key[:-1]


KEYS = list(_keys())


def test_keys_of_every_kind_are_tried() -> None:
    names = {name.rpartition(" ")[2] for name, _, _ in KEYS}
    assert len(KEYS) > 40
    assert {"title", "agenda", "gist", "counterpart", "meaning", "review", "draw", "tags", "cites"} <= names


@pytest.mark.parametrize(("name", "path", "at"), KEYS, ids=[name for name, _, _ in KEYS])
def test_a_misspelt_key_is_told_first_and_little_follows(name: str, path: str, at: int) -> None:
    store = bundled()
    sound = store.read(path).decode()
    lines = sound.split("\n")
    key = name.rpartition(" ")[2]
    lines[at] = lines[at].replace(f"{key}:", f"{_misspelt(key)}:", 1)
    text = "\n".join(lines)
    told = check.check(Overlaid(store, {path: text.encode()}))
    assert 1 <= len(told) <= MOST, [str(one) for one in told]
    first = told[0]
    assert (first.path, first.line, first.code[1:] in {"011", "014"}) == (path, at + 1, True)
    assert _misspelt(key) in first.message
    mended = applied(text, places(text, [first]))
    assert mended == (text if len(key) < 3 else sound), "the shortest keys could be any other"


def test_an_article_that_got_another_name_is_told_once() -> None:
    path, store = "content/regulations/uu-20-2023.yml", bundled()
    text = store.read(path).decode()
    assert '"3.2":' in text
    told = check.check(Overlaid(store, {path: text.replace('"3.2":', '"3.99":', 1).encode()}))
    assert [(one.code, "`3.2`" in one.message) for one in told] == [("X002", True)]
