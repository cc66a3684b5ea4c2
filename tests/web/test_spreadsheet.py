"""CSV that a spreadsheet opens as it is meant."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.web import spreadsheet


@pytest.mark.parametrize(
    "text", ["=1+1", "+62 812", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x.example")', " =1+1", "＝1+1"]
)
def test_nothing_a_person_wrote_is_run_as_a_formula(text: str) -> None:
    assert spreadsheet.cell(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Siti Aminah", "Siti Aminah"),
        ("199001012020121001", "'199001012020121001"),
        ("0812", "'0812"),
        ("2026", "2026"),
        (-1.5, "-1.5"),
        (3, "3"),
        (None, ""),
        ("", ""),
    ],
)
def test_names_stay_names_and_long_numbers_keep_their_digits(value: object, shown: str) -> None:
    assert spreadsheet.cell(value) == shown


def test_indonesian_excel_gets_semicolons_and_decimal_commas() -> None:
    content = b"".join(spreadsheet.write(("Nama", "Persen"), [("Siti; Aminah", 83.33), ("Yohanes", 100.0)], ";"))
    assert content.decode("utf-8-sig").splitlines() == ["Nama;Persen", '"Siti; Aminah";83,33', "Yohanes;100,0"]
    assert content.startswith(b"\xef\xbb\xbf")


def test_a_table_is_sent_part_by_part_while_its_lines_are_read() -> None:
    read: list[int] = []
    lines = ((f"Nama {number}", read.append(number)) for number in range(20_000))
    parts = spreadsheet.write(("Nama", ""), lines)
    first = next(parts)
    assert spreadsheet.PART <= len(first) < 2 * spreadsheet.PART
    assert 0 < len(read) < 20_000
    table = (first + b"".join(parts)).decode("utf-8-sig").splitlines()
    assert table == ["Nama,", *(f"Nama {number}," for number in range(20_000))]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_every_cell_comes_back_and_none_is_a_formula(texts: list[str]) -> None:
    content = b"".join(spreadsheet.write(["x"] * len(texts), [texts], ",")).decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(content, newline="")))[-1] if any(texts) or len(texts) > 1 else texts
    for text, cell in zip(texts, row, strict=True):
        assert cell in (text, "'" + text)
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Angkatan I", "hasil"), "angkatan-i-hasil-2026-11-30.csv"),
        (('Angkatan "X"\r\n../Évora; ś',), "angkatan-x-evora-s-2026-11-30.csv"),
        (("🎓",), "berkas-2026-11-30.csv"),
        (("x" * 300,), f"{'x' * 100}-2026-11-30.csv"),
    ],
)
def test_a_file_is_called_in_letters_that_every_system_takes(parts: tuple[str, ...], name: str) -> None:
    assert spreadsheet.file_name(*parts, day=date(2026, 11, 30), suffix="csv") == name
