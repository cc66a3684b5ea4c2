"""One catalog at a time: whole, held by whoever asked for it, and gone when nobody does."""

from __future__ import annotations

import gc
import weakref

import pytest

from lms.catalog import rendering
from lms.catalog.load import load
from lms.catalog.served import Served, Watched
from lms.catalog.source import Folder
from tests.catalog.memory import InMemory
from tests.conftest import PACK

LESSON = "desimal/koma"


def test_a_catalog_takes_the_place_of_another() -> None:
    memory = InMemory.copy_of(Folder.at(PACK))
    served = Served(load(memory))
    held = served.current()
    memory.replace("modules/desimal/01-koma.md", "title: Koma", "title: Titik")
    assert served.current() is held, "nobody asked for a change"
    served.replace(load(memory))
    assert (held.lesson(LESSON).title, served.current().lesson(LESSON).title) == ("Koma", "Titik")


def test_what_is_no_longer_served_is_let_go_with_all_that_was_made_of_it() -> None:
    store = Folder.at(PACK)
    served = Served(load(store))
    text = rendering.lesson(served.current(), served.current().lesson(LESSON))
    gone = weakref.ref(served.current()), weakref.ref(served.current().memory)
    gc.disable()  # a server freezes what it loaded, so nothing may need the collector to go
    try:
        served.replace(load(store))
        assert [one() for one in gone] == [None, None]
    finally:
        gc.enable()
    assert text.parts, "who still holds a rendering may go on"


def test_a_watched_store_is_served_as_it_is_now() -> None:
    memory = InMemory.copy_of(Folder.at(PACK))
    watched = Watched(memory)
    before = watched.current()
    assert watched.current() is before
    memory.replace("modules/desimal/01-koma.md", "title: Koma", "title: Titik")
    assert watched.current().lesson(LESSON).title == "Titik"
    assert watched.current() is watched.current()


class Failing(InMemory):
    """A store that goes while it is read."""

    fails = False

    def read(self, path: str) -> bytes:
        if self.fails:
            raise ConnectionError(path)
        return super().read(path)


def test_what_could_not_be_loaded_is_told_again_and_served_once_it_can_be() -> None:
    memory = Failing.copy_of(Folder.at(PACK))
    watched = Watched(memory)
    memory.replace("modules/desimal/01-koma.md", "title: Koma", "title: Titik")
    memory.fails = True
    for _ in range(2):
        with pytest.raises(ConnectionError):
            watched.current()
    memory.fails = False
    assert watched.current().lesson(LESSON).title == "Titik"


def test_after_a_change_of_stores_the_new_one_is_watched() -> None:
    old, new = InMemory.copy_of(Folder.at(PACK)), InMemory.copy_of(Folder.at(PACK))
    watched = Watched(old)
    served = load(new)
    watched.replace(served)
    old.replace("modules/desimal/01-koma.md", "title: Koma", "title: Lama")
    assert watched.current() is served
    new.replace("modules/desimal/01-koma.md", "title: Koma", "title: Baru")
    assert watched.current().lesson(LESSON).title == "Baru"
