"""The catalog that one application serves, and how another one takes its place while the application runs."""

from __future__ import annotations

import threading

from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.store import File, Store


class Served:
    """Each application has one. Who has asked for ``current`` stays with that catalog, whatever comes after it."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def current(self) -> Catalog:
        return self._catalog

    def replace(self, catalog: Catalog) -> None:
        """Serve this one from now on. The one before goes with the last request that began with it."""
        self._catalog = catalog  # one assignment: nobody sees half of it


class Watched(Served):
    """Keeps up with a store while authors work: a changed file is served at the next request."""

    def __init__(self, store: Store) -> None:
        self._lock = threading.RLock()
        self._files: tuple[File, ...] = store.files()  # before they are read, so that no change is missed
        super().__init__(load(store))

    def current(self) -> Catalog:
        """Costs a walk over the pack."""
        with self._lock:
            store = self._catalog.store
            if (files := store.files()) != self._files:
                super().replace(load(store))
                self._files = files  # once it is read: what fails is tried again, and never covered by what was before
            return super().current()

    def replace(self, catalog: Catalog) -> None:
        """From now on the store of this one is watched."""
        with self._lock:
            self._files = catalog.store.files()
            super().replace(catalog)
