"""A pack that lies nowhere: proof that nobody but a store knows where files are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Self

from lms.catalog.store import File, Store, Unreadable


class InMemory:
    """A store of the files it was given, by path; to change one is to set it."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = dict(contents)

    @classmethod
    def copy_of(cls, store: Store) -> Self:
        return cls({file.path: store.read(file.path) for file in store.files()})

    def files(self) -> tuple[File, ...]:
        return tuple(
            File(path, len(data), hashlib.sha256(data).hexdigest()) for path, data in sorted(self.contents.items())
        )

    def read(self, path: str) -> bytes:
        if path not in self.contents:
            raise Unreadable(path, "tidak ada")
        return self.contents[path]

    def replace(self, path: str, old: str, new: str) -> None:
        text = self.contents[path].decode()
        assert old in text
        self.contents[path] = text.replace(old, new).encode()
