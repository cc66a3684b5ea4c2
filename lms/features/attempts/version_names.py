"""The names of question versions on pages.

A version is a digest of the whole question, key included: whoever knew it could try keys until one fits. So a page
names it by a code that only this site can make.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from uuid import UUID

from flask import current_app
from sqlalchemy import Connection

from lms.learning.api import attempt_records, attempts
from lms.web.site import site


def name_of(version: str) -> str:
    """The name of a version on a page; this process remembers what it stands for."""
    key = str(current_app.secret_key).encode()
    name = hmac.new(key, b"question version " + version.encode(), "sha256").hexdigest()[:32]
    site().memory.remember(("version", name), lambda: version)
    return name


def with_version(db: Connection, attempt_id: UUID, item: str, answer: attempts.Answer) -> attempts.Answer:
    """The answer with the version that its page named; a name that this process has not met costs one look."""
    version = site().memory.get(("version", answer.version))
    if version is None and (version := attempt_records.version_of(db, attempt_id, item)):
        name_of(version)
    return replace(answer, version=version)
