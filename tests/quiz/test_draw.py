from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.fields import Problems
from lms.quiz.draw import Banked, banked, fill, independent, pool
from lms.quiz.draw_rules import check
from lms.quiz.item import Item
from lms.quiz.quiz import Draw, Quiz
from lms.quiz.review import Moment, ReviewRules
from tests.quiz.writing import FULL, question, quiz

ANY = question("= ya")


def item(id: str, *tags: str, points: float = 1.0) -> Item:
    return replace(ANY, id=id, tags=tags, points=points)


def bank(count: int, *tags: str, prefix: str = "s") -> list[Banked]:
    return [banked(item(f"{prefix}{at}", *tags)) for at in range(count)]


def drawing(*draws: Draw, items: tuple[Item, ...] = ()) -> Quiz:
    return Quiz(id="kuis", title="Kuis", items=items, draws=draws)


def ids(quiz: Quiz) -> list[str]:
    return [item.id for item in quiz.items]


def drawn(*draws: Draw, bank: list[Banked], seen: set[str] = frozenset(), seed: int = 1) -> list[str]:
    return ids(fill(drawing(*draws), bank, seen=seen, rng=random.Random(seed)))


def test_an_item_is_found_by_its_tags_its_regulations_and_its_place():
    one = banked(replace(item("a", "Asas"), cites=("uu-20-2023#3.2",)), "manajemen-asn", "agenda-3", None)
    assert one.tags == {"asas", "uu-20-2023", "manajemen-asn", "agenda-3"}
    assert pool(Draw(tags=("ASAS", "uu-20-2023"), count=1), [one]) == [one.item]
    assert pool(Draw(tags=("asas", "lain"), count=1), [one]) == []
    assert banked(replace(item("b"), cites=("uu-5-2014", "pp-11-2017#2"))).tags == {"uu-5-2014", "pp-11-2017"}


@pytest.mark.parametrize(("size", "attempts", "told"), [(12, 3, False), (11, 3, True), (12, None, True), (4, 1, False)])
def test_keys_between_attempts_are_warned_of_where_the_bank_asks_the_same_again(size, attempts, told):
    problems = Problems()
    counts = replace(drawing(Draw(tags=("a",), count=4)), module="pecahan", attempts=attempts)
    check(counts, bank(size, "a"), problems, 5)
    assert [(one.line, one.code) for one in problems] == ([(5, "Q009")] if told else [])


def test_unseen_items_come_first():
    seen = {f"s{at}" for at in range(7)}
    for seed in range(20):
        assert set(drawn(Draw(tags=("a",), count=4), bank=bank(10, "a"), seen=seen, seed=seed)) > {"s7", "s8", "s9"}


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_bank():
    draw, items = Draw(tags=("a",), count=4), bank(20, "a")
    assert drawn(draw, bank=items) == drawn(draw, bank=items[::-1])
    assert len({tuple(drawn(draw, bank=items, seed=seed)) for seed in range(10)}) > 5


def test_every_item_is_drawn_as_often_as_any_other():
    draw, items = Draw(tags=("a",), count=3), bank(6, "a")
    counts = Counter(id for seed in range(600) for id in drawn(draw, bank=items, seed=seed))
    assert all(230 < counts[f"s{at}"] < 370 for at in range(6))


def test_draws_do_not_starve_one_another():
    items = [banked(item("x", "a", "b")), banked(item("y", "a"))]
    for seed in range(10):
        wide, narrow = drawn(Draw(tags=("a",), count=1), Draw(tags=("a", "b"), count=1), bank=items, seed=seed)
        assert (wide, narrow) == ("y", "x")


def test_what_the_quiz_holds_is_not_drawn_again():
    filled = fill(drawing(Draw(tags=("a",), count=2), items=(item("s0"),)), bank(3, "a"), seen=(), rng=random.Random(1))
    assert (filled.draws, sorted(ids(filled))) == ((), ["s0", "s1", "s2"])


def test_drawn_items_join_their_section():
    filled = fill(quiz(FULL), bank(5, "uu-20-2023"), seen=(), rng=random.Random(1))
    assert [one.section for one in filled.items] == ["twk", "twk", "tiu", "tiu", "tiu"]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from("abc")), max_size=8),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3)), max_size=3),
    st.sets(st.integers(0, 7)),
    st.integers(),
)
def test_a_draw_takes_as_many_as_there_are_and_none_twice(tags, draws, seen, seed):
    items = [banked(item(f"s{at}", *own)) for at, own in enumerate(tags)]
    chosen = drawn(
        *(Draw(tags=(tag,), count=count) for tag, count in draws),
        bank=items,
        seen={f"s{at}" for at in seen},
        seed=seed,
    )
    assert len(chosen) == len(set(chosen)) == _most(tags, draws)


