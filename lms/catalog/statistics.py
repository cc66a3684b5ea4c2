"""A pack in numbers, for editors: how much there is, and whether its questions give their keys away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lms.catalog import guessing
from lms.catalog.coverage import survey
from lms.catalog.likeness import Pair, alike, given_away
from lms.catalog.model import Catalog
from lms.catalog.modules import words
from lms.catalog.outcomes import tested
from lms.catalog.store import MODULES, QUIZZES
from lms.quiz.item import Item
from lms.quiz.items.choice import ChoiceItem

LEVELS = ("C1", "C2", "C3", "C4", "C5", "C6")
APPLYING = LEVELS[2:]  # from "apply" upwards; below is recall
TELLING = 30  # words that are named


@dataclass(frozen=True, slots=True)
class Keys:
    """Of single-choice questions: where their keys stand, and which keys are longer, or shorter, than all else."""

    places: Counter[int]  # place of the key, from 0 -> questions
    longest: tuple[str, ...]  # ids
    shortest: tuple[str, ...]  # ids

    @property
    def total(self) -> int:
        return self.places.total()

    @property
    def longest_share(self) -> float:
        """0…1; by chance it would be one over the number of options."""
        return len(self.longest) / self.total if self.total else 0.0

    @property
    def shortest_share(self) -> float:
        return len(self.shortest) / self.total if self.total else 0.0


def keys(items: Iterable[Item]) -> Keys:
    asked = singles(items)
    places = Counter(next(at for at, option in enumerate(item.options) if option.right) for item in asked)
    longest, shortest = (tuple(item.id for item in asked if _key_stands_out(item, sign)) for sign in (1, -1))
    return Keys(places, longest, shortest)


def _key_stands_out(item: ChoiceItem, sign: int) -> bool:
    lengths = sorted(((sign * len(option.text), option.right) for option in item.options), reverse=True)
    return lengths[0][1] and lengths[0][0] > lengths[1][0]


def levels(items: Iterable[Item]) -> Counter[str]:
    """Cognitive level -> questions."""
    return Counter(tag for item in items for tag in item.tags if tag in LEVELS)


def told(catalog: Catalog) -> str:
    """The numbers of a pack as lines of text."""
    return "\n".join(_lines(catalog))


def _lines(catalog: Catalog) -> Iterator[str]:
    bank = [item for quiz in catalog.quizzes.values() for item in quiz.items]
    checks = sum(len(lesson.checks) for lesson in catalog.every_lesson)
    lengths = [words(lesson.body) for lesson in catalog.every_lesson] or [0]
    span = f"{sum(lengths)} kata, {min(lengths)}–{max(lengths)} per materi"
    yield f"modul {len(catalog.modules)}, materi {len(catalog.every_lesson)} ({span}), cek mandiri {checks}"
    yield f"kuis {len(catalog.quizzes)}, soal {len(bank)} ({_kinds(bank)})"
    yield f"peraturan {len(catalog.regulations)}, istilah {len(catalog.glossary)}, gambar {len(catalog.pictures)}"
    covered = survey(catalog)
    core = [row for one in covered for row in one.rows if row.core]
    articles = [row for one in covered for row in one.rows if row.article]
    lacking = sum(row.empty for row in core), sum(row.empty for row in articles)
    yield f"pasal inti {len(core)} ({lacking[0]} kosong), pasal dalam daftar {len(articles)} ({lacking[1]} kosong)"
    aims = tested(catalog)
    yield f"tujuan pembelajaran {len(aims)} ({sum(one.empty for one in aims)} tanpa soal kuis)"
    counted = levels(bank)
    applying = sum(counted[level] for level in APPLYING) / len(bank) if bank else 0.0
    yield "tingkat " + ", ".join(f"{level} {counted[level]}" for level in LEVELS) + f"; C3 ke atas {applying:.0%}"
    found = keys(bank)
    spread = ", ".join(f"{chr(65 + place)} {found.places[place]}" for place in sorted(found.places))
    ends = f"terpanjang pada {found.longest_share:.0%}, terpendek pada {found.shortest_share:.0%}"
    yield f"kunci pilihan tunggal {spread or '–'}; {ends}"
    yield from _guessed(catalog)
    yield f"soal yang nyaris sama: {_paired(alike(item for _path, item in catalog.items()))}"
    told = [pair for quiz in catalog.quizzes.values() for pair in given_away(quiz)]
    yield f"soal yang jawabannya disebut soal lain: {_paired(told)}"


def _paired(pairs: Iterable[Pair]) -> str:
    return ", ".join(f"{one.id} ~ {other.id}" for one, other in pairs) or "tidak ada"


def questions_to_guess(catalog: Catalog) -> tuple[guessing.Questions, guessing.Questions]:
    """The single-choice questions of every quiz, by path, and the self-checks, by the folder of their module."""
    quizzes = {f"{QUIZZES}/{quiz.id}.md": singles(quiz.items) for quiz in catalog.quizzes.values()}
    modules = {
        f"{MODULES}/{module.id}": singles(item for lesson in module.lessons for item in lesson.checks)
        for module in catalog.modules.values()
    }
    return _filled(quizzes), _filled(modules)


def singles(items: Iterable[Item]) -> list[ChoiceItem]:
    """The questions with one right option, of which a test-taker can guess it."""
    return [item for item in items if isinstance(item, ChoiceItem) and not item.takes_several]


def _filled(questions: guessing.Questions) -> guessing.Questions:
    return {path: asked for path, asked in questions.items() if asked}


def _guessed(catalog: Catalog) -> Iterator[str]:
    """How far guessers get, over all and file by file, and what they go by."""
    quizzes, modules = questions_to_guess(catalog)
    learnt = guessing.by_words({**quizzes, **modules})
    for name, questions in (("kuis", quizzes), ("cek mandiri", modules)):
        found = _by_rule(question for asked in questions.values() for question in asked)
        found["kata"] = guessing.total(learnt[path] for path in questions)
        yield f"tebakan {name} " + ", ".join(f"{rule} {one.share:.0%}" for rule, one in found.items())
        for path, asked in questions.items():
            found = _by_rule(asked)
            best = max(found, key=lambda rule: found[rule].share)
            yield f"  {path}: kata {learnt[path].share:.0%}, {best} {found[best].share:.0%}, dari {len(asked)} soal"
    told = (f"{word} {keys}:{lures}" for word, keys, lures in guessing.telling_words({**quizzes, **modules}, TELLING))
    yield f"kata yang membocorkan (kunci:pengecoh) {', '.join(told) or '–'}"


def _by_rule(questions: Iterable[ChoiceItem]) -> dict[str, guessing.Score]:
    asked = list(questions)
    return {rule: guessing.score(asked, guess) for rule, guess in guessing.RULES.items()}


def _kinds(items: Iterable[Item]) -> str:
    counted = Counter(item.name.lower() for item in items)
    return ", ".join(f"{name} {count}" for name, count in counted.most_common())
