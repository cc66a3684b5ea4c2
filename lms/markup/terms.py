"""Marks the first occurrence of each glossary term on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from xml.etree import ElementTree

from lms.markup.links import Links, link_attributes

#: A word with its inner hyphens: a term "ASN" is not found in "non-ASN".
_WORD = re.compile(r"\w+(?:-\w+)*")
_LEFT_ALONE = {"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}

#: First word, lower-case -> (surface form, term id), longest form first.
_Index = Mapping[str, tuple[tuple[str, str], ...]]


def mark_terms(root: ElementTree.Element, links: Links, found: dict[str, None]) -> None:
    """Link terms in running text; ``found`` holds the ids already linked, in order, and receives the new ones."""
    index = _index(tuple(links.terms().items()))
    if index:
        _walk(root, index, links, found)


@lru_cache(maxsize=8)
def _index(terms: tuple[tuple[str, str], ...]) -> _Index:
    index: dict[str, list[tuple[str, str]]] = {}
    for surface, id in terms:
        if first := _WORD.match(surface):
            index.setdefault(first[0].casefold(), []).append((surface, id))
    return {word: tuple(sorted(forms, key=lambda form: -len(form[0]))) for word, forms in index.items()}


def _walk(element: ElementTree.Element, index: _Index, links: Links, found: dict[str, None]) -> None:
    if element.tag in _LEFT_ALONE or element.get("class") in ("callout-title", "missing"):
        return
    new = _marked(element.text or "", index, links, found)
    element.text = new.text
    children = list(new)
    for child in element:
        _walk(child, index, links, found)
        new = _marked(child.tail or "", index, links, found)
        child.tail = new.text
        children += [child, *new]
    if len(children) > len(element):
        element[:] = children


def _marked(text: str, index: _Index, links: Links, found: dict[str, None]) -> ElementTree.Element:
    """An element that holds the text, cut at its terms."""
    holder = ElementTree.Element("span")
    last: ElementTree.Element | None = None
    done = 0
    for start, end, id in _occurrences(text, index, found):
        target = links.term(id)
        if target is None:
            continue
        found[id] = None
        _append(holder, last, text[done:start])
        last = ElementTree.SubElement(holder, "a", link_attributes("term", target))
        last.text = text[start:end]
        done = end
    _append(holder, last, text[done:])
    return holder


def _append(holder: ElementTree.Element, last: ElementTree.Element | None, text: str) -> None:
    if last is None:
        holder.text = text
    else:
        last.tail = text


def _occurrences(text: str, index: _Index, found: dict[str, None]) -> Iterator[tuple[int, int, str]]:
    end = 0
    for word in _WORD.finditer(text):
        if word.start() < end:
            continue
        for surface, id in index.get(word[0].casefold(), ()):
            if id not in found and _stands(surface, text, word.start()):
                end = word.start() + len(surface)
                yield word.start(), end, id
                break


def _stands(surface: str, text: str, start: int) -> bool:
    """Whether the form stands here as whole words; its first letter may be a capital at a sentence's beginning."""
    end = start + len(surface)
    here = text[start:end]
    if here != surface and here != surface[0].upper() + surface[1:]:
        return False
    return not re.match(r"\w|-\w", text[end : end + 2])
