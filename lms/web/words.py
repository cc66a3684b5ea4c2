"""Texts of the interface in the reader's language. The source language is Bahasa Indonesia.

Flask-Babel looks a language up anew for every text, and a page holds fifty: here a request does it once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations
from flask import g
from flask_login import current_user

from lms.errors import Invalid, Said
from lms.web import kinds

FOLDER = Path(__file__).parents[1] / "translations"
SOURCE = "id"
#: Code -> the language by its own name.
LANGUAGES = {SOURCE: "Bahasa Indonesia", "en": "English"}


def current_language() -> str:
    """The code of the language this request speaks."""
    language: str | None = g.get("lms_language")
    if language is None:
        person = current_user._get_current_object()  # once: the proxy looks it up at every touch
        chosen = person.language if person.is_authenticated else SOURCE
        language = g.lms_language = chosen if chosen in LANGUAGES else SOURCE
    return language


def speak(language: str) -> None:
    """What this request says, it says in this language, whoever asks."""
    g.lms_language = language if language in LANGUAGES else SOURCE


def gettext(message: str, **values: object) -> str:
    """``message`` in the reader's language; ``values`` fill its ``%(name)s``. Imported as ``_``."""
    return for_request()(message, **values)


def for_request() -> Callable[..., str]:
    """``gettext`` with the language of this request, for a template that says fifty texts."""
    return in_language(current_language())


def in_language(language: str) -> Callable[..., str]:
    """``gettext`` of one language, whoever asks: also where there is no request."""
    translated = _catalogue(language).gettext

    def told(message: str, **values: object) -> str:
        if isinstance(message, Said):
            values = {name: told(value) if isinstance(value, Said) else value for name, value in message.values.items()}
            message = message.template
        text = translated(message)
        return text % values if values else text

    return told


def faults(error: Invalid) -> dict[str, str]:
    """What is wrong with each field, in the reader's language."""
    return {name: gettext(said) for name, said in error.fields.items()}


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == SOURCE:
        return NullTranslations()
    found = Translations.load(FOLDER, [language])
    for others in kinds.words(language):
        found.add_fallback(others)  # asked only for what we never say ourselves
    return found
