"""What is said of the signs that a participant needs somebody (``lms/learning/attention.py``), on whichever page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.catalog.model import Lesson
from lms.learning.api import attention, cohorts, members
from lms.quiz.quiz import Quiz
from lms.web import texts
from lms.web.language import day, local_day
from lms.web.links import link
from lms.web.site import catalog
from lms.web.words import gettext as _

Reason = attention.Reason
Sign = attention.Sign

#: Whose days the pace of a cohort is counted in, whoever looks.
_HERE = "Asia/Jakarta"
#: Beyond so many days a date says more than their number.
_LATELY = 30


@dataclass(frozen=True, slots=True)
class Told:
    """A reason with its evidence. ``title`` and ``href``: of the quiz or lesson it is about, said before it, or empty.

    A lesson or quiz that the pack no longer has is called by its id.
    """

    text: str
    title: str = ""
    href: str = ""


def pace(cohort: cohorts.Taught, moment: datetime) -> attention.Pace:
    """How much of the course a cohort should have done by now: of its lessons, and the quizzes of its modules."""
    today, _midnight = local_day(moment, _HERE)
    share = attention.expected(today, starts_on=cohort.starts_on, ends_on=cohort.ends_on)
    return attention.Pace.of(catalog(), share)


def ago(then: datetime, moment: datetime) -> str:
    """The day of an instant as people say it, by the reader's calendar: "kemarin", "9 hari lalu", or a date."""
    that, today = local_day(then)[0], local_day(moment)[0]
    days = (today - that).days
    if days <= 0:
        return _("hari ini")
    if days == 1:
        return _("kemarin")
    return _("%(n)s hari lalu", n=days) if days <= _LATELY else day(that)


def kind(reason: Reason) -> str:
    """A reason in two or three words, as a list is filtered by it."""
    return {
        Reason.FAILED: _("belum lulus"),
        Reason.ABSENT: _("belum mulai"),
        Reason.QUIET: _("lama tidak terlihat"),
        Reason.WAITING: _("menunggu penilaian"),
        Reason.STUCK: _("tertahan di materi"),
        Reason.BEHIND: _("di belakang rencana"),
        Reason.UNSURE: _("banyak belum pasti"),
    }[reason]


def told(sign: Sign, member: members.Member, moment: datetime) -> Told:
    """A sign in a sentence. A quiz leads to what this person did there, a lesson to its text."""
    return Told(sentence(sign, moment), title(sign), _href(sign, member))


def title(sign: Sign) -> str:
    """Of the quiz or lesson that a sign is about; empty where it is about none."""
    about = _subject(sign)
    return about.title if about else sign.about


def _subject(sign: Sign) -> Quiz | Lesson | None:
    return catalog().lesson_called(sign.about) if sign.reason is Reason.STUCK else catalog().quizzes.get(sign.about)


def _href(sign: Sign, member: members.Member) -> str:
    about = _subject(sign)
    if isinstance(about, Lesson):
        return texts.lesson_url(about)
    return link("quiz-results", cohort_id=member.cohort_id, quiz=about.id, q=member.login) if about else ""


def sentence(sign: Sign, moment: datetime) -> str:
    """What is said of it beside that title."""
    n = sign.count
    match sign.reason:
        case Reason.FAILED:
            return _("belum lulus setelah %(n)s kali, terakhir %(when)s", n=n, when=_since(sign, moment))
        case Reason.ABSENT:
            return _("belum mulai, tidak pernah terlihat")
        case Reason.QUIET:
            return _("%(n)s hari tidak terlihat", n=n)
        case Reason.WAITING if n == 1:
            return _("menunggu penilaian sejak %(when)s", when=_since(sign, moment))
        case Reason.WAITING:
            return _("%(n)s percobaan menunggu penilaian sejak %(when)s", n=n, when=_since(sign, moment))
        case Reason.STUCK:
            return _("tertahan sejak %(when)s", when=_since(sign, moment))
        case Reason.BEHIND if n == 1:
            return _("satu langkah di belakang rencana")
        case Reason.BEHIND:
            return _("%(n)s langkah di belakang rencana", n=n)
        case Reason.UNSURE:
            return _("%(n)s jawaban ditandai “belum pasti” dalam 7 hari", n=n)


def _since(sign: Sign, moment: datetime) -> str:
    return ago(sign.since, moment) if sign.since else ""
