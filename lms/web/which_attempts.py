"""Which attempts the numbers of a page are about, as its address says (``?percobaan=``), and how that is told there.

``_which.html`` places it: a page that tells a number of a quiz says of which attempts, and lets one choose others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from lms.learning.api import quiz_records
from lms.web.words import gettext as _

Which = quiz_records.Which

NAME = "percobaan"
_WORDS = {"pertama": Which.FIRST, "terbaik": Which.BEST, "terakhir": Which.LAST, "semua": Which.EVERY}
_BY = {which: word for word, which in _WORDS.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """``word``: as in an address. ``of_people``: there is one attempt of each person among them."""

    which: Which

    @property
    def word(self) -> str:
        return _BY[self.which]

    @property
    def of_people(self) -> bool:
        return self.which != Which.EVERY

    @property
    def said(self) -> str:
        """Which attempts, as it stands beside a number."""
        return {
            Which.FIRST: _("percobaan pertama setiap orang"),
            Which.BEST: _("percobaan terbaik setiap orang"),
            Which.LAST: _("percobaan terakhir setiap orang"),
            Which.EVERY: _("semua percobaan"),
        }[self.which]

    def choices(self, query: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """What may be chosen instead. ``query``: what else the page's address says."""
        labels = {
            Which.FIRST: _("Pertama"),
            Which.BEST: _("Terbaik"),
            Which.LAST: _("Terakhir"),
            Which.EVERY: _("Semua"),
        }
        return [
            {"query": {**(query or {}), NAME: _BY[which]}, "label": label, "current": which == self.which}
            for which, label in labels.items()
        ]


def asked(default: Which) -> Asked:
    """What the address asks for; what it does not know is the ``default`` of the page."""
    return Asked(_WORDS.get(request.args.get(NAME, ""), default))
