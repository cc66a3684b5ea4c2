"""The few fields in which somebody mends the key of a question, whatever its kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lms.errors import Invalid


class Widget(StrEnum):
    """What a page offers to fill in."""

    SEVERAL = "several"  # any number of the options is right
    ONE = "one"  # one of the options is right
    WEIGHTS = "weights"  # each option is worth a number
    LINES = "lines"  # answers, one a line


@dataclass(frozen=True, slots=True)
class KeyForm:
    """``values``: option id -> what stands in its field, "1" for one that is right; under "" the lines.

    ``percent``: whether a line may begin with the share of the points that it earns.
    """

    widget: Widget
    values: Mapping[str, str]
    percent: bool = False

    @property
    def right(self) -> frozenset[str]:
        """The ids of the options that are marked as right."""
        return frozenset(id for id, value in self.values.items() if value)

    @property
    def lines(self) -> str:
        return self.values[""]

    def sent(self, form: Mapping[str, Sequence[str]]) -> KeyForm:
        """The same fields as somebody filled them in."""
        match self.widget:
            case Widget.SEVERAL | Widget.ONE:
                chosen = form.get("key", ())
                return replace(self, values=marked([*self.values, *chosen], chosen))
            case Widget.WEIGHTS:
                return replace(self, values={id: "".join(form.get(f"weight-{id}", ())) for id in self.values})
            case Widget.LINES:
                return replace(self, values={"": "\n".join(form.get("lines", ()))})


def marked(ids: Iterable[str], right: Collection[str]) -> dict[str, str]:
    """The values of a form in which these ``ids`` can be marked, and the ``right`` ones are."""
    return {id: "1" if id in right else "" for id in ids}


def wrong_key(message: str) -> Invalid:
    """What is wrong with what was filled in."""
    return Invalid(message, {"key": message})
