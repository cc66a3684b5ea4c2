"""What a participant must know before starting, in words: the front page of a quiz."""

from __future__ import annotations

from typing import Any

from lms.learning.api import Conditions
from lms.quiz.quiz import Quiz
from lms.web.language import duration, moment, number
from lms.web.review_rules import when
from lms.web.words import gettext as _

Rule = dict[str, str]


def briefing(quiz: Quiz, allowed: Conditions) -> list[Rule]:
    """The rules of a quiz for one person, each with a label."""
    told = [
        _rule(_("Banyak soal"), str(quiz.length)),
        _rule(_("Waktu"), _time(quiz, allowed)),
        _rule(_("Dibuka"), _window(allowed)),
        _rule(_("Bila jaringan putus"), _grace(quiz, allowed)),
        _rule(_("Percobaan"), _attempts(quiz, allowed)),
        _rule(_("Ambang lulus"), _pass(quiz)),
        _rule(_("Cara menilai"), _("Soal yang tidak dijawab bernilai nol. Aturan khusus tertulis pada soalnya.")),
        *_review(quiz, allowed),
    ]
    return [rule for rule in told if rule["value"]]


def _rule(label: str, value: Any) -> Rule:
    return {"label": label, "value": str(value)}


def _time(quiz: Quiz, allowed: Conditions) -> str:
    limit = allowed.time_limit(quiz)
    if limit is None:
        return _("Tanpa batas waktu.")
    return _("%(span)s sejak dimulai, dihitung oleh server.", span=duration(limit))


def _window(allowed: Conditions) -> str:
    if allowed.opens_at and allowed.closes_at:
        return _("%(start)s sampai %(end)s", start=moment(allowed.opens_at), end=moment(allowed.closes_at))
    if allowed.closes_at:
        return _("Sampai %(end)s", end=moment(allowed.closes_at))
    return _("Mulai %(start)s", start=moment(allowed.opens_at)) if allowed.opens_at else ""


def _grace(quiz: Quiz, allowed: Conditions) -> str:
    """Promise 7 of the design, in words."""
    if quiz.time_limit is None and allowed.closes_at is None:
        return _("Jawaban tetap tersimpan di perangkat Anda dan dikirim saat tersambung lagi.")
    if not allowed.grace:
        return _("Jawaban dikirim saat tersambung lagi; yang tiba sesudah waktu habis tidak dihitung.")
    return _(
        "Jawaban yang dibuat sebelum waktu habis tetapi tertahan di perangkat Anda masih diterima sampai %(span)s "
        "sesudahnya. Jawaban yang dibuat sesudah waktu habis tidak dihitung.",
        span=duration(allowed.grace),
    )


def _attempts(quiz: Quiz, allowed: Conditions) -> str:
    limit = allowed.attempts(quiz)
    return _("Sebanyak yang Anda mau") if limit is None else _("%(n)s kali", n=limit)


def _pass(quiz: Quiz) -> str:
    told = []
    if quiz.pass_mark:
        told.append(_("%(share)s%% dari nilai latihan", share=number(quiz.pass_mark * 100)))
    for section in quiz.sections:
        if section.pass_points is not None:
            told.append(_("%(title)s: %(n)s poin", title=section.title, n=number(section.pass_points)))
        elif section.pass_share is not None:
            told.append(_("%(title)s: %(n)s%%", title=section.title, n=number(section.pass_share * 100)))
    return "; ".join(told)


def _review(quiz: Quiz, allowed: Conditions) -> list[Rule]:
    shown, words = allowed.review or quiz.review, when()
    return [
        _rule(_("Nilai ditampilkan"), words[shown.marks]),
        _rule(_("Kunci ditampilkan"), words[shown.answers]),
        _rule(_("Pembahasan ditampilkan"), words[shown.explanation]),
    ]
