"""What an operator is told when the machine refuses: one sentence that says what happened and what to do."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError, SQLAlchemyError

from lms.cli.group import NotDone
from lms.db import revision
from lms.db.engine import Database
from lms.errors import Unavailable


class NotUpgraded(NotDone):
    """There is no database yet, or it is older than this release."""


# --- before there is a connection -----------------------------------------------------------------------------------


def require_file(url: str) -> None:
    """Raises ``NotUpgraded`` where SQLite has no file yet, which it would make without a word."""
    path = _file(url)
    if path and not os.path.lexists(path):
        raise NotUpgraded(f"there is no database at {path}; make it with `lms db upgrade`, or mend LMS_DATABASE_URL")


def _file(url: str) -> str | None:
    """Where the database lies, if it is one file of ours to see."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or "uri" in parsed.query:
        return None
    return os.path.abspath(parsed.database)


@contextmanager
def opening(url: str) -> Iterator[None]:
    """Tell why an engine cannot be made: no driver, or no folder for the file."""
    try:
        yield
    except ImportError as error:
        raise NotDone(f"the driver for PostgreSQL is missing ({error}); pip install 'latsar-lms[postgres]'") from error
    except OSError as error:
        raise NotDone(
            f"the folder for {_file(url)} cannot be made ({error.strerror}); make one in which this user may write, "
            "or mend LMS_DATABASE_URL"
        ) from error


# --- the schema -----------------------------------------------------------------------------------------------------


def require_schema(database: Database, *, older: bool = False) -> None:
    """Raises ``NotDone`` when the database is of a newer release, and ``NotUpgraded`` unless it may be ``older``."""
    with database.reading() as db:
        try:
            if revision.is_current(db):
                return
        except (OperationalError, ProgrammingError):
            pass  # there is no such table; or worse, which the next question tells
        # Alembic takes a fifth of a second, which only a refusal should pay.
        from alembic.migration import MigrationContext
        from alembic.script import ScriptDirectory

        from lms.db.migrate import configuration

        stands = MigrationContext.configure(db).get_current_heads()
    known = {one.revision for one in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if not known.issuperset(stands):
        raise NotDone(
            f"the database is of a newer release (revision {', '.join(stands)}, and this one knows up to "
            f"{revision.NEEDED}); install that release, or put back the backup from before its upgrade"
        )
    if not older:
        state = f"at revision {', '.join(stands)}" if stands else "empty"
        raise NotUpgraded(f"the database is {state}, and this release needs {revision.NEEDED}; run `lms db upgrade`")


# --- what the database says -----------------------------------------------------------------------------------------


@contextmanager
def told(url: str) -> Iterator[None]:
    """Tell what the database refuses. Statements and their values are left out: a hash may stand in them."""
    try:
        yield
    except (SQLAlchemyError, Unavailable) as error:
        found = error.__cause__ or error if isinstance(error, Unavailable) else error
        cause = found.orig if isinstance(found, DBAPIError) and found.orig else found
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            raise NotDone(_sqlite(_file(url) or str(parsed.database), cause)) from error
        raise NotDone(_postgresql(cause)) from error


_RIGHTS = "give this user the right to write it and its folder, or mend LMS_DATABASE_URL"
#: By what SQLite calls it, without what it adds: https://sqlite.org/rescode.html
_SQLITE = {
    "SQLITE_CANTOPEN": f"cannot be opened; {_RIGHTS}",
    "SQLITE_READONLY": f"cannot be written; {_RIGHTS}",
    "SQLITE_NOTADB": "is no SQLite database; put a backup in its place, or mend LMS_DATABASE_URL",
    "SQLITE_CORRUPT": "is damaged; put a backup in its place",
    "SQLITE_BUSY": "is held by another program; run the command again when that is done",
    "SQLITE_FULL": "lies on a disk that is full; make room and run the command again",
}


def _sqlite(path: str, cause: BaseException) -> str:
    if os.path.isdir(path):
        return f"{path} is a folder; write the path of a file into LMS_DATABASE_URL"
    name = "_".join(getattr(cause, "sqlite_errorname", "").split("_")[:2])
    return f"the database {path} {_SQLITE.get(name) or f'refused: {_reason(cause)}; {_ELSE}'}"


#: What stands in PostgreSQL's or its driver's own words, and what helps. Other words, or another language: ``_ELSE``.
_POSTGRESQL = (
    (r'database ".*" does not exist', "make it, or mend the name at the end of LMS_DATABASE_URL"),
    (r"password|role|authentication", "mend user and password in LMS_DATABASE_URL; write % as %25 and @ as %40"),
    (
        r"resolve|refused|timeout|timed out|No such file|starting up",
        "start the server, or mend host and port in LMS_DATABASE_URL",
    ),
    (r"invalid", "mend LMS_DATABASE_URL"),
)
_ELSE = "run the command again, and if that does not help, look into the database's log"


def _postgresql(cause: BaseException) -> str:
    reason = _reason(cause)
    advice = next((advice for words, advice in _POSTGRESQL if re.search(words, reason)), _ELSE)
    return f"PostgreSQL refused: {reason}; {_ELSE if getattr(cause, 'sqlstate', None) else advice}"


def _reason(cause: BaseException) -> str:
    """In one line, without the hints that libpq indents."""
    return " ".join(line.strip() for line in str(cause).splitlines() if line.strip() and not line.startswith("\t"))
