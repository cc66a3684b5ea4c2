"""The one colour that a house may put in place of our red: readable on every ground it stands on, in every theme.

A house gives one colour. It is worn on light paper as it is; for the dark theme lighter shades of it are made.
"""

from __future__ import annotations

from lms.config import BadSetting

#: The grounds of letters, ``--paper`` and ``--leaf`` of ``lms.css``, by theme.
LIGHT = {"terang": ("#fbf8f2", "#f3eee3"), "sepia": ("#f3e6cb", "#ebdbba")}
DARK = ("#191612", "#231f19")
_GROUNDS = [(theme, ground) for theme, grounds in LIGHT.items() for ground in grounds]
_WHITE, _BLACK = "#ffffff", "#000000"

LEAST = 4.5  # Source: WCAG 2.2, success criterion 1.4.3
_SHADES = 64


def checked(colour: str) -> str:
    """``colour`` (``#rrggbb``) when its letters can be read in every light theme; raises ``BadSetting``."""
    theme, ground = min(_GROUNDS, key=lambda one: _luminance(one[1]))  # the darkest asks for most
    found = contrast(colour, ground)
    if found < LEAST:
        darker = next(shade for shade in _shades(colour, _BLACK) if contrast(shade, ground) >= LEAST)
        raise BadSetting(
            f"LMS_SITE_COLOUR is {colour}; on {ground} (theme {theme}) its contrast is {int(found * 100) / 100}:1, and "
            f"letters need {LEAST}:1; write a darker one, for instance {darker}"
        )
    return colour


def stylesheet(colour: str) -> str:
    """What ``lms.css`` is told of the colour; on paper, and where the system has colours of its own, nothing."""
    light, dark = _tokens(colour, colour), _tokens(_letters_on_dark(colour), _ground_on_dark(colour))
    return f"""@media screen and (forced-colors: none) {{
:root {{ {light} }}
[data-look~="gelap"] {{ {dark} }}
}}
@media screen and (forced-colors: none) and (prefers-color-scheme: dark) {{
:root:where(:not([data-look~="terang"], [data-look~="sepia"])) {{ {dark} }}
}}
"""


def _tokens(accent: str, fill: str) -> str:
    return f"--accent: {accent}; --fill: {fill}; --fill-deep: {_mixed(fill, _BLACK, 0.2)};"


def _letters_on_dark(colour: str) -> str:
    """The first shade towards white that can be read on the dark grounds."""
    return next(shade for shade in _shades(colour, _WHITE) if min(contrast(shade, ground) for ground in DARK) >= LEAST)


def _ground_on_dark(colour: str) -> str:
    """The last shade towards white that white letters can be read on: it stands out from the dark paper, too."""
    return [shade for shade in _shades(colour, _WHITE) if contrast(_WHITE, shade) >= LEAST][-1]


def contrast(one: str, other: str) -> float:
    """From 1 (alike) to 21 (black and white). Source: WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """From 0 (black) to 1 (white). Source: WCAG 2.2, relative luminance."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _parts(colour: str) -> list[float]:
    """Red, green and blue, each from 0 to 1."""
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _shades(colour: str, towards: str) -> list[str]:
    return [_mixed(colour, towards, step / _SHADES) for step in range(_SHADES + 1)]


def _mixed(colour: str, other: str, share: float) -> str:
    """``share`` of ``other`` in it, from 0 to 1."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(255 * (one + share * (two - one))):02x}" for one, two in pairs)
