"""How the form of a platform is read."""

from __future__ import annotations

from collections.abc import Mapping

from lms.fields.typed import typed
from lms.learning.api import platforms

#: Fields that hold one line, in the order of the form.
FIELDS = ("name", "issuer", "client_id", "authorization_url", "token_url", "keys_url", "audience", "product")


def agreed(form: Mapping[str, str]) -> platforms.Agreed:
    """What cannot be used of it is told where it is added."""
    return platforms.Agreed(
        **{name: typed(form.get(name, "")[: platforms.LONGEST + 1]) for name in FIELDS},
        deployments=tuple(typed(form.get("deployments", "")).split("\n")),
    )
