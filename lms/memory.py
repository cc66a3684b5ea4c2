"""What a process remembers of what it made."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

V = TypeVar("V")


class Memory:
    """A bounded memory of what was rendered and of what was signed; the oldest goes first. Safe for threads."""

    def __init__(self, most: int = 20_000) -> None:
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """What is kept under this key, or None."""
        return self._kept.get(key)

    def remember(self, key: Hashable, make: Callable[[], V]) -> V:
        """What ``make`` returned for this key the first time. Two first views at once may both render."""
        try:
            value = self._kept[key]
        except KeyError:
            value = make()
            with self._lock:
                self._kept[key] = value
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return cast(V, value)


class Memories:
    """A memory for each owner, which goes with it: nothing remembered may lead back to the owner. Safe for threads."""

    def __init__(self) -> None:
        self._memories: WeakKeyDictionary[object, Memory] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, owner: object) -> Memory:
        found = self._memories.get(owner)
        if found is None:
            with self._lock:
                found = self._memories.setdefault(owner, Memory())
        return found
