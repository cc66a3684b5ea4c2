"""Settings: the only list of what an operator may decide, read once from ``LMS_*`` in the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from difflib import get_close_matches
from typing import Any, Literal

from lms.errors import BadSetting as BadSetting  # whoever reads settings meets it here

Mode = Literal["production", "development"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between deployments. Each field is read from ``LMS_<NAME>``."""

    #: Signs the session cookie. Production refuses to start without one of at least 32 characters.
    secret_key: str = ""
    #: Earlier keys, comma-separated, still accepted while a key is being changed.
    secret_key_fallbacks: tuple[str, ...] = ()
    #: SQLAlchemy URL. ``postgresql://…`` uses psycopg 3.
    database_url: str = "sqlite:///instance/lms.db"
    #: Whether PostgreSQL is reached through a pooler that hands out connections by transaction (PgBouncer).
    database_pooled: bool = False
    #: SQLite: ``full`` flushes each commit to the disk before it is acknowledged; ``normal`` is several times as fast,
    #: and loses the last moments when the power fails.
    sqlite_synchronous: Literal["full", "normal"] = "full"
    #: ``development`` re-reads a changed pack, shows authors' mistakes on the page and serves ``/_style``.
    mode: Mode = "production"
    #: Another pack: a folder with ``content``, ``modules`` and ``quizzes``, or the name of an installed one.
    #: Empty: the pack that ships.
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
    #: Let devices keep pages that open without a link. Switched off, every device drops its worker and what it kept.
    offline: bool = True
    #: Let servers that we ask (platforms, receivers of events) lie in the operator's own network, and be asked without
    #: TLS.
    own_network: bool = False
    #: What this site is called in its head, in titles and on home screens. Empty: as the course of the pack is.
    site_name: str = ""
    #: A file: the sign beside the name, on tabs and on home screens. Empty: ours.
    site_logo: str = ""
    #: ``#rrggbb``, in place of our red. Dark enough to be read on every light ground (lms/web/colours.py).
    site_colour: str = ""
    #: A file that follows our stylesheets on every page.
    site_stylesheet: str = ""
    #: Markdown, below what the pack says at the foot of every page.
    site_footer: str = ""
    #: Markdown, above the fields of the sign-in page.
    site_sign_in: str = ""
    #: A folder whose templates are laid over ours (docs/plugins.md).
    templates: str = ""
    #: Address that is told what happens here, each event by a signed request of its own (a webhook). Empty: none.
    webhook_url: str = ""
    #: Signs what goes to ``webhook_url``; at least 32 characters, which its receiver knows, too.
    webhook_secret: str = ""
    #: Address of the xAPI of a learning record store (``https://lrs.example/xapi``) that is told the same. Empty: none.
    xapi_url: str = ""
    #: What the store knows us by (Basic).
    xapi_key: str = ""
    xapi_secret: str = ""
    #: Let people with a public password in. Not read from the environment: only ``lms develop``, which listens on
    #: loopback and nowhere else, sets it.
    demonstration: bool = False

    @property
    def session_lifetime(self) -> timedelta:
        return timedelta(days=self.session_days)

    def checked(self) -> Settings:
        """Return self when an application may start with these; raises ``BadSetting``."""
        if self.mode not in ("production", "development"):
            raise BadSetting(f"LMS_MODE is {self.mode!r}; write production or development")
        if self.sqlite_synchronous not in ("full", "normal"):
            raise BadSetting(f"LMS_SQLITE_SYNCHRONOUS is {self.sqlite_synchronous!r}; write full or normal")
        if self.mode == "production" and len(self.secret_key) < 32:
            raise BadSetting(f"LMS_SECRET_KEY is missing or shorter than 32 characters. {_NEW_KEY}")
        if not self.secret_key:
            raise BadSetting("LMS_SECRET_KEY is missing")
        if self.url_prefix and (not self.url_prefix.startswith("/") or self.url_prefix.endswith("/")):
            raise BadSetting(f"LMS_URL_PREFIX is {self.url_prefix!r}; write it like /latsar")
        _check_house(self)
        self.check_destinations()
        return self

    @property
    def home(self) -> str:
        """The address of this site as other servers are told it: by the first name that it answers to."""
        return f"https://{self.trusted_hosts[0]}{self.url_prefix}/"

    def check_destinations(self) -> None:
        """Raises ``BadSetting`` for what nobody could be told anything by."""
        for name, url in (("LMS_WEBHOOK_URL", self.webhook_url), ("LMS_XAPI_URL", self.xapi_url)):
            if url and not re.fullmatch(rf"http{'s?' if self.own_network else 's'}://[!-~]+", url):
                raise BadSetting(
                    f"{name} is {url!r}; write an address that begins with https://, or set LMS_OWN_NETWORK for a "
                    "receiver in your own network"
                )
        if self.webhook_url and len(self.webhook_secret) < 32:
            raise BadSetting(f"LMS_WEBHOOK_SECRET is missing or shorter than 32 characters. {_NEW_KEY}")
        if self.xapi_url and not (self.xapi_key and self.xapi_secret):
            raise BadSetting("LMS_XAPI_URL needs LMS_XAPI_KEY and LMS_XAPI_SECRET, which the store gives out")
        if self.xapi_url and not re.fullmatch("[A-Za-z0-9][A-Za-z0-9.:-]*", "".join(self.trusted_hosts[:1])):
            raise BadSetting("LMS_XAPI_URL needs LMS_TRUSTED_HOSTS: statements name this site by the first of them")


