"""How somebody reads on this device: the size of letters, the width of lines, the colours (ADR 28).

A cookie of the device holds it, so that a page is right from its first byte. It says nothing of the person and opens
nothing; a script may write it (``static/look.js``), and what is no word of ours in it is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from datetime import timedelta
from functools import cached_property, lru_cache

from flask import Response, current_app, g, request
from markupsafe import Markup

from lms.web import framing
from lms.web.guards import csrf_token
from lms.web.sessions import cookie_name, cookie_path
from lms.web.stencils import Stencils

#: Field of the form -> the words that may be chosen, in their order; "" is as the device and the house have it.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "size": ("kecil", "", "besar", "lebih-besar", "terbesar"),
    "width": ("sempit", "", "lebar"),
    "theme": ("", "terang", "gelap", "sepia"),
}
#: The paper of each theme (``lms.css``), for the frame that a phone draws around the page.
_PAPER = {"terang": "#fbf8f2", "gelap": "#191612", "sepia": "#f3e6cb"}
_BY_DEVICE = {"(prefers-color-scheme: light)": _PAPER["terang"], "(prefers-color-scheme: dark)": _PAPER["gelap"]}
_COOKIE = "latsar-look"
_KEPT = timedelta(days=400)  # browsers keep no cookie longer


@dataclass(frozen=True)
class Look:
    """A word of ``CHOICES`` for each field."""

    size: str = ""
    width: str = ""
    theme: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word in astuple(self) if word)

    @cached_property
    def attribute(self) -> Markup:
        """What the element ``html`` is given, which the stylesheet asks for."""
        return Markup(' data-look="{}"').format(" ".join(self.words)) if self.words else Markup()

    @cached_property
    def frame(self) -> Markup:
        """The colour of the browser's own frame."""
        if self.theme:
            return Markup('<meta name="theme-color" content="{}">').format(_PAPER[self.theme])
        by_device = (
            Markup('<meta name="theme-color" content="{}" media="{}">').format(paper, media)
            for media, paper in _BY_DEVICE.items()
        )
        return Markup("\n").join(by_device)


@lru_cache(maxsize=128)
def read(told: str) -> Look:
    """``told``: the words of a cookie, with dots between them; others are passed over."""
    words = told.split(".")
    return Look(
        **{name: next((word for word in words if word and word in known), "") for name, known in CHOICES.items()}
    )


def chosen(form: Mapping[str, str]) -> Look:
    """The form of the page; what it does not offer is as if nothing was chosen."""
    return read(".".join(form.get(name, "") for name in CHOICES))


def look() -> Look:
    """How this device reads."""
    found: Look | None = g.get("lms_look")
    if found is None:
        found = g.lms_look = read(request.cookies.get(cookie_name(_COOKIE), ""))
    return found


@dataclass(frozen=True)
class Worn:
    """How a page is to be drawn: what its element ``html`` is given, and what stands in its head."""

    attribute: Markup
    frame: Markup


def worn() -> Worn:
    """The look of this device, within another page as that asks for."""
    chosen = look()
    return Worn(chosen.attribute, chosen.frame + framing.head())


def keep(wanted: Look, response: Response) -> None:
    """``response`` tells the device to read like this from now on."""
    response.set_cookie(
        cookie_name(_COOKIE),
        ".".join(wanted.words),
        max_age=_KEPT,
        path=cookie_path(),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )


def form() -> Markup:
    """What it is chosen with, on any page; it leads back to that page."""
    own = {
        "token": csrf_token(),
        "back": request.full_path.rstrip("?"),
        "cookie": cookie_name(_COOKIE),
        "path": cookie_path(),
    }
    return Stencils("_look.html").fill(asdict(look()), own)
