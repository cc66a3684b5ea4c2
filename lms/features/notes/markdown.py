"""Notes as one Markdown file to keep. Whatever was typed stands in it as typed: none of it becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lms.catalog.model import Lesson
from lms.db.notes import MarkKind
from lms.features.notes.listing import Chapter
from lms.learning.api import OwnNote
from lms.web import notes as shown
from lms.web import texts
from lms.web.language import day, local_day
from lms.web.words import gettext as _

_SIGNS = re.compile(r"[\\`*_\[\]<>&~|]")  # what means something wherever it stands
_BEGINNING = re.compile(r"^(\d*)([#+=.)-])", re.MULTILINE)  # and what does at the beginning of a line


def plain(text: str) -> str:
    """Text in which no sign means anything; each of its lines stays a line."""
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    said = _BEGINNING.sub(r"\1\\\2", _SIGNS.sub(r"\\\g<0>", lines))
    return re.sub(r"(?<=[^\n])\n(?=[^\n])", "\\\\\n", said)


def file(chapters: Sequence[Chapter], site: str) -> str:
    """``site``: the address that links begin with."""
    return "\n\n".join(_blocks(chapters, site)) + "\n"


def _blocks(chapters: Sequence[Chapter], site: str) -> Iterator[str]:
    yield f"# {plain(_('Catatan saya'))}"
    module = None
    for chapter in chapters:
        if chapter.module != module:
            module = chapter.module
            yield f"## {plain(module or _('Materi yang tidak ada lagi'))}"
        lesson = chapter.lesson
        title = _link(lesson.title, site + texts.lesson_url(lesson)) if lesson else plain(chapter.id)
        yield f"### {title}"
        for entry in chapter.entries:
            if isinstance(entry, OwnNote):
                yield from _note(entry, lesson, site)
            else:
                said = _("Belum paham") if entry.kind is MarkKind.UNCLEAR else _("Ditandai")
                place = _heading(lesson, entry.heading, site)
                yield f"\\[{plain(said)}\\] {place}".rstrip()


def _note(note: OwnNote, lesson: Lesson | None, site: str) -> Iterator[str]:
    written, _midnight = local_day(note.changed_at)
    yield " · ".join(filter(None, (f"**{plain(day(written))}**", _heading(lesson, note.heading, site))))
    if note.quote:
        yield f"> {plain(note.quote.exact)}"
    yield plain(note.text)


def _heading(lesson: Lesson | None, heading: str, site: str) -> str:
    if not (lesson and heading):
        return ""
    return _link(shown.title_of(lesson, heading), site + texts.lesson_url(lesson, heading))


def _link(title: str, href: str) -> str:
    return f"[{plain(title)}](<{href}>)"
