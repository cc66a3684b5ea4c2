"""How the requests of an attempt are read: one answer as JSON, or a whole form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from lms.errors import Invalid
from lms.features.attempts.service import LAST_REVISION, Answer
from lms.quiz.item import Item

#: Of the texts of one answer together. An essay has a limit of its own.
LONGEST_ANSWER = 20_000
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Save:
    """One answer on its way. ``values`` None: the answer is taken back."""

    item: str
    values: list[str] | None
    revision: int
    save_id: UUID


def save(body: Any) -> Save:
    """Read ``{"item", "response", "revision", "save_id"}``; raises ``Invalid``."""
    if not isinstance(body, dict):
        raise Invalid("Kiriman jawaban tidak terbaca: bukan objek JSON.")
    item, revision = body.get("item"), body.get("revision")
    if not isinstance(item, str) or not 0 < len(item) <= 120:
        raise Invalid("Kiriman jawaban tidak terbaca: soal tidak disebut.")
    if type(revision) is not int or not 1 <= revision <= LAST_REVISION:
        raise Invalid("Kiriman jawaban tidak terbaca: nomor perubahan harus bilangan bulat mulai dari 1.")
    return Save(item, _values(body.get("response")), revision, _uuid(body.get("save_id")))


def _values(given: Any) -> list[str] | None:
    if given is None or given == []:
        return None
    if not isinstance(given, list) or not all(isinstance(part, str) for part in given):
        raise Invalid("Kiriman jawaban tidak terbaca: jawaban harus daftar teks.")
    if sum(map(len, given)) > LONGEST_ANSWER or not all(map(_is_storable, given)):
        raise Invalid("Jawaban terlalu panjang atau memuat tanda yang tidak dapat disimpan.")
    return given


def _is_storable(text: str) -> bool:
    """Half a surrogate pair is valid in JSON, but in no database; PostgreSQL takes no NUL either."""
    return _UNSTORABLE.search(text) is None


def _uuid(given: Any) -> UUID:
    try:
        return UUID(given)
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid("Kiriman jawaban tidak terbaca: nomor kiriman bukan UUID.") from error


def answers(form: MultiDict[str, str], items: Sequence[Item]) -> dict[str, Answer]:
    """Read the whole form of an attempt. Raises ``Invalid`` for an answer that a question cannot have."""
    lists = form.to_dict(flat=False)
    return {item.id: Answer(item.read(lists), _revision(form.get(f"revision-{item.id}"))) for item in items}


def _revision(given: str | None) -> int:
    """A page without the number is as old as can be."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) <= 10 else 0
