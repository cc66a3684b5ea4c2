"""Review rules in words: from when on something of an attempt is shown."""

from __future__ import annotations

from lms.quiz.review import Moment
from lms.web.words import gettext as _


def when() -> dict[Moment, str]:
    """In words, from when on something of an attempt is shown."""
    return {
        Moment.DURING: _("begitu soalnya dijawab dan diperiksa"),
        Moment.AFTER_SUBMIT: _("segera setelah dikumpulkan"),
        Moment.AFTER_LAST: _("setelah lulus atau semua kesempatan terpakai"),
        Moment.AFTER_CLOSE: _("setelah kuis ditutup"),
        Moment.NEVER: _("tidak ditampilkan"),
    }
