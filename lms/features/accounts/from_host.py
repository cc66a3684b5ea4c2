"""Who is there, where a host application says it: no session of ours opens a door (docs/adr/0036)."""

from __future__ import annotations

import logging
from contextlib import suppress

from flask import request, session
from werkzeug.wrappers import Request

from lms.errors import Conflict, Unavailable
from lms.learning.api import host_people, sign_ins
from lms.web.guards import Barred, Me
from lms.web.log import request_id
from lms.web.site import database, now, reader, site

log = logging.getLogger("lms.host")


def load(asked: Request) -> Me | Barred | None:
    """Flask-Login's request loader: the host's word, and one statement on a reading connection."""
    person = _person(asked)
    _keep_session_of(str(person.user_id) if isinstance(person, Me) else None)
    return person


def _person(asked: Request) -> Me | Barred | None:
    host = site().host
    try:
        identity = host.who(asked.environ) if host else None
    except Exception as error:  # somebody else's code: whatever it is, it names nobody
        log.error("identity failed", exc_info=error, extra={"fields": {"id": request_id(), "path": request.path}})
        return Barred(Unavailable())
    if identity is None:
        return None
    try:
        found = _followed(identity)
    except host_people.AccountClosed as error:
        return Barred(error)
    return Me.of(found, token="")


def _followed(identity: host_people.Identity) -> sign_ins.SignedIn:
    """The person, with what the host changed since taken over. Raises ``AccountClosed``."""
    for _ in range(3):  # two first visits at once: the second finds what the first one made
        if found := host_people.who(reader(), identity):
            return found
        with suppress(Conflict):
            database().commit(lambda db: host_people.follow(db, identity, now=now()))
    raise Unavailable


def _keep_session_of(person: str | None) -> None:
    """Nothing of whoever was there before is in the session that another person meets, their CSRF token neither."""
    if session.get("_user_id") != person:
        session.clear()
        if person:
            session["_user_id"] = person
            session.permanent = True
