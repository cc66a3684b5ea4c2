"""Settings: the only list of what an operator may decide, read once from ``LMS_*`` in the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

Mode = Literal["production", "development"]


class BadSetting(Exception):
    """A setting that cannot be used; the message names the variable and says what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between deployments. Each field is read from ``LMS_<NAME>``."""

    #: Signs the session cookie. Production refuses to start without one of at least 32 characters.
    secret_key: str = ""
    #: Earlier keys, comma-separated, still accepted while a key is being changed.
    secret_key_fallbacks: tuple[str, ...] = ()
    #: SQLAlchemy URL. ``postgresql://…`` uses psycopg 3.
    database_url: str = "sqlite:///instance/lms.db"
    #: ``development`` re-reads a changed pack, shows authors' mistakes on the page and serves ``/_style``.
    mode: Mode = "production"
    #: Another pack: a folder with ``content``, ``modules`` and ``quizzes``. Empty: the pack that ships.
    pack: str = ""
    #: Names this server answers to, comma-separated (``latsar.example.go.id``). Empty: any.
    trusted_hosts: tuple[str, ...] = ()
    #: Reverse proxies in front of the server whose ``X-Forwarded-*`` headers are believed.
    proxies: int = 0
    #: Send the session cookie over HTTPS only. Switch off for a plain HTTP server on loopback only.
    secure_cookies: bool = True
    #: Path below which this is reached, in another application or behind a proxy: ``/latsar``. Empty: at the root.
    url_prefix: str = ""
    #: Days a sign-in lasts.
    session_days: int = 30
    #: Days an invitation link can be used.
    invitation_days: int = 14
    #: Largest request body in bytes.
    max_request_bytes: int = 1_000_000
    #: Let people with a public password in. Not read from the environment: only ``lms develop``, which listens on
    #: loopback and nowhere else, sets it.
    demonstration: bool = False

    @property
    def session_lifetime(self) -> timedelta:
        return timedelta(days=self.session_days)

    @property
    def pack_path(self) -> Path | None:
        return Path(self.pack) if self.pack else None

    def checked(self) -> Settings:
        """Return self when an application may start with these; raises ``BadSetting``."""
        if self.mode not in ("production", "development"):
            raise BadSetting(f"LMS_MODE is {self.mode!r}; write production or development")
        if self.mode == "production" and len(self.secret_key) < 32:
            raise BadSetting(
                "LMS_SECRET_KEY is missing or shorter than 32 characters. Make one with: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' and keep it secret"
            )
        if not self.secret_key:
            raise BadSetting("LMS_SECRET_KEY is missing")
        if self.url_prefix and (not self.url_prefix.startswith("/") or self.url_prefix.endswith("/")):
            raise BadSetting(f"LMS_URL_PREFIX is {self.url_prefix!r}; write it like /latsar")
        return self


def from_environ(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read ``LMS_*``; an unknown or unreadable variable raises ``BadSetting``. Not yet ``checked()``."""
    known = {f"LMS_{field.name.upper()}": field for field in fields(Settings) if field.name != "demonstration"}
    given = {name: value for name, value in environ.items() if name.startswith("LMS_") and name not in _FOREIGN}
    if unknown := sorted(given.keys() - known.keys()):
        raise BadSetting(f"unknown setting {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    return Settings(**{known[name].name: _parse(name, str(known[name].type), value) for name, value in given.items()})


#: Variables with our prefix that belong to the tests, not to the application.
_FOREIGN = {"LMS_TEST_DATABASE_URL", "LMS_TEST_REQUIRE"}
_BOOLEANS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _parse(name: str, kind: str, value: str) -> Any:
    if kind == "bool":
        if value.lower() not in _BOOLEANS:
            raise BadSetting(f"{name} is {value!r}; write true or false")
        return _BOOLEANS[value.lower()]
    if kind == "int":
        if not value.isdigit():
            raise BadSetting(f"{name} is {value!r}; write a whole number")
        return int(value)
    if kind.startswith("tuple"):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value
