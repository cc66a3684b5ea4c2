"""A pack in a folder: a clone, an unpacked wheel, an author's own. The only file that opens a path of a pack.

It alone knows where packs lie, too: the one that ships, those that other packages brought, and any that is named.
"""

from __future__ import annotations

import os
import shlex
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

from lms import plugins
from lms.catalog.store import FOLDERS, File, Unreadable
from lms.errors import BadSetting


@dataclass(frozen=True, slots=True)
class Folder:
    """A store that is a folder with ``content``, ``modules`` and ``quizzes``.

    Links below it are never followed: one could lead out of the pack.
    """

    root: Path

    @classmethod
    def at(cls, path: Path | str) -> Folder:
        return cls(Path(path).absolute())

    def files(self) -> tuple[File, ...]:
        """Every file in the three folders, in the order of paths. Hidden and backup files do not count."""
        return tuple(sorted(self._walk(), key=lambda file: file.path))

    def read(self, path: str) -> bytes:
        try:
            with open(self._place(path), "rb") as opened:
                return opened.read()
        except OSError as error:
            raise Unreadable(path, error.strerror or "gagal dibuka") from error

    def write(self, path: str, data: bytes) -> None:
        """Give a file that is there another content, all of it or none; raises ``Unreadable``."""
        try:
            _exchange(self._place(path), data)
        except OSError as error:
            raise Unreadable(path, error.strerror or "gagal ditulis") from error

    def create(self, path: str, data: bytes) -> None:
        """Write a file that is not there yet, and make the folders on its way; raises ``Unreadable``."""
        folder, name = os.path.split(path)
        try:
            (self.root / folder).mkdir(parents=True, exist_ok=True)
            if (self.root / folder).resolve() != self.root.resolve() / folder or not _is_name(name):
                raise Unreadable(path, "tautan")
            with open(self.root / path, "xb") as opened:
                opened.write(data)
        except OSError as error:
            raise Unreadable(path, error.strerror or "gagal ditulis") from error

    @property
    def is_installed(self) -> bool:
        """Whether it lies among the packages of an environment, where the next installation puts others in its place.

        An editable installation leaves it with its author.
        """
        return any(part in {"site-packages", "dist-packages"} for part in self.root.resolve().parts)

    def _place(self, path: str) -> str:
        """Where a file lies; raises ``OSError``, and ``Unreadable`` for what the walk does not list as readable."""
        parts, place = path.split("/"), str(self.root)
        if parts[0] not in FOLDERS or not all(map(_is_name, parts)):
            raise Unreadable(path, "di luar paket")
        for part in parts:
            place = os.path.join(place, part)
            mode = os.lstat(place).st_mode
            if stat.S_ISLNK(mode):
                raise Unreadable(path, "tautan")
        if not stat.S_ISREG(mode):
            raise Unreadable(path, "bukan berkas")
        return place

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
                yield File(path, readable=False)


def _file(path: str, entry: os.DirEntry[str]) -> File:
    if not entry.is_file(follow_symlinks=False):
        return File(path, readable=False)
    status = entry.stat(follow_symlinks=False)
    return File(path, status.st_size, f"{status.st_size}-{status.st_mtime_ns}")


def _exchange(place: str, data: bytes) -> None:
    """Write beside a file, under a name that is hidden from the walk, and take its place: a disk may be full."""
    folder, name = os.path.split(place)
    beside = os.path.join(folder, f".{name}.new")
    with open(place, "r+b"):  # a file that may only be read is none to be exchanged
        pass
    try:
        with open(beside, "wb") as opened:
            opened.write(data)
        shutil.copymode(place, beside)
        os.replace(beside, place)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(beside)


def _is_name(part: str) -> bool:
    """Whether it names something in a folder, on every system: no step up, no drive, no second separator."""
    return part != "" and part == Path(part).name and not part.startswith(".") and "\0" not in part


def _printable(name: str) -> str:
    return os.fsencode(name).decode(errors="replace")


