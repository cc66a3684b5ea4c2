"""A running application changes its catalog: each page is wholly of one, and two mounts have each their own."""

from __future__ import annotations

import dataclasses
import gc
import shutil
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, before_render_template

import lms
from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import Folder
from lms.config import Settings
from tests.catalog.memory import InMemory
from tests.conftest import PACK, Cast
from tests.visitor import Visitor

LESSON = "/materi/pecahan/setengah"
#: Files whose words stand on that page: its own title, its module's, its neighbours', a regulation's, a term's.
NAMED = {
    "modules/pecahan/01-setengah.md": "title: Setengah",
    "modules/pecahan/02-sepertiga.md": "title: Sepertiga",
    "modules/pecahan/index.md": "title: Pecahan",
    "quizzes/pecahan.md": "title: ",
    "content/regulations/uu-baru.yml": "short: UU Baru",
    "content/glossary.yml": "meaning: Bilangan di atas",
}


def named(name: str) -> InMemory:
    """The small pack with ``name`` in everything that a lesson's page takes from the catalog."""
    memory = InMemory.copy_of(Folder.at(PACK))
    for path, words in NAMED.items():
        memory.replace(path, words, f"{words.rstrip()} {name} ")
    return memory


def names_on(page: str) -> set[str]:
    return {name for name in ("Safir", "Zamrud") if name in page}


@pytest.fixture(scope="module")
def safir() -> Catalog:
    return load(named("Safir"))


@pytest.fixture(scope="module")
def zamrud() -> Catalog:
    return load(named("Zamrud"))


def test_the_page_names_each_of_its_parts(app: Flask, people: Cast, safir: Catalog) -> None:
    app.extensions["lms"].pack.replace(safir)
    page = Visitor(app).sign_in("ada").get(LESSON).get_data(as_text=True)
    for words in ("Setengah Safir", "Sepertiga Safir", "Pecahan Safir", "UU Baru Safir", "di atas Safir"):
        assert words in page, words


def test_a_page_under_way_ends_with_the_catalog_it_began_with(
    app: Flask, people: Cast, safir: Catalog, zamrud: Catalog
) -> None:
    pack = app.extensions["lms"].pack
    pack.replace(safir)
    ada = Visitor(app).sign_in("ada")
    swaps = []

    def swap(_app: Flask, **_sent: object) -> None:
        swaps.append(pack.current())
        pack.replace(zamrud)

    with before_render_template.connected_to(swap, app):
        page = ada.get(LESSON).get_data(as_text=True)
    assert len(swaps) > 1, "there was something left to place after the change"
    assert names_on(page) == {"Safir"}
    assert names_on(ada.get(LESSON).get_data(as_text=True)) == {"Zamrud"}


def test_while_catalogs_change_every_answer_is_of_one(
    app: Flask, people: Cast, safir: Catalog, zamrud: Catalog
) -> None:
    pack = app.extensions["lms"].pack
    pack.replace(safir)
    readers = [Visitor(app).sign_in("ada") for _ in range(3)]
    begin, pages = threading.Barrier(len(readers) + 1), []

    def read(reader: Visitor) -> None:
        begin.wait()
        for _ in range(20):
            pages.append(reader.get(LESSON).get_data(as_text=True))

    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    begin.wait()
    while any(thread.is_alive() for thread in threads):
        for catalog in (zamrud, safir):
            pack.replace(catalog)
    for thread in threads:
        thread.join()
    assert len(pages) == 20 * len(readers)
    assert [names_on(page) for page in pages if len(names_on(page)) != 1] == []


def test_pages_of_a_catalog_are_let_go_with_it(app: Flask, people: Cast, zamrud: Catalog) -> None:
    site = app.extensions["lms"]
    site.pack.replace(load(named("Safir")))
    ada = Visitor(app).sign_in("ada")
    ada.get(LESSON)
    catalog, pages = weakref.ref(site.pack.current()), weakref.ref(site.pages.of(site.pack.current()))
    site.pack.replace(zamrud)
    ada.get(LESSON)
    gc.collect()  # what the test client keeps of its last request
    assert (catalog(), pages()) == (None, None)


# --- two mounts -----------------------------------------------------------------------------------------------------


@pytest.fixture
def host(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """Somebody else's application with us in it twice: ``/safir`` and ``/zamrud``, a pack each."""
    host = Flask("host")
    mounts = []
    for name in ("Safir", "Zamrud"):
        root = Path(shutil.copytree(PACK, tmp_path / name))
        for path, data in named(name).contents.items():
            (root / path).write_bytes(data)
        own = dataclasses.replace(settings, pack=str(root))
        mounts.append(lms.init_app(host, url_prefix=f"/{name.lower()}", settings=own))
    yield host
    for mount in mounts:
        mount.extensions["lms"].database.dispose()


def test_two_mounts_have_each_their_own_texts_and_addresses(host: Flask, people: Cast) -> None:
    visitors = {name: Visitor(host, f"/{name.lower()}").sign_in("ada") for name in ("Safir", "Zamrud")}
    for _ in range(2):  # in turn, and again from memory
        for name, visitor in visitors.items():
            for path in (LESSON, "/materi/pecahan", "/kuis/pecahan", "/regulasi/uu-baru", "/glosarium"):
                page = visitor.get(path).get_data(as_text=True)
                assert names_on(page) == {name}, path
                assert _ours(page)
                assert [one for one in _ours(page) if not one.startswith(f"/{name.lower()}/")] == [], path


def test_a_picture_comes_from_the_pack_of_its_mount(host: Flask, people: Cast, tmp_path: Path) -> None:
    (tmp_path / "Zamrud/content/media/setengah.svg").write_text('<svg width="1" height="1">Zamrud</svg>', "utf-8")
    client = host.test_client()
    pictures = [client.get(f"/{name}/media/media/setengah.svg") for name in ("safir", "zamrud")]
    assert b"Zamrud" in pictures[1].data
    assert b"Zamrud" not in pictures[0].data
    assert pictures[0].headers["ETag"] != pictures[1].headers["ETag"]


def test_one_application_in_two_places_gives_the_addresses_of_each(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    for place in ("/satu", "/dua", "/satu"):
        page = ada.get(LESSON, environ_overrides={"SCRIPT_NAME": place}).get_data(as_text=True)
        assert [one for one in _ours(page) if not one.startswith(f"{place}/")] == []


def _ours(page: str) -> list[str]:
    found = [part.split('"')[0] for mark in (' href="', ' src="', ' action="') for part in page.split(mark)[1:]]
    return [one for one in found if not one.startswith(("http", "mailto:", "#", "data:"))]
