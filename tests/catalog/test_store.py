"""Whatever hands out a pack, the catalog made of it is the same; and nobody else opens a path."""

from __future__ import annotations

import ast
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.catalog.check import check
from lms.catalog.load import load
from lms.catalog.model import UnknownPicture
from lms.catalog.source import Folder
from lms.catalog.store import Store, Unreadable
from tests.catalog.memory import InMemory
from tests.conftest import PACK

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest) -> Store:
    folder = Folder.at(PACK)
    return folder if request.param == "folder" else InMemory.copy_of(folder)


def test_a_store_lists_its_files_in_order_and_hands_out_each(store: Store) -> None:
    files = store.files()
    assert [file.path for file in files] == sorted(file.path for file in files)
    assert "modules/pecahan/01-setengah.md" in {file.path for file in files}
    for file in files:
        assert len(store.read(file.path)) == file.size
        assert file.readable


@pytest.mark.parametrize(
    "path",
    [
        "setup.cfg",
        "",
        "content",
        "content/tiada.yml",
        "content/../../conftest.py",
        "content//course.yml",
        "/content/course.yml",
        "modules/pecahan/.tersembunyi",
        "quizzes/a\0.md",
    ],
)
def test_what_was_never_listed_is_not_handed_out(store: Store, path: str) -> None:
    with pytest.raises(Unreadable):
        store.read(path)


def test_a_catalog_is_the_same_whatever_store_it_came_from() -> None:
    folder = Folder.at(PACK)
    memory = InMemory.copy_of(folder)
    assert load(memory).digest == load(folder).digest
    assert list(load(memory).lessons) == list(load(folder).lessons)
    assert check(memory) == check(folder)


def test_a_stamp_changes_with_its_file(tmp_path: Path) -> None:
    root = Path(shutil.copytree(PACK, tmp_path / "pack"))
    memory = InMemory.copy_of(Folder.at(root))
    before = Folder.at(root).files(), memory.files()
    (root / "content/glossary.yml").write_text("{}\n", encoding="utf-8")
    memory.contents["content/glossary.yml"] = b"{}\n"
    for old, new in zip(before, (Folder.at(root).files(), memory.files()), strict=True):
        assert {one.path for one in set(old) ^ set(new)} == {"content/glossary.yml"}


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_folder_follows_no_link(tmp_path: Path) -> None:
    root = Path(shutil.copytree(PACK, tmp_path / "pack"))
    (tmp_path / "rahasia.md").write_text("rahasia", encoding="utf-8")
    (root / "quizzes/tautan.md").symlink_to(tmp_path / "rahasia.md")
    (root / "modules/luar").symlink_to(tmp_path)
    os.mkfifo(root / "quizzes/pipa.md")
    folder = Folder.at(root)
    assert [file.path for file in folder.files() if not file.readable] == [
        "modules/luar",
        "quizzes/pipa.md",
        "quizzes/tautan.md",
    ]
    for path in ("modules/luar/rahasia.md", "quizzes/pipa.md", "quizzes/tautan.md"):
        with pytest.raises(Unreadable):
            folder.read(path)
        with pytest.raises(Unreadable):
            folder.write(path, b"")
    assert (tmp_path / "rahasia.md").read_text(encoding="utf-8") == "rahasia"


def test_a_file_that_cannot_be_read_is_told_with_its_reason() -> None:
    class Locked(InMemory):
        def read(self, path: str) -> bytes:
            if path.endswith(("koma.md", ".svg")):
                raise Unreadable(path, "terkunci")
            return super().read(path)

    catalog = load(Locked.copy_of(Folder.at(PACK)))
    told = {problem.path: problem for problem in catalog.problems}
    for path in ("modules/desimal/01-koma.md", "content/media/setengah.svg"):
        assert told[path].code == "C003"
        assert "terkunci" in told[path].message
    assert "pecahan/setengah" in catalog.lessons


def test_a_picture_that_went_after_loading_is_not_there() -> None:
    memory = InMemory.copy_of(Folder.at(PACK))
    catalog = load(memory)
    picture = catalog.picture("media/setengah.svg")
    assert catalog.content_of(picture) == memory.contents["content/media/setengah.svg"]
    del memory.contents["content/media/setengah.svg"]
    with pytest.raises(UnknownPicture):
        catalog.content_of(picture)


# --- nobody else opens a path ---------------------------------------------------------------------------------------

#: What reaches for a file, as a name that is called or an attribute that is.
_OPENS = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "scandir", "glob", "rglob", "iterdir", "walk"}
_OPENS |= {"Path", "stat", "lstat", "listdir", "send_from_directory"}
_PATHS = {"open", "Path", "send_from_directory"}  # these also where they are bare names

#: The files that do, each with its reason. ``source`` is the store; none of the others reads a pack.
OPENERS = {
    "catalog/new.py": "our own templates of new files",
    "catalog/source.py": "the store: the one place that opens a path of a pack",
    "cli/enrolment.py": "a CSV and a file of links that the operator names",
    "cli/new.py": "a new package, in an empty folder that its author names",
    "cli/serving.py": "the secret key of development",
    "db/engine.py": "makes the folder of an SQLite database",
    "db/migrate.py": "migrations, which are code",
    "features/certificates/pdf.py": "our own template of a sheet",
    "features/exports/book.py": "a table of an archive that it writes itself",
    "features/guides/guides.py": "our own guides",
    "web/assets.py": "our own style sheets and scripts",
    "web/kinds.py": "page, script and words of a kind of question, beside its code",
    "web/house.py": "the logo and the stylesheet that the operator names",
    "web/words.py": "our own translations",
}


def _openings(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(attr=name) if name in _OPENS:
                    yield name
                case ast.Name(id=name) if name in _PATHS:
                    yield name


def test_only_the_store_opens_a_path_of_a_pack() -> None:
    found = {
        path.relative_to(ROOT / "lms").as_posix()
        for path in (ROOT / "lms").rglob("*.py")
        if "migrations" not in path.parts and any(_openings(path.read_text(encoding="utf-8")))
    }
    assert found == OPENERS.keys()


def test_the_search_for_openings_finds_each_way_to_open() -> None:
    for written in ("open(a)", "Path(a)", "a.open()", "a.read_bytes()", "os.scandir(a)", "a.glob('*')", "io.open(a)"):
        assert list(_openings(written)), written
    assert not list(_openings("a.read(b)"))
