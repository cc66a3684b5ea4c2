"""How a decision is read from a form, and what a form asks to mend the key of a question.

A kind of question whose key can be mended in a few fields has a ``KeyForm``; the others offer the remaining actions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TypeVar
from uuid import UUID

from werkzeug.datastructures import MultiDict

from lms.errors import Invalid, Said
from lms.fields import Problems
from lms.fields.typed import typed
from lms.quiz import regrade
from lms.quiz.item import Item, Response
from lms.quiz.items.choice import ChoiceItem
from lms.quiz.items.numeric import Numeric
from lms.quiz.items.short_answer import ShortAnswer
from lms.quiz.items.true_false import TrueFalse
from lms.quiz.items.weighted import Weighted
from lms.quiz.regrade import Decision
from lms.quiz.written import Block, Field, Written

SHORTEST_REASON, LONGEST_REASON = 10, 1_000
MOST_LINES = 50


# --- the key of a question in a few fields --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyForm:
    """``widget``: ``several`` or ``one`` of the options is right, ``weights`` for them, or ``lines`` of answers.

    ``values``: option id -> what stands in its field, or under "" the lines.
    """

    widget: str
    values: Mapping[str, str]


@singledispatch
def key_form(item: Item) -> KeyForm | None:
    """How the key of this kind of question is mended; None when that takes more than a few fields."""
    return None


@key_form.register
def _(item: ChoiceItem) -> KeyForm:
    return KeyForm("several", {option.id: "1" if option.right else "" for option in item.options})


@key_form.register
def _(item: TrueFalse) -> KeyForm:
    return KeyForm("one", {option.id: "1" if option.right else "" for option in item.choices()})


@key_form.register
def _(item: Weighted) -> KeyForm:
    return KeyForm("weights", {option.id: f"{option.weight:g}".replace(".", ",") for option in item.options})


@key_form.register(ShortAnswer)
@key_form.register(Numeric)
def _(item: ShortAnswer | Numeric) -> KeyForm:
    return KeyForm("lines", {"": "\n".join(line.removeprefix("=").strip() for line in item.written().split("\n"))})


def sent_key(key: KeyForm, form: MultiDict[str, str]) -> KeyForm:
    """The same fields as somebody filled them in."""
    if key.widget == "lines":
        return replace(key, values={"": form.get("lines", "")})
    if key.widget == "weights":
        return replace(key, values={id: form.get(f"weight-{id}", "") for id in key.values})
    chosen = form.getlist("key")
    return replace(key, values={id: "1" if id in chosen else "" for id in key.values})


@singledispatch
def mended(item: Item, form: MultiDict[str, str]) -> Item:
    """The item with the key that the form gives; raises ``Invalid``. Where there is no form: the key it always had."""
    return item


@mended.register
def _(item: ChoiceItem, form: MultiDict[str, str]) -> Item:
    right = set(form.getlist("key"))
    if not right or not right <= {option.id for option in item.options}:
        raise _wrong("key", Said("Tandai sedikitnya satu pilihan yang benar."))
    return replace(item, options=tuple(replace(option, right=option.id in right) for option in item.options))


@mended.register
def _(item: TrueFalse, form: MultiDict[str, str]) -> Item:
    answer = form.get("key")
    if answer not in {option.id for option in item.choices()}:
        raise _wrong("key", Said("Pilih Benar atau Salah."))
    return replace(item, answer=answer == "true")


@mended.register
def _(item: Weighted, form: MultiDict[str, str]) -> Item:
    weights = {option.id: _weight(form.get(f"weight-{option.id}", "")) for option in item.options}
    largest = 100.0 if item.percent else max(weights.values())
    if largest <= 0 or any(abs(weight) > largest for weight in weights.values()):
        raise _wrong("key", Said("Sedikitnya satu bobot harus lebih dari nol; paling besar 100 bila bobotnya persen."))
    try:
        return replace(item, options=tuple(replace(option, weight=weights[option.id]) for option in item.options))
    except ValueError as error:
        raise _wrong("key", Said("Sedikitnya satu bobot harus lebih dari nol.")) from error


def _weight(text: str) -> float:
    try:
        weight = float(text.strip().replace(",", ".").replace("−", "-"))
    except ValueError as error:
        raise _wrong("key", Said("Isi bobot setiap pilihan dengan angka.")) from error
    if not -1000 <= weight <= 1000:
        raise _wrong("key", Said("Bobot terletak di antara −1000 dan 1000."))
    return round(weight, 6)


@mended.register
def _(item: ShortAnswer, form: MultiDict[str, str]) -> Item:
    return replace(item, accepted=_as_written(item, form).accepted)


@mended.register
def _(item: Numeric, form: MultiDict[str, str]) -> Item:
    return replace(item, accepted=_as_written(item, form).accepted)


_Typed = TypeVar("_Typed", ShortAnswer, Numeric)


def _as_written(item: _Typed, form: MultiDict[str, str]) -> _Typed:
    """What the kind itself reads from lines like an author's, with or without the ``=`` in front."""
    lines = _lines(form.get("lines", ""), "key")
    if not lines:
        raise _wrong("key", Said("Tulis sedikitnya satu jawaban yang benar, satu baris satu jawaban."))
    text = "\n".join(line if line.startswith("=") else f"= {line}" for line in lines)
    block = Block("answers", 1, len(lines) + 1, text)
    fields = {name: Field(1, value) for name, value in item.written_fields().items()}
    problems = Problems()
    common = {"id": item.id, "title": item.title, "stem": item.stem}
    read = type(item).parse(Written(1, common, fields, (block,), in_quiz=True), problems)
    if problems.errors or read is None:
        raise _wrong("key", " ".join(f"Baris {one.line}: {one.message}." for one in problems.errors))
    return read


