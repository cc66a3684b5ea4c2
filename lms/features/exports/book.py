"""Tables as files: a workbook, or an archive of CSV. Rows are written as they come and none is kept in memory.

Nothing that a person wrote is ever a formula: in a workbook every text is a cell of text, in CSV as
``lms.web.spreadsheet`` has it.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from tempfile import TemporaryDirectory, TemporaryFile
from types import TracebackType
from typing import IO, Any, Protocol, Self
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from lms.db.exports import Form
from lms.web import spreadsheet


class Share(float):
    """A part of a whole, 0…1; a table shows it in percent."""


#: What may stand in a cell. Moments are those of the clock that the heading names, without a zone.
Cell = str | int | float | datetime | None
#: Adds a row to a table.
Add = Callable[[Sequence[Cell]], None]


class Book(Protocol):
    """Tables, each filled row by row, several at a time. Closed it is a whole file; left by an error it is none."""

    def table(self, name: str, heading: Sequence[str]) -> Add:
        """A new table below a heading."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def book(form: Form, file: IO[bytes]) -> Book:
    """What is written in this form goes to ``file`` when it is closed."""
    return Workbook(file) if form is Form.WORKBOOK else Archive(file, _SEPARATORS[form])


SUFFIXES = {Form.WORKBOOK: "xlsx", Form.SEMICOLONS: "zip", Form.COMMAS: "zip"}
MIMETYPES = {
    Form.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.SEMICOLONS: "application/zip",
    Form.COMMAS: "application/zip",
}
_SEPARATORS = {Form.SEMICOLONS: ";", Form.COMMAS: ","}


# --- a workbook -----------------------------------------------------------------------------------------------------

#: Rows and characters that Excel takes. Source: "Excel specifications and limits", Microsoft.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
#: How wide columns are, in characters; a heading longer than that shows as much of itself.
_WIDTHS = range(8, 40)


class Workbook:
    """XLSX. A table with more rows than a sheet takes goes on in another sheet."""

    def __init__(self, file: IO[bytes], *, most_rows: int = MOST_ROWS) -> None:
        self._folder = TemporaryDirectory(prefix="lms-export-")  # rows wait here until the book is closed
        self._book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": self._folder.name})
        self._book.use_zip64()
        self._most_rows = most_rows
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._share = self._book.add_format({"num_format": "0.0%"})

    def table(self, name: str, heading: Sequence[str]) -> Add:
        sheet, place, number = self._sheet(name, heading), 1, 1

        def add(row: Sequence[Cell]) -> None:
            nonlocal sheet, place, number
            if place == self._most_rows:
                number += 1
                sheet, place = self._sheet(f"{name} {number}", heading), 1
            self._write(sheet, place, row)
            place += 1

        return add

    def _sheet(self, name: str, heading: Sequence[str]) -> Any:
        sheet = self._book.add_worksheet(name)
        for column, title in enumerate(heading):
            sheet.set_column(column, column, min(max(len(title) + 2, _WIDTHS.start), _WIDTHS.stop))
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(heading):
            sheet.write_string(0, column, title[:MOST_CHARACTERS], self._bold)
        return sheet

    def _write(self, sheet: Any, place: int, row: Sequence[Cell]) -> None:
        for column, value in enumerate(row):
            match value:
                case None | "":
                    continue
                case str():
                    sheet.write_string(place, column, value[:MOST_CHARACTERS])
                case datetime():
                    sheet.write_datetime(place, column, value, self._moment)
                case Share():
                    sheet.write_number(place, column, value, self._share)
                case _:
                    sheet.write_number(place, column, value)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._folder:
            if kind is None:
                self._book.close()
                return
            for sheet in self._book.worksheets():
                sheet._opt_close()  # it has no other way to let go of its rows


# --- an archive of CSV ----------------------------------------------------------------------------------------------


class Archive:
    """ZIP with a CSV for each table. Each is written beside it first: an archive takes one file after the other."""

    def __init__(self, file: IO[bytes], separator: str) -> None:
        self._file, self._separator = file, separator
        self._tables: dict[str, tuple[IO[bytes], io.TextIOWrapper]] = {}
        self._opened = ExitStack()

    def table(self, name: str, heading: Sequence[str]) -> Add:
        held = TemporaryFile()  # noqa: SIM115 – closed with the text around it
        text = self._opened.enter_context(io.TextIOWrapper(held, "utf-8-sig", newline=""))
        self._tables[name] = held, text
        writer = csv.writer(text, delimiter=self._separator)
        writer.writerow(spreadsheet.line(heading, self._separator))

        def add(row: Sequence[Cell]) -> None:
            writer.writerow(spreadsheet.line(map(_told, row), self._separator))

        return add

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._opened:
            if kind is None:
                self._pack()

    def _pack(self) -> None:
        with ZipFile(self._file, "w", ZIP_DEFLATED) as archive:
            for name, (held, text) in self._tables.items():
                text.flush()
                held.seek(0)
                with archive.open(f"{name.lower().replace(' ', '-')}.csv", "w", force_zip64=True) as packed:
                    shutil.copyfileobj(held, packed)


def _told(value: Cell) -> object:
    if isinstance(value, Share):
        return round(value * 100, 2)
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value
