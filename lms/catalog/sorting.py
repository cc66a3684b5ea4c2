"""Tells by its path what a file of a pack is; what is nothing known is a mistake, not silently left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lms.catalog import course, glossary, modules, pictures, register
from lms.catalog.store import MODULES, QUIZZES, File
from lms.fields import Problems
from lms.quiz.written import is_id

MEDIA = "content/media"


@dataclass(slots=True)
class ModuleFiles:
    """The files of one module; ``lessons`` by number and slug, in the order of their names."""

    index: File | None = None
    lessons: list[tuple[int, str, File]] = field(default_factory=list)


@dataclass(slots=True)
class Sorted:
    """The files of a pack by what they are. ``pictures``: by the name that texts of the whole pack use."""

    course: File | None = None
    glossary: File | None = None
    regulations: dict[str, File] = field(default_factory=dict)
    quizzes: dict[str, File] = field(default_factory=dict)
    modules: dict[str, ModuleFiles] = field(default_factory=dict)
    pictures: dict[str, File] = field(default_factory=dict)


def sort(files: Iterable[File], problems: Problems) -> Sorted:
    """``files`` come in the order of their paths."""
    found = Sorted()
    for file in files:
        notes = problems.at(file.path)
        if not file.readable:
            notes.error(1, "C003", "ini tautan atau tidak boleh dibuka; simpan berkas biasa di dalam paket")
            continue
        top, _, rest = file.path.partition("/")
        if top == MODULES:
            _module(found, file, rest, notes)
        elif top == QUIZZES:
            _quiz(found, file, rest, notes)
        else:
            _content(found, file, notes)
    _check_modules(found, problems)
    return found


def _content(found: Sorted, file: File, notes: Problems) -> None:
    folder = file.path.rpartition("/")[0]
    if file.path == course.PATH:
        found.course = file
    elif file.path == glossary.PATH:
        found.glossary = file
    elif folder == register.FOLDER and file.name.endswith(".yml"):
        if not is_id(file.stem):
            notes.error(1, "R001", _name_message("peraturan", "uu-20-2023.yml"))
        found.regulations[file.stem] = file
    elif file.path.startswith(f"{MEDIA}/") and pictures.is_picture(file):
        found.pictures[file.path.removeprefix("content/")] = file
    else:
        _stray(notes)


def _quiz(found: Sorted, file: File, rest: str, notes: Problems) -> None:
    if "/" in rest or not file.name.endswith(".md"):
        _stray(notes)
    elif is_id(file.stem):
        found.quizzes[file.stem] = file
    else:
        notes.error(1, "C005", _name_message("kuis", "manajemen-asn.md"))


def _module(found: Sorted, file: File, rest: str, notes: Problems) -> None:
    id, _, inside = rest.partition("/")
    if not inside:
        _stray(notes)
    elif not is_id(id):
        notes.error(1, "M001", _name_message("folder modul", "manajemen-asn"))
    elif pictures.is_picture(file):
        found.pictures[file.path] = file
    elif "/" in inside or not file.name.endswith(".md"):
        _stray(notes)
    elif inside == modules.INDEX:
        found.modules.setdefault(id, ModuleFiles()).index = file
    elif name := modules.name_of(inside):
        found.modules.setdefault(id, ModuleFiles()).lessons.append((*name, file))
    else:
        found.modules.setdefault(id, ModuleFiles())
        notes.error(1, "L001", f"nama berkas materi {_why(inside)}, mis. 01-dasar-hukum.md")


def _why(name: str) -> str:
    """What is wrong with the name of a lesson."""
    if not re.match(r"\d{2,3}(?!\d)", name):
        return "dimulai dengan nomor urut dua angka"
    if not re.match(r"\d+-", name):
        return "memerlukan tanda hubung sesudah nomornya"
    return "hanya boleh huruf kecil, angka dan tanda hubung sesudah nomornya"


def _check_modules(found: Sorted, problems: Problems) -> None:
    for id, folder in found.modules.items():
        if folder.index is None:
            message = "modul belum punya index.md; buat berkas itu dengan judul, agenda dan urutannya"
            problems.at(f"{MODULES}/{id}/{modules.INDEX}").error(1, "M002", message)
        folder.lessons.sort(key=lambda lesson: lesson[:2])
        slugs: dict[str, File] = {}
        numbers: dict[int, File] = {}
        for lesson in list(folder.lessons):
            number, slug, file = lesson
            if (first := slugs.setdefault(slug, file)) is not file:
                message = f"materi `{slug}` sudah ada di {first.name}; beri nama lain"
                problems.at(file.path).error(1, "L002", message)
                folder.lessons.remove(lesson)
            elif (first := numbers.setdefault(number, file)) is not file:
                message = f"nomor {number} sudah dipakai {first.name}; beri nomor lain agar urutannya pasti"
                problems.at(file.path).warning(1, "L003", message)


def _name_message(what: str, example: str) -> str:
    return f"nama {what} hanya boleh huruf kecil, angka dan tanda hubung, mis. {example}"


def _stray(notes: Problems) -> None:
    message = "berkas ini tidak dikenal di tempat ini dan tidak dibaca; periksa nama, akhiran dan foldernya"
    notes.warning(1, "C004", message)
