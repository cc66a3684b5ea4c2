"""How a decision is read from a form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import MultiDict

from lms.errors import Invalid, Said
from lms.fields.typed import typed
from lms.quiz import regrade
from lms.quiz.item import Item, Response
from lms.quiz.items.answers import typed_lines
from lms.quiz.regrade import Decision

SHORTEST_REASON, LONGEST_REASON = 10, 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision as it was asked for. ``everywhere``: for all cohorts."""

    decision: Decision
    reason: str
    everywhere: bool


#: What a form holds besides the decision.
_BESIDES = {"csrf_token", "regrade", "seen"}


def sent(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """A decision as it was sent, fit to be kept and sent again."""
    return MultiDict((name, typed(value)) for name, value in form.items(multi=True) if name not in _BESIDES)


def suggested(address: MultiDict[str, str], item: Item) -> MultiDict[str, str]:
    """The form as the address of its page fills it in: ``action``, and with ``opsi`` the option that it is about.

    Empty where the address says nothing that fits the question; whoever decides sees it, and may change it all.
    """
    action, option = address.get("action", ""), address.get("opsi", "")
    if option not in {one.id for one in item.choices()} or item.rows():
        return MultiDict()
    if action == regrade.NewKey.action:
        return MultiDict([("action", action), ("key", option)])
    if action == regrade.Accept.action:
        accepted = json.dumps([option], ensure_ascii=False)
        return MultiDict([("action", action), ("accept", accepted), *(("key", id) for id in item.key() or ())])
    return MultiDict()


def wanted(form: MultiDict[str, str], item: Item) -> Wanted:
    """Read a decision about this version of a question from what ``sent`` gave; raises ``Invalid`` naming every field
    that is wrong."""
    wrong: dict[str, str] = {}
    reason = form.get("reason", "")
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
            return regrade.NewKey(_mended(item, form))
        case regrade.Accept.action:
            return regrade.Accept(_accepted(form, item))
        case regrade.Drop.action:
            return regrade.Drop()
        case regrade.FullMarks.action:
            return regrade.FullMarks()
    raise _wrong("action", Said("Pilih salah satu keputusan."))


def _mended(item: Item, form: MultiDict[str, str]) -> Item:
    """The item with the key that the form gives; where its kind has no form for that, with the key it always had."""
    key = item.key_form()
    return item.with_key(key.sent(form.to_dict(flat=False))) if key else item


def may_type(item: Item) -> bool:
    """Whether an answer to accept can be typed."""
    return item.key() is not None and not item.choices() and not item.rows()


def _accepted(form: MultiDict[str, str], item: Item) -> tuple[Response, ...]:
    """The responses that were ticked or typed, each once."""
    typed = [[line] for line in typed_lines(form.get("accept-lines", ""), "accept")] if may_type(item) else []
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


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, {field: message})
