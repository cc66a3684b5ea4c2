"""A portal with one mount of ours, and with two, and the browsers of its people."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import lms
from lms.catalog.source import Folder
from lms.config import Settings
from tests.catalog.memory import InMemory
from tests.conftest import PACK
from tests.host.portal import Person, Portal, portal
from tests.visitor import TOKEN, Visitor


class Guest:
    """A browser that knows the portal and one or more mounts of ours below it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.client = app.test_client()

    def at(self, mount: str) -> Visitor:
        visitor = Visitor(self._app, mount)
        visitor._client = self.client
        return visitor

    def enter(self, person: Person, **form: str) -> Guest:
        """Sign in at the portal, and nowhere else."""
        token = TOKEN.search(self.client.get("/masuk").get_data(as_text=True))
        assert token
        answered = self.client.post("/masuk", data={"csrf_token": token[1], "name": person.name, **form})
        assert answered.status_code == 303
        return self

    def leave(self) -> None:
        assert self.client.get("/keluar").status_code == 303


def mount(made: Portal, prefix: str, settings: Settings, **more: Any) -> Flask:
    return lms.init_app(
        made.app,
        url_prefix=prefix,
        settings=dataclasses.replace(settings, secret_key=""),
        identity=made.identity,
        sign_in_url="/masuk",
        **{"sign_out_url": "/keluar", **more},
    )


@pytest.fixture
def guesthouse(settings: Settings) -> Iterator[Portal]:
    """With ours below ``/latsar``."""
    made = portal()
    mount(made, "/latsar", settings)
    yield made
    _close(made)


@pytest.fixture
def two(settings: Settings, sqlite_template: Path, tmp_path: Path) -> Iterator[Portal]:
    """With ours below ``/latsar`` and, with another pack and another database, below ``/kursus``."""
    made = portal()
    mount(made, "/latsar", settings)
    copied = tmp_path / "kursus.db"
    copied.write_bytes(sqlite_template.read_bytes())
    other = dataclasses.replace(settings, database_url=f"sqlite:///{copied}", pack=str(other_pack(tmp_path)))
    mount(made, "/kursus", other)
    yield made
    _close(made)


def other_pack(folder: Path) -> Path:
    """The tests' own pack with the same addresses and ids, and other words in them."""
    store = InMemory.copy_of(Folder(PACK))
    store.replace("quizzes/pecahan.md", "title: Kuis pecahan", "title: Ujian pecahan")
    store.replace("quizzes/pecahan.md", "Manakah yang terbesar?", "Manakah yang paling besar?")
    for path, content in store.contents.items():
        file = folder / "pack" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder / "pack"


def _close(made: Portal) -> None:
    for site in made.app.extensions["lms"].values():
        site.database.dispose()
