"""What is known of a line in the log besides its event, said under any formatter.

A host application, and a command, format lines their own way and know nothing of our fields; an id that an error page
shows must be found in their log, too.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping

_PLAIN = re.compile(r"[!-~]+")


def logger(name: str) -> logging.Logger:
    """The logger of this name; ``extra={"fields": {…}}`` says what is known besides the event.

    A record gets ``event``, which is its message without the fields.
    """
    found = logging.getLogger(name)
    found.addFilter(_say_fields)
    return found


def _say_fields(record: logging.LogRecord) -> bool:
    fields: Mapping[str, object] | None = record.__dict__.get("fields")
    if fields and "event" not in record.__dict__:
        event = record.__dict__["event"] = record.getMessage()
        told = (f"{name}={_one_line(value)}" for name, value in fields.items() if value is not None)
        # as an argument: whoever groups lines by what is said sees the event alone
        record.msg, record.args = f"{event.replace('%', '%%')} [%s]", (" ".join(told),)
    return True


def _one_line(value: object) -> str:
    """Whatever stands in it cannot look like a line of its own."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
