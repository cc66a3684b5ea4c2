"""Numbers as people write them in Indonesia: ``1.000,5``, ``Rp50.000``, ``31,4 cm``, ``1,5 juta``, ``3..5``.

The only reader of numbers: of what an author accepts, of what a participant types, and of gaps that hold a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from lms.quiz.items import wording

LONGEST = 40  # characters of a number; twice as many of a range
#: What may stand behind a number without being announced by ``unit:``; small letters.
_KNOWN = (
    "% persen ‰ mm cm dm m km inci mg g gr gram kg ons kuintal ton ml l liter mm² mm2 cm² cm2 m² m2 km² km2 cm³ cm3 "
    "m³ m3 ha hektare hektar °c °f ° derajat detik menit jam hari minggu pekan bulan tahun abad km/jam m/s m/detik "
    "kb mb gb tb watt kw kwh volt hz jp sks orang kali buah halaman lembar"
)
UNITS = frozenset(_KNOWN.split())
#: Money stands before its number or behind it, and is said by whoever likes to.
MONEY = frozenset({"rp", "rp.", "idr", "rupiah"})
_ALIKE = (MONEY, frozenset({"%", "persen"}), *(frozenset({f"{one}²", f"{one}2"}) for one in ("mm", "cm", "m", "km")))
_SCALES = {"ribu": 3, "juta": 6, "miliar": 9, "milyar": 9, "triliun": 12}

_NUMBER = re.compile(
    r"(?P<money>(?:rp\.?|idr)? ?)(?P<sign>[-+−–]?) ?(?P<digits>\d(?:[\d.,]|(?<=\d) (?=\d))*)(?P<rest>.*)",
    re.ASCII | re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*", re.ASCII)
_SPACED = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?", re.ASCII)
_NO_CENTS = re.compile(r"[.,] ?[-–—]{1,2}$")
_TOLERANCE = re.compile(r" ?(?:±|\+/-|\+-) ?")
_DOTS = re.compile(r" ?(?:\.{2,3}|…) ?")
_DASH = re.compile(r"(?<=[^ .,]) ?[-−–—] ?(?=[^ ])| (?:sampai(?: dengan)?|hingga|s\.?d\.?|s/d) ", re.IGNORECASE)
#: What stands in a number or between two besides words; some of it is not seen.
_SIGNS = r"[\d\s.,±+/'´`’‘\-‐-―−\u00ad\u200b-\u200d\u2060\ufeff]"
ZEROS = re.compile(r"[-+−–]? ?0\d")


@dataclass(frozen=True, slots=True)
class Number:
    """``readings``: what it may mean, at least one; thousands first. ``unit``: as it was written, or empty."""

    readings: tuple[Decimal, ...]
    unit: str = ""
    dotted: bool = False  # whether dots part its digits, and no comma does

    @property
    def doubtful(self) -> bool:
        """Whether it is a thousand to some and one to others. ``1,000`` is not: the comma is the mark of decimals."""
        return len(self.readings) > 1 and self.dotted

    @property
    def meant(self) -> Decimal:
        """What its author means, unless it is doubtful."""
        return self.readings[-1] + 0  # no -0

    @property
    def is_usual(self) -> bool:
        """Whether it counts something; what has more digits names somebody."""
        return all(one.adjusted() < 15 and int(one.as_tuple().exponent) >= -10 for one in self.readings)


@dataclass(frozen=True, slots=True)
class Range:
    """``number`` alone, with a ``tolerance``, or up to ``high``.

    ``dashed``: the range is written as other things are, too, ``2020-2024`` or ``3 sampai 5``.
    """

    number: Number
    tolerance: Number | None = None
    high: Number | None = None
    dashed: bool = False

    @property
    def numbers(self) -> tuple[Number, ...]:
        return tuple(one for one in (self.number, self.tolerance, self.high) if one)

    @property
    def unit(self) -> str:
        return next((one.unit for one in self.numbers if one.unit), "")

    def meant(self) -> tuple[Decimal, Decimal]:
        """The lowest and the highest number that its author means."""
        return self._ends(*(one.meant for one in self.numbers))

    def possible(self) -> Iterator[tuple[Decimal, Decimal]]:
        """The same for everything that whoever typed it may have meant."""
        return (self._ends(*values) for values in product(*(one.readings for one in self.numbers)))

    def _ends(self, first: Decimal, second: Decimal | None = None) -> tuple[Decimal, Decimal]:
        if second is None:
            return first, first
        return (first, second) if self.high else (first - second, first + second)


def is_alike(one: str, other: str) -> bool:
    """Whether two units are the same to a reader."""
    one, other = plain(one), plain(other)
    return one == other or any({one, other} <= words for words in _ALIKE)


def is_known(unit: str) -> bool:
    """Whether it is a unit wherever it stands behind a number."""
    return plain(unit) in UNITS | MONEY


def plain(text: str) -> str:
    """Small letters, single spaces of the plain kind."""
    return " ".join(text.split()).casefold()


def number(text: str) -> Number | None:
    """The number that a text is, with whatever word or sign stands behind it as its unit."""
    text = " ".join(text.split())
    if len(text) > LONGEST or not (found := _NUMBER.fullmatch(text)):
        return None
    digits, rest = found["digits"], found["rest"].strip()
    money = found["money"].strip()
    if money and _NO_CENTS.search(digits + rest):
        digits, rest = _NO_CENTS.sub("", digits + rest), ""
    values = tuple(_values(digits))
    scale, _, unit = rest.partition(" ")
    if exponent := _SCALES.get(scale.casefold()):
        values, rest = tuple(value.scaleb(exponent) for value in values[-1:]), unit
    if not values or (rest and money) or (_DIGIT.search(rest) and not is_known(rest)):
        return None
    if len(values) > 1 and plain(money or rest) in MONEY:
        values = values[:1]  # nobody writes a price with three decimals
    if found["sign"] in {"-", "−", "–"}:
        values = tuple(value.copy_negate() for value in values)
    return Number(values, money or rest, "." in digits and "," not in digits)


def _values(digits: str) -> Iterator[Decimal]:
    """Thousands first, then decimals."""
    if " " in digits:
        if not _SPACED.fullmatch(digits):
            return
        yield Decimal(digits.replace(" ", "").replace(",", "."))
        return
    if _GROUPED.fullmatch(digits):
        yield Decimal(re.sub("[.,]", "", digits))
    head, mark, tail = digits.rpartition(max(".,", key=digits.rfind))
    if not mark:
        yield Decimal(digits)
    elif tail.isdecimal() and (head.isdecimal() or (mark not in head and _GROUPED.fullmatch(head))):
        yield Decimal(f"{re.sub('[.,]', '', head)}.{tail}")


def written(text: str) -> Range | None:
    """The number or range that a text is; its numbers may carry a unit, the same one."""
    text = " ".join(text.split())
    if len(text) > 2 * LONGEST:
        return None
    if found := _TOLERANCE.search(text):
        return _pair(text, found, "tolerance")
    if found := _DOTS.search(text):
        return _pair(text, found, "high")
    if one := number(text):
        return Range(one)
    found = next((found for found in _DASH.finditer(text) if found.start()), None)
    return _pair(text, found, "dashed") if found else None


def _pair(text: str, found: re.Match[str], how: str) -> Range | None:
    first, second = number(text[: found.start()]), number(text[found.end() :])
    if not first or not second or (first.unit and not is_alike(first.unit, second.unit)):
        return None
    if how == "tolerance":
        return Range(first, tolerance=second)
    return Range(first, high=second, dashed=how == "dashed")


def typed(text: str, unit: str) -> Iterator[tuple[Decimal, Decimal]]:
    """The lowest and the highest number that a person may have meant: the same, but for a range; none if it is none.

    Nobody has to type the unit of the question; its first word is enough, and no other is taken. Of ``1.000`` both
    readings are: who knows the answer should not fail by the separator of thousands.
    """
    text, units = _as_meant(text), _names_of(unit)
    bare = (text.removesuffix(one) if one and text.endswith(one) else text.removeprefix(one) for one in units)
    read = filter(None, map(written, (*bare, text)))
    found = next((one for one in read if not one.unit or _names(one.unit, units)), None)
    if found:
        yield from found.possible()


def typed_pattern(unit: str) -> str:
    """A regular expression for Python and for browsers: a first look without the server.

    It matches the whole of every text that ``typed`` reads, in NFKC and small letters, and of some that it does not.
    """
    alike = (word for words in _ALIKE for word in words if not words.isdisjoint(_names_of(unit)))
    words = filter(None, {*MONEY, *_SCALES, *_names_of(unit), *alike})
    between = r"sampai(?: dengan)?|hingga|s\.?\s?d"
    either = "|".join([between, *sorted(map(re.escape, words))])
    return rf"(?=[^\d]*\d)(?:{_SIGNS}|{either})+"


def _names_of(unit: str) -> tuple[str, ...]:
    """What a unit is called beside a number: all of it, or its first word."""
    unit = _as_meant(unit)
    return tuple(dict.fromkeys((unit, unit.partition(" ")[0])))


def _names(unit: str, units: Iterable[str]) -> bool:
    """Whether a typed ``unit`` is one of these; where none is asked for, money may be said."""
    return any(is_alike(unit, one) or (not one and plain(unit) in MONEY) for one in units)


def _as_meant(text: str) -> str:
    return wording.without_full_stop(wording.plain_signs(plain(unicodedata.normalize("NFKC", text))))


def readings(text: str) -> Iterator[Decimal]:
    """What single number a person may have meant: none, one, or two."""
    return (low for low, high in typed(text, "") if low == high)


def is_same(accepted: str, given: str) -> bool:
    """Whether a typed text is the number that an author's text is, however both are written.

    Only where the author's is beyond doubt a number: ``007`` and ``3.10`` are names of things more often.
    """
    one = number(accepted)
    if not one or one.unit or one.doubtful or ZEROS.match(accepted) or (one.dotted and accepted.count(".") == 1):
        return False
    return one.meant in readings(given)