#: What a logo may be, by the end of its name.
PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
_LARGEST_FILE = 65_536  # whoever comes for the first time fetches it
_LONGEST_NAME, _LONGEST_TEXT = 60, 2_000


def _check_house(settings: Settings) -> None:
    """What of the look can be told from the settings alone; the rest is read where it is shown (lms/web/house.py)."""
    if len(settings.site_name) > _LONGEST_NAME or "\n" in settings.site_name:
        raise BadSetting(f"LMS_SITE_NAME is longer than a line of {_LONGEST_NAME} characters; shorten it")
    for name, text in (("LMS_SITE_FOOTER", settings.site_footer), ("LMS_SITE_SIGN_IN", settings.site_sign_in)):
        if len(text) > _LONGEST_TEXT:
            raise BadSetting(f"{name} has {len(text)} characters; shorten it to {_LONGEST_TEXT}")
    if settings.site_colour and not re.fullmatch("#[0-9A-Fa-f]{6}", settings.site_colour):
        raise BadSetting(f"LMS_SITE_COLOUR is {settings.site_colour!r}; write it like #0b5c8a")
    _check_file("LMS_SITE_LOGO", settings.site_logo, tuple(PICTURES))
    _check_file("LMS_SITE_STYLESHEET", settings.site_stylesheet, (".css",))
    if (folder := settings.templates) and not (os.path.isdir(folder) and os.access(folder, os.R_OK | os.X_OK)):
        raise BadSetting(f"LMS_TEMPLATES is {folder!r}, which is no folder, or none that may be opened")


def _check_file(name: str, path: str, ends: tuple[str, ...]) -> None:
    if not path:
        return
    if not path.lower().endswith(ends):
        raise BadSetting(f"{name} is {path!r}; write the path of a file that ends with {' or '.join(ends)}")
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise BadSetting(f"{name} is {path!r}, which is no file, or none that may be read")
    if (size := os.path.getsize(path)) > _LARGEST_FILE:
        raise BadSetting(f"{name} is {path!r}, which has {size} bytes; make it smaller than {_LARGEST_FILE + 1}")


