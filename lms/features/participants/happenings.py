"""What happened with a participant, in words."""

from __future__ import annotations

from typing import Any

from lms.db.attempts import ClosedBy
from lms.learning.api import history, participants
from lms.web.links import link
from lms.web.site import catalog
from lms.web.words import gettext as _

Happened = history.Happened


def quiz_title(quiz: str) -> str:
    """One that the pack no longer has is called by its id."""
    found = catalog().quizzes.get(quiz)
    return found.title if found else quiz


def question_title(quiz: str, item: str) -> str:
    found = catalog().quizzes.get(quiz)
    titles = (one.title for one in found.items if one.id == item) if found else iter(())
    return next(titles, "") or item


def timed_out(one: participants.Taken) -> bool:
    return one.closed_by == ClosedBy.DEADLINE


def more(minutes: int, attempts: int) -> str:
    """What was granted."""
    said = [_("+%(n)s menit", n=minutes)] if minutes else []
    said += [_("+%(n)s percobaan", n=attempts)] if attempts else []
    return ", ".join(said) or _("tidak ada tambahan")


def told(event: history.Event) -> dict[str, Any]:
    """One thing as the page places it. ``href``: of the attempt it is about; ``detail``: what was written with it."""
    return {
        "at": event.at,
        "what": _sentence(event),
        "subject": _subject(event),
        "href": link("reviewed-attempt", attempt_id=event.attempt_id) if event.attempt_id else "",
        "detail": event.text,
    }


def _subject(event: history.Event) -> str:
    if event.what is Happened.READ:
        lesson = catalog().lesson_called(event.about)
        return lesson.title if lesson else event.about
    if not event.about:
        return ""
    title = quiz_title(event.about)
    return _("%(quiz)s, percobaan ke-%(n)s", quiz=title, n=event.number) if event.number else title


def _sentence(event: history.Event) -> str:
    who = event.who or _("Baris perintah")
    match event.what:
        case Happened.JOINED:
            return _("Terdaftar di angkatan ini")
        case Happened.SEEN:
            return _("Pertama kali terlihat di sini")
        case Happened.READ:
            return _("Selesai membaca")
        case Happened.BEGUN:
            return _("Mulai mengerjakan")
        case Happened.HANDED_IN:
            return _("Mengumpulkan")
        case Happened.TIMED_OUT:
            return _("Ditutup oleh tenggat")
        case Happened.JUDGED:
            return _("%(who)s menilai %(n)s jawaban", who=who, n=event.count)
        case Happened.REGRADED:
            title = question_title(event.about, event.item)
            return _("Nilai soal “%(title)s” berubah oleh keputusan tentang soalnya", title=title)
        case Happened.PUT_IN:
            return _("%(who)s memasukkan %(n)s jawaban dari berkas darurat", who=who, n=event.count)
        case Happened.GRANTED:
            return _("%(who)s memberi kelonggaran: %(extra)s", who=who, extra=more(*event.extra))
        case Happened.REPORTED:
            return _("Melaporkan soal “%(title)s”", title=question_title(event.about, event.item))
        case Happened.NOTED if event.text:
            return _("%(who)s mencatat", who=event.who or "–")
        case Happened.NOTED:
            return _("%(who)s menghubungi orang ini", who=event.who or "–")
        case Happened.CERTIFIED:
            return _("Sertifikat diterbitkan")
        case Happened.REVOKED:
            return _("Sertifikat dicabut")
