"""Where the kinds of questions keep what a page needs of them: its template, script and words lie beside their code."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.support import Translations
from jinja2 import BaseLoader, FileSystemLoader, PrefixLoader

from lms.plugins import BadPlugin
from lms.quiz.item import Item
from lms.quiz.items.registry import ITEM_KINDS, OURS


def folder(kind: type[Item]) -> Path:
    return Path(inspect.getfile(kind)).parent


def others() -> dict[str, Path]:
    """The folders of kinds that other packages brought, by kind."""
    return {name: folder(kind) for name, kind in ITEM_KINDS.items() if name not in OURS}


def pages() -> BaseLoader:
    """Finds ``items/<kind>/page.html`` of those kinds. Raises ``BadPlugin`` for one without."""
    for name, place in others().items():
        if not (place / "page.html").is_file():
            raise BadPlugin(f"the question kind {name!r} has no page.html in {place}; install another version of it")
    return PrefixLoader({"items": PrefixLoader({name: FileSystemLoader(place) for name, place in others().items()})})


def scripts() -> Iterator[tuple[str, Path]]:
    """The scripts of all kinds: the name of each as a static file, and where it lies."""
    for name, kind in ITEM_KINDS.items():
        for path in sorted(folder(kind).glob("*.js")):
            yield f"items/{name}/{path.name}", path


def words(language: str) -> Iterator[Translations]:
    """What those kinds say in this language: the file ``<language>.po`` of each that has one, as it is written."""
    for place in others().values():
        path = place / f"{language}.po"
        if path.is_file():
            yield _compiled(path)


def _compiled(path: Path) -> Translations:
    from babel.messages.mofile import write_mo  # only where there is something to read
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        read = read_po(file)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled)
