"""Links of a small world."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lms.markup import Target


class World:
    """Knows one of everything."""

    def citation(self, regulation: str, locator: str) -> Target | None:
        known = {"uu-baru": False, "uu-lama": True}
        if regulation not in known:
            return None
        return Target(f"#{regulation}-{locator}", title=f"{regulation} {locator}", revoked=known[regulation])

    def lesson(self, id: str) -> Target | None:
        return Target("/materi/a/b", title="B") if id == "a/b" else None

    def quiz(self, id: str) -> Target | None:
        return Target("/kuis/a") if id == "a" else None

    def term(self, id: str) -> Target | None:
        return Target(f"/glosarium#{id}", title="arti & makna") if id in {"asn", "pns"} else None

    def picture(self, path: str) -> Target | None:
        return Target("/media/setengah.svg", width=120, height=60) if path == "media/setengah.svg" else None

    def terms(self) -> Mapping[str, str]:
        return {"ASN": "asn", "pegawai negeri": "pns", "PNS": "pns"}


@pytest.fixture
def world() -> World:
    return World()
