"""What other packages bring along, found by the entry points they were installed with (docs/plugins.md)."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from lms.errors import BadSetting

#: The groups of entry points that are looked at.
PACKS, ITEMS = "lms.packs", "lms.items"


class BadPlugin(BadSetting):
    """What a package brings cannot be used; the message names the package and says what to do."""


def found(group: str) -> list[EntryPoint]:
    """All that installed packages name in a group, by name and package."""
    return sorted(entry_points(group=group), key=lambda one: (one.name, package(one)))


def package(one: EntryPoint) -> str:
    """Who brought it, as pip calls it."""
    return one.dist.name if one.dist else one.value


def packages(group: str, name: str) -> str:
    """All who bring what is called so, as pip calls them, in one line."""
    return ", ".join(package(one) for one in found(group) if one.name == name)