# --- the decision ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision as it was asked for. ``everywhere``: for all cohorts."""

    decision: Decision
    reason: str
    everywhere: bool


def wanted(form: MultiDict[str, str], item: Item) -> Wanted:
    """Read a decision about this version of a question; raises ``Invalid`` naming every field that is wrong."""
    wrong: dict[str, str] = {}
    reason = _text(form.get("reason", ""))
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        wrong["reason"] = Said(
            "Tulis alasannya dengan %(least)s–%(most)s karakter; peserta membacanya.",
            least=SHORTEST_REASON,
            most=LONGEST_REASON,
        )
    decision: Decision = regrade.Drop()
    try:
        decision = _decision(form, item)
        regrade.check(item, decision)
    except Invalid as error:
        wrong |= error.fields or {"action": error.said}
    if wrong:
        raise Invalid("Belum ada yang berubah: periksa isian yang ditandai.", wrong)
    return Wanted(decision, reason, form.get("scope") == "all")


def _decision(form: MultiDict[str, str], item: Item) -> Decision:
    match form.get("action"):
        case regrade.NewKey.action:
            return regrade.NewKey(mended(item, form))
        case regrade.Accept.action:
            return regrade.Accept(_accepted(form, item))
        case regrade.Drop.action:
            return regrade.Drop()
        case regrade.FullMarks.action:
            return regrade.FullMarks()
    raise _wrong("action", Said("Pilih salah satu keputusan."))


def may_type(item: Item) -> bool:
    """Whether an answer to accept can be typed."""
    return item.key() is not None and not item.choices() and not item.rows()


def _accepted(form: MultiDict[str, str], item: Item) -> tuple[Response, ...]:
    """The responses that were ticked or typed, each once."""
    typed = [[line] for line in _lines(form.get("accept-lines", ""), "accept")] if may_type(item) else []
    found: dict[Response, None] = {}
    for values in [*map(_ticked, form.getlist("accept")), *typed]:
        try:
            read = item.accept(values)
        except Invalid as error:
            raise _wrong(
                "accept", Said("Salah satu jawaban tidak mungkin untuk soal ini. %(why)s", why=error.said)
            ) from error
        if read:
            found[read] = None
    if not found:
        raise _wrong("accept", Said("Centang atau tulis sedikitnya satu jawaban yang juga diterima."))
    return tuple(found)


def _ticked(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong("accept", Said("Centangan jawaban tidak terbaca. Muat ulang halaman, lalu pilih lagi.")) from error


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a preview carries to its confirmation: the key of the decision, and the digest of the plan."""

    regrade_id: UUID
    seen: str


def confirmation(form: MultiDict[str, str]) -> Confirmation:
    """Raises ``Invalid``."""
    try:
        return Confirmation(UUID(form.get("regrade", "")), form.get("seen", ""))
    except ValueError as error:
        raise Invalid("Pratinjau tidak terbaca. Buat pratinjau baru dari halaman soalnya.") from error


def _lines(text: str, field: str) -> list[str]:
    lines = [line.strip() for line in _text(text).split("\n") if line.strip()]
    if len(lines) > MOST_LINES or any(len(line) > 200 for line in lines):
        raise _wrong(
            field, Said("Paling banyak %(most)s baris, masing-masing paling panjang 200 karakter.", most=MOST_LINES)
        )
    return lines


def _text(given: str) -> str:
    return typed(given)


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, {field: message})
