"""The number that a participant keeps of a submitted attempt: only this site can make it, so it proves something."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from flask import request

from lms.learning.api import AttemptRow, ItemRow, attempts
from lms.web.site import site


def number(found: AttemptRow, rows: Sequence[ItemRow]) -> str:
    return attempts.receipt(found, rows, _key(site().settings.secret_key))


def checked(found: AttemptRow, rows: Sequence[ItemRow]) -> bool | None:
    """Whether the number that this request brings was given for exactly these answers; None when it brings none.

    Earlier keys are good as long as they are kept: a number may be weeks old.
    """
    said = "".join(request.args.get("bukti", "").upper().replace("-", "").split())
    if not said:
        return None
    settings = site().settings
    keys = (settings.secret_key, *settings.secret_key_fallbacks)
    made = [attempts.receipt(found, rows, _key(key)).replace("-", "") for key in keys]
    return any(hmac.compare_digest(said.encode(), one.encode()) for one in made)


def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"receipt", "sha256")