def _most(tags: list[set[str]], draws: list[tuple[str, int]]) -> int:
    """The largest number of items that can be placed (Hall: the worst set of places counts), tried out."""
    places = [tag for tag, count in draws for _ in range(count)]
    subsets = range(1 << len(set(places)))
    names = sorted(set(places))
    deficits = [0]
    for subset in subsets:
        wanted = {name for at, name in enumerate(names) if subset >> at & 1}
        asked = sum(place in wanted for place in places)
        deficits.append(asked - sum(bool(own & wanted) for own in tags))
    return len(places) - max(deficits)


# --- what an author is told ---


def found(*draws: Draw, bank: list[Banked]) -> list[str]:
    problems = Problems("quizzes/a.md")
    check(drawing(*draws), bank, problems, line=3)
    assert all(problem.line == 3 for problem in problems)
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        (bank(5, "a"), []),
        (bank(3, "a"), []),
        (bank(2, "a"), ["Q076"]),
        ([*bank(5, "a"), banked(item("x", "a", points=2))], ["Q077"]),
        ([*bank(5, "a"), banked(replace(item("s0", "a"), title="Lain"))], ["Q078"]),
    ],
)
def test_a_bank_is_checked(items, codes):
    assert found(Draw(tags=("a",), count=3), bank=items) == codes


def test_what_a_bank_lacks_is_told_by_the_tags_of_the_draw():
    problems = Problems()
    items = [*bank(2, "a", "b"), banked(item("x", "a", "b", points=0.5))]
    check(drawing(Draw(tags=("a", "b"), count=4), items=(item("s0", "a", "b"),)), items, problems, line=3)
    assert [problem.message for problem in problems] == [
        "undian `a` + `b` meminta 4 soal, tetapi bank hanya punya 2 soal lain",
        "poin soal untuk undian `a` + `b` berbeda (0.5, 1): samakan",
    ]
    problems = Problems()
    check(drawing(*[Draw(tags=("a",), count=3)] * 2), bank(5, "a"), problems)
    assert [problem.message.partition(",")[0] for problem in problems] == ["bank kurang 1 soal"]
    check(drawing(*[Draw(tags=("a",), count=3)] * 2), bank(6, "a"), problems := Problems())
    assert list(problems) == []


def test_draws_that_want_the_same_items_are_told():
    assert found(Draw(tags=("a",), count=3), Draw(tags=("a",), count=3), bank=bank(5, "a")) == ["Q076"]


def test_a_practice_quiz_draws_nothing_that_an_exam_still_hides():
    never = ReviewRules(**dict.fromkeys(("marks", "answers", "feedback", "explanation"), Moment.NEVER))
    secret = [banked(item(f"rahasia-{at}", "a"), review=never) for at in range(3)]
    practice, exam = drawing(Draw(tags=("a",), count=4)), replace(drawing(Draw(tags=("a",), count=4)), review=never)
    assert set(ids(fill(practice, bank(2, "a") + secret, seen=(), rng=random.Random(1)))) == {"s0", "s1"}
    assert len(ids(fill(exam, bank(2, "a") + secret, seen=(), rng=random.Random(1)))) == 4
    problems = Problems()
    check(practice, bank(2, "a") + secret, problems)
    assert ["3 soal kuis yang aturan tinjauannya lebih ketat" in problem.message for problem in problems] == [True]


@pytest.mark.parametrize(
    ("sooner", "later", "expected"),
    [
        (Moment.DURING, Moment.AFTER_SUBMIT, False),
        (Moment.DURING, Moment.AFTER_LAST, True),
        (Moment.AFTER_SUBMIT, Moment.AFTER_SUBMIT, False),
        (Moment.AFTER_CLOSE, Moment.AFTER_LAST, False),
        (Moment.AFTER_LAST, Moment.NEVER, True),
    ],
)
def test_rules_that_show_something_sooner(sooner, later, expected):
    assert ReviewRules(answers=sooner).shows_before(ReviewRules(answers=later)) is expected


