"""Drawing questions: those a person has not seen come first, none comes twice, and of a family there is only one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from lms.citations import citation
from lms.quiz.item import Item
from lms.quiz.quiz import Draw, Quiz
from lms.quiz.review import AT_ONCE, ReviewRules


@dataclass(frozen=True, slots=True)
class Banked:
    """An item of the bank with all it can be drawn by, in small letters. ``review``: of the quiz it stands in."""

    item: Item
    tags: frozenset[str]
    review: ReviewRules


def banked(item: Item, *more: str | None, review: ReviewRules = AT_ONCE) -> Banked:
    """``item`` with its own tags, the regulations it cites, and ``more``: its quiz's module, the module's agenda."""
    cited = (citation(cite)[0] for cite in item.cites)
    return Banked(item, frozenset(tag.casefold() for tag in (*item.tags, *cited, *more) if tag), review)


def open_to(quiz: Quiz, bank: Sequence[Banked]) -> list[Banked]:
    """What ``quiz`` may draw: no question of an exam whose rules hide something that this quiz would show sooner."""
    rules = {id(one.review): one.review for one in bank}  # a handful for a bank of any size: one for each quiz
    closed = {key for key, review in rules.items() if quiz.review.shows_before(review)}
    return [one for one in bank if id(one.review) not in closed]


def pool(draw: Draw, bank: Iterable[Banked]) -> list[Item]:
    """The items that carry all tags of a draw."""
    wanted = {tag.casefold() for tag in draw.tags}
    return [one.item for one in bank if wanted <= one.tags]


def fill(quiz: Quiz, bank: Sequence[Banked], *, seen: Collection[str], rng: random.Random) -> Quiz:
    """``quiz`` as one person takes it: with the items drawn for them, and nothing left to draw.

    ``seen``: ids of items that this person met before. As many as possible are drawn, and of these as many unseen as
    possible; fewer than asked for only when the bank is too small (``check`` tells beforehand). The same ``rng``, the
    same items, whatever the order of the bank.
    """
    asked = _own(quiz, frozenset(seen), rng)
    own = {item.id for item in quiz.items}
    others = [one for one in open_to(quiz, bank) if one.item.id not in own]
    places = _assign(quiz.draws, others, {item.family for item in asked}, frozenset(seen), rng)
    drawn = [
        replace(item, section=draw.section) for draw, items in zip(quiz.draws, places, strict=True) for item in items
    ]
    return replace(quiz, items=(*asked, *drawn), draws=(), asks=None)


def _own(quiz: Quiz, seen: AbstractSet[str], rng: random.Random) -> tuple[Item, ...]:
    """Which of its own items an attempt asks, in the author's order: lesson by lesson in turn, unseen ones first."""
    if quiz.asks is None:
        return quiz.items
    items = sorted(quiz.items, key=lambda item: item.id)
    rng.shuffle(items)
    met: Counter[tuple[bool, str]] = Counter()
    turns: dict[str, tuple[bool, int]] = {}
    for item in items:
        group = item.id in seen, _lesson(item)
        turns[item.id] = item.id in seen, met[group]
        met[group] += 1
    asked = {item.id for item in one_of_a_family(sorted(items, key=lambda item: turns[item.id]))[: quiz.asks]}
    return tuple(item for item in quiz.items if item.id in asked)


def _lesson(item: Item) -> str:
    """The lesson whose outcome it tests first; empty where that was not said."""
    return item.outcomes[0].rpartition(".")[0] if item.outcomes else ""


def one_of_a_family(items: Iterable[Item]) -> list[Item]:
    """The items without those of a family that an earlier one belongs to."""
    first: dict[str | tuple[str, str], Item] = {}
    for item in items:
        first.setdefault(item.family or ("", item.id), item)
    return list(first.values())


#: How often a set of items is sought in another order when families have left a draw short.
_TRIES = 20


def _assign(
    draws: Sequence[Draw],
    bank: Sequence[Banked],
    families: AbstractSet[str],
    seen: AbstractSet[str],
    rng: random.Random,
) -> list[list[Item]]:
    """The items of every draw, none of a family in ``families``.

    Sets of items that can be drawn together are a transversal matroid, so that taking items in the order of preference,
    each when the draws can make room for it, gives the best set there is. Families make it an intersection of two
    matroids, where an early choice may bar a later one: then another order is tried.
    """
    items = {one.item.id: one.item for one in reversed(bank)}
    fitting = _fitting(draws, bank)
    wanted = sum(draw.count for draw in draws)
    best: list[list[str]] = [[] for _ in draws]
    for _ in range(_TRIES):
        taken = _try(draws, items, fitting, families, seen, rng)
        best = max(best, taken, key=lambda places: sum(map(len, places)))
        if sum(map(len, best)) == wanted or not any(item.family for item in items.values()):
            break
    return [[items[id] for id in chosen] for chosen in best]


def _try(
    draws: Sequence[Draw],
    items: Mapping[str, Item],
    fitting: Mapping[str, list[int]],
    families: AbstractSet[str],
    seen: AbstractSet[str],
    rng: random.Random,
) -> list[list[str]]:
    ids = sorted(fitting)
    rng.shuffle(ids)
    taken: list[list[str]] = [[] for _ in draws]
    barred = set(families) - {""}
    for id in sorted(ids, key=seen.__contains__):
        family = items[id].family
        if family not in barred and _place(id, draws, taken, fitting, set()) and family:
            barred.add(family)
    return taken


def _fitting(draws: Sequence[Draw], bank: Sequence[Banked]) -> dict[str, list[int]]:
    """Item id -> the draws, by index, that may take it. Of two items with one id the first counts."""
    first = {one.item.id: one for one in reversed(bank)}
    pools = [{item.id for item in pool(draw, first.values())} for draw in draws]
    fitting = {id: [at for at, ids in enumerate(pools) if id in ids] for id in first}
    return {id: indices for id, indices in fitting.items() if indices}


def _place(
    id: str, draws: Sequence[Draw], taken: list[list[str]], fitting: Mapping[str, list[int]], tried: set[int]
) -> bool:
    """Give ``id`` a place, moving others to another draw where that helps (an augmenting path)."""
    for at in fitting[id]:
        if at in tried:
            continue
        tried.add(at)
        if len(taken[at]) < draws[at].count:
            taken[at].append(id)
            return True
        for place, other in enumerate(taken[at]):
            if _place(other, draws, taken, fitting, tried):
                taken[at][place] = id
                return True
    return False


def independent(items: Iterable[Item]) -> int:
    """How many of the items one attempt may ask."""
    return len(one_of_a_family(items))
