"""Static files under names that carry their digest, compressed once, served before Flask sees the request."""

from __future__ import annotations

import atexit
import gzip
import hashlib
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import brotli
from whitenoise import WhiteNoise

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"
#: Worth compressing; pictures other than SVG are compressed already.
_TEXT = {".css", ".js", ".svg"}
#: What a module of ours imports from another one: ``from "./saving.js";``, or later ``import("./flush.js")``.
_IMPORT = re.compile(rb'(?<=")\./([\w-]+\.js)(?=";|"\))')


class Assets:
    """``url("lms.css")`` names a file that may be kept for ever, since its name changes with its content."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="lms-static-"))
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._names: dict[str, str] = {}
        for path in _files():
            self._publish(path.relative_to(FOLDER))

    def url(self, name: str) -> str:
        """The path below the application's root; raises ``KeyError`` for a file that does not exist."""
        return PREFIX + self._names[name]

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

    def _publish(self, relative: Path) -> str:
        """The new name; modules that this one imports are published before, since it names them."""
        if known := self._names.get(relative.as_posix()):
            return known
        content = (FOLDER / relative).read_bytes()
        if relative.suffix == ".js":
            content = _IMPORT.sub(lambda found: b"./" + self._imported(relative, found), content)
        digest = hashlib.sha256(content).hexdigest()[:10]
        name = relative.with_name(f"{relative.stem}.{digest}{relative.suffix}")
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if relative.suffix in _TEXT:
            target.with_name(target.name + ".gz").write_bytes(gzip.compress(content, mtime=0))
            target.with_name(target.name + ".br").write_bytes(brotli.compress(content, mode=brotli.MODE_TEXT))
        self._names[relative.as_posix()] = name.as_posix()
        return name.as_posix()

    def _imported(self, importer: Path, found: re.Match[bytes]) -> bytes:
        return Path(self._publish(importer.with_name(found[1].decode()))).name.encode()


def _files() -> list[Path]:
    return sorted(path for path in FOLDER.rglob("*") if path.is_file() and not path.name.startswith("."))
