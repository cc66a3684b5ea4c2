"""What the answers say against a question, in sentences with their evidence, and what can be done about each.

``lms.quiz.item_findings`` finds; here it is said, for the pages of an instructor and for the editors they write to.
"""

from __future__ import annotations

from dataclasses import dataclass

from lms.learning.api import quiz_records
from lms.quiz.item import Item
from lms.quiz.item_analysis import FEWEST, ItemAnalysis
from lms.quiz.item_findings import Finding, Found, findings, right_ones
from lms.quiz.regrade import Accept, NewKey
from lms.web import texts
from lms.web.language import number, percent
from lms.web.words import gettext as _

#: So much of an option is quoted in a sentence.
_QUOTED = 60
#: A finding that is mended by marking anew -> the decision that does it.
_MENDED_BY = {Finding.WRONG_KEY: NewKey.action, Finding.TWO_ANSWERS: Accept.action}
#: Findings that a decision about marks can answer; the others are for whoever edits the question.
_OF_MARKS = {Finding.WRONG_KEY, Finding.TWO_ANSWERS, Finding.AGAINST}


@dataclass(frozen=True, slots=True)
class Told:
    """``action``: the decision that would mend it, "" where only a person can say; ``option``: what it is about.

    ``of_marks``: whether marks that were given may have to change.
    """

    sentence: str
    action: str
    option: str
    of_marks: bool


def told(item: Item, analysis: ItemAnalysis) -> list[Told]:
    """The worst first; nothing of a healthy question, and nothing of one that few have answered."""
    return [
        Told(
            _sentence(found, item, analysis),
            _MENDED_BY.get(found.finding, ""),
            found.option,
            found.finding in _OF_MARKS,
        )
        for found in findings(item, analysis)
    ]


def _sentence(found: Found, item: Item, analysis: ItemAnalysis) -> str:
    option = named(item, found.option) if found.option else ""
    match found.finding:
        case Finding.WRONG_KEY:
            return _(
                "Kunci mungkin %(option)s: %(share)s kelompok atas memilihnya; yang memilih kunci %(key)s.",
                option=option,
                share=_of_upper(found.option, analysis),
                key=_of_upper(_key(item, analysis), analysis),
            )
        case Finding.TWO_ANSWERS:
            return _(
                "Mungkin ada dua jawaban benar: %(share)s kelompok atas memilih %(option)s, dan %(key)s memilih kunci.",
                option=option,
                share=_of_upper(found.option, analysis),
                key=_of_upper(_key(item, analysis), analysis),
            )
        case Finding.AGAINST:
            return _(
                "Daya beda negatif (%(index)s): yang nilainya tinggi pada soal lain justru lebih sering salah di sini.",
                index=number(analysis.discrimination),
            )
        case Finding.UNCHOSEN:
            chosen = found.choosers.attempts if found.choosers else 0
            says = _("Opsi %(option)s hampir tidak pernah dipilih (%(n)s dari %(all)s).")
            if not chosen:
                says = _("Opsi %(option)s tidak pernah dipilih (%(n)s dari %(all)s).")
            return says % {"option": option, "n": chosen, "all": analysis.attempts}
        case Finding.TOO_EASY:
            return _(
                "Terlalu mudah (%(share)s): hampir semua orang benar, jadi soal ini tidak membedakan siapa pun.",
                share=percent(analysis.facility),
            )


def named(item: Item, option: str) -> str:
    """An option by its letter, in its author's order, and the beginning of its text."""
    for place, one in enumerate(item.choices()):
        if one.id == option:
            text = texts.item_text(item).label(one.text).striptags()
            short = text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1].rstrip()}…"
            return f"{letter(place)} (“{short}”)"
    return option


def letter(place: int) -> str:
    """A for the first option, then B, …"""
    return chr(ord("A") + place)


def _key(item: Item, analysis: ItemAnalysis) -> str:
    return next(iter(right_ones(item, analysis)), "")


def _of_upper(option: str, analysis: ItemAnalysis) -> str:
    upper = analysis.group_sizes[0] if analysis.group_sizes else 0
    return percent((analysis.choosers(option).upper or 0) / upper if upper else None)


def evidence(item: Item, analysis: ItemAnalysis | None) -> str:
    """What the answers said of a question, as lines of text for somebody who sees no numbers of the cohort.

    Empty where they are too few to say anything.
    """
    if analysis is None or analysis.attempts < FEWEST:
        return ""
    numbers = _(
        "Dari %(n)s percobaan pertama: tingkat kemudahan %(facility)s, daya beda %(index)s.",
        n=analysis.attempts,
        facility=percent(analysis.facility),
        index=number(analysis.discrimination),
    )
    return "\n".join([*(one.sentence for one in told(item, analysis)), numbers])


#: The attempts that findings are told of: later ones were made by people who know the question.
OF = quiz_records.Which.FIRST
