"""A text that several questions share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """It is shown with the first of its questions."""

    id: str
    title: str
    text: str
