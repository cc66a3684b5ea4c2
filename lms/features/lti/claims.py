"""Reading one claim of a token: what cannot be used refuses the launch, what may be missing is empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from lms.features.lti.refusals import Code, LaunchRefused
from lms.fields.typed import storable, typed


def text(of: Mapping[str, Any], name: str, *, longest: int = 1_000) -> str:
    value = of.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not storable(value):
        raise LaunchRefused(Code.CLAIM, name)
    return value


def optional(of: Mapping[str, Any], name: str) -> str:
    """What may be missing, and is no reason to refuse where it is odd."""
    value = of.get(name)
    return typed(value[:1_000]) if isinstance(value, str) else ""


def number(of: Mapping[str, Any], name: str) -> float:
    value = of.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e11:
        raise LaunchRefused(Code.CLAIM, name)
    return float(value)


def part(of: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    value = of.get(name)
    if value is not None and not isinstance(value, dict):
        raise LaunchRefused(Code.CLAIM, name)
    return value


def address(of: Mapping[str, Any], name: str) -> str | None:
    """An address that we, or a browser, will be sent to."""
    value = of.get(name)
    if value is None:
        return None
    if not is_address(value):
        raise LaunchRefused(Code.CLAIM, name)
    return str(value)


def is_address(value: object) -> bool:
    """Whether it is one that can be kept and asked."""
    try:
        return (
            isinstance(value, str)
            and len(value) <= 2_000
            and storable(value)
            and urlsplit(value).scheme in ("https", "http")
        )
    except ValueError:
        return False
