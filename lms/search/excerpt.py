"""What a result shows of a text: the stretch with most of the words looked for, each of them marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: A piece of a text and whether it is to be marked; all pieces together are the text that is shown.
Piece = tuple[str, bool]

LENGTH = 180  # characters
_BEFORE = 40  # characters that are shown before the first mark


class Marks:
    """The words that are marked, whatever their case."""

    def __init__(self, forms: Iterable[str]) -> None:
        known = "|".join(sorted(form for form in forms if form.isalnum()))
        self._pattern = re.compile(rf"(?<![^\W_])(?:{known})(?![^\W_])" if known else r"(?!)", re.IGNORECASE)

    def in_whole(self, text: str) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        done = 0
        for found in self._pattern.finditer(text):
            pieces += [(text[done : found.start()], False), (found[0], True)]
            done = found.end()
        pieces.append((text[done:], False))
        return tuple(piece for piece in pieces if piece[0])

    def in_excerpt(self, text: str) -> tuple[Piece, ...]:
        """A stretch of about ``LENGTH`` characters, cut between words; the beginning where no word is found."""
        start = self._best(text)
        stretch = text[start:] if len(text) - start <= LENGTH else text[start : start + LENGTH].rsplit(" ", 1)[0]
        before = "… " if start else ""
        after = " …" if start + len(stretch) < len(text) else ""
        return self.in_whole(before + stretch + after)

    def _best(self, text: str) -> int:
        """Where the stretch begins that holds most different words, and of these the earliest."""
        if len(text) <= LENGTH:
            return 0
        found = [(one.start(), one[0].lower()) for one in self._pattern.finditer(text)]
        best, most = 0, 0
        for number, (start, _) in enumerate(found):
            different = len({word for at, word in found[number : number + 20] if at < start + LENGTH - _BEFORE})
            if different > most:
                best, most = start, different
        if best <= _BEFORE:
            return 0
        best = min(best, len(text) - LENGTH + _BEFORE)
        return text.rfind(" ", 0, best - _BEFORE) + 1
