"""The marked quotes of a question: ``> [!EXPLANATION]`` and its like, English or Indonesian."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.fields import Fix, Problems, misspelt, nearest
from lms.quiz.markdown import unquoted
from lms.quiz.written import Block

#: Alert as written -> attribute of the item. The first name of each is the canonical one.
ALERTS = {
    "HINT": "hint",
    "PETUNJUK": "hint",
    "RUBRIC": "rubric",
    "RUBRIK": "rubric",
    "CORRECT": "correct",
    "BENAR": "correct",
    "INCORRECT": "incorrect",
    "SALAH": "incorrect",
    "EXPLANATION": "explanation",
    "PEMBAHASAN": "explanation",
}

_OTHERWISE = {"PENJELASAN": "PEMBAHASAN", "UMPAN": "BENAR", "KELIRU": "SALAH", "WRONG": "INCORRECT"}
_NEAR_ALERT = re.compile(r" {0,3}(?:[*_]{0,2}\[? ?! ?|[*_]{0,2}\[|[*_]{2})(?P<name>\w+)(?:\][*_:]*|[*_:]*) *")
_ALERT = re.compile(r" {0,3}\[!(?P<name>\w+)\] *(?P<text>.*)")


def read_alerts(blocks: Sequence[Block], problems: Problems) -> tuple[dict[str, str], list[Block]]:
    """The texts of explanation, hint, rubric and feedback, and the blocks that are none of these."""
    texts: dict[str, str] = {}
    others: list[Block] = []
    for block in blocks:
        found = _ALERT.fullmatch(unquoted(block.text).split("\n")[0]) if block.type == "blockquote" else None
        if found and found["name"].upper() in ALERTS:
            _add(texts, block, problems)
            continue
        if near := _meant(block, found):
            first = unquoted(block.text).split("\n")[0].strip()
            message = f"blok `{first[:40]}` tidak dikenal; maksud Anda `[!{near}]`?"
            problems.error(block.line, "Q036", message, fix=_renaming(first, near, found))
            texts.setdefault(ALERTS[near], unquoted(block.text).partition("\n")[2])  # so that it is not missed, too
            continue
        others.append(block)
    return texts, others


def _meant(block: Block, found: re.Match[str] | None) -> str | None:
    """The alert that a quote is meant to be: misspelt, in another word, or in other brackets."""
    if block.type != "blockquote":
        return None
    if found:
        return _OTHERWISE.get(found["name"].upper()) or nearest(found["name"], ALERTS)
    bracketed = _NEAR_ALERT.fullmatch(unquoted(block.text).split("\n")[0])
    name = bracketed["name"].upper() if bracketed else ""
    return name if name in ALERTS else _OTHERWISE.get(name)


def _renaming(first: str, near: str, found: re.Match[str] | None) -> Fix | None:
    """The mending of an alert's first line, where ``near`` is no guess."""
    if not found:
        is_sure = (
            "!" in first or "[" in first or ALERTS[near] not in {"correct", "incorrect"}
        )  # a bold "Benar" is a word
        return Fix(first, f"[!{near}]") if is_sure else None
    name = found["name"]
    is_sure = misspelt(name, ALERTS) == near or _OTHERWISE.get(name.upper()) == near != "BENAR"
    return Fix(f"[!{name}]", f"[!{near}]") if is_sure else None


def _add(texts: dict[str, str], block: Block, problems: Problems) -> None:
    """One quote may hold several alerts, when no blank line parts them."""
    found: list[tuple[str, list[str]]] = []
    for line, text in enumerate(unquoted(block.text).split("\n"), block.line):
        start = _ALERT.fullmatch(text)
        name = ALERTS.get(start["name"].upper()) if start else None
        if start and name:
            if name in texts or any(name == other for other, _ in found):
                problems.error(line, "Q035", f"`[!{start['name']}]` sudah ditulis di atas; gabungkan keduanya")
            found.append((name, [start["text"]]))
        else:
            found[-1][1].append(text)
    texts.update((name, "\n".join(lines).strip()) for name, lines in found)
