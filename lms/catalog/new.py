"""New files of a pack, complete and commented: an author replaces what says ``TULIS`` (*write*) and is done.

``lms check`` warns of every file in which it still stands (C013).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

from lms.catalog import glossary, modules, register
from lms.catalog.course_rules import EXAMPLE
from lms.catalog.model import Catalog, UnknownModule
from lms.catalog.store import MODULES, QUIZZES
from lms.errors import Conflict, Invalid
from lms.fields import nearest
from lms.quiz.item import Item
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.new_ids import slug
from lms.quiz.written import is_id

_TEMPLATES = Path(__file__).parent / "templates"


class BadName(Invalid):
    message = "Nama hanya boleh huruf kecil, angka dan tanda hubung, mis. manajemen-asn."


class Taken(Conflict):
    message = "Nama itu sudah dipakai."


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it is to be written; ``adds``: behind what the file holds already."""

    path: str
    text: str
    adds: bool = False


def module(catalog: Catalog, id: str, title: str, agenda: str, *, today: date) -> NewFile:
    """The index of a module, the last one of its agenda. Raises ``Invalid`` and ``Taken``."""
    check_agenda(catalog, agenda)
    order = 1 + max((one.order for one in catalog.modules.values() if one.agenda == agenda), default=0)
    path = f"{MODULES}/{named(id)}/{modules.INDEX}"
    _refuse_taken(id in catalog.modules, path)
    return NewFile(path, filled("module.md", title=_quoted(title), agenda=agenda, order=str(order), today=str(today)))


def lesson(catalog: Catalog, module: str, title: str, *, today: date) -> NewFile:
    """A lesson behind the others of its module. Raises ``Invalid``, ``NotFound`` and ``Taken``."""
    if module not in catalog.modules:
        near = nearest(module, catalog.modules)
        advice = f"maksud Anda `{near}`?" if near else f"tulis dahulu: lms new module {slug(module)}"
        raise UnknownModule(f"Modul `{module}` tidak ada; {advice}")
    found = catalog.module(module)
    name = named(slug(title))
    _refuse_taken(f"{module}/{name}" in catalog.lessons, f"{MODULES}/{module}/…-{name}.md")
    numbers = [modules.name_of(one.path.rpartition("/")[2]) for one in found.lessons]
    number = 1 + max((one[0] for one in numbers if one), default=0)
    article, citation = _an_article(catalog)
    text = filled(
        "lesson.md",
        title=_quoted(title),
        slug=f"{module}-{name}"[:90],
        article=article,
        citation=citation,
        today=str(today),
    )
    return NewFile(f"{MODULES}/{module}/{number:02}-{name}.md", text)


def quiz(catalog: Catalog, id: str, title: str, *, today: date) -> NewFile:
    """A quiz with a question of every kind; that of the module with the same name, if there is one.

    Raises ``Invalid`` and ``Taken``.
    """
    path = f"{QUIZZES}/{named(id)}.md"
    _refuse_taken(id in catalog.quizzes, path)
    of_module = f"module: {id}   # nama folder modulnya\n" if id in catalog.modules else ""
    items = "\n".join(f"<!-- {EXAMPLE} {kind.name.lower()} -->\n\n{_example(kind, id)}" for kind in ITEM_KINDS.values())
    text = filled("quiz.md", title=_quoted(title), module=of_module, items=items.rstrip(), today=str(today))
    return NewFile(path, text)


def _example(kind: type[Item], quiz: str) -> str:
    """The example of a kind with an id of this quiz; each counts one point, as a draw wants it."""
    text = kind.example.replace("{#contoh-", f"{{#{quiz}-")
    return re.sub(r"^points: .*\n", "", text, flags=re.MULTILINE)


def regulation(catalog: Catalog, id: str, title: str, *, today: date) -> NewFile:
    """An entry of the register. Raises ``Invalid`` and ``Taken``."""
    path = f"{register.FOLDER}/{named(id)}.yml"
    _refuse_taken(id in catalog.regulations, path)
    return NewFile(path, filled("regulation.yml", title=_quoted(title), today=str(today)))


def term(catalog: Catalog, title: str) -> NewFile:
    """A term behind the others of the glossary. Raises ``Invalid`` and ``Taken``."""
    id = named(slug(title))
    _refuse_taken(id in catalog.glossary, glossary.PATH)
    return NewFile(glossary.PATH, filled("term.yml", slug=id, title=_quoted(title)), adds=True)


def check_agenda(catalog: Catalog, id: str) -> None:
    """Raises ``Invalid`` for an agenda that the course does not have."""
    known = [one.id for one in catalog.agendas]
    if id not in known:
        raise Invalid(f"Agenda `{id}` tidak ada; pilih {', '.join(known)}.")


def named(id: str) -> str:
    """The name of a file or folder, as it was given; raises ``BadName``."""
    if not is_id(id):
        raise BadName
    return id


def _refuse_taken(taken: bool, path: str) -> None:
    if taken:
        raise Taken(f"{path} sudah ada; pilih nama lain.")


def _an_article(catalog: Catalog) -> tuple[str, str]:
    """The label and the citation of some article, to show how one is written."""
    for regulation in catalog.regulations.values():
        if regulation.stands:
            for article in regulation.articles.values():
                return article.label, f"reg:{regulation.id}#{article.locator}"
    return "Pasal 2", "reg:uu-20-2023#2"


def _quoted(text: str) -> str:
    """The text as YAML takes it for itself: in quotation marks only where they are needed."""
    plain = text.strip()
    simple = plain.replace(" ", "").isalpha() and plain not in {"true", "false", "null"}
    return plain if simple else json.dumps(plain, ensure_ascii=False)


def filled(template: str, **values: str) -> str:
    """A template of ours with these words in it."""
    written: Mapping[str, str] = values
    return Template((_TEMPLATES / template).read_text(encoding="utf-8")).substitute(written)
