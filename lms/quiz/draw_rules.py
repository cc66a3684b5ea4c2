"""What an author should know of a draw beforehand: that the bank is too small, unequal, or holds what was not meant."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count

from lms.fields import Problems
from lms.quiz.draw import Banked, fill, open_to, pool
from lms.quiz.item import Item
from lms.quiz.quiz import Draw, Quiz

KEYS_GIVEN_AWAY = (
    "kunci, umpan balik atau pembahasan tampak selagi masih ada percobaan dengan soal yang sama, jadi siapa pun dapat "
    "lulus dengan membacanya; tulis `after-last` untuk ketiganya"
)


def check(quiz: Quiz, bank: Sequence[Banked], problems: Problems, line: int = 1, *, whole: bool = True) -> None:
    """Note draws that the bank cannot fill, and pools whose items differ in points. ``line``: of the draws.

    ``whole``: whether every quiz could be read; else what the bank lacks may be in one that could not.
    """
    own = {item.id for item in quiz.items}
    closed = len(bank) - len(bank := open_to(quiz, bank))
    bank = [one for one in bank if one.item.id not in own]
    if (quiz.asks or not quiz.items) and quiz.gives_keys_away and _asks_again(quiz, bank):
        problems.warning(line, "Q009", KEYS_GIVEN_AWAY)
    filled = fill(quiz, bank, seen=(), rng=random.Random(0))  # noqa: S311 – any order will do
    missing = sum(draw.count for draw in quiz.draws) - sum(item.id not in own for item in filled.items)
    if quiz.asks:
        _check_points(quiz.items, f"`asks: {quiz.asks}`", problems, line)
    for draw in quiz.draws:
        items = pool(draw, bank)
        _check_pool(draw, items, problems, line)
        if whole and len({item.id for item in items}) < draw.count:
            message = f"undian {_named(draw)} meminta {draw.count} soal, tetapi bank hanya punya {len(items)} soal lain"
            if closed:
                message += f"; {closed} soal kuis yang aturan tinjauannya lebih ketat tidak ikut diundi"
            problems.error(line, "Q076", message)
            missing = 0
    if whole and missing:
        problems.error(
            line,
            "Q076",
            f"bank kurang {missing} soal, karena undian kuis ini memperebutkan soal atau keluarga soal yang sama",
        )


def _asks_again(quiz: Quiz, bank: Sequence[Banked]) -> bool:
    """Whether somebody who takes all attempts meets a question twice."""
    met: set[str] = set()
    for number in range(quiz.attempts) if quiz.attempts is not None else count():
        taken = {item.id for item in fill(quiz, bank, seen=met, rng=random.Random(number)).items}  # noqa: S311 – any order
        if not taken.isdisjoint(met) or not taken:
            return bool(taken)
        met |= taken
    return False


def _check_pool(draw: Draw, items: Sequence[Item], problems: Problems, line: int) -> None:
    _check_points(items, _named(draw), problems, line)
    for id in sorted(_used_twice(items)):
        message = f"id `{id}` dipakai dua soal yang berbeda dalam bank; hanya satu yang dapat diundi"
        problems.warning(line, "Q078", message)


def _check_points(items: Sequence[Item], name: str, problems: Problems, line: int) -> None:
    points = sorted({item.points for item in items})
    if len(points) > 1:
        message = f"poin soal untuk undian {name} berbeda ({', '.join(f'{one:g}' for one in points)}): samakan"
        problems.warning(line, "Q077", message)


def _used_twice(items: Iterable[Item]) -> Iterator[str]:
    first: dict[str, Item] = {}
    for item in items:
        if first.setdefault(item.id, item) != item:
            yield item.id


def _named(draw: Draw) -> str:
    return " + ".join(f"`{tag}`" for tag in draw.tags)


def check_uninvited(
    quiz: Quiz, others: Collection[Quiz], bank: Sequence[Banked], problems: Problems, line: int = 1
) -> None:
    """Warn of quizzes whose questions join a draw of ``quiz`` only because they carry its tags.

    Whoever draws by a module or its agenda means the questions of modules. A quiz outside of them, such as a test to
    find out where one stands, joins by chance – unless nothing else carries those tags: then it is the bank they name.
    """
    joined: dict[str, str] = {}
    of_modules = {item.id for other in others if other.module for item in other.items}
    for draw in quiz.draws:
        drawn = {item.id for item in pool(draw, open_to(quiz, bank))}
        outside = (other for other in others if other.module is None and other.id != quiz.id)
        if not drawn.isdisjoint(of_modules):
            for other in outside:
                if any(item.id in drawn for item in other.items):
                    joined.setdefault(other.id, _named(draw))
    for id, name in joined.items():
        message = f"soal kuis tanpa modul `quizzes/{id}.md` ikut diundi untuk {name}; ganti tags-nya"
        problems.warning(line, "Q079", f"{message} bila tidak dimaksud")
