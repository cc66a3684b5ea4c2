"""A certificate as the page and the PDF set it: the same words in the same order, and nothing that was not signed."""

from __future__ import annotations

from dataclasses import dataclass

from lms.learning.api import Completion, Credential
from lms.web.language import day, local_day, percent
from lms.web.words import gettext as _

#: Everybody reads the same day, wherever they are.
_HERE = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Sheet:
    """``facts``: label and words. ``caution``: what the certificate is not."""

    title: str
    name: str
    sentence: str
    course: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    caution: str


def set_from(said: Credential) -> Sheet:
    number = (_("Nomor"), str(said.id))
    when = (_("Diterbitkan"), day(local_day(said.issued_at, _HERE)[0]))
    return _sheet(said.name, said.completion, when, number)


def draft(completion: Completion, name: str) -> Sheet:
    """What would be certified now."""
    return _sheet(name, completion)


def _sheet(name: str, done: Completion, *more: tuple[str, str]) -> Sheet:
    facts = [
        (_("Materi"), _("%(n)s materi dibaca sampai akhir, semua cek dirinya dijawab", n=done.lessons)),
        (_("Waktu belajar"), _hours(done.minutes)),
    ]
    if done.quizzes:
        facts.insert(1, (_("Kuis modul"), _quizzes(done)))
    if done.share is not None:
        facts.append((_("Nilai"), _("%(score)s, rata-rata nilai terbaik kuis modul", score=percent(done.share))))
    if done.best is not None:
        facts.append(
            (_("Simulasi"), _("%(score)s, nilai terbaik di %(title)s", score=percent(done.best), title=done.simulation))
        )
    return Sheet(
        title=_("Sertifikat belajar mandiri"),
        name=name,
        sentence=_("menyelesaikan seluruh bahan belajar mandiri"),
        course=done.course,
        subtitle=done.subtitle,
        facts=(*facts, *more, (_("Rilis"), done.release)),
        caution=_(
            "Bukan STTP Latsar. Sertifikat ini menyatakan belajar mandiri tanpa pengawas dan tanpa pemeriksaan "
            "identitas, dan tidak menggantikan pelatihan dari penyelenggara resmi."
        ),
    )


def _quizzes(done: Completion) -> str:
    if done.passed == done.quizzes:
        return _("%(n)s kuis, semuanya lulus", n=done.quizzes)
    return _("%(n)s kuis dituntaskan, %(passed)s di antaranya lulus", n=done.quizzes, passed=done.passed)


def _hours(minutes: int) -> str:
    """As an estimate should be told: in whole hours, or in minutes where it is less than one."""
    if minutes < 60:
        return _("sekitar %(n)s menit (perkiraan)", n=minutes)
    return _("sekitar %(n)s jam (perkiraan)", n=round(minutes / 60))
