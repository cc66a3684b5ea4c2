"""Brings the translations up to date: collects every text of the interface, merges, compiles.

    python3 dev.py translate

Then fill what is empty in lms/translations/en/LC_MESSAGES/messages.po and run it again.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import lms.app  # noqa: F401 – every refusal is defined somewhere below it, or below a command
from lms.cli.group import HOMES
from lms.errors import Invalid, Refused
from lms.quiz.items.registry import ITEM_KINDS, OURS
from lms.web.kinds import folder

for home in HOMES.values():
    import_module(f"lms.cli.{home}")

LMS = Path(__file__).parents[1] / "lms"
FOLDER = LMS / "translations"
PO = FOLDER / "en/LC_MESSAGES/messages.po"
_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # a day of its own in every file would be a change without a change


def template() -> Catalog:
    """Every text that the code and the pages hand to ``_`` or refuse with.

    Without line numbers: they would change with each edit.
    """
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = _catalog()
    for file, _line, message, comments, context in extract_from_dir(
        LMS, methods, options, keywords={"_": None, "Said": None}
    ):
        found.add(message, locations=[(f"lms/{Path(file).as_posix()}", None)], auto_comments=comments, context=context)
    for kind in _refusals(Refused):
        found.add(kind.message, locations=[(f"{kind.__module__.replace('.', '/')}.py", None)])
    for path in sorted(LMS.rglob("*.py")):
        for message in _refused_with(ast.parse(path.read_text(encoding="utf-8"))):
            found.add(message, locations=[(path.relative_to(LMS.parent).as_posix(), None)])
    return found


def _refused_with(tree: ast.AST) -> Iterator[str]:
    """The messages of ``raise Invalid("…")``; a ``Said`` is found by its name."""
    plain = {kind.__name__ for kind in _refusals(Refused) if kind.__init__ in (Refused.__init__, Invalid.__init__)}
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(message)), *_])) if (
                kind in plain
            ):
                yield message


def _refusals(kind: type[Refused]) -> list[type[Refused]]:
    """What a person may be told when something is refused: said by the class, translated where it is shown."""
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in _refusals(child))]


def _catalog(locale: str | None = None) -> Catalog:
    return Catalog(
        locale=locale,
        project="latsar-lms",
        charset="utf-8",
        header_comment="# The texts of the interface. See tests/translate.py.",
        creation_date=_DAY,
        revision_date=_DAY,
        fuzzy=False,
    )


def catalog() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def catalogs() -> Iterator[Catalog]:
    """Ours, and those of the kinds of questions that other packages brought."""
    yield catalog()
    for name, kind in ITEM_KINDS.items():
        if name not in OURS and (path := folder(kind) / "en.po").is_file():
            with path.open("rb") as file:
                yield read_po(file, locale="en")


def main() -> None:
    PO.parent.mkdir(parents=True, exist_ok=True)
    merged = catalog() if PO.exists() else _catalog("en")
    merged.update(template(), no_fuzzy_matching=True)
    merged.obsolete.clear()
    merged.creation_date = merged.revision_date = _DAY
    with PO.open("wb") as file:
        write_po(file, merged, width=120, sort_output=True, omit_header=False, include_lineno=False)
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, merged)
    empty = [message.id for message in merged if message.id and not message.string]
    print(f"{len(merged)} texts, {len(empty)} without a translation")
    sys.exit(1 if empty else 0)


if __name__ == "__main__":
    main()
