"""A pack in a store -> a ``Catalog``. Reads each file once, front matters and questions only; renders nothing.

Never raises for what an author wrote: each mistake is a ``Problem``, and whatever can still be used is there. What
refers to something that does not exist is left out where a page would stumble over it.
"""

from __future__ import annotations

import dataclasses
import gc
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from lms.catalog import course
from lms.catalog.codes import unread
from lms.catalog.course import UNPLACED, read_course
from lms.catalog.glossary import read_glossary
from lms.catalog.model import Agenda, Catalog, Course, Lesson, Module, Picture
from lms.catalog.modules import check_aliases, read_lesson, read_module
from lms.catalog.passages import passages, refused
from lms.catalog.pictures import read_picture
from lms.catalog.reading import Source, read_file
from lms.catalog.register import read_register
from lms.catalog.sorting import ModuleFiles, Sorted, sort
from lms.catalog.store import File, Store
from lms.fields import Problem, Problems
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz
from lms.quiz.source import parse

T = TypeVar("T")


def load(store: Store) -> Catalog:
    """Load a pack; ``catalog.problems`` tells every mistake that was met."""
    problems = Problems()
    found = sort(store.files(), problems)
    with uncollected():
        return _Loading(store, problems).catalog(found)


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector: what loading makes is there to stay, and walking over it time and again costs a tenth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Loading:
    """One loading: what it found wrong so far, and a digest of all that it read."""

    def __init__(self, store: Store, problems: Problems) -> None:
        self._store = store
        self._problems = problems
        self._digest = hashlib.sha256()
        self._renamed: dict[str, Source] = {}  # by path: lessons that have former names

    def catalog(self, found: Sorted) -> Catalog:
        course, agendas = self._course(found.course)
        sources = {id: source for id, file in found.regulations.items() if (source := self._read(file))}
        written = set(found.regulations)
        regulations = read_register(sources, written, self._problems)
        terms = read_glossary(self._read(found.glossary), regulations, written, self._problems)
        quizzes = self._quizzes(found)
        agendas = _placed(agendas, self._modules(found.modules, quizzes, [agenda.id for agenda in agendas]))
        catalog = Catalog(
            course=course,
            agendas=agendas,
            quizzes=MappingProxyType(_in_order(quizzes, agendas)),
            regulations=regulations,
            glossary=terms,
            pictures=MappingProxyType(self._pictures(found.pictures)),
            problems=(),
            digest=self._digest.hexdigest()[:32],
            store=self._store,
        )
        _check_items(catalog, self._problems)
        check_aliases(catalog.lessons, self._renamed, self._problems)
        return dataclasses.replace(catalog, problems=tuple(self._problems))

    def _read(self, file: File | None) -> Source | None:
        source = read_file(self._store, file, self._problems) if file else None
        if source:
            self._digest.update(f"{source.path}\0{source.digest}\0".encode())
        return source

    def _course(self, file: File | None) -> tuple[Course, tuple[Agenda, ...]]:
        if file is None:
            message = "berkas ini belum ada; di sinilah judul dan agenda pelatihan ditulis"
            self._problems.at("content/course.yml").error(1, "C001", message)
        return read_course(self._read(file), self._problems)

    def _quizzes(self, found: Sorted) -> dict[str, Quiz]:
        quizzes: dict[str, Quiz] = {}
        for id, file in found.quizzes.items():
            source = self._read(file)
            quiz = self._noted(_quiz_in(source, id)) if source else None
            if source is None or quiz is None:
                continue
            if quiz.module is not None and quiz.module not in found.modules:
                message = f"modul `{quiz.module}` tidak ada; tulis nama foldernya di dalam modules"
                self._problems.at(file.path).error(source.line("module"), "X009", message)
            quizzes[id] = quiz
        return quizzes

    def _modules(
        self, folders: Mapping[str, ModuleFiles], quizzes: Mapping[str, Quiz], agendas: Sequence[str]
    ) -> list[Module]:
        modules: list[Module] = []
        is_whole = course.PATH not in unread(self._problems)
        for id, folder in folders.items():
            index = self._read(folder.index)
            own = [quiz for quiz in quizzes.values() if quiz.module == id]
            module = read_module(id, index, self._lessons(id, folder), own, self._problems)
            if index and not module.broken and is_whole and module.agenda not in agendas:
                message = f"agenda `{module.agenda}` tidak ada; pilih {', '.join(agendas)}"
                self._problems.at(module.path).error(index.line("agenda"), "X008", message)
            modules.append(module)
        return modules

    def _lessons(self, module: str, folder: ModuleFiles) -> list[Lesson]:
        lessons: list[Lesson] = []
        for _, slug, file in folder.lessons:
            source = self._read(file)
            if source is None:
                continue
            lesson = self._noted(_lesson_in(source, module, slug))
            if lesson.aliases:
                self._renamed[source.path] = source
            lessons.append(lesson)
        return lessons

    def _noted(self, read: tuple[T, Sequence[Problem]]) -> T:
        value, problems = read
        self._problems.extend(problems)
        return value

    def _pictures(self, files: Mapping[str, File]) -> dict[str, Picture]:
        found = (read_picture(self._store, path, file, self._problems) for path, file in files.items())
        pictures = {picture.path: picture for picture in found if picture}
        for path, picture in pictures.items():
            self._digest.update(f"{path}\0{picture.digest}\0".encode())
        return pictures


