"""Where a password stops being weak, to the character."""

from __future__ import annotations

import os

import pytest
from argon2 import PasswordHasher

from lms.errors import Said
from lms.learning import passwords

LOGIN = "budi.santoso"


@pytest.mark.parametrize(
    ("weak", "strong"),
    [
        ("kopihujan", "kopihujan2"),  # ten characters
        ("kopi " * 40 + "x", "kopi " * 40),  # two hundred
        ("12Budi.Santoso345", "12Budi.Santoso3456"),  # the login and six more
        ("Rahasia1234", "Rahasia12345"),  # a common one and five more
        ("1234567890abcd", "1234567890abcde"),
        ("abcdabcdabcd", "abcdabcdabce"),  # five different characters
    ],
)
def test_one_character_makes_the_difference(weak: str, strong: str) -> None:
    with pytest.raises(passwords.WeakPassword):
        passwords.check_strength(weak, LOGIN)
    passwords.check_strength(strong, LOGIN)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("pendek", "paling sedikit 10 karakter"),
        ("x" * 201, "paling banyak 200 karakter"),
        ("12" + LOGIN, "nama masuk"),
        ("indonesia123", "mudah ditebak"),
    ],
)
def test_who_is_refused_is_told_why(password: str, why: str) -> None:
    with pytest.raises(passwords.WeakPassword, match=why) as caught:
        passwords.new_hash(password, LOGIN)
    assert isinstance(caught.value.said, Said)


def test_the_longest_password_opens_the_door_and_a_longer_one_with_the_same_beginning_does_not() -> None:
    longest = "kopi " * (passwords.LONGEST // 5)
    stored = passwords.new_hash(longest, LOGIN)
    assert passwords.verify(stored, longest)
    assert not passwords.verify(stored, longest + "x")


def test_every_hash_gives_its_core_back() -> None:
    for _ in range(os.cpu_count() or 1):
        assert not passwords.verify("not a hash", "apa saja")
    assert passwords.verify(passwords.rehash("sesudah itu"), "sesudah itu")


def test_a_hash_made_with_other_parameters_is_made_anew() -> None:
    assert passwords.needs_rehash(PasswordHasher(time_cost=1, memory_cost=19456, parallelism=1).hash("lama"))
    assert not passwords.needs_rehash(passwords.rehash("baru"))
