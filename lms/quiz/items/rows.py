"""Questions that ask several things at once, each with an answer of its own.

A response is one string a row, ``row=value``: the id of the row, and the id of the option chosen or the text typed
there. Rows left empty are missing. A form may send the rows in either of two ways, both under names of ``Item.field``:

* ``answer-<item>`` several times, each value ``row=value`` (a ``<select>`` for each row, its options ``row=option``);
* ``answer-<item>.<row>`` once a row, the value alone (as a text input needs). No item's id has a dot.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from lms.errors import Said
from lms.quiz.item import NOT_ANSWERED, Form, Item, Mark, Response
from lms.quiz.option import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class RowItem(Item):
    """The mean of its rows: each counts the same."""

    def read(self, form: Form) -> Response | None:
        own = form.get(self.field, ())
        rows = (f"{row.id}={value}" for row in self.rows() for value in form.get(f"{self.field}.{row.id}", ()))
        return self.accept([*own, *rows])

    def _understand(self, values: Response) -> Response | None:
        given: dict[str, str] = {}
        rows = {row.id: row for row in self.rows()}
        for value in filter(None, values):
            id, equals, text = value.partition("=")
            if not equals or id not in rows:
                raise self._refused(Said("Jawaban itu tidak ada pada soal ini. Muat ulang halaman lalu jawab lagi."))
            if not (text := self._fitting(rows[id], text.strip())):
                continue
            if given.setdefault(id, text) != text:
                why = Said("Satu baris hanya boleh berisi satu jawaban. Muat ulang halaman lalu jawab lagi.")
                raise self._refused(why)
        return tuple(f"{id}={given[id]}" for id in rows if id in given) or None

    def _fitting(self, row: Row, text: str) -> str:
        if text and row.options and text not in {option.id for option in row.options}:
            raise self._refused(Said("Pilihan itu tidak ada pada soal ini. Muat ulang halaman lalu pilih lagi."))
        return text

    def by_row(self, response: Response | None) -> dict[str, str]:
        pairs = (value.partition("=") for value in response or ())
        return {id: text for id, _, text in pairs}

    def mark(self, response: Response | None) -> Mark:
        if not response:
            return NOT_ANSWERED
        return Mark(self._fraction(response), answered=True)

    def _fraction(self, response: Response) -> float:
        return fmean(self.row_shares(response).values())
