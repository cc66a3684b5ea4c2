"""Keeps a catalog current while authors work: a changed file is served at the next request."""

from __future__ import annotations

import threading

from lms.catalog.check import check
from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.store import File, Store
from lms.fields import Problem


class Watched:
    """A store and its newest catalog. Without ``watch`` it is loaded once and never looked at again."""

    def __init__(self, store: Store, *, watch: bool, catalog: Catalog | None = None) -> None:
        self._store = store
        self._watch = watch
        self._lock = threading.Lock()
        self._files: tuple[File, ...] = store.files() if watch else ()
        self._catalog = catalog or load(store)

    def problems(self) -> list[Problem]:
        """All that ``lms check`` says of the files as they are now. Reads every word of the pack: for editors only."""
        return check(self._store)

    def current(self) -> Catalog:
        """The catalog of the files as they are now. Costs a walk over the pack when it is watched."""
        if not self._watch:
            return self._catalog
        with self._lock:
            files = self._store.files()
            if files != self._files:
                self._catalog, self._files = load(self._store), files
            return self._catalog
