"""What was sent and could not be used, or asks to be confirmed, brought to its page by a redirect.

A page that is the answer to a POST cannot be reloaded or gone back to: a browser asks whether to send everything again,
or shows an error of its own. So what was typed, and what is wrong with it, waits for the page it belongs to.

Of somebody signed in it is kept in the database, and the page's address names it (``?isian=``): read again, gone back
to or open twice, the page is the same (docs/adr/0029). Of a stranger nothing is kept: it waits in the signed session
cookie, which has room for one page, and is shown once. So does what is wrong where nothing was typed that may be kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit
from uuid import UUID

from flask import redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from lms.fields.typed import typed
from lms.learning.api import carried, stale
from lms.web.guards import me
from lms.web.site import database, now

#: The name by which an address says what was carried to its page.
CARRIED = "isian"
_KEY = "returned"
_ROOM = (
    2_000  # bytes of what was typed: with the rest of the session, a cookie of less than the 4,096 that browsers keep
)


@dataclass(frozen=True, slots=True)
class First:
    """Somebody saved something else since the page was opened. ``who`` None: the command line, or not known."""

    who: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Returned:
    """``form``: what was typed. ``faults``: field -> what is wrong. ``wait``: seconds, or 0. ``id``: in the address."""

    form: MultiDict[str, str] = field(default_factory=MultiDict)
    faults: Mapping[str, str] = field(default_factory=dict)
    wait: int = 0
    first: First | None = None
    id: UUID | None = None

    @property
    def values(self) -> dict[str, str]:
        """What was typed into fields that hold one value."""
        return self.form.to_dict()

    def answer(self, page: str) -> ResponseReturnValue:
        """The page; whoever is to wait is told so in the language of machines, too."""
        return (page, 429, {"Retry-After": str(self.wait)}) if self.wait else page


def send_back(
    page: str,
    faults: Mapping[str, str],
    values: Mapping[str, str] | None = None,
    *,
    wait: int = 0,
    old: stale.ChangedMeanwhile | None = None,
) -> ResponseReturnValue:
    """Lead to ``page``, which asks for ``sent_back``. ``values``: never a password; a ``MultiDict`` with all it holds.

    ``old``: who was first, where somebody else saved something since the page was opened. Not within a transaction.
    """
    form = {name: [typed(one) for one in every] for name, every in MultiDict(values or {}).lists()}
    first = [old.who, old.at.isoformat() if old.at else None] if old else None
    told = {"form": form, "faults": dict(faults), "wait": wait, "first": first}
    if form and current_user.is_authenticated:
        return redirect(carry(page, told), 303)
    if len(json.dumps(form)) > _ROOM:
        told["form"] = {}
    session[_KEY] = told | {"page": _path(page)}
    return redirect(page, 303)


def sent_back(page: str | None = None) -> Returned:
    """What the page that is asked for was given back, mostly nothing; or what ``page`` was, whose id this one names."""
    if (what := brought(page)) is not None:
        return _returned(what, UUID(request.args[CARRIED]))
    kept = session.get(_KEY)
    if not kept or kept["page"] != request.script_root + request.path:
        return Returned()
    del session[_KEY]
    return _returned(kept, None)


def _returned(told: Mapping[str, Any], id: UUID | None) -> Returned:
    first = told["first"]
    return Returned(
        form=MultiDict(told["form"]),
        faults=told["faults"],
        wait=told["wait"],
        first=First(first[0], datetime.fromisoformat(first[1]) if first[1] else None) if first else None,
        id=id,
    )


# --- what is kept of somebody who is signed in ----------------------------------------------------------------------


def carry(page: str, what: Mapping[str, Any]) -> str:
    """The address at which ``page`` finds ``what`` for a day, and for this person only. Not within a transaction."""
    user_id, moment = me().user_id, now()
    id = database().commit(lambda db: carried.carry(db, user_id, _path(page), what, now=moment))
    parts = urlsplit(page)
    return parts._replace(query="&".join(filter(None, [parts.query, urlencode({CARRIED: id})]))).geturl()


def brought(page: str | None = None) -> Mapping[str, Any] | None:
    """What was carried to the page that is asked for, or to ``page``; None where there is nothing, or no longer."""
    id = request.args.get(CARRIED, type=UUID)
    if id is None or not current_user.is_authenticated:
        return None
    with database().reading() as db:
        return carried.brought(db, me().user_id, _path(page) if page else request.script_root + request.path, id)


def _path(address: str) -> str:
    return unquote(urlsplit(address).path)
