"""The square that a phone reads: the address of a page as a QR code."""

from __future__ import annotations

from io import BytesIO
from typing import Any

# segno takes 0.1 s to load, and few servers are asked for a code: it is imported where it is used.

_LOOK: dict[str, Any] = {"border": 2, "dark": "#000", "light": "#fff"}


def code(address: str) -> str:
    """As the address of a picture (SVG)."""
    import segno

    return str(segno.make_qr(address, error="m").svg_data_uri(**_LOOK))


def drawn(address: str) -> str:
    """As an SVG of its own."""
    import segno

    written = BytesIO()
    segno.make_qr(address, error="m").save(written, kind="svg", **_LOOK)
    return written.getvalue().decode()
