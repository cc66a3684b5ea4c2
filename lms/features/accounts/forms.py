"""How the account pages' requests are read."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from lms.errors import Invalid, Said
from lms.web.language import ZONES
from lms.web.words import LANGUAGES

_Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Credentials:
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class NewPassword:
    current: str
    new: str


@dataclass(frozen=True, slots=True)
class Preferences:
    time_zone: str
    language: str


def preferences(form: _Form) -> Preferences:
    """Raises ``Invalid`` for a zone or a language that the page does not offer."""
    chosen = Preferences(form.get("time_zone", ""), form.get("language", ""))
    if chosen.time_zone not in ZONES or chosen.language not in LANGUAGES:
        raise Invalid("Pilih zona waktu dan bahasa dari daftar.")
    return chosen


def credentials(form: _Form) -> Credentials:
    return Credentials(form.get("login", "").strip()[:200], form.get("password", "")[:1000])


def new_password(form: _Form) -> NewPassword:
    """Raises ``Invalid`` when the password was not repeated alike, or is the one it should replace."""
    new = form.get("new", "")[:1000]
    if new != form.get("again", "")[:1000]:
        raise Invalid(fields={"again": Said("Kedua kata sandi tidak sama. Ketik ulang keduanya.")})
    if new and new == form.get("current"):
        raise Invalid(fields={"new": Said("Ini kata sandi yang lama. Pilih yang lain.")})
    return NewPassword(form.get("current", "")[:1000], new)
