"""The guides as they lie on disk: ``docs/id`` of a clone, ``lms/guides`` in an installed wheel. Each is read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lms import markup
from lms.search import Document, Kind, Page

_PACKAGE = Path(__file__).parents[2]
_INSTALLED = _PACKAGE / "guides"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "docs" / "id"

#: A link to a neighbour, and one out of the folder: to what is written for operators and developers.
_NEIGHBOUR = re.compile(r"\]\(([\w-]+)\.md(?=[#)])")
_OUTSIDE = re.compile(r"\[([^\]]*)\]\(\.\./[^)]*\)")


@dataclass(frozen=True, slots=True)
class Guide:
    """``name``: of its file and in its address; ``text``: Markdown without the title."""

    name: str
    title: str
    text: str

    @property
    def sections(self) -> tuple[markup.Section, ...]:
        return markup.plain_sections(self.text)

    def shown(self, address: Callable[[str], str]) -> markup.Rendered:
        """``address``: the name of a guide -> where it is on this site."""
        return markup.render(self.text, _Links(address))

    def documents(self) -> Iterator[Document]:
        """What can be found in it: its opening and its sections."""
        for section in self.sections:
            yield Document(
                page=Page(Kind.GUIDE, self.name),
                place=section.heading.id if section.heading else "",
                title=self.title,
                heading=section.heading.title if section.heading else "",
                text=section.text,
            )


@cache
def every_guide() -> dict[str, Guide]:
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.md"))}


def _read(path: Path) -> Guide:
    title, _, text = path.read_text(encoding="utf-8").removeprefix("# ").partition("\n")
    # a neighbour is to a guide what another lesson is to a lesson
    return Guide(path.stem, title, _OUTSIDE.sub(r"\1", _NEIGHBOUR.sub(r"](lesson:\1", text)))


class _Links:
    """What a guide may refer to: other guides."""

    def __init__(self, address: Callable[[str], str]) -> None:
        self._address = address

    def lesson(self, id: str) -> markup.Target | None:
        return markup.Target(href=self._address(id)) if id in every_guide() else None

    def citation(self, regulation: str, locator: str) -> None: ...
    def quiz(self, id: str) -> None: ...
    def term(self, id: str) -> None: ...
    def picture(self, path: str) -> None: ...

    def terms(self) -> dict[str, str]:
        return {}
