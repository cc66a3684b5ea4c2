"""Mending the marks of a faulty question: four decisions, each a pure function from a response to a mark.

The old mark is never touched: whoever decides stores the decision beside it, with reason and author.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lms.errors import Invalid
from lms.quiz import marking
from lms.quiz.definition import dump as dump_item
from lms.quiz.definition import load as load_item
from lms.quiz.item import Item, Response
from lms.quiz.items.missing_kind import MissingKind
from lms.quiz.marking import ItemMark


class CannotRegrade(Invalid):
    message = "Keputusan penilaian ulang ini tidak cocok dengan soalnya."


@dataclass(frozen=True, slots=True)
class NewKey:
    """Mark by a mended version of the question: another key, other weights, another tolerance."""

    action: ClassVar[str] = "new-key"
    item: Item


@dataclass(frozen=True, slots=True)
class Accept:
    """Give full marks to these responses and to what says the same, too; all others keep what the question gives."""

    action: ClassVar[str] = "accept"
    responses: tuple[Response, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """Leave the question out of the score: it adds neither points nor to the maximum."""

    action: ClassVar[str] = "drop"


@dataclass(frozen=True, slots=True)
class FullMarks:
    """Give full marks to everybody, whether they answered or not."""

    action: ClassVar[str] = "full-marks"


Decision = NewKey | Accept | Drop | FullMarks


def mark(item: Item, response: Response | None, decision: Decision) -> ItemMark:
    """The mark that a response gets by a decision. ``item``: the version that was answered."""
    before = marking.mark_item(item, response)
    match decision:
        case NewKey(mended):
            return replace(marking.mark_item(mended, response), section=item.section)
        case Accept(responses):
            return _full(before) if response and _among(item, response, responses) else before
        case Drop():
            return replace(before, fraction=0.0, points=0.0, maximum=0.0, pending=False)
        case FullMarks():
            return _full(before)


def reads_responses(decision: Decision) -> bool:
    """Whether the points that a decision gives depend on the response."""
    return isinstance(decision, NewKey | Accept)


def check(item: Item, decision: Decision) -> None:
    """Raises ``CannotRegrade`` or ``Invalid`` for a decision that does not fit the question."""
    match decision:
        case NewKey() | Accept() if isinstance(item, MissingKind):
            raise CannotRegrade(
                "Jenis soal ini tidak terpasang lagi di sini, jadi jawabannya tidak dapat dinilai menurut kunci. Nilai "
                "jawaban yang menunggu satu per satu, jangan hitung soalnya, atau beri nilai penuh untuk semua."
            )
        case NewKey(mended) if (mended.id, mended.kind, mended.points) != (item.id, item.kind, item.points):
            raise CannotRegrade("Kunci baru harus milik soal yang sama, dengan jenis dan poin yang sama.")
        case NewKey(mended) if _ids(mended) != _ids(item):
            raise CannotRegrade("Kunci baru harus memakai pilihan dan baris yang sama dengan soal yang dijawab.")
        case Accept(responses) if not responses or not all(map(item.accept, responses)):
            raise CannotRegrade("Sebutkan sedikitnya satu jawaban yang diterima; jawaban kosong tidak dapat diterima.")


def dump(decision: Decision) -> dict[str, Any]:
    """``decision`` as JSON-able data for the audit; ``load`` gives an equal one back."""
    match decision:
        case NewKey(item):
            return {"action": decision.action, "item": dump_item(item)}
        case Accept(responses):
            return {"action": decision.action, "responses": [list(response) for response in responses]}
        case Drop() | FullMarks():
            return {"action": decision.action}


def load(data: Mapping[str, Any]) -> Decision:
    """The decision that ``dump`` was given. Raises ValueError for data that no decision can be made of."""
    match data:
        case {"action": NewKey.action, "item": item}:
            return NewKey(load_item(item))
        case {"action": Accept.action, "responses": responses}:
            return Accept(tuple(map(tuple, responses)))
        case {"action": Drop.action}:
            return Drop()
        case {"action": FullMarks.action}:
            return FullMarks()
    raise ValueError(f"unknown decision: {data.get('action')!r}")


def _full(mark: ItemMark) -> ItemMark:
    return replace(mark, fraction=1.0, points=mark.maximum, pending=False)


def _among(item: Item, response: Response, accepted: tuple[Response, ...]) -> bool:
    return any(item.alike(response, read) for one in accepted if (read := item.accept(one)))


def _ids(item: Item) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(one.id for one in item.choices()), frozenset(row.id for row in item.rows())
