"""What the pages of an analysis place: figures with their names, questions with what is found of them, options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lms.catalog import guessing
from lms.catalog.statistics import singles
from lms.learning.api import question_sums
from lms.quiz.item import Item
from lms.quiz.item_analysis import FEWEST, Choosers, ItemAnalysis, QuizAnalysis
from lms.quiz.item_findings import right_ones
from lms.quiz.quiz import Quiz
from lms.web import findings, texts
from lms.web.findings import Told
from lms.web.language import number, percent
from lms.web.links import link
from lms.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Figure:
    """``anchor``: where the guide explains it; ``missing``: why there is none."""

    name: str
    anchor: str
    value: str
    missing: str = ""

    @property
    def href(self) -> str:
        return link("guide", name="arti-angka", _anchor=self.anchor)


def _figure(name: str, anchor: str, value: float | None, missing: str = "") -> Figure:
    return Figure(name, anchor, number(value), missing if value is None else "")


def _share(name: str, anchor: str, value: float | None, missing: str = "") -> Figure:
    return Figure(name, anchor, percent(value), missing if value is None else "")


# --- the quiz -------------------------------------------------------------------------------------------------------


def of_quiz(quiz: QuizAnalysis, drawn: bool) -> list[Figure]:
    scores, why = quiz.scores, "" if quiz.consistency is not None else _no_consistency(quiz, drawn)
    return [
        _figure(_("Rata-rata (poin)"), "rata-rata-dan-median", scores.mean),
        _figure(_("Median (poin)"), "rata-rata-dan-median", scores.median),
        _figure(_("Simpangan baku (poin)"), "simpangan-baku", scores.deviation),
        _figure(_("Kemencengan"), "kemencengan-dan-keruncingan", scores.skewness),
        _figure(_("Keruncingan"), "kemencengan-dan-keruncingan", scores.kurtosis),
        _share(_("Konsistensi internal"), "konsistensi-internal", quiz.consistency, why),
        _share(_("Rasio galat"), "rasio-galat-dan-galat-baku", quiz.error_ratio),
        _figure(_("Galat baku (poin)"), "rasio-galat-dan-galat-baku", quiz.standard_error),
    ]


def _no_consistency(quiz: QuizAnalysis, drawn: bool) -> str:
    """Why a quiz has none, in words."""
    if drawn:
        return _("Tidak dihitung: setiap orang mendapat soal yang berbeda, jadi tidak ada satu perangkat yang diukur.")
    if not quiz.fixed:
        return _(
            "Tidak dihitung: ada soal yang berubah di tengah jalan, jadi tidak semua orang menjawab soal yang sama."
        )
    return _("Tidak dapat dihitung: perlu sedikitnya dua soal, dan nilai yang berbeda-beda.")


# --- questions ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Version:
    """A question as it was asked, in wordings that are marked alike; ``number`` from 1, the oldest.

    ``analysis`` None: no attempt with it is counted.
    """

    number: int
    item: Item
    digest: str
    major: str
    analysis: ItemAnalysis | None

    @property
    def attempts(self) -> int:
        return self.analysis.attempts if self.analysis else 0

    @property
    def is_telling(self) -> bool:
        return self.attempts >= FEWEST

    @property
    def told(self) -> list[Told]:
        return findings.told(self.item, self.analysis) if self.analysis else []


def versions(
    sums: Sequence[question_sums.Sum], items: Mapping[str, Item], analyses: Mapping[tuple[str, str], ItemAnalysis]
) -> dict[str, list[Version]]:
    """Of each question, the oldest first. ``items``: by digest; ``analyses``: by question and major version."""
    newest = {(one.item, one.major): one.question_version for one in sums}  # in the order of the oldest wording
    found: dict[str, list[Version]] = {}
    for (item, major), digest in newest.items():
        mine = found.setdefault(item, [])
        mine.append(Version(len(mine) + 1, items[digest], digest, major, analyses.get((item, major))))
    return found


def in_order(quiz: Quiz, asked: Mapping[str, Sequence[Version]]) -> list[str]:
    """As the quiz asks them today; after these what it draws or asks no more."""
    places = {item.id: place for place, item in enumerate(quiz.items)}
    return sorted(asked, key=lambda id: (places.get(id, len(places)), asked[id][-1].item.title, id))


def question_line(place: int, asked: Sequence[Version], quiz: QuizAnalysis, href: str) -> dict[str, Any]:
    """A question in the list, by its newest version. ``earlier``: what those before it proved to be."""
    newest = asked[-1]
    analysis = newest.analysis
    return {
        "number": place,
        "id": newest.item.id,
        "title": newest.item.title or newest.item.id,
        "stem": texts.item_text(newest.item).stem if not newest.item.inline else None,
        "href": href,
        "attempts": newest.attempts,
        "telling": newest.is_telling,
        "told": newest.told,
        "facility": analysis.facility if analysis else None,
        "discrimination": analysis.discrimination if analysis else None,
        "efficiency": analysis.efficiency if analysis else None,
        "figures": of_question(newest, quiz) if newest.is_telling else [],
        "earlier": [one for one in asked[:-1] if one.is_telling],
    }


def worst_first(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What needs a look first: what is found of most, then what tells people apart least."""

    def urgency(line: Mapping[str, Any]) -> tuple[bool, bool, float, int]:
        of_marks = any(one.of_marks for one in line["told"])
        works = line["discrimination"] if line["telling"] and line["discrimination"] is not None else 1.0
        return not of_marks, not line["told"], works, line["number"]

    return sorted(lines, key=urgency)


