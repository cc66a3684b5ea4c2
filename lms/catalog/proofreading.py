"""Reads every text of a pack as its author wrote it: flaws of Markdown, and references that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lms.catalog import glossary
from lms.catalog.dead_ends import DeadEnds
from lms.catalog.model import Catalog, Lesson
from lms.catalog.passages import passages
from lms.catalog.reading import Originals
from lms.catalog.store import MODULES, QUIZZES
from lms.fields import Fix, Problems, nearest, split_front_matter, suggestion
from lms.markup import Reference, TextKind, anchor_of, proofread, quiz_fences, sections

LARGE_PICTURE = 200_000  # bytes; more is a burden on a slow link


@dataclass(frozen=True, slots=True)
class _Passage:
    """A stretch of a file that is read by itself.

    ``module``: whose pictures it may name without their folder. A question has none: it outlives the file it stood in.
    """

    path: str
    line: int  # of its first line in the file
    text: str
    module: str | None
    kind: TextKind


def check(catalog: Catalog, originals: Originals, dead_ends: DeadEnds, problems: Problems) -> None:
    shown: set[str] = set()
    for passage in _passages(catalog, originals):
        notes = problems.at(passage.path)
        flaws, references = _proofread(passage.text, passage.kind)
        for flaw in flaws:
            tell, fix = notes.warning if flaw.warning else notes.error, Fix(*flaw.fix) if flaw.fix else None
            tell(passage.line + flaw.line - 1, flaw.code, flaw.message, fix=fix, kind=flaw.kind)
        for reference in references:
            _check_reference(catalog, passage, reference, dead_ends, shown)
    _check_pictures(catalog, shown, problems)


def _passages(catalog: Catalog, originals: Originals) -> Iterator[_Passage]:
    for module in catalog.modules.values():
        yield _Passage(module.path, module.introduction_line, module.introduction, module.id, TextKind.INTRODUCTION)
    for lesson in catalog.every_lesson:
        yield from _lesson(lesson, originals)
    for path in originals.paths(QUIZZES):
        if source := originals.source(path):
            yield from (_Passage(path, line, text, None, TextKind.QUESTION) for line, text in passages(source))


def _lesson(lesson: Lesson, originals: Originals) -> Iterator[_Passage]:
    """As it was written: its own body no longer shows a broken self-check as one."""
    source = originals.source(lesson.path)
    _, body, _, line = split_front_matter(source.text if source else "")
    yield _Passage(lesson.path, line, body, lesson.module, TextKind.LESSON)
    for fence in quiz_fences(body):
        yield _Passage(lesson.path, line + fence.first + 1, fence.source, None, TextKind.QUESTION)


def _check_reference(
    catalog: Catalog, passage: _Passage, reference: Reference, dead_ends: DeadEnds, shown: set[str]
) -> None:
    line = passage.line + reference.line - 1

    def missing(code: str, message: str, file: str) -> None:
        dead_ends.add(passage.path, line, code, message, file=file)

    if reference.picture:
        picture = catalog.picture_in(passage.module, reference.href)
        if picture is None:
            message = f"gambar `{reference.href}` tidak ada di dalam paket; periksa nama dan foldernya"
            missing("X006", message, _picture_file(catalog, passage, reference.href))
        else:
            shown.add(picture.path)
        return
    if reference.cites:
        dead_ends.add_citation(reference.cites, passage.path, line)
        return
    scheme, _, target = reference.href.partition(":")
    match scheme:
        case _ if reference.href.startswith("#") and len(reference.href) > 1:
            _check_section(passage, None, reference.href[1:], line, dead_ends)
        case "lesson":
            id, _, section = target.partition("#")
            lesson = catalog.lesson_called(id)
            if lesson is None:
                dead_ends.add_lesson(id, passage.path, line)
            elif section:
                _check_section(passage, lesson, section, line, dead_ends)
        case "quiz" if target not in catalog.quizzes:
            dead_ends.add_quiz(target, passage.path, line)
        case "term" if target not in catalog.glossary:
            write = suggestion(target, catalog.glossary) or "; tambahkan, atau betulkan idnya"
            message = f"istilah `{target}` tidak ada di {glossary.PATH}{write}"
            missing("X005", message, glossary.PATH)


def _picture_file(catalog: Catalog, passage: _Passage, path: str) -> str:
    """The file of a picture that is there and cannot be used; else where it might be put."""
    places = (f"{MODULES}/{passage.module}/{path}", path, f"content/{path}")
    return next((place for place in places if place in catalog.unread), path)


def _check_section(passage: _Passage, lesson: Lesson | None, name: str, line: int, dead_ends: DeadEnds) -> None:
    """A link to a heading, of this page where no lesson is named."""
    if lesson is None and passage.kind is not TextKind.LESSON:
        message = f"di sini tidak ada bagian; tulis `lesson:modul/nama-materi#{name[:60]}`"
    else:
        anchors = _sections(lesson.body if lesson else passage.text)
        if anchor_of(name) in anchors:
            return
        near = nearest(anchor_of(name), anchors)
        write = f"mungkin `#{near.removeprefix('bagian-')}`" if near else "tulis judulnya, misalnya `#dasar-hukum`"
        page = f"materi `{lesson.id}`" if lesson else "halaman ini"
        message = f"bagian `#{name[:60]}` tidak ada di {page}; {write}"
    dead_ends.add(passage.path, line, "X020", message, file=lesson.path if lesson else passage.path)


_sections = lru_cache(maxsize=64)(sections)
#: A pack at work is checked after each change, and all texts but one are as they were.
_proofread = lru_cache(maxsize=4_000)(proofread)


def _check_pictures(catalog: Catalog, shown: set[str], problems: Problems) -> None:
    whole = catalog.is_sound(MODULES) and catalog.is_sound(QUIZZES)
    for path, picture in catalog.pictures.items():
        notes = problems.at(picture.file)
        if path not in shown and whole:
            notes.warning(1, "C008", "gambar ini tidak dipakai di teks mana pun; hapus atau pakai")
        if picture.size > LARGE_PICTURE:
            notes.warning(1, "C007", f"gambar {picture.size // 1000} KB; perkecil sampai {LARGE_PICTURE // 1000} KB")
