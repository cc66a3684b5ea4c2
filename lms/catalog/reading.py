"""Files of a pack as text, each read once, and the types that several front matters share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

from lms.catalog.law import Citation
from lms.catalog.store import File, Store, Unreadable
from lms.citations import SHAPE, citation, is_citation, respelt
from lms.fields import Problems, decode, load_yaml, refusal, split_front_matter


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file; ``digest`` names its bytes."""

    path: str
    text: str
    digest: str

    def line(self, *loc: int | str) -> int:
        """The line of a value in its YAML, be that a front matter or the whole file. Reads again: for mistakes only."""
        front, _, front_line, _ = split_front_matter(self.text)
        yaml, first = (front, front_line) if front_line else (self.text, 1)
        document = load_yaml(yaml, path=self.path, first_line=first, problems=Problems())
        return document.line(loc) if document else 1


def read_file(store: Store, file: File, problems: Problems) -> Source | None:
    """None, with a problem noted, for what cannot be read or is no text."""
    try:
        data = store.read(file.path)
    except Unreadable as error:
        problems.at(file.path).error(1, "C003", f"berkas tidak dapat dibaca ({error.why}); periksa izinnya")
        return None
    text = decode(data, path=file.path, problems=problems)
    return None if text is None else Source(file.path, text, hashlib.sha256(data).hexdigest()[:32])


class Originals:
    """The files of a pack as they were written, read again when a check must tell a line."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files = {file.path: file for file in store.files()}
        self._read: dict[str, Source | None] = {}

    def paths(self, folder: str) -> list[str]:
        """The paths below a folder, in order."""
        return [path for path in self._files if path.startswith(f"{folder}/")]

    def source(self, path: str) -> Source | None:
        """None for what is not there or no text; loading the pack has said so."""
        if path not in self._read:
            file = self._files.get(path)
            self._read[path] = read_file(self._store, file, Problems()) if file else None
        return self._read[path]

    def line(self, path: str, *loc: int | str) -> int:
        source = self.source(path)
        return source.line(*loc) if source else 1


# --- types of front matters -----------------------------------------------------------------------------------------


def _citation(value: object) -> Citation:
    text = value if isinstance(value, str) else ""
    if not is_citation(text):
        raise refusal("F016", f"rujukan ditulis {SHAPE}", instead=respelt(text))
    return citation(text)


#: ``uu-20-2023#3.2``
Cite = Annotated[Citation, BeforeValidator(_citation)]
