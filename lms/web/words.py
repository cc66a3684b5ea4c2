"""Texts of the interface in the reader's language. The source language is Bahasa Indonesia."""

from __future__ import annotations

from flask_babel import gettext as _translated


def gettext(message: str, **values: object) -> str:
    """``message`` in the reader's language; ``values`` fill its ``%(name)s``. Imported as ``_``."""
    return str(_translated(message, **values))