def bundled() -> Folder:
    """The pack that ships: ``lms/pack`` in an installed wheel, the top of the repository in a clone."""
    package = Path(__file__).parents[1]
    installed = package / "pack"
    return Folder(installed if installed.is_dir() else package.parent)


class NoPack(BadSetting):
    """There is no pack where somebody says there is one."""


class NotInstalled(NoPack):
    """What is named is the project of a package that brings a pack; the pack itself lies deeper."""


def chosen(given: str, of: str = "LMS_PACK") -> Folder:
    """The pack that is named by its folder or, where a package brought it, by its name; the one that ships for neither.

    ``of``: what names it, for whoever is refused. Raises ``NoPack``, and ``BadPlugin`` for what a package brought.
    """
    if not given:
        return bundled()
    within = _pack_of_project(given)
    if _is_pack(given) and within is None:
        return Folder.at(given)
    is_name, known = Path(given).name == given, plugins.found(plugins.PACKS)
    if is_name and (named := [one for one in known if one.name == given]):
        return _installed(named)
    if within is not None:
        raise NotInstalled(
            f"{of} is {given!r}, a project whose pack lies in {str(within)!r}; install it first (pip install --no-deps "
            f"--editable {shlex.quote(given)}) and write the name of its pack, or write that folder"
        )
    if os.path.isdir(given):
        raise NoPack(f"{of} is {given!r}, which is no pack; {_WRITE}")
    if is_name:
        raise NoPack(f"{of} is {given!r}, which is no folder here and no installed pack; {_advice(given, known)}")
    raise NoPack(f"{of} is {given!r}, which is no folder, or none that may be opened; {_WRITE}")


_WRITE = f"write the folder that holds {', '.join(FOLDERS)}"


def _is_pack(path: str) -> bool:
    return any(os.path.isdir(os.path.join(path, folder)) for folder in FOLDERS)


def _pack_of_project(path: str) -> Path | None:
    """Where the pack of a package lies whose project this is; None for any other folder, a pack of its own among them.

    Quizzes or modules beside the package are no pack: somebody wrote them to the wrong place.
    """
    root = Path(path)
    if not any((root / name).is_file() for name in _PROJECT) or (root / "content").is_dir():
        return None
    found = sorted(place for pattern in ("*/content", "src/*/content") for place in root.glob(pattern))
    return next((place.parent for place in found if place.is_dir()), None)


_PROJECT = ("pyproject.toml", "setup.cfg", "setup.py")


def _installed(named: list[EntryPoint]) -> Folder:
    """What the only package brings that names its pack so."""
    if len(named) > 1:
        both = " and ".join(map(plugins.package, named))
        raise plugins.BadPlugin(
            f"the packages {both} each bring a pack {named[0].name!r}; uninstall all but one, or {_WRITE}"
        )
    return Folder(_place(named[0]))


def _advice(name: str, known: list[EntryPoint]) -> str:
    names = sorted({one.name for one in known})
    near = get_close_matches(name, names, n=1)
    if near:
        return f"write {near[0]} ({_listed(names)})"
    return f"{_WRITE}, or the name of an installed pack ({_listed(names)})"


def _listed(names: list[str]) -> str:
    return f"installed: {', '.join(names)}" if names else "none is installed"


def _place(one: EntryPoint) -> Path:
    """Where a package keeps the pack that it brings: beside its module, which is never imported."""
    try:
        spec = find_spec(one.module)
        places = list(spec.submodule_search_locations or ()) if spec else []
    except (ImportError, ValueError, AttributeError):  # no such module, or no name of one
        places = []
    for place in filter(_is_pack, places):
        return Path(place)
    raise plugins.BadPlugin(
        f"the package {plugins.package(one)} brings the pack {one.name!r} as {one.value!r}, which is no package with "
        f"{', '.join(FOLDERS)}; install another version of it, or {_WRITE}"
    )
