"""Where platforms find us: what is pasted into them, and what we tell them where they register us."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Addresses:
    """``here``: our own address, with the path below which we are mounted and without a slash at its end."""

    here: str

    @property
    def domain(self) -> str:
        return urlsplit(self.here).netloc

    @property
    def login(self) -> str:
        """Where a platform begins."""
        return f"{self.here}/lti/login"

    @property
    def launch(self) -> str:
        """Where it brings its token."""
        return f"{self.here}/lti/launch"

    @property
    def keys(self) -> str:
        """Our public keys."""
        return f"{self.here}/lti/keys"

    @property
    def register(self) -> str:
        """Where it registers us by itself."""
        return f"{self.here}/lti/register"
