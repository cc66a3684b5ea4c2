"""What was sent and could not be used, brought back to its page by a redirect.

A page that is the answer to a POST cannot be reloaded or gone back to: a browser asks whether to send everything again,
or shows an error of its own. So what was typed, and what is wrong with it, waits in the signed session cookie for the
page it belongs to, which shows it once. There is room for one page: what another tab got back before is forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from flask import redirect, request, session
from flask.typing import ResponseReturnValue

from lms.fields.typed import typed

_KEY = "returned"
_ROOM = (
    2_000  # bytes of what was typed: with the rest of the session, a cookie of less than the 4,096 that browsers keep
)


@dataclass(frozen=True, slots=True)
class Returned:
    """``values``: field -> what was typed there. ``faults``: field -> what is wrong. ``wait``: seconds, or 0."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    wait: int = 0

    def answer(self, page: str) -> ResponseReturnValue:
        """The page; whoever is to wait is told so in the language of machines, too."""
        return (page, 429, {"Retry-After": str(self.wait)}) if self.wait else page


def send_back(
    page: str, faults: Mapping[str, str], values: Mapping[str, str] | None = None, *, wait: int = 0
) -> ResponseReturnValue:
    """Lead to ``page``, which asks for ``sent_back``. ``values``: never a password; too many are left out."""
    kept = {name: typed(value) for name, value in (values or {}).items()}
    session[_KEY] = {
        "page": _path(page),
        "values": kept if len(json.dumps(kept)) <= _ROOM else {},
        "faults": dict(faults),
        "wait": wait,
    }
    return redirect(page, 303)


def sent_back() -> Returned:
    """What the page that is asked for was given back; mostly nothing."""
    kept = session.get(_KEY)
    if not kept or kept["page"] != request.script_root + request.path:
        return Returned()
    del session[_KEY]
    return Returned(kept["values"], kept["faults"], kept["wait"])


def _path(address: str) -> str:
    return unquote(urlsplit(address).path)