# A pack at work is loaded after each change, and all files but one are as they were: what was read of a file is kept,
# with what was wrong in it. Both are immutable.


@lru_cache(maxsize=200)
def _quiz_in(source: Source, id: str) -> tuple[Quiz | None, Sequence[Problem]]:
    """The quiz of a file; None where it holds an error, or a text that cannot be shown."""
    problems = Problems()
    quiz = parse(source.text, path=source.path, quiz_id=id, problems=problems)
    shown = not sum(refused(text, line, problems.at(source.path)) for line, text in passages(source))  # each is noted
    return quiz if shown else None, tuple(problems)


@lru_cache(maxsize=1_000)
def _lesson_in(source: Source, module: str, slug: str) -> tuple[Lesson, Sequence[Problem]]:
    problems = Problems()
    return read_lesson(module, slug, source, problems), tuple(problems)


def _placed(agendas: Iterable[Agenda], modules: Iterable[Module]) -> tuple[Agenda, ...]:
    """The agendas with their modules; those whose agenda does not exist come last, so that their author sees them."""
    waiting: dict[str, list[Module]] = {}
    for module in sorted(modules, key=lambda module: (module.order, module.id)):
        waiting.setdefault(module.agenda, []).append(module)
    placed = [dataclasses.replace(agenda, modules=tuple(waiting.pop(agenda.id, ()))) for agenda in agendas]
    if waiting:
        left = tuple(module for group in waiting.values() for module in group)
        placed.append(dataclasses.replace(UNPLACED, modules=left))
    return tuple(placed)


def _in_order(quizzes: Mapping[str, Quiz], agendas: Iterable[Agenda]) -> dict[str, Quiz]:
    placed = {quiz.id: quiz for agenda in agendas for module in agenda.modules for quiz in module.quizzes}
    return placed | {id: quiz for id, quiz in quizzes.items() if id not in placed}


def _check_items(catalog: Catalog, problems: Problems) -> None:
    """Progress and attempts know a question by its id alone, so an id may stand for one question only.

    A copied file is told once, and the one it was copied from is left alone.
    """
    first: dict[str, tuple[str, Item]] = {}
    twice: dict[tuple[str, str], list[tuple[Item, Item]]] = {}
    for path, item in catalog.items():
        where, other = first.setdefault(item.id, (path, item))
        if where != path:
            copied = _is_copy(where, of=path)
            files, items = ((where, path), (other, item)) if copied else ((path, where), (item, other))
            twice.setdefault(files, []).append(items)
    for (path, original), both in twice.items():
        line, same = min((one.line, other.line) for one, other in both)
        ids = ", ".join(f"`{one.id}`" for one, _ in both[:3]) + (" …" if len(both) > 3 else "")
        message = f"{len(both)} id soal ({ids}) sudah dipakai di {original}:{same}; beri id lain di berkas ini"
        problems.at(path).error(line, "X007", message)


def _is_copy(path: str, *, of: str) -> bool:
    """Whether a file is named as copies are: after the other one, and longer (``asn-2.md``, ``asn-salinan.md``)."""
    name, other = (one.rpartition("/")[2].removesuffix(".md") for one in (path, of))
    return name != other and name.startswith(other)
