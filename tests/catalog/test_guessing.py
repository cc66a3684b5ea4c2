"""Guessers find keys that options give away, and nothing where they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.catalog import guessing
from lms.quiz.items.choice import Choice
from lms.quiz.items.single import Single
from lms.quiz.source import sample


def asked(id: str, key: str, *lures: str) -> Single:
    plain = sample(Single)
    assert isinstance(plain, Single)
    right = Choice(id="a", text=key, right=True)
    wrong = (Choice(id=f"b{at}", text=text) for at, text in enumerate(lures))
    return replace(plain, id=id, options=(right, *wrong))


@pytest.mark.parametrize(
    ("rule", "key", "lures"),
    [
        ("terpanjang", "satu dua tiga", ("satu", "dua")),
        ("terpanjang kedua", "satu dua", ("satu dua tiga", "satu")),
        ("terpendek", "satu", ("satu dua", "dua tiga")),
        ("paling prosedural", "Mencatat, lalu melaporkan", ("Pulang", "Diam")),
        ("anak kalimat terbanyak", "Datang, duduk, dan diam", ("Datang", "Duduk")),
        ("tanpa alasan", "Pulang", ("Pulang karena lelah", "Datang agar tampak")),
        ("tanpa kata mutlak", "Pulang", ("Selalu pulang", "Hanya datang")),
    ],
)
def test_each_rule_finds_the_key_that_has_its_trait(rule: str, key: str, lures: tuple[str, ...]) -> None:
    assert guessing.score([asked("s", key, *lures)], guessing.RULES[rule]).share == 1
    assert guessing.score([asked("s", lures[0], key, *lures[1:])], guessing.RULES[rule]).share == 0


@pytest.mark.parametrize("rule", guessing.RULES)
def test_options_that_look_alike_are_hit_by_chance_alone(rule: str) -> None:
    score = guessing.score([asked("s", "satu", "enam", "tuju", "lima")], guessing.RULES[rule])
    assert score == guessing.Score(0.25, 1)


def test_a_learner_finds_keys_whose_words_were_keys_elsewhere() -> None:
    one = [asked("a", "tertulis ini", "lisan itu"), asked("b", "tertulis di sana", "lisan di sini")]
    other = [asked("c", "jawaban tertulis", "jawaban lisan")]
    assert {path: score.share for path, score in guessing.by_words({"satu": one, "dua": other}).items()} == {
        "satu": 1,
        "dua": 1,
    }
    assert guessing.telling_words({"satu": one, "dua": other}, 2) == [("lisan", 0, 3), ("tertulis", 3, 0)]


def test_a_learner_never_sees_the_file_it_is_tried_on() -> None:
    """Otherwise every word that stands once gives its question away."""
    files = {"satu": [asked("a", "apel jeruk", "mangga nanas")], "dua": [asked("c", "salak rambutan", "duku kecapi")]}
    assert guessing.total(guessing.by_words(files).values()) == guessing.Score(1.0, 2)


def test_nobody_asks_so_nobody_guesses() -> None:
    assert guessing.by_words({}) == {}
    assert guessing.total([]).share == 0


def test_keys_are_told_by_their_length_where_that_is_no_chance() -> None:
    longest, other = asked("s", "satu dua tiga", "satu", "dua", "tiga"), asked("s", "satu", "satu dua", "dua", "tiga")
    assert guessing.told_by_length([longest] * 8 + [other] * 2) == guessing.Score(8, 10)
    assert guessing.told_by_length([longest] * 2 + [other]) is None, "by luck"
    assert guessing.told_by_length([longest] * 55 + [other] * 45) is None, "nobody passes by it"
    assert guessing.told_by_length([]) is None
    assert (guessing.is_longest(longest), guessing.is_longest(other)) == (True, False)
