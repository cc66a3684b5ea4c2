"""The look of the house whose site this is: what an operator puts in place of ours, read once, at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from lms import markup
from lms.config import PICTURES, BadSetting, Settings
from lms.web import colours

#: Where its files lie among the static ones (``lms/web/assets.py``).
_FOLDER = "house"
_EMPTY = Markup()
#: What a picture begins with, by the end of its name. An SVG may begin with much before it says so.
_BEGINNINGS = {".png": b"\x89PNG\r\n\x1a\n", ".webp": b"RIFF"}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What is empty is as it is without a house.

    ``files``: its own static files, by name; ``logo``, ``style``, ``icon`` and ``touch_icon`` name static files.
    ``footer`` and ``sign_in`` are in Indonesian, as the pack is.
    """

    name: str = ""
    footer: Markup = _EMPTY
    sign_in: Markup = _EMPTY
    logo: str = ""
    style: str = ""
    icon: str = "icon.svg"
    icon_type: str = "image/svg+xml"
    touch_icon: str = "icon-180.png"
    files: Mapping[str, bytes] = field(default_factory=dict)


def house(settings: Settings) -> House:
    """Raises ``BadSetting`` for what cannot be read or shown. ``settings`` are ``checked()``."""
    files, icons = {}, {}
    if settings.site_logo:
        kind = Path(settings.site_logo).suffix.lower()
        logo = f"{_FOLDER}/logo{kind}"
        files[logo] = _picture(settings.site_logo, kind)
        icons = {"logo": logo, "icon": logo, "icon_type": PICTURES[kind]}
        if kind == ".png":  # the only kind that an iPhone takes
            icons["touch_icon"] = logo
    style = f"{_FOLDER}/house.css" if settings.site_colour or settings.site_stylesheet else ""
    if style:
        files[style] = _style(settings).encode()
    return House(
        name=settings.site_name.strip(),
        footer=_text("LMS_SITE_FOOTER", settings.site_footer),
        sign_in=_text("LMS_SITE_SIGN_IN", settings.site_sign_in),
        style=style,
        files=files,
        **icons,
    )


def _picture(path: str, kind: str) -> bytes:
    content = Path(path).read_bytes()
    if not content.startswith(_BEGINNINGS.get(kind, b"")) or (kind == ".svg" and b"<svg" not in content):
        raise BadSetting(f"LMS_SITE_LOGO is {path!r}, which is no {kind[1:].upper()} picture; save it anew as one")
    return content


def _style(settings: Settings) -> str:
    """The colour, and behind it the stylesheet, which has the last word."""
    colour = colours.stylesheet(colours.checked(settings.site_colour)) if settings.site_colour else ""
    if not settings.site_stylesheet:
        return colour
    try:
        return colour + Path(settings.site_stylesheet).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSetting(
            f"LMS_SITE_STYLESHEET is {settings.site_stylesheet!r}, which is not UTF-8 (byte {error.start}); save it as "
            "UTF-8"
        ) from error


def _text(name: str, text: str) -> Markup:
    """Markdown as in lessons, except that there is no pack whose lessons and pictures it could name."""
    try:
        shown = markup.fragment(text, markup.Nowhere()) if text else _EMPTY
    except markup.TextRefused as error:
        raise BadSetting(f"{name} cannot be shown: {error}") from error
    if 'class="missing"' in shown:
        raise BadSetting(f"{name} holds a picture, or a link that leads nowhere; write links as [text](https://…)")
    return shown
