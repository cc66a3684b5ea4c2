"""Which release this is, and what it promises to packages of others: what every room may read."""

from __future__ import annotations

from collections.abc import Mapping

__version__ = "0.1.0"

#: Group of entry points -> the version of what is promised to those who name something there. It grows when something
#: that docs/plugins.md lists under it goes or changes its meaning, not when something is added.
PROMISES: Mapping[str, int] = {"lms.items": 1, "lms.packs": 1}
