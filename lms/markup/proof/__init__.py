"""Reads a text as its author wrote it and says what is wrong with it, each mistake with its line.

Whether a reference leads anywhere is not known here; the catalog's check asks.
"""

from __future__ import annotations

from lms.markup import limits
from lms.markup.proof import blocks, callouts, characters, dialects, footnotes, headings, html, indents, links, tables
from lms.markup.proof.flaw import CODES, Flaw
from lms.markup.references import Reference, leading, prose, references_in, runs

__all__ = ["CODES", "Flaw", "flaws_of", "proofread", "refusals_of"]

#: What is asked of whole pages alone: a question has words of its own that look like these.
_PAGE = (
    headings.levels,
    headings.underlined,
    html.flaws,
    callouts.flaws,
    footnotes.flaws,
    tables.flaws,
    indents.code,
    indents.items,
)


def refusals_of(text: str) -> list[Flaw]:
    """The limits that a text breaks: no page shows it."""
    return [Flaw(*refusal) for refusal in limits.broken(text)]


def flaws_of(text: str, *, page: bool = True) -> list[Flaw]:
    """Every flaw of a text; a broken limit hides the rest, since then nothing further is read."""
    return proofread(text, page=page)[0]


def proofread(text: str, *, page: bool = True) -> tuple[list[Flaw], list[Reference]]:
    """The flaws of a text and its references, read once. ``page``: it is a whole page, not the text of a question."""
    if refusals := refusals_of(text):
        return refusals, []
    found = runs(text)
    written, linked = prose(found), list(references_in(found))
    flaws = [*blocks.flaws(text, page=page), *characters.flaws(text), *dialects.flaws(written, page=page)]
    flaws += [*links.flaws(linked), *links.halves(found, linked), *links.named(written)]
    flaws += [flaw for rule in (_PAGE if page else ()) for flaw in rule(written)]
    return sorted(flaws, key=lambda flaw: (flaw.line, flaw.code)), leading(linked)
