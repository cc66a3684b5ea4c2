"""A login that we began, as the state which a launch brings back: signed by us, good for ten minutes, tied to one
browser. Nothing is kept of it, so that nobody fills the database by asking; of its nonce a row says that it was
answered (``lms/learning/launched.py``).

Sources: LTI Core 1.3; 1EdTech Security Framework 1.0, 5.1.1; OpenID Connect Core 1.0, 3.1.2.1 (*state*, *nonce*).
"""

from __future__ import annotations

import secrets
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from lms.features.lti.refusals import Code, LaunchRefused

GOOD_FOR = timedelta(minutes=10)
#: Characters of a hint up to which it travels with the state, so that a new tab can ask the platform once more.
_LONGEST_HINT = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a platform says where it begins a login (1EdTech Security Framework 1.0, 5.1.1.1).

    ``storage``: the frame of the platform that keeps data for us where a browser keeps no cookie.
    """

    issuer: str
    login_hint: str
    target: str
    client_id: str | None = None
    message_hint: str = ""
    storage: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """``browser``: the digest of what the browser holds. ``expires_at``: when the state is good no more."""

    registration_id: UUID
    nonce: str
    browser: str
    asked: Asked
    expires_at: datetime

    def began_in(self, browser: str) -> bool:
        """Whether it began in the browser that holds this."""
        return bool(browser) and compare_digest(digest(browser), self.browser)


def begin(registration_id: UUID, asked: Asked, browser: str, serializer: URLSafeTimedSerializer) -> tuple[str, str]:
    """The state, and the nonce, of a login that begins."""
    nonce = secrets.token_urlsafe(24)
    hints = (asked.login_hint, asked.message_hint)
    if sum(map(len, hints)) > _LONGEST_HINT:
        hints = ("", "")
    kept = Asked(asked.issuer, hints[0], asked.target, asked.client_id, hints[1], asked.storage)
    return serializer.dumps([registration_id.hex, nonce, digest(browser), *astuple(kept)]), nonce


def read(state: str, serializer: URLSafeTimedSerializer) -> Login:
    """Raises ``LaunchRefused`` for a state that is none of ours, or too old."""
    try:
        said, signed_at = serializer.loads(state, max_age=int(GOOD_FOR.total_seconds()), return_timestamp=True)
    except SignatureExpired as error:
        raise LaunchRefused(Code.UNKNOWN_STATE, "too old") from error
    except (BadData, ValueError) as error:
        raise LaunchRefused(Code.UNKNOWN_STATE, "not signed here") from error
    registration_id, nonce, browser, *asked = said
    return Login(UUID(registration_id), nonce, browser, Asked(*asked), signed_at.astimezone(UTC) + GOOD_FOR)


def new_browser() -> str:
    return secrets.token_urlsafe(24)


def digest(browser: str) -> str:
    return sha256(browser.encode()).hexdigest()[:32]
