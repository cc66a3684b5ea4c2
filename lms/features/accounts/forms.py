"""How the account pages' requests are read."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from lms.errors import Invalid

_Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Credentials:
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class NewPassword:
    current: str
    new: str


def credentials(form: _Form) -> Credentials:
    return Credentials(form.get("login", "").strip()[:200], form.get("password", "")[:1000])


def new_password(form: _Form) -> NewPassword:
    """Raises ``Invalid`` when the password was not repeated alike."""
    new = form.get("new", "")[:1000]
    if new != form.get("again", "")[:1000]:
        raise Invalid(fields={"again": "Kedua kata sandi tidak sama. Ketik ulang keduanya."})
    return NewPassword(form.get("current", "")[:1000], new)