def test_what_the_quiz_itself_asks_is_no_part_of_what_a_bank_lacks():
    def told(size: int) -> list[str]:
        problems = Problems()
        quiz = drawing(*[Draw(tags=("a",), count=3)] * 2, items=(item("x", "a"), item("y")))
        check(quiz, [*bank(size, "a"), banked(item("x", "a"))], problems)
        return [problem.message.partition(",")[0] for problem in problems]

    assert told(6) == []
    assert told(4) == ["bank kurang 2 soal"]


# --- what a quiz asks of its own bank ---


def of_lesson(id: str, lesson: str, family: str = "") -> Item:
    return replace(item(id), outcomes=(f"{lesson}.1",), family=family)


def asking(count: int, *items: Item) -> Quiz:
    return replace(drawing(items=items), asks=count)


def asked(quiz: Quiz, seen: set[str] = frozenset(), seed: int = 1) -> list[str]:
    return ids(fill(quiz, [], seen=seen, rng=random.Random(seed)))


OWN = [of_lesson(f"{lesson}{at}", lesson) for lesson in "abc" for at in range(4)]


@pytest.mark.parametrize("seed", range(10))
def test_own_questions_are_asked_lesson_by_lesson_in_the_order_of_the_file(seed: int):
    found = asked(asking(6, *OWN), seed=seed)
    assert [id[0] for id in found] == ["a", "a", "b", "b", "c", "c"]
    assert found == [id for id in ids(asking(6, *OWN)) if id in found]


def test_a_second_attempt_asks_anew_and_a_third_what_was_met():
    quiz, met = asking(6, *OWN), set()
    for _ in range(2):
        found = set(asked(quiz, met))
        assert len(found) == 6
        assert met.isdisjoint(found)
        met |= found
    assert len(asked(quiz, met)) == 6


def test_an_attempt_has_nothing_left_to_draw_and_is_as_long_as_it_was_said_to_be():
    quiz = replace(asking(6, *OWN), draws=(Draw(tags=("x",), count=2),))
    taken = fill(quiz, bank(3, "x"), seen=(), rng=random.Random(1))
    assert quiz.is_drawn
    assert not taken.is_drawn
    assert quiz.length == taken.length == len(taken.items) == 8
    assert asking(40, *OWN).length == 12


@pytest.mark.parametrize("seed", range(20))
def test_of_a_family_only_one_is_asked_whether_its_own_or_drawn(seed: int):
    own = [of_lesson("a1", "a", "kembar"), of_lesson("a2", "a", "kembar"), of_lesson("a3", "a")]
    drawn = [
        banked(replace(item(f"s{at}", "x"), family=family)) for at, family in enumerate(["kembar", "lain", "lain", ""])
    ]
    quiz = replace(asking(2, *own), draws=(Draw(tags=("x",), count=2),))
    taken = fill(quiz, drawn, seen=(), rng=random.Random(seed))
    families = Counter(one.family for one in taken.items if one.family)
    assert len(taken.items) == 4
    assert max(families.values()) == 1


@pytest.mark.parametrize("seed", range(20))
def test_of_a_family_the_unseen_one_counts(seed: int):
    kin = [of_lesson(f"{family}{at}", "a", family) for family in "fgh" for at in range(3)]
    quiz, met = asking(3, *kin), set()
    for _ in range(3):
        found = set(asked(quiz, met, seed))
        assert len(found) == 3
        assert met.isdisjoint(found)
        met |= found


@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(["", "f", "g", "h"]), min_size=1, max_size=12))
def test_what_can_be_asked_at_once_is_known_beforehand(rng: random.Random, families: list[str]):
    items = [replace(item(f"s{at}"), family=family) for at, family in enumerate(families)]
    most = independent(items)
    assert most == families.count("") + len({*families} - {""})
    assert len(fill(asking(most, *items), [], seen=(), rng=rng).items) == most


def test_a_draw_that_an_early_choice_would_leave_short_is_tried_again():
    """`x0` fits both draws; taken for the first, its family bars the only one that fits the second."""
    pairs = [
        banked(replace(item("x0", "a"), family="f")),
        banked(item("x1", "a")),
        banked(replace(item("y0", "b"), family="f")),
    ]
    for seed in range(20):
        assert len(drawn(Draw(tags=("a",), count=1), Draw(tags=("b",), count=1), bank=pairs, seed=seed)) == 2
