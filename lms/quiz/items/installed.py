"""Kinds of questions that other packages bring (docs/plugins.md): taken as they are promised, or refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint

from lms import plugins
from lms.errors import Said
from lms.plugins import BadPlugin
from lms.quiz.item import Item
from lms.quiz.items.missing_kind import MissingKind
from lms.version import PROMISES

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
#: What to do about a kind that cannot be used.
ADVICE = "install another version of it, or uninstall it"


def kinds(ours: Mapping[str, type[Item]]) -> dict[str, type[Item]]:
    """The kinds of installed packages by their names. Raises ``BadPlugin`` for the first that cannot be used."""
    found: dict[str, EntryPoint] = {}
    for one in plugins.found(plugins.ITEMS):
        if one.name in {*ours, MissingKind.kind}:
            raise BadPlugin(f"{_brings(one)}, which is one of ours; {ADVICE}")
        if one.name in found:
            both = f"{plugins.package(found[one.name])} and {plugins.package(one)}"
            raise BadPlugin(f"the packages {both} each bring the question kind {one.name!r}; uninstall all but one")
        found[one.name] = one
    return {name: _loaded(one, ours) for name, one in found.items()}


def _brings(one: EntryPoint) -> str:
    return f"the package {plugins.package(one)} brings the question kind {one.name!r}"


def _loaded(one: EntryPoint, ours: Mapping[str, type[Item]]) -> type[Item]:
    try:
        kind = one.load()
    except Exception as error:  # whatever its code does when it is imported
        raise BadPlugin(f"{_brings(one)}, which cannot be loaded ({error!r}); {ADVICE}") from error
    if not (isinstance(kind, type) and issubclass(kind, Item)):
        raise BadPlugin(f"{_brings(one)} as {one.value!r}, which is no Item; {ADVICE}")
    written, offered = getattr(kind, "promise", None), PROMISES[plugins.ITEMS]
    if written != offered:
        raise BadPlugin(
            f"{_brings(one)}, written for version {written} of what is promised to kinds, and this release keeps "
            f"version {offered} (docs/plugins.md); {ADVICE}"
        )
    if missing := list(_missing(kind, one.name, ours)):
        raise BadPlugin(f"{_brings(one)}, in which {' and '.join(missing)}; {ADVICE}")
    return kind


def _missing(kind: type[Item], name: str, ours: Mapping[str, type[Item]]) -> Iterator[str]:
    """What a kind lacks, or takes from others, by which it would fail later or change how questions are read."""
    if abstract := sorted(kind.__abstractmethods__):
        yield f"{', '.join(abstract)} is not written"
    if "__dataclass_fields__" not in vars(kind) or not vars(kind)["__dataclass_params__"].frozen:
        yield "the class is no frozen dataclass"
    if getattr(kind, "kind", None) != name or not _NAME.fullmatch(name):
        yield "`kind` is not the name of its entry point, in small letters, digits and _"
    if not isinstance(getattr(kind, "name", None), Said):
        yield "`name` is not Said"
    if not all(isinstance(getattr(kind, text, None), str) for text in ("documentation", "example")):
        yield "documentation or example is not written"
    elif f"\ntype: {name}\n" not in kind.example:
        yield f"the example does not say `type: {name}`"
    if not all(map(_NAME.fullmatch, kind.extra_fields)) or kind.extra_fields & _TAKEN:
        yield "a field line has a name that is taken, or none that can be written"
    if not kind.extra_texts <= frozenset().union(*(one.extra_texts for one in ours.values())):
        yield "`extra_texts` names an alert that is not offered to kinds"


#: Field lines that every question knows, or that make it something else.
_TAKEN = frozenset({"tags", "cites", "outcomes", "family", "points", "type", "for", "pass"})