def from_environ(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read ``LMS_*``; an unknown or unusable variable raises ``BadSetting``. Not yet ``checked()``."""
    known = {f"LMS_{field.name.upper()}": field for field in fields(Settings) if field.name != "demonstration"}
    given = {name: value for name, value in environ.items() if name.startswith("LMS_") and name not in _FOREIGN}
    if unknown := sorted(given.keys() - known.keys()):
        raise BadSetting("; ".join(_unknown(name, sorted(known)) for name in unknown))
    return Settings(**{known[name].name: _parse(name, str(known[name].type), value) for name, value in given.items()})


#: Variables with our prefix that belong to the tests, not to the application.
_FOREIGN = {"LMS_TEST_DATABASE_URL", "LMS_TEST_REQUIRE"}
_BOOLEANS = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
#: Least and most of every whole number. Nought would shut everybody out, or let them in for no time at all.
_RANGES = {
    "LMS_PROXIES": (0, 10),
    "LMS_SESSION_DAYS": (1, 3_650),
    "LMS_INVITATION_DAYS": (1, 3_650),
    "LMS_MAX_REQUEST_BYTES": (100_000, 1_000_000_000),  # a long essay in a form must still fit
}


def _unknown(name: str, known: list[str]) -> str:
    bare = [one.removeprefix("LMS_") for one in known]  # what they all begin with makes none of them alike
    near = get_close_matches(name.removeprefix("LMS_"), bare, n=1)
    return f"unknown setting {name}; " + (f"write LMS_{near[0]}" if near else f"known are {', '.join(known)}")


def _parse(name: str, kind: str, value: str) -> Any:
    if name == "LMS_DATABASE_URL":
        return _database_url(value)
    if name == "LMS_SECRET_KEY":
        return _secret_key(value)
    if kind == "bool":
        if value.lower() not in _BOOLEANS:
            raise BadSetting(f"{name} is {value!r}; write true or false")
        return _BOOLEANS[value.lower()]
    if kind == "int":
        least, most = _RANGES[name]
        if not re.fullmatch("[0-9]{1,12}", value) or not least <= int(value) <= most:
            raise BadSetting(f"{name} is {value!r}; write a whole number from {least} to {most}")
        return int(value)
    if kind.startswith("tuple"):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _secret_key(value: str) -> str:
    if value != value.strip():
        raise BadSetting(
            "LMS_SECRET_KEY begins or ends with white space, which not every process will see; leave it out"
        )
    if len(value) >= 32 and len(set(value)) < 8:
        raise BadSetting(f"LMS_SECRET_KEY repeats a few characters and can be guessed. {_NEW_KEY}")
    return value


_NEW_KEY = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))' and keep it secret"
_URLS = "write sqlite:////srv/latsar/lms.db or postgresql://user:password@host:5432/name"
_UNQUOTED = (
    "LMS_DATABASE_URL has a port that is no number, or a password whose special characters are not quoted; "
    "write % as %25, @ as %40, / as %2F, : as %3A and # as %23"
)


def _database_url(value: str) -> str:
    """The value is never repeated, not even by the error from which this one comes: a password may stand in it."""
    from sqlalchemy import make_url  # whoever needs no database does not wait for it
    from sqlalchemy.exc import ArgumentError

    if not value.strip():
        raise BadSetting(f"LMS_DATABASE_URL is empty; {_URLS}, or take it away for {Settings().database_url}")
    try:
        url = make_url(value)
    except ArgumentError:
        raise BadSetting(f"LMS_DATABASE_URL is no URL of a database; {_URLS}") from None
    except ValueError:
        raise BadSetting(_UNQUOTED) from None
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"):
        raise BadSetting(f"LMS_DATABASE_URL begins with {url.drivername}://, which is not spoken here; {_URLS}")
    if url.get_backend_name() == "sqlite":
        if url.host or url.database in (None, "", ":memory:"):
            raise BadSetting(f"LMS_DATABASE_URL names no file; {_URLS}")
    elif "prepare_threshold" in url.query:
        raise BadSetting("LMS_DATABASE_URL sets prepare_threshold; leave it out, and set LMS_DATABASE_POOLED=true")
    elif (
        "@" in (url.host or "")
        or "\ufffd" in (url.password or "")
        or re.search("%(?![0-9A-Fa-f]{2})", value.partition("?")[0].rpartition("@")[0])
    ):
        raise BadSetting(_UNQUOTED)
    return value
