"""``lms check --fix`` mends what is mechanical and nothing else: no word is lost, no doubt is decided."""

from __future__ import annotations

import os
import re
import resource
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lms.catalog import check, mending
from lms.catalog.mending import applied, drafted, mend, places
from lms.catalog.source import Folder, bundled
from lms.catalog.store import Store, Unreadable
from lms.fields import Fix, Problem, Severity
from lms.quiz.format import tidy
from tests.catalog.broken_inputs import Input, Overlaid, inputs
from tests.conftest import PACK

INPUTS = inputs()
#: What a mended mistake hid, thought over one by one: input -> codes.
UNCOVERED = {
    "pack-causes: kuis yang rusak bukan kuis yang tidak ada": {"Q076"},  # its questions are too few for a draw
    "pack-causes: course.yml yang tidak terbaca": {"F010", "F014"},  # a title is all it holds
    "quiz-lookalikes: bagian tanpa spasi": {"Q014", "Q071"},  # a section that is written like a question
    "quiz-lookalikes: judul menjorok": {"Q030", "Q031"},  # nothing stands below the heading
    "quiz-structure: kuis kosong dengan judul tak terbaca": {"Q030", "Q031"},
    "text-dialects: cek mandiri dengan nama lain": {"Q002"},  # no question stands in it
    "text-dialects: cek mandiri dengan nama dan titik dua": {"Q002"},
    "text-links: kurung tertukar ke pasal": {"X002"},  # a link now, to what is not there
    "text-questions: tautan terpisah di dalam umpan balik": {"X002"},
    "text-links: gambar dengan garis terbalik": {"X006"},  # an address now, of what is not there
    "text-questions: gambar dengan garis terbalik di dalam soal": {"X006"},
    "mending: id berhuruf besar": {"R010"},  # the relation that can be read now is written on one side only
}


def _errors(problems: Iterable[Problem]) -> set[tuple[str, str]]:
    return {(one.path, one.code) for one in problems if one.severity is Severity.ERROR}


@pytest.mark.parametrize("one", INPUTS, ids=lambda one: one.name)
def test_an_input_becomes_what_is_written_beside_it_and_gets_no_worse(one: Input) -> None:
    before, done = check.check(one.store), drafted(one.store)
    for place, lines in one.mended.items():
        path, _, line = place.rpartition(":")
        assert tuple(done.files[path].decode().split("\n")[int(line) - 1 :][: len(lines)]) == lines
        cured = {problem for problem in before if problem.fix and (problem.path, problem.line) == (path, int(line))}
        assert cured.isdisjoint(done.left)
    assert {code for _, code in _errors(done.left) - _errors(before)} <= UNCOVERED.get(one.name, set())
    if done.files:
        again = drafted(Overlaid(one.store, done.files))
        assert (dict(again.files), dict(again.said)) == ({}, {})


@pytest.mark.parametrize("one", [one for one in INPUTS if not one.expected], ids=lambda one: one.name)
def test_what_is_sound_is_left_alone_but_for_the_canonical_form_of_quizzes(one: Input) -> None:
    done = drafted(one.store)
    assert {path: data.decode() for path, data in done.files.items()} == _tidied(one)


@pytest.mark.parametrize(
    "one", [one for one in INPUTS if one.name.startswith("mending:") and not one.mended], ids=lambda one: one.name
)
def test_a_doubt_is_left_to_its_author(one: Input) -> None:
    done = drafted(one.store)
    assert set(done.files) <= set(_tidied(one))
    assert all(data.decode() == _tidied(one)[path] for path, data in done.files.items())


def _tidied(one: Input) -> dict[str, str]:
    texts = {path: data.decode() for path, data in one.files.items() if data and path.startswith("quizzes/")}
    return {path: tidied for path, text in texts.items() if (tidied := tidy(text)) != text}


@pytest.mark.parametrize("pack", [Folder.at(PACK), bundled()], ids=["tests", "shipped"])
def test_a_sound_pack_is_left_alone(pack: Folder) -> None:
    assert dict(drafted(pack).files) == {}


