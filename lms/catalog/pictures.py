"""Pictures: which files are some, and how large they are shown."""

from __future__ import annotations

import hashlib
import re

from lms.catalog.model import Picture
from lms.catalog.store import File, Store, Unreadable
from lms.fields import Problems

MIMETYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
_HEAD = 65_536  # bytes; width and height stand near the beginning

_SVG = re.compile(rb"<svg\b[^>]*>")
_VIEW_BOX = re.compile(rb"\bviewBox\s*=\s*[\"'][\s]*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)")
_LENGTH = rb"\b%s\s*=\s*[\"']\s*(\d+(?:\.\d+)?)(?:px)?\s*[\"']"
_WIDTH, _HEIGHT = re.compile(_LENGTH % b"width"), re.compile(_LENGTH % b"height")


def is_picture(file: File) -> bool:
    return file.name.rpartition(".")[2].lower() in MIMETYPES


def read_picture(store: Store, path: str, file: File, problems: Problems) -> Picture | None:
    """``path``: its name in texts of the whole pack."""
    try:
        data = store.read(file.path)
    except Unreadable as error:
        problems.at(file.path).error(1, "C003", f"gambar tidak dapat dibaca ({error.why}); periksa izinnya")
        return None
    mimetype = MIMETYPES[file.name.rpartition(".")[2].lower()]
    size = _size(mimetype, data[:_HEAD])
    if size is None:
        problems.at(file.path).error(1, "C006", f"isi berkas bukan gambar {mimetype}; simpan ulang gambarnya")
        return None
    return Picture(
        path=path,
        file=file.path,
        mimetype=mimetype,
        width=size[0],
        height=size[1],
        size=len(data),
        digest=hashlib.sha256(data).hexdigest()[:32],
    )


def _size(mimetype: str, head: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, (0, 0) when the picture does not say; None when it is no such picture."""
    match mimetype:
        case "image/svg+xml":
            return _svg(head)
        case "image/png":
            return _png(head)
        case _:
            return _jpeg(head)


def _svg(head: bytes) -> tuple[int, int] | None:
    opening = _SVG.search(head)
    if not opening:
        return None
    width, height = _WIDTH.search(opening[0]), _HEIGHT.search(opening[0])
    box = _VIEW_BOX.search(opening[0])
    try:
        if width and height:
            return round(float(width[1])), round(float(height[1]))
        return (round(float(box[1])), round(float(box[2]))) if box else (0, 0)
    except (ValueError, OverflowError):  # "1.2.3", or hundreds of digits
        return None


def _png(head: bytes) -> tuple[int, int] | None:
    if len(head) < 24 or head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
        return None
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def _jpeg(head: bytes) -> tuple[int, int] | None:
    """Walks the segments to the frame header (SOF). Source: ITU-T T.81, annex B."""
    if head[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(head[at + 7 : at + 9], "big"), int.from_bytes(head[at + 5 : at + 7], "big")
        at += 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return 0, 0