def of_question(version: Version, quiz: QuizAnalysis) -> list[Figure]:
    """Of a version that was answered often enough."""
    key, found = (version.item.id, version.major), version.analysis
    if found is None:
        return []
    same = _("Tidak ada: semua orang mendapat poin yang sama, di sini atau pada soal lain.")
    return [
        _share(_("Tingkat kemudahan"), "tingkat-kemudahan", found.facility),
        _share(_("Simpangan baku"), "simpangan-baku", found.deviation),
        _share(_("Nilai tebakan"), "nilai-tebakan", version.item.guess(), _("Tidak ada: jawabannya diketik.")),
        _share(_("Bobot seharusnya"), "bobot", quiz.intended_weights.get(key)),
        _share(
            _("Bobot nyata"),
            "bobot",
            quiz.effective_weights.get(key),
            _("Tidak ada: soal ini bekerja melawan nilai akhirnya."),
        ),
        _figure(_("Daya beda"), "daya-beda", found.discrimination, same),
        _share(_("Efisiensi daya beda"), "efisiensi-daya-beda", found.efficiency, same),
    ]


def side_by_side(asked: Sequence[Version], quiz: QuizAnalysis) -> list[dict[str, Any]]:
    """The figures of all versions, a row each; – where too few answered one."""
    columns = [of_question(one, quiz) if one.is_telling else None for one in asked]
    complete = next((column for column in columns if column), [])
    return [
        {"figure": figure, "values": [column[place] if column else None for column in columns]}
        for place, figure in enumerate(complete)
    ]


# --- options --------------------------------------------------------------------------------------------------------


def options(version: Version) -> list[dict[str, Any]]:
    """Who chose what; empty where there is nothing to choose from, or one thing for each row."""
    item, analysis = version.item, version.analysis
    if analysis is None or not version.is_telling or not item.choices() or item.rows():
        return []
    text, worth = texts.item_text(item), item.worth()
    several = item.takes_several or item.in_degrees
    key = set(item.key() or ()) if several else set(right_ones(item, analysis))
    listed = [
        _option(
            f"{findings.letter(place)}. ",
            text.label(one.text),
            analysis.choosers(one.id),
            analysis,
            right=one.id in key,
            worth=worth.get(one.id) if item.in_degrees else None,
        )
        for place, one in enumerate(item.choices())
    ]
    return [*listed, _option("", _("Tidak dijawab"), analysis.unanswered, analysis, right=False)]


def _option(
    letter: str, label: str, who: Choosers, analysis: ItemAnalysis, *, right: bool, worth: float | None = None
) -> dict[str, Any]:
    return {
        "letter": letter,
        "label": label,
        "right": right,
        "worth": worth,
        "attempts": who.attempts,
        "share": who.share,
        "rest": who.rest,
        "groups": _of_groups(who, analysis),
    }


def _of_groups(who: Choosers, analysis: ItemAnalysis) -> list[float | None]:
    """The share of the upper, the middle and the lower group that chose it."""
    if analysis.group_sizes is None:
        return []
    upper, lower = analysis.group_sizes
    sizes = (upper, analysis.attempts - upper - lower, lower)
    chose = (who.upper or 0, who.middle or 0, who.lower or 0)
    return [n / size if size else None for n, size in zip(chose, sizes, strict=True)]


# --- the keys of a quiz ---------------------------------------------------------------------------------------------


def told_by_length(asked: Mapping[str, Sequence[Version]]) -> str:
    """That who always takes the longest option gets far, as a sentence; empty where they do not."""
    questions = singles(every[-1].item for every in asked.values())
    found = guessing.told_by_length(questions)
    if found is None:
        return ""
    return _(
        "Kunci biasanya opsi terpanjang: pada %(n)s dari %(all)s soal. Peserta dapat menebaknya tanpa membaca soalnya.",
        n=sum(guessing.is_longest(one) for one in questions),
        all=found.total,
    )


def is_told_by_length(item: Item) -> bool:
    return any(guessing.is_longest(one) for one in singles([item]))


def mended_at(cohort_id: UUID, quiz: str, version: Version, told: Told) -> str:
    """The form of the decision that answers a finding, filled in as far as the finding goes."""
    return link(
        "marked-question",
        cohort_id=cohort_id,
        quiz=quiz,
        item=version.item.id,
        versi=version.digest,
        action=told.action or None,
        opsi=told.option if told.action else None,
        _anchor="putuskan",
    )