def test_line_ends_a_missing_last_one_and_the_byte_order_mark_stay(pack: Path) -> None:
    register, lesson = pack / "content/regulations/uu-lama.yml", pack / "modules/desimal/01-koma.md"
    text = register.read_text(encoding="utf-8").replace("since:", "sinse:").rstrip("\n").replace("\n", "\r\n")
    register.write_bytes(b"\xef\xbb\xbf" + text.encode())
    mixed = lesson.read_bytes().replace(b"\n", b"\r\n", 3).replace(b"title:", b"tilte:", 1)
    lesson.write_bytes(mixed)
    done = mend(Folder.at(pack))
    assert not _errors(done.left)
    assert register.read_bytes() == b"\xef\xbb\xbf" + text.replace("sinse:", "since:").encode()
    assert lesson.read_bytes() == mixed.replace(b"tilte:", b"title:", 1)


def test_a_line_that_is_added_ends_as_the_others_do(pack: Path) -> None:
    quiz = pack / "quizzes/sejarah.md"
    text = quiz.read_text(encoding="utf-8")
    crowded = re.sub(r"^(tags: .*)\n\n", r"\1\n", text, count=1, flags=re.MULTILINE).replace("\n", "\r\n")
    quiz.write_bytes(crowded.encode())
    done = mend(Folder.at(pack))
    assert [line.split()[1] for line in done.said["quizzes/sejarah.md"]] == ["Q015"]
    assert quiz.read_bytes() == text.replace("\n", "\r\n").encode()


def test_a_quiz_that_is_tidied_keeps_its_line_ends(pack: Path) -> None:
    quiz = pack / "quizzes/sejarah.md"
    text = quiz.read_text(encoding="utf-8").replace(" {#k-nilai}", "")
    quiz.write_bytes(text.replace("\n", "\r\n").encode())
    done = mend(Folder.at(pack))
    assert quiz.read_bytes() == tidy(text).replace("\n", "\r\n").encode()
    assert done.said == {"quizzes/sejarah.md": ["quizzes/sejarah.md: dirapikan seperti oleh `lms fmt`"]}


def test_what_is_no_text_is_left_alone(pack: Path) -> None:
    register = pack / "content/regulations/uu-lama.yml"
    broken = register.read_bytes().replace(b"since:", b"sinse:") + b"# \xff"
    register.write_bytes(broken)
    mend(Folder.at(pack))
    assert register.read_bytes() == broken


class _Locked(Folder):
    """A folder in which one file may be read only, whoever asks."""

    def write(self, path: str, data: bytes) -> None:
        if path.endswith("uu-lama.yml"):
            raise Unreadable(path, "Permission denied")
        super().write(path, data)


def test_a_file_that_cannot_be_written_is_named_and_the_others_are_mended(pack: Path) -> None:
    files = [pack / f"content/regulations/{name}.yml" for name in ("uu-baru", "uu-lama")]
    for file in files:
        file.write_text(file.read_text(encoding="utf-8").replace("since:", "sinse:"), encoding="utf-8")
    before = files[1].read_bytes()
    done = mend(_Locked.at(pack))
    path = "content/regulations/uu-lama.yml"
    assert files[1].read_bytes() == before
    assert [(one.path, one.code) for one in done.left if one.severity is Severity.ERROR] == [(path, "F011")]
    assert [path in line and "Permission denied" in line for line in done.refused] == [True]
    assert (set(done.files), set(done.said)) == ({"content/regulations/uu-baru.yml"},) * 2


def test_what_no_longer_fits_on_the_disk_leaves_the_file_as_it_was(pack: Path) -> None:
    register = pack / "content/regulations/uu-lama.yml"
    before = register.read_bytes().replace(b"since:", b"sinse:")
    register.write_bytes(before)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limit[1]))
    try:
        done = mend(Folder.at(pack))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert (len(done.refused), dict(done.files)) == (1, {})
    assert register.read_bytes() == before
    assert sorted(one.name for one in register.parent.iterdir() if one.name.startswith(".")) == []


