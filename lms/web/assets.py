"""Static files under names that carry their digest, compressed once, served before Flask sees the request.

They lie in ``static``, and the script of a kind of question in the folder of that kind (``kinds``). An application may
have more of its own: those of its house.
"""

from __future__ import annotations

import atexit
import gzip
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import brotli
from whitenoise import WhiteNoise

from lms.web import kinds

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"
#: Worth compressing; pictures other than SVG are compressed already.
_TEXT = {".css", ".js", ".svg"}
#: What a module of ours imports from another one: ``from "./saving.js";``, or later ``import("./flush.js")``.
_IMPORT = re.compile(rb'(?<=")\./([\w-]+\.js)(?=";|"\))')
#: A line of a script that only speaks to whoever reads the source: a fifth of what a phone would fetch.
_REMARK = re.compile(rb"(?m)^[ \t]*//.*$")
#: The same of a stylesheet, and how its lines are set in.
_ASIDE = re.compile(rb"\s*/\*.*?\*/|(?<=\n)\s+", re.DOTALL)


class Assets:
    """``url("lms.css")`` names a file that may be kept for ever, since its name changes with its content."""

    def __init__(self, own: Mapping[str, bytes] | None = None) -> None:
        """``own``: what this application serves besides, by name; published as it is."""
        self._folder = Path(tempfile.mkdtemp(prefix="lms-static-"))
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._names: dict[str, str] = {}
        self._sources = dict(_files())
        for name in self._sources:
            self._publish(name)
        for name, content in (own or {}).items():
            self._write(name, content)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def url(self, name: str) -> str:
        """The path below the application's root; raises ``KeyError`` for a file that does not exist."""
        return PREFIX + self._names[name]

    def content(self, name: str) -> str:
        """The text of a file as it is published, for what is to be served from another place, too."""
        return (self._folder / self._names[name]).read_text("utf-8")

    @cached_property
    def release(self) -> str:
        """Names all files together: another one whenever any of them changes."""
        return hashlib.sha256("\n".join(sorted(self._names.values())).encode()).hexdigest()[:10]

    def serve(self, app: Any) -> WhiteNoise:
        """Wrap a WSGI application: our files are answered here, the rest goes on."""
        return WhiteNoise(
            app,
            root=str(self._folder),
            prefix=PREFIX,
            allow_all_origins=False,
            immutable_file_test=lambda _path, _url: True,
            max_age=31536000,
        )

    def _publish(self, name: str) -> str:
        """The new name; modules that this one imports are published before, since it names them."""
        if known := self._names.get(name):
            return known
        content, plain = self._sources[name].read_bytes(), PurePosixPath(name)
        if plain.suffix == ".js":
            content = _REMARK.sub(b"", content)  # its line stays: whatever goes wrong is told by the number of a line
            content = _IMPORT.sub(lambda found: b"./" + self._imported(plain, found), content)
        elif plain.suffix == ".css":
            content = _ASIDE.sub(b"", content)
        return self._write(name, content)

    def _write(self, name: str, content: bytes) -> str:
        plain, digest = PurePosixPath(name), hashlib.sha256(content).hexdigest()[:10]
        published = plain.with_name(f"{plain.stem}.{digest}{plain.suffix}")
        target = self._folder / published
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if plain.suffix in _TEXT:
            for suffix, smaller in _compressed(content).items():
                target.with_name(target.name + suffix).write_bytes(smaller)
        self._names[name] = published.as_posix()
        return published.as_posix()

    def _imported(self, importer: PurePosixPath, found: re.Match[bytes]) -> bytes:
        return PurePosixPath(self._publish(str(importer.with_name(found[1].decode())))).name.encode()


@cache
def _compressed(content: bytes) -> Mapping[str, bytes]:
    """By suffix; once in a process, however many applications it has: it takes an eighth of a second for all."""
    return {".gz": gzip.compress(content, mtime=0), ".br": brotli.compress(content, mode=brotli.MODE_TEXT)}


def _files() -> Iterator[tuple[str, Path]]:
    """The name of every file, and where it lies."""
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(FOLDER).as_posix(), path
    yield from kinds.scripts()
