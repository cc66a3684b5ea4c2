"""Where a pack lies, and which files it has. The only file of this room that walks a disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CONTENT, MODULES, QUIZZES = FOLDERS = ("content", "modules", "quizzes")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a pack as the walk met it; two equal ones hold the same bytes.

    ``path`` is relative to the pack, with ``/``, fit to be printed; ``changed`` is in nanoseconds since 1970.
    """

    path: str
    place: str
    size: int = 0
    changed: int = 0
    readable: bool = True  # False for a link, a device or a folder that cannot be entered

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder with ``content``, ``modules`` and ``quizzes``."""

    root: Path

    @classmethod
    def at(cls, path: Path | str) -> Pack:
        return cls(Path(path).absolute())

    def files(self) -> tuple[File, ...]:
        """Every file in the three folders, in the order of paths. Hidden and backup files do not count."""
        return tuple(sorted(self._walk(), key=lambda file: file.path))

    def _walk(self) -> Iterator[File]:
        waiting = [(name, str(self.root / name)) for name in FOLDERS]
        while waiting:
            path, place = waiting.pop()
            try:
                with os.scandir(place) as entries:
                    for entry in entries:
                        if entry.name.startswith(".") or entry.name.endswith("~"):
                            continue
                        below = f"{path}/{_printable(entry.name)}"
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append((below, entry.path))
                        else:
                            yield _file(below, entry)
            except FileNotFoundError:
                continue  # a pack without quizzes, or a folder that went while we walked
            except OSError:
                yield File(path, place, readable=False)


def _file(path: str, entry: os.DirEntry[str]) -> File:
    """Links are never followed: one could lead out of the pack."""
    if not entry.is_file(follow_symlinks=False):
        return File(path, entry.path, readable=False)
    status = entry.stat(follow_symlinks=False)
    return File(path, entry.path, status.st_size, status.st_mtime_ns)


def _printable(name: str) -> str:
    return os.fsencode(name).decode(errors="replace")


def bundled() -> Pack:
    """The pack that ships: ``lms/pack`` in an installed wheel, the top of the repository in a clone."""
    package = Path(__file__).parents[1]
    installed = package / "pack"
    return Pack(installed if installed.is_dir() else package.parent)
