"""The register of regulations and the glossary, as everybody else reads them: frozen, and true to the pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

#: A regulation and a locator in it; the locator is empty for the whole regulation.
Citation = tuple[str, str]


class Status(StrEnum):
    """What has become of a regulation."""

    IN_FORCE = "in-force"
    AMENDED = "amended"
    PARTLY_REVOKED = "partly-revoked"
    REVOKED = "revoked"
    REPLACED_UNVERIFIED = "replaced-unverified"  # presumably replaced; we found no proof

    @property
    def stands(self) -> bool:
        """False only where we know that nothing of it holds any more."""
        return self is not Status.REVOKED


class Confidence(StrEnum):
    """How sure we are of a status, or of what an article says."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """``counterpart``: where a reader of this article should go now. ``gist`` is plain text in our own words.

    ``checked``: the day somebody last read the gist against ``text``, None: never; ``confidence``: in that text.
    """

    locator: str
    label: str
    title: str
    gist: str
    counterpart: tuple[Citation, ...] = ()
    checked: date | None = None
    text: str = ""
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulation:
    """An entry of the register. The four relations hold ids, each of which is in the register too.

    ``changed``: the day its status became what it is; what was reviewed earlier must be read again.
    """

    id: str
    short: str
    title: str
    status: Status
    since: date | None
    until: date | None
    changed: date | None
    as_of: date
    confidence: Confidence  # of the status
    revokes: tuple[str, ...]
    revoked_by: tuple[str, ...]
    amends: tuple[str, ...]
    amended_by: tuple[str, ...]
    note: str
    sources: tuple[str, ...]
    text: str  # where its wording was read; empty where none was found
    articles: Mapping[str, Article]

    @property
    def stands(self) -> bool:
        return self.status.stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the glossary. ``also``: other spellings that are marked in lessons. Texts are plain."""

    id: str
    term: str
    meaning: str
    also: tuple[str, ...]
    obsolete: bool
    cites: tuple[Citation, ...]
