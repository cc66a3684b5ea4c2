"""The square that a phone reads: the address of a page as a QR code."""

from __future__ import annotations

from io import BytesIO


def code(address: str) -> str:
    """As the address of a picture (SVG)."""
    import segno  # takes 0.1 s to load, and few servers are asked for it

    return str(segno.make_qr(address, error="m").svg_data_uri(border=2, dark="#000", light="#fff"))


def drawn(address: str) -> bytes:
    """As an SVG of its own."""
    import segno

    written = BytesIO()
    segno.make_qr(address, error="m").save(written, kind="svg", border=2, dark="#000", light="#fff")
    return written.getvalue()
