"""Who is there, where a host application says it: no session of ours opens a door (docs/adr/0036)."""

from __future__ import annotations

from flask import request, session
from werkzeug.wrappers import Request

from lms.errors import Conflict
from lms.learning.api import host_people, sign_ins
from lms.logs import logger
from lms.web.guards import Barred, Me
from lms.web.host import HostSilent, NotFollowed
from lms.web.log import request_id
from lms.web.site import database, now, reader, site

log = logger("lms.host")


class _Unknown(Barred):
    """Nobody can tell who is there: it may be whoever was there before."""


def load(asked: Request) -> Me | Barred | None:
    """Flask-Login's request loader: the host's word, and one statement on a reading connection."""
    person = _person(asked)
    if not isinstance(person, _Unknown):
        _keep_session_of(str(person.user_id) if isinstance(person, Me) else None)
    return person


def _person(asked: Request) -> Me | Barred | None:
    host = site().host
    try:
        identity = host.who(asked.environ) if host else None
    except Exception as error:  # somebody else's code: whatever it is, it names nobody
        return _unknown("identity failed", error, HostSilent())
    if identity is None:
        return None
    try:
        found = _followed(identity)
    except host_people.AccountClosed as error:
        return Barred(error)
    except Conflict as error:
        return _unknown("identity not followed", error, NotFollowed())  # 409 would tell a device to keep an answer back
    return Me.of(found, token="")


def _unknown(event: str, error: Exception, told: HostSilent) -> _Unknown:
    log.error(event, exc_info=error, extra={"fields": {"id": request_id(), "path": request.path}})
    return _Unknown(told)


def _followed(identity: host_people.Identity) -> sign_ins.SignedIn:
    """The person, with what the host changed since taken over. Raises ``AccountClosed``, or what stood in the way."""
    in_the_way = Conflict()
    for _ in range(3):  # two first visits at once: the second finds what the first one made
        if found := host_people.who(reader(), identity):
            return found
        try:
            database().commit(lambda db: host_people.follow(db, identity, now=now()))
        except Conflict as error:
            in_the_way = error
    raise in_the_way


def _keep_session_of(person: str | None) -> None:
    """Nothing of whoever was there before is in the session that another person meets, their CSRF token neither."""
    if session.get("_user_id") != person:
        session.clear()
        if person:
            session["_user_id"] = person
            session.permanent = True
