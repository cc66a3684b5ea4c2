"""What of a module a device keeps: its pages, how much they are, and a name for how they are now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from flask import url_for

from lms.catalog.model import Lesson, Module
from lms.features.learn import outline, pages
from lms.web import site, texts
from lms.web.stencils import Shelf
from lms.web.words import current_language

#: Bytes of a page that hold none of its text, measured: head, menu, foot and forms; each step of the module beside; and
#: what stands beside each heading and self-check.
_FRAME, _STEP, _BESIDE = 5_000, 320, 340
_PICTURE = re.compile(r'src="[^"]*?/media/([^"?]+)')


@dataclass(frozen=True, slots=True)
class Kept:
    """``pages``: addresses, the module's own first. ``version``: another one as soon as any page says something else or
    is shown by other files. ``bytes``: about what it takes on the device, with the pictures."""

    pages: tuple[str, ...]
    version: str
    bytes: int


def kept(module: Module) -> Kept:
    return Shelf("kept").remember((module.id, current_language()), lambda: _kept(module))


def _kept(module: Module) -> Kept:
    catalog = site.catalog()
    introduction = str(outline.introduction(module))
    said = [introduction, *("".join(_said(lesson)) for lesson in module.lessons)]
    shown = {path for text in said for path in _PICTURE.findall(text)}
    pictures = [catalog.pictures[path] for path in sorted(shown & catalog.pictures.keys())]
    named = [site.site().assets.release, current_language(), module.title]
    named += [lesson.digest for lesson in module.lessons]
    named += [picture.digest for picture in pictures]
    return Kept(
        pages=tuple(_pages(module)),
        version=sha256("\n".join((*named, *said)).encode()).hexdigest()[:16],
        bytes=sum(len(text.encode()) + _FRAME + _STEP * len(module.steps) for text in said)
        + sum(_checks(lesson) + _BESIDE * (1 + len(pages.lesson_page(lesson).anchors)) for lesson in module.lessons)
        + sum(picture.size for picture in pictures),
    )


def _pages(module: Module) -> Iterator[str]:
    yield outline.module_url(module)
    if any(lesson.key_points for lesson in module.lessons):
        yield url_for("learn.key_points", module=module.id)
    yield from map(texts.lesson_url, module.lessons)


def _said(lesson: Lesson) -> Iterator[str]:
    """What the page of a lesson says to everybody, but for its self-checks."""
    page = pages.lesson_page(lesson)
    yield from (page.head, page.opening, page.contents, page.ending, page.words, page.scripts)
    yield from (part for part in page.parts if not isinstance(part, int))


def _checks(lesson: Lesson) -> int:
    """Bytes of its self-checks as they are asked."""
    return sum(len(pages.check(lesson, check, {}).encode()) for check in lesson.checks)
