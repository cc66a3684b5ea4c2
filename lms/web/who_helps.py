"""Who may open a door that is shut, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from lms.web.words import gettext as _


def who_helps(teachers: Sequence[str]) -> str:
    """``teachers``: names of those who teach the person; without any the administrators are told of."""
    if teachers:
        return _("Yang dapat memberi kesempatan lagi: %(names)s.", names=", ".join(teachers))
    return _("Yang dapat memberi kesempatan lagi: pengelola pelatihan Anda.")
