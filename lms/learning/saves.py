"""One answer on its way, as the script of an attempt sends it and as an answer file holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lms.db.attempts import Confidence
from lms.errors import Invalid, Said
from lms.fields.typed import storable
from lms.learning.attempts import LAST_REVISION, Answer

#: Of the texts of one answer together. A question has a limit of its own.
LONGEST_ANSWER = 20_000
NO_OBJECT, NO_ITEM = Said("bukan objek JSON"), Said("soal tidak disebut")


class Unreadable(Invalid):
    """What no page of ours sends; ``what`` names the part that cannot be read."""

    def __init__(self, what: Said) -> None:
        self.what = what
        super().__init__(
            Said("Kiriman jawaban tidak terbaca: %(what)s. Muat ulang halaman, lalu jawab lagi.", what=what)
        )


@dataclass(frozen=True, slots=True)
class Save:
    """One answer on its way."""

    item: str
    answer: Answer
    save_id: UUID


def read(body: Any) -> Save:
    """Read ``{"item", "response", "revision", "save_id"}`` and, if given, ``"made_at"``, ``"flagged"`` and
    ``"confidence"``; raises ``Unreadable``."""
    if not isinstance(body, dict):
        raise Unreadable(NO_OBJECT)
    item = body.get("item")
    if not isinstance(item, str) or not 0 < len(item) <= 120 or not storable(item):
        raise Unreadable(NO_ITEM)
    answer = Answer(
        values=_values(body.get("response")),
        revision=_whole(body.get("revision")),
        made_at=_moment(body.get("made_at")),
        flagged=body.get("flagged") is True,
        confidence=confidence(body.get("confidence")),
        version=_version(body.get("version")),
    )
    return Save(item, answer, _uuid(body.get("save_id")))


def _whole(given: Any) -> int:
    if type(given) is not int or not 1 <= given <= LAST_REVISION:
        raise Unreadable(Said("nomor perubahan harus bilangan bulat mulai dari 1"))
    return given


def _values(given: Any) -> list[str] | None:
    if given is None or given == []:
        return None
    if not isinstance(given, list) or not all(isinstance(part, str) for part in given):
        raise Unreadable(Said("jawaban harus daftar teks"))
    if sum(map(len, given)) > LONGEST_ANSWER or not all(map(storable, given)):
        raise Unreadable(Said("jawaban terlalu panjang atau memuat tanda yang tidak dapat disimpan"))
    return given


def _uuid(given: Any) -> UUID:
    try:
        return UUID(given)
    except (ValueError, TypeError, AttributeError) as error:
        raise Unreadable(Said("nomor kiriman bukan UUID")) from error


def _moment(given: Any) -> datetime | None:
    """An instant with its offset; one without could be any hour."""
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, TypeError, OverflowError) as error:
        raise Unreadable(Said("waktu menjawab bukan waktu ISO 8601")) from error


def _version(given: Any) -> str | None:
    if given is not None and not (isinstance(given, str) and 0 < len(given) <= 64 and given.isascii()):
        raise Unreadable(Said("versi soal tidak dikenal"))
    return given


def confidence(given: Any) -> Confidence | None:
    if given is None or given == "":
        return None
    if not isinstance(given, str) or given not in set(Confidence):
        raise Unreadable(Said("tingkat keyakinan tidak dikenal"))
    return Confidence(given)
