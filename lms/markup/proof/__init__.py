"""Reads a text as its author wrote it and says what is wrong with it, each mistake with its line.

Whether a reference leads anywhere is not known here; the catalog's check asks.
"""

from __future__ import annotations

from enum import Enum, auto

from lms.markup import limits
from lms.markup.proof import blocks, callouts, characters, dialects, footnotes, headings, html, indents, links, tables
from lms.markup.proof.flaw import CODES, Flaw
from lms.markup.references import Reference, leading, prose, references_in, runs

__all__ = ["CODES", "Flaw", "TextKind", "flaws_of", "proofread", "refusals_of"]


class TextKind(Enum):
    """What a text is a text of: it says which marks it knows, and which words look like marks by chance."""

    LESSON = auto()
    INTRODUCTION = auto()  # of a module: shown within its page
    QUESTION = auto()


_PROSE = (headings.underlined, html.flaws, callouts.flaws, tables.flaws, indents.code, indents.items)
_RULES = {
    TextKind.LESSON: (headings.levels, footnotes.flaws, *_PROSE),
    TextKind.INTRODUCTION: (headings.misplaced, footnotes.misplaced, *_PROSE),
    TextKind.QUESTION: (footnotes.misplaced,),
}


def refusals_of(text: str) -> list[Flaw]:
    """The limits that a text breaks: no page shows it."""
    return [Flaw(*refusal) for refusal in limits.broken(text)]


def flaws_of(text: str, kind: TextKind = TextKind.LESSON) -> list[Flaw]:
    """Every flaw of a text; a broken limit hides the rest, since then nothing further is read."""
    return proofread(text, kind)[0]


def proofread(text: str, kind: TextKind = TextKind.LESSON) -> tuple[list[Flaw], list[Reference]]:
    """The flaws of a text and its references, read once."""
    if refusals := refusals_of(text):
        return refusals, []
    found = runs(text)
    page = kind is not TextKind.QUESTION
    written, linked = prose(found), list(references_in(found))
    flaws = [*blocks.flaws(text, page=page), *characters.flaws(text), *dialects.flaws(written, page=page)]
    flaws += [*links.flaws(linked), *links.halves(found, linked), *links.named(written)]
    flaws += [flaw for rule in _RULES[kind] for flaw in rule(written)]
    return sorted(flaws, key=lambda flaw: (flaw.line, flaw.code)), leading(linked)
