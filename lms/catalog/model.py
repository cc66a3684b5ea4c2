"""What is taught, as everybody else reads it: frozen, complete, and true to the pack it was loaded from.

Texts are Markdown unless said otherwise. Ids never change once published, because people's progress hangs on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from lms.catalog.codes import unread
from lms.catalog.law import Citation, Regulation, Term
from lms.catalog.store import Store, Unreadable
from lms.citations import citation
from lms.errors import NotFound
from lms.fields import Problem, Severity
from lms.markup import Heading, cited_below, key_points, references
from lms.memory import Memory
from lms.quiz.draw import Banked, banked
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz


class UnknownLesson(NotFound):
    message = "Materi itu tidak ada di dalam pelatihan ini. Buka daftar materi untuk mencarinya."


class UnknownModule(NotFound):
    message = "Modul itu tidak ada di dalam pelatihan ini. Buka daftar materi untuk mencarinya."


class UnknownQuiz(NotFound):
    message = "Kuis itu tidak ada di dalam pelatihan ini. Buka daftar materi untuk mencarinya."


class BrokenQuiz(UnknownQuiz):
    message = "Kuis ini belum dapat dibuka karena berkasnya masih memuat kesalahan."


class UnknownRegulation(NotFound):
    message = "Peraturan itu tidak ada di dalam daftar peraturan pelatihan ini."


class UnknownPicture(NotFound):
    message = "Gambar itu tidak ada di dalam pelatihan ini."


# --- the course -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What all of this is for. ``reason``: why it is worth the time; ``lesson``: id of the lesson that says more.

    ``simulation``: id of the quiz that shows whether one is there. ``lesson`` and ``simulation`` may be empty.
    """

    title: str
    reason: str
    lesson: str = ""
    simulation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """``as_of``: the day whose law the whole pack was checked against. All texts are plain.

    ``core``: the articles that everybody must know, so that each needs a lesson and a question. ``pretest``: id of the
    quiz that tells where to begin; may be empty.
    """

    title: str
    subtitle: str
    language: str
    summary: str
    notice: str
    as_of: date
    core: tuple[Citation, ...] = ()
    goal: Goal | None = None
    pretest: str = ""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One page to read. ``broken``: something in its file could not be used; what could be is here.

    ``body`` begins at line ``body_line`` of the file ``path``. ``checks`` are its ```quiz fences in order, one for each
    slot that ``markup.render`` makes of the body. ``minutes`` is an estimate for reading and self-checks.
    """

    id: str
    module: str
    slug: str
    title: str
    summary: str
    outcomes: tuple[str, ...]
    reviewed: date | None
    aliases: tuple[str, ...]  # former ids
    path: str
    body: str
    body_line: int
    checks: tuple[Item, ...]
    minutes: int
    digest: str
    broken: bool = False

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Its id and its former ones: what was done under any of them was done here."""
        return (self.id, *self.aliases)

    @cached_property
    def key_points(self) -> str:
        """Markdown: what its author asks to be remembered; empty where that is no list."""
        return key_points(self.body)

    @cached_property
    def citations(self) -> Mapping[Citation, int]:
        """What its page and its self-checks cite, with the line of the file where each is cited first."""
        found: dict[Citation, int] = {}
        for cited, line in (*self.cited_in_text, *self._cited_in_checks()):
            found[cited] = min(line, found.get(cited, line))
        return found

    @cached_property
    def cited_below(self) -> Mapping[Citation, Heading]:
        """What its page cites -> the first heading below which it does."""
        return cited_below(self.body)

    @cached_property
    def cited_in_text(self) -> Sequence[tuple[Citation, int]]:
        """What its page cites besides its self-checks, in order, with the line of the file."""
        return [(one.cites, self.body_line + one.line - 1) for one in references(self.body) if one.cites]

    def _cited_in_checks(self) -> Iterator[tuple[Citation, int]]:
        for check in self.checks:
            shown = (one.cites for text in check.texts() for one in references(text))
            for cited in (*map(citation, check.cites), *filter(None, shown)):
                yield cited, check.line


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """``introduction`` is Markdown and begins at line ``introduction_line`` of the file ``path``."""

    id: str
    title: str
    agenda: str
    order: int
    summary: str
    outcomes: tuple[str, ...]
    reviewed: date | None
    path: str
    introduction: str
    introduction_line: int
    lessons: tuple[Lesson, ...]
    quizzes: tuple[Quiz, ...]
    broken: bool = False

    @property
    def steps(self) -> tuple[Lesson | Quiz, ...]:
        """What is done one after the other: the lessons, then the quizzes."""
        return (*self.lessons, *self.quizzes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """A part of the course; its modules in their order."""

    id: str
    title: str
    summary: str
    modules: tuple[Module, ...] = ()


# --- the pictures -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """``path``: its name in texts; ``file``: its path in the store; ``width`` and ``height`` in pixels, 0 when unknown.

    ``digest`` names its bytes, ``size`` counts them.
    """

    path: str
    file: str
    mimetype: str
    width: int
    height: int
    size: int
    digest: str


# --- the whole ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class Catalog:
    """A loaded pack. ``problems``: what loading found; ``check`` finds more. ``digest`` names its contents.

    ``store``: where it came from, and where its pictures still are. ``memory``: what was made of it and goes with it.
    """

    course: Course
    agendas: tuple[Agenda, ...]
    quizzes: Mapping[str, Quiz]  # in the order of the course; those of no module come last
    regulations: Mapping[str, Regulation]
    glossary: Mapping[str, Term]
    pictures: Mapping[str, Picture]
    problems: tuple[Problem, ...]
    digest: str
    store: Store
    memory: Memory = field(default_factory=Memory, repr=False)

    # --- what is wrong ---

    @property
    def simulation(self) -> Quiz | None:
        """The quiz that shows whether one has reached the goal; None where the course names none."""
        return self.quizzes.get(self.course.goal.simulation) if self.course.goal else None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Those problems that keep something of the pack from readers: no server starts with one."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @cached_property
    def unread(self) -> frozenset[str]:
        """The files of which something may be missing here."""
        return unread(self.problems)

    def is_sound(self, folder: str) -> bool:
        """Whether all of a folder could be read, so that what is not here is not there."""
        return not any(path.startswith(f"{folder}/") for path in self.unread)

    # --- by id ---

    def lesson_called(self, id: str) -> Lesson | None:
        """Also by a former id; the lesson's own ``id`` tells which."""
        return self.lessons.get(self.aliases.get(id, id))

    def outcome_called(self, name: str) -> tuple[Lesson | None, int]:
        """The lesson, if there is one, and the place from 1 of the outcome that a question names."""
        id, _, place = name.rpartition(".")
        return self.lesson_called(id), int(place)

    def lesson(self, id: str) -> Lesson:
        """As ``lesson_called``. Raises ``UnknownLesson``."""
        found = self.lesson_called(id)
        if found is None:
            raise UnknownLesson
        return found

    def module(self, id: str) -> Module:
        """Raises ``UnknownModule``."""
        if id not in self.modules:
            raise UnknownModule
        return self.modules[id]

    def quiz(self, id: str) -> Quiz:
        """Raises ``UnknownQuiz``, or ``BrokenQuiz`` when its file holds a mistake."""
        if id in self.quizzes:
            return self.quizzes[id]
        raise BrokenQuiz if f"quizzes/{id}.md" in self.unread else UnknownQuiz

    def regulation(self, id: str) -> Regulation:
        """Raises ``UnknownRegulation``."""
        if id not in self.regulations:
            raise UnknownRegulation
        return self.regulations[id]

    def picture(self, path: str) -> Picture:
        """By its path in the pack. Raises ``UnknownPicture``."""
        if path not in self.pictures:
            raise UnknownPicture
        return self.pictures[path]

    def picture_in(self, module: str | None, path: str) -> Picture | None:
        """The picture that a text of a module means by ``path``: the one beside the text, else the one in content."""
        return self.pictures.get(f"modules/{module}/{path}") or self.pictures.get(path)

    def content_of(self, picture: Picture) -> bytes:
        """Raises ``UnknownPicture`` when it has gone since the pack was loaded."""
        try:
            return self.store.read(picture.file)
        except Unreadable as error:
            raise UnknownPicture from error

    # --- in order ---

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        return {module.id: module for agenda in self.agendas for module in agenda.modules}

    @cached_property
    def every_lesson(self) -> tuple[Lesson, ...]:
        return tuple(lesson for module in self.modules.values() for lesson in module.lessons)

    @cached_property
    def lessons(self) -> Mapping[str, Lesson]:
        return {lesson.id: lesson for lesson in self.every_lesson}

    @cached_property
    def checked_in(self) -> Mapping[str, Lesson]:
        """Id of a self-check -> the lesson it stands in."""
        return {check.id: lesson for lesson in self.every_lesson for check in lesson.checks}

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Former id of a lesson -> its id."""
        return {alias: lesson.id for lesson in self.every_lesson for alias in lesson.aliases}

    @cached_property
    def steps(self) -> tuple[Lesson | Quiz, ...]:
        """Everything that is done one after the other, in the order of the course."""
        return tuple(step for module in self.modules.values() for step in module.steps)

    @cached_property
    def practice(self) -> tuple[Quiz, ...]:
        """The quizzes of no module: a pre-test, simulations. They are no steps of the course."""
        return tuple(quiz for quiz in self.quizzes.values() if quiz.module is None)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        # an id of a lesson holds a "/", one of a quiz does not
        return {step.id: place for place, step in enumerate(self.steps)}

    def previous(self, step: Lesson | Quiz) -> Lesson | Quiz | None:
        place = self._places.get(step.id, 0)
        return self.steps[place - 1] if place else None

    def next(self, step: Lesson | Quiz) -> Lesson | Quiz | None:
        """None after the last step, and for a quiz that belongs to no module."""
        place = self._places.get(step.id, len(self.steps)) + 1
        return self.steps[place] if place < len(self.steps) else None

    # --- across ---

    @cached_property
    def term_forms(self) -> Mapping[str, str]:
        """Every spelling that is marked in lessons -> id of its term."""
        return {form: term.id for term in self.glossary.values() for form in (term.term, *term.also)}

    def cited_in(self, regulation: str) -> Mapping[str, tuple[Lesson, ...]]:
        """The lessons that cite a regulation, by locator ("" for the regulation as a whole)."""
        return self._citations.get(regulation, {})

    def changed_since(self, cited: Iterable[Citation], reviewed: date | None) -> list[Regulation]:
        """The cited regulations whose status changed after ``reviewed``; None: what cites them was never read again."""
        ids = dict.fromkeys(id for id, _ in cited if id in self.regulations)
        regulations = (self.regulations[id] for id in ids)
        return [one for one in regulations if one.changed and (reviewed is None or reviewed < one.changed)]

    @cached_property
    def _citations(self) -> Mapping[str, Mapping[str, tuple[Lesson, ...]]]:
        found: dict[str, dict[str, tuple[Lesson, ...]]] = {}
        for lesson in self.every_lesson:
            for regulation, locator in lesson.citations:
                locators = found.setdefault(regulation, {})
                locators[locator] = (*locators.get(locator, ()), lesson)
        return found

    @cached_property
    def bank(self) -> tuple[Banked, ...]:
        """Every question of every quiz, with all it can be drawn by."""
        agendas = {module.id: module.agenda for module in self.modules.values()}
        return tuple(
            banked(item, quiz.module, agendas.get(quiz.module or ""), review=quiz.review)
            for quiz in self.quizzes.values()
            for item in quiz.items
        )

    @cached_property
    def homes(self) -> Mapping[str, tuple[Item, Quiz | Lesson]]:
        """Every question by its id, with the quiz or the lesson in whose file it stands."""
        asked: dict[str, tuple[Item, Quiz | Lesson]] = {}
        for quiz in self.quizzes.values():
            asked.update({item.id: (item, quiz) for item in quiz.items})
        for lesson in self.every_lesson:
            asked.update({item.id: (item, lesson) for item in lesson.checks})
        return asked

    def items(self) -> Iterator[tuple[str, Item]]:
        """Every question with the path of its file: those of quizzes, then the self-checks of lessons."""
        for quiz in self.quizzes.values():
            yield from ((f"quizzes/{quiz.id}.md", item) for item in quiz.items)
        for lesson in self.every_lesson:
            yield from ((lesson.path, item) for item in lesson.checks)
