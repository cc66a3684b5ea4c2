"""``content/glossary.yml``: id of a term -> what it means and how it is spelt."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import RootModel

from lms.catalog.law import Regulation, Term
from lms.catalog.reading import Cite, Source
from lms.catalog.register import unknown_regulation
from lms.fields import Problems, Schema, Slug, Text, read

PATH = "content/glossary.yml"


class _Term(Schema):
    term: Text
    meaning: Text
    also: tuple[Text, ...] = ()
    obsolete: bool = False
    cites: tuple[Cite, ...] = ()


class _Glossary(RootModel[dict[Slug, _Term]]):
    pass


def read_glossary(
    source: Source | None, regulations: Mapping[str, Regulation], written: set[str], problems: Problems
) -> Mapping[str, Term]:
    """The terms by id. ``written``: ids of all regulations in the pack, also of those that are mistaken."""
    head = read(_Glossary, source.text, path=PATH, problems=problems) if source else None
    if source is None or head is None:
        return MappingProxyType({})
    terms: dict[str, Term] = {}
    for id, one in head.root.items():
        for index, (regulation, _) in enumerate(one.cites):
            if regulation not in written:
                line = source.line(id, "cites", index)
                problems.at(PATH).error(line, "X001", unknown_regulation(regulation))
        terms[id] = Term(
            id=id,
            term=one.term,
            meaning=one.meaning,
            also=one.also,
            obsolete=one.obsolete,
            cites=tuple(cite for cite in one.cites if cite[0] in regulations),
        )
    _check_forms(source, terms, problems.at(PATH))
    return MappingProxyType(terms)


def _check_forms(source: Source, terms: Mapping[str, Term], problems: Problems) -> None:
    """A spelling that two terms share would lead to one of them only."""
    owners: dict[str, str] = {}
    for id, term in terms.items():
        for place, form in enumerate((term.term, *term.also)):
            owner = owners.setdefault(form, id)
            loc: tuple[int | str, ...] = (id, "also", place - 1) if place else (id, "term")
            if owner != id:
                message = f"ejaan `{form}` sudah dipakai istilah `{owner}`; hapus salah satunya"
                problems.error(source.line(*loc), "G001", message)
            elif form in (term.term, *term.also)[:place]:
                problems.error(source.line(*loc), "G002", f"ejaan `{form}` sudah ditulis pada istilah ini; hapus")