@contextmanager
def _somebody() -> Iterator[None]:
    """Act as somebody who may not write whatever they like, as root may."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_a_read_only_file_is_named() -> None:
    with tempfile.TemporaryDirectory() as folder:  # every folder above it is open to all
        pack = shutil.copytree(PACK, Path(folder) / "pack")
        register = pack / "content/regulations/uu-lama.yml"
        register.write_text(register.read_text(encoding="utf-8").replace("since:", "sinse:"), encoding="utf-8")
        before = register.read_bytes()
        for opened in (Path(folder), *(one for one in pack.rglob("*") if one.is_dir()), pack):
            opened.chmod(0o777)
        register.chmod(0o444)
        with _somebody():
            done = mend(Folder.at(pack))
        assert [line.partition(":")[0] for line in done.refused] == ["content/regulations/uu-lama.yml"]
        assert register.read_bytes() == before


def test_what_is_told_of_few_lines_is_mended_in_all() -> None:
    bullets = "".join(f"• butir {number}\n" for number in range(100))
    lesson = (PACK / "modules/desimal/01-koma.md").read_text(encoding="utf-8") + "\n" + bullets
    store = Overlaid(Folder.at(PACK), {"modules/desimal/01-koma.md": lesson.encode()})
    assert sum(one.code == "T030" for one in check.check(store)) == check.SWARM + 1
    done = drafted(store)
    assert done.files["modules/desimal/01-koma.md"].decode() == lesson.replace("• ", "- ")
    assert len(done.said["modules/desimal/01-koma.md"]) == 100


# --- what a fix can do ----------------------------------------------------------------------------------------------


def _told(text: str, *fixes: tuple[int, Fix]) -> str:
    """A text after fixes, whoever told them."""
    problems = [Problem("a.md", line, "F011", "pesan", fix=fix) for line, fix in fixes]
    return applied(text, places(text, problems))


@pytest.mark.parametrize(
    ("line", "fix", "after"),
    [
        (1, Fix("satu", "Satu"), "Satu dua\r\ntiga dua"),
        (2, Fix("dua", "2"), "satu dua\r\ntiga 2"),
        (2, Fix("tiga", "\ntiga"), "satu dua\r\n\r\ntiga dua"),
        (1, Fix("dua\ntiga", "2\n3"), "satu 2\r\n3 dua"),
        (1, Fix("tiga", "3"), "satu dua\r\ntiga dua"),  # it stands in another line
        (1, Fix("u", "U"), "satu dua\r\ntiga dua"),  # it stands there twice
        (3, Fix("tiga", "3"), "satu dua\r\ntiga dua"),  # there is no such line
        (2, Fix("dua\n", "2"), "satu dua\r\ntiga dua"),
        (2, Fix("", "2"), "satu dua\r\ntiga dua"),
    ],
)
def test_a_fix_is_made_where_it_stands_once(line: int, fix: Fix, after: str) -> None:
    assert _told("satu dua\r\ntiga dua", (line, fix)) == after


def test_fixes_in_one_line_are_all_made_and_none_within_another() -> None:
    fixes = ((1, Fix("c", "C")), (1, Fix("a", "aa")), (1, Fix("b c", "B")))
    assert _told("a b c", *fixes) == "aa B"


def test_a_mending_that_helps_nothing_is_taken_back(monkeypatch: pytest.MonkeyPatch, pack: Path) -> None:
    found = check.check(Folder.at(pack))

    def told(store: Store) -> list[Problem]:
        vain = Problem("content/course.yml", 1, "F011", "pesan", fix=Fix("title", "judul"))
        unreadable = Problem("content/glossary.yml", 1, "F001", "pesan")
        healing = Problem("content/glossary.yml", 1, "F011", "pesan", fix=Fix(":", ": :"))
        changed = store.read("content/glossary.yml") != (pack / "content/glossary.yml").read_bytes()
        return [*found, vain, unreadable if changed else healing]

    monkeypatch.setattr(mending, "every_problem", told)
    assert dict(drafted(Folder.at(pack)).files) == {}
