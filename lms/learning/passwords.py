"""Passwords: hashed with Argon2id, at most one hash a core at a time, so that signing in never starves saving."""

from __future__ import annotations

import os
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import ARGON2_VERSION

from lms.errors import Invalid, Said, Throttled

#: OWASP's floor for Argon2id: 19 MiB, two passes, one lane; about 20 ms of a core here.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_CORES = threading.BoundedSemaphore(max(1, os.cpu_count() or 1))
#: Seconds a sign-in waits for a core before it is asked to come back.
PATIENCE = 5.0

SHORTEST = 10
LONGEST = 200
#: What people here choose first. Compared without case; a password that contains one and little else is refused.
_COMMON = (
    "password", "passw0rd", "katasandi", "rahasia", "indonesia", "merdeka", "bismillah", "sayang", "qwerty",
    "12345678", "123456789", "1234567890", "asdfghjkl", "latsar", "cpns", "administrator", "iloveyou", "abcdefgh",
)  # fmt: skip

#: What no password hashes to, yet as dear to try: an unknown login costs the same time as a known one.
_NOBODY = (
    f"$argon2id$v={ARGON2_VERSION}$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}$"
    + "$".join(b64encode(os.urandom(size)).decode().rstrip("=") for size in (_HASHER.salt_len, _HASHER.hash_len))
)


class WeakPassword(Invalid):
    pass


def check_strength(password: str, login: str) -> None:
    """Raise ``WeakPassword`` with what to do better. Length and a short list beat rules about signs."""
    if len(password) < SHORTEST:
        raise WeakPassword(
            Said("Kata sandi paling sedikit %(least)s karakter. Tiga kata acak sudah cukup.", least=SHORTEST)
        )
    if len(password) > LONGEST:
        raise WeakPassword(Said("Kata sandi paling banyak %(most)s karakter.", most=LONGEST))
    lowered = password.lower()
    if login.lower() in lowered and len(lowered) - len(login) < 6:
        raise WeakPassword("Kata sandi jangan memuat nama masuk Anda.")
    if len(set(lowered)) < 5 or any(word in lowered and len(lowered) - len(word) < 5 for word in _COMMON):
        raise WeakPassword("Kata sandi ini mudah ditebak. Pilih yang lain, misalnya tiga kata acak.")


def new_hash(password: str, login: str) -> str:
    """Hash a password a person chose; raises ``WeakPassword``. Call it outside a transaction: it takes 20 ms."""
    check_strength(password, login)
    return rehash(password)


def rehash(password: str) -> str:
    with _one_core():
        return _HASHER.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Whether the password fits; costs the same when there is no such person or no password yet."""
    with _one_core():
        try:
            return _HASHER.verify(stored or _NOBODY, password[: LONGEST + 1]) and stored is not None
        except (VerifyMismatchError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    return _HASHER.check_needs_rehash(stored)


@contextmanager
def _one_core() -> Iterator[None]:
    if not _CORES.acquire(timeout=PATIENCE):
        raise Throttled("Sedang banyak yang masuk bersamaan. Coba lagi sebentar lagi.", retry_after=5)
    try:
        yield
    finally:
        _CORES.release()
