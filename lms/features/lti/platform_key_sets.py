"""Key sets of platforms: asked for when a token names a key that we do not know, and at most once a minute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from lms.features.lti.refusals import Code, LaunchRefused, not_asked
from lms.learning.api import platforms
from lms.outgoing import NotAsked, Outgoing
from lms.web.site import database, site

#: A platform's public keys by ``kid``.
Keys = Mapping[str, Mapping[str, Any]]
#: Seconds for a platform to answer, and for those who wait for what it says.
_WHOLE, _PATIENCE = 6.0, 3.0
#: Keys of one platform; the largest publish a dozen.
MOST = 50


def keys_with(registration: Any, kid: str, *, now: datetime) -> Keys:
    """The keys of a platform, asked for anew where ``kid`` is none of them and nobody asked in the last minute.

    Whoever comes meanwhile waits a moment for what the first one finds: a stranger may name any key. Raises
    ``LaunchRefused`` when the platform does not answer, or may not be asked.
    """
    known: Keys = registration.keys
    if kid in known:
        return known
    asking = site().memory.remember(("lti-keys", registration.id), Lock)
    if not asking.acquire(timeout=_PATIENCE):
        return known
    try:
        with database().reading() as db:
            known = platforms.one(db, registration.id).keys
        if kid in known or not database().commit(lambda db: platforms.claim_keys(db, registration.id, now=now)):
            return known
        found = fetched(registration.keys_url, Outgoing(own_network=site().settings.own_network, whole=_WHOLE))
        database().commit(lambda db: platforms.keep_keys(db, registration.id, found, now=now))
        return found
    finally:
        asking.release()


def fetched(url: str, outgoing: Outgoing) -> Keys:
    """What is published there. Raises ``LaunchRefused``: an address that answers with something else gives no keys."""
    try:
        answer = outgoing.get(url)
    except NotAsked as error:
        raise not_asked(error) from error
    try:
        said = answer.json() if answer.ok else None
    except NotAsked:
        said = None
    keys = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(keys, list):
        code = Code.UNREACHABLE if answer.status >= 500 else Code.UNKNOWN_KEY
        raise LaunchRefused(code, f"{url}: status {answer.status}, no key set")
    named = {key["kid"]: key for key in keys if isinstance(key, dict) and isinstance(key.get("kid"), str)}
    return dict(list(named.items())[:MOST])
