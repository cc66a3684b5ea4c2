"""What a pack is to everybody else: a list of files, and the bytes of each. Where they lie is its store's affair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

CONTENT, MODULES, QUIZZES = FOLDERS = ("content", "modules", "quizzes")


class Unreadable(Exception):
    """The store cannot hand out this file; ``why`` in a few words. An author is told, a page says it is not there."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class File:
    """A file of a pack as the store lists it; two equal ones hold the same bytes.

    ``path`` is relative to the pack, with ``/``, fit to be printed. ``stamp`` differs between two versions of a file,
    in whatever way its store tells them apart.
    """

    path: str
    size: int = 0
    stamp: str = ""
    readable: bool = True  # False for what is listed but never handed out, as a link

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[0]


class Store(Protocol):
    """Hands out a pack. Safe for threads."""

    def files(self) -> tuple[File, ...]:
        """Every file in the three folders, in the order of paths."""

    def read(self, path: str) -> bytes:
        """The bytes of a file as they are now; raises ``Unreadable``, also for a path that was never listed."""
