"""Reads every text of a pack as its author wrote it: flaws of Markdown, and references that lead nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from lms.catalog.model import Catalog, Citation, Lesson
from lms.catalog.passages import passages
from lms.catalog.reading import Originals
from lms.catalog.register import unknown_regulation
from lms.catalog.store import MODULES, QUIZZES
from lms.fields import Problems, split_front_matter
from lms.markup import Flaw, Reference, anchor_of, conflicts_of, proofread, quiz_fences, sections

#: In a quiz the lines of a question are not those of a page: only what holds for every text is asked of them.
_ANYWHERE = {
    *(f"T00{number}" for number in range(1, 10)),
    *("T016", "T018", "T019", "T020", "T023", "T024", "T027"),
    *("T029", "T032", "T036", "T037", "T038", "T041", "T042"),
}
SWARM = 5  # lines of one kind that are told of one file; the next says how many more there are
LARGE_PICTURE = 200_000  # bytes; more is a burden on a slow link


@dataclass(frozen=True, slots=True)
class _Passage:
    """A stretch of a file. ``page``: it is read as a whole page, and not as the texts of questions.

    ``module``: whose pictures it may name without their folder. A question has none: it outlives the file it stood in.
    """

    path: str
    line: int  # of its first line in the file
    text: str
    module: str | None
    page: bool


def check(catalog: Catalog, originals: Originals, problems: Problems) -> None:
    shown: set[str] = set()
    flaws: list[tuple[_Passage, Flaw]] = []
    torn = _conflicts(originals, problems)
    for passage in _passages(catalog, originals):
        if passage.path in torn:
            continue
        found, references = proofread(passage.text, page=passage.page)
        flaws += [(passage, flaw) for flaw in found if passage.page or flaw.code in _ANYWHERE]
        for reference in references:
            _check_reference(catalog, passage, reference, problems.at(passage.path), shown)
    _tell(flaws, problems)
    _check_pictures(catalog, shown, problems)


def _conflicts(originals: Originals, problems: Problems) -> set[str]:
    """The files that hold two versions of themselves: whatever else is wrong with them comes of that."""
    torn = set()
    for path in (*originals.paths(MODULES), *originals.paths(QUIZZES)):
        source = originals.source(path) if path.endswith(".md") else None
        for flaw in conflicts_of(source.text) if source else ():
            problems.at(path).error(flaw.line, flaw.code, flaw.message)
            torn.add(path)
    return torn


def _tell(flaws: list[tuple[_Passage, Flaw]], problems: Problems) -> None:
    """The same mark ten times is one mistake: a few lines of it are told, and how many more there are."""
    all_of = Counter((passage.path, flaw.code, flaw.kind) for passage, flaw in flaws if flaw.kind)
    told: Counter[tuple[str, str, str]] = Counter()
    for passage, flaw in flaws:
        kind = (passage.path, flaw.code, flaw.kind)
        told[kind] += bool(flaw.kind)
        message = flaw.message
        if told[kind] > SWARM:
            if told[kind] > SWARM + 1:
                continue
            if more := all_of[kind] - SWARM - 1:
                message = f"{message} (dan {more} baris lain yang serupa)"
        notes = problems.at(passage.path)
        tell = notes.warning if flaw.warning else notes.error
        tell(passage.line + flaw.line - 1, flaw.code, message)


def _passages(catalog: Catalog, originals: Originals) -> Iterator[_Passage]:
    for module in catalog.modules.values():
        yield _Passage(module.path, module.introduction_line, module.introduction, module.id, page=True)
    for lesson in catalog.every_lesson:
        yield from _lesson(lesson, originals)
    for path in originals.paths(QUIZZES):
        if source := originals.source(path):
            yield from (_Passage(path, line, text, None, page=False) for line, text in passages(source))


def _lesson(lesson: Lesson, originals: Originals) -> Iterator[_Passage]:
    """As it was written: its own body no longer shows a broken self-check as one."""
    source = originals.source(lesson.path)
    _, body, _, line = split_front_matter(source.text if source else "")
    yield _Passage(lesson.path, line, body, lesson.module, page=True)
    for fence in quiz_fences(body):
        yield _Passage(lesson.path, line + fence.first + 1, fence.source, None, page=False)


def _check_reference(
    catalog: Catalog, passage: _Passage, reference: Reference, notes: Problems, shown: set[str]
) -> None:
    line = passage.line + reference.line - 1
    if reference.picture:
        picture = catalog.picture_in(passage.module, reference.href)
        if picture is None:
            notes.error(line, "X006", f"gambar `{reference.href}` tidak ada di dalam paket; periksa nama dan foldernya")
        else:
            shown.add(picture.path)
        return
    if reference.cites:
        check_citation(catalog, reference.cites, line, notes)
        return
    scheme, _, target = reference.href.partition(":")
    if len(scheme) > 1 and scheme.startswith("#"):
        _check_section(passage, None, reference.href[1:], line, notes)
        return
    match scheme:
        case "lesson":
            id, _, section = target.partition("#")
            lesson = catalog.lessons.get(catalog.aliases.get(id, id))
            if lesson is None:
                notes.error(line, "X003", f"materi `{id}` tidak ada; tulis lesson:modul/nama-materi")
            elif section:
                _check_section(passage, lesson, section, line, notes)
        case "quiz" if target not in catalog.quizzes:
            notes.error(line, "X004", f"kuis `{target}` tidak ada; tulis nama berkasnya tanpa .md")
        case "term" if target not in catalog.glossary:
            notes.error(line, "X005", f"istilah `{target}` tidak ada di content/glossary.yml")


def _check_section(passage: _Passage, lesson: Lesson | None, name: str, line: int, notes: Problems) -> None:
    """A link to a heading, of this page where no lesson is named."""
    if lesson is None and not passage.page:
        notes.error(line, "X020", f"soal tidak punya bagian; tulis `lesson:modul/nama-materi#{name[:60]}`")
        return
    anchors = _sections(lesson.body if lesson else passage.text)
    if anchor_of(name) in anchors:
        return
    near = get_close_matches(anchor_of(name.removeprefix("bagian-")), anchors, n=1, cutoff=0.5)
    write = f"mungkin `#{near[0].removeprefix('bagian-')}`" if near else "tulis judulnya, misalnya `#dasar-hukum`"
    notes.error(
        line, "X020", f"bagian `#{name[:60]}` tidak ada di {'materi itu' if lesson else 'halaman ini'}; {write}"
    )


_sections = lru_cache(maxsize=64)(sections)


def check_citation(catalog: Catalog, cited: Citation, line: int, notes: Problems) -> None:
    id, locator = cited
    regulation = catalog.regulations.get(id)
    if regulation is None:
        notes.error(line, "X001", unknown_regulation(id))
    elif locator and locator not in regulation.articles:
        message = f"pasal `{locator}` belum ada di content/regulations/{id}.yml; tambahkan atau betulkan nomornya"
        notes.error(line, "X002", message)


def _check_pictures(catalog: Catalog, shown: set[str], problems: Problems) -> None:
    for path, picture in catalog.pictures.items():
        notes = problems.at(picture.file)
        if path not in shown:
            notes.warning(1, "C008", "gambar ini tidak dipakai di teks mana pun; hapus atau pakai")
        if picture.size > LARGE_PICTURE:
            notes.warning(1, "C007", f"gambar {picture.size // 1000} KB; perkecil sampai {LARGE_PICTURE // 1000} KB")
