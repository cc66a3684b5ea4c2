"""Keys of platforms that are known for long, read anew off every request's path: one that a platform withdrew is
believed for a day at most, as long as the platform answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from lms.db.engine import Database
from lms.errors import Refused
from lms.features.lti.platform_key_sets import fetched
from lms.features.lti.refusals import LaunchRefused
from lms.learning.api import platforms
from lms.logs import logger
from lms.outgoing import Outgoing

_log = logger("lms.lti")


def read_anew(database: Database, outgoing: Outgoing, *, now: Callable[[], datetime]) -> int:
    """Of how many platforms the keys were read. Where one does not answer, what is known of it stays."""
    with database.reading() as db:
        old = platforms.with_old_keys(db, now=now())
    return sum(_read(database, outgoing, one, now) for one in old)


def _read(database: Database, outgoing: Outgoing, platform: Any, now: Callable[[], datetime]) -> bool:
    if not database.commit(lambda db: platforms.claim_old_keys(db, platform.id, now=now())):
        return False  # another process does
    try:
        found = fetched(platform.keys_url, outgoing)
        database.commit(partial(platforms.keep_keys, registration_id=platform.id, keys=found, now=now()))
    except LaunchRefused as error:
        _log.warning("keys of %s could not be read anew: %s", platform.name, error.detail)
        return False
    except Refused:  # it was removed meanwhile
        return False
    return True
