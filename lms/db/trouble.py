"""What a database's error means for whoever asked: the only place that knows the codes of the two engines.

Sources: SQLite, "Result and Error Codes"; PostgreSQL, appendix A, "PostgreSQL Error Codes".
"""

from __future__ import annotations

import sqlite3
from enum import Enum, auto

from sqlalchemy.exc import DBAPIError


class Trouble(Enum):
    """Nothing here is the fault of the statement: said again later, it may well succeed."""

    #: Another transaction was first, and nothing happened: say it again at once.
    RACE = auto()
    #: The connection was dead, as after a restart of the server: say it again on another one.
    GONE = auto()
    #: No connection is to be had: the server is away, still recovering, or has no room for one more.
    AWAY = auto()
    #: Somebody held a lock, or the statement ran, for longer than we wait.
    BUSY = auto()
    #: There is no room left to write.
    FULL = auto()
    #: The file cannot be opened, read or written.
    BROKEN = auto()


_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_IOERR: Trouble.BROKEN,
    sqlite3.SQLITE_CANTOPEN: Trouble.BROKEN,
    sqlite3.SQLITE_READONLY: Trouble.BROKEN,
    sqlite3.SQLITE_CORRUPT: Trouble.BROKEN,
    sqlite3.SQLITE_NOTADB: Trouble.BROKEN,
}

_POSTGRESQL = {
    "40001": Trouble.RACE,  # serialization_failure
    "40P01": Trouble.RACE,  # deadlock_detected
    "55P03": Trouble.BUSY,  # lock_not_available: lock_timeout
    "57014": Trouble.BUSY,  # query_canceled: statement_timeout
    "53100": Trouble.FULL,  # disk_full
    "53200": Trouble.BUSY,  # out_of_memory
    "53300": Trouble.AWAY,  # too_many_connections
    "57P03": Trouble.AWAY,  # cannot_connect_now
    "25006": Trouble.GONE,  # read_only_sql_transaction: this server leads no more
}
#: By the first characters: connections that broke, a server that ends, a session that was ended.
_POSTGRESQL_CLASSES = {"08": Trouble.GONE, "57P": Trouble.GONE, "25P03": Trouble.GONE, "25P04": Trouble.GONE}


def trouble_of(error: DBAPIError) -> Trouble | None:
    """What kind of trouble it is; None when the statement itself was wrong."""
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0)
        if code == sqlite3.SQLITE_BUSY_SNAPSHOT:
            return Trouble.RACE
        return _SQLITE.get(code & 0xFF)  # the rest says more about the same
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    for begins, trouble in _POSTGRESQL_CLASSES.items():
        if state.startswith(begins):
            return trouble
    if error.connection_invalidated:
        return Trouble.GONE
    return None if error.statement else Trouble.AWAY  # without a statement: while connecting


def leads_no_more(error: BaseException) -> bool:
    """Whether PostgreSQL refused to write because another server has taken its place."""
    return getattr(error, "sqlstate", None) == "25006"
