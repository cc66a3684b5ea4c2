"""The examples that the guides show, each as a reader meets it: what is shown, on which line, and where it belongs.

* A fenced example below a line that begins with ``**`path`**`` is that file of a pack; codes behind the path are what
  ``lms check`` says of it. One of ``markdown`` without a path is a piece of a lesson, one without a language commands.
* A code span is a command (``lms …``), a setting (``key: value``), a name, or else a piece of text, which the head of
  its column may say more about. ``⏎`` in it is a line break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BREAK = "⏎"

_LABEL = re.compile(r"\*\*`(?P<path>[^`]+)`\*\*(?P<codes>(?: \((?:[A-Z]\d{3}(?:, )?)+\))?)")
_FENCE = re.compile(r"^(?P<indent> *)(?P<mark>`{3,})(?P<language>\w*)\n(?P<text>.*?)^ *(?P=mark)$", re.M | re.S)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced example. ``path``: the file of a pack that it is; ``codes``: what is announced of it."""

    guide: str
    line: int
    language: str
    text: str
    path: str
    codes: tuple[str, ...]
    heading: str

    def __str__(self) -> str:
        return self.path or f"{self.guide}:{self.line}"


@dataclass(frozen=True, slots=True)
class Span:
    """A code span. ``column``: the head of the column it stands in; ``row``: the cells of its row."""

    guide: str
    line: int
    text: str
    heading: str
    column: str = ""
    row: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.guide.rpartition('/')[2]}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Guide:
    path: str
    text: str

    @classmethod
    def at(cls, path: str) -> Guide:
        return cls(path, (ROOT / path).read_text(encoding="utf-8"))

    def blocks(self) -> Iterator[Block]:
        for found in _FENCE.finditer(self.text):
            before = self.text[: found.start()]
            above = (before.rstrip().splitlines() or [""])[-1]
            label = _LABEL.match(above.strip())
            yield Block(
                guide=self.path,
                line=before.count("\n") + 1,
                language=found["language"],
                text=re.sub(rf"^{found['indent']}", "", found["text"], flags=re.M),
                path=label["path"] if label else "",
                codes=tuple(re.findall(r"[A-Z]\d{3}", label["codes"])) if label else (),
                heading=_heading(before),
            )

    def spans(self) -> Iterator[Span]:
        """Those of the prose and of the tables, in the order of lines."""
        heads: list[str] = []
        heading = ""
        for line, text in enumerate(_without_blocks(self.text).split("\n"), 1):
            if text.startswith("#"):
                heading = text
            if not text.startswith("|"):
                heads = []
                yield from (Span(self.path, line, one, heading) for one in _spans(text))
                continue
            cells = [cell.strip() for cell in _CELL.split(text)[1:-1]]
            if not heads:
                heads = cells
            elif not set(text) <= set("|-: "):
                for column, cell in zip(heads, cells, strict=True):
                    yield from (Span(self.path, line, one, heading, column, tuple(cells)) for one in _spans(cell))


def rows(guide: Guide, head: str) -> list[tuple[str, ...]]:
    """The cells of the table whose head begins with a word."""
    lines = guide.text.split("\n")
    start = next(at for at, line in enumerate(lines) if line.startswith(f"| {head}"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append(tuple(cell.strip() for cell in _CELL.split(line)[1:-1]))
    return found


def _heading(text: str) -> str:
    found = re.findall(r"^#+ .*$", text, re.M)
    return found[-1] if found else ""


def _without_blocks(text: str) -> str:
    """The same lines, those of fenced examples empty."""
    return _FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)


def _spans(text: str) -> Iterator[str]:
    for mark, inner in _SPAN.findall(text):
        bare = inner[1:-1] if len(mark) > 1 and inner[0] == inner[-1] == " " else inner
        yield bare.replace("\\|", "|").replace(BREAK, "\n")
