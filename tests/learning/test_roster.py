"""Lists of people as spreadsheets really save them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.db.cohorts import Place
from lms.learning import roster

PLAIN = "NIP,Nama\n199001012020121001,Siti Aminah\n199001012020121002,Yohanes\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("cp1252"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.rstrip().encode(),
        (PLAIN + "\n,\n  \n").encode(),
    ],
    ids=["utf-8", "mark", "cp1252", "semicolon", "tab", "crlf", "no last newline", "empty rows"],
)
def test_a_list_is_read_however_it_was_saved(content: bytes) -> None:
    entries = roster.read(content)
    assert [(entry.row, entry.login, entry.name) for entry in entries] == [
        (2, "199001012020121001", "Siti Aminah"),
        (3, "199001012020121002", "Yohanes"),
    ]
    assert {(entry.place, entry.extra_minutes) for entry in entries} == {(Place.PARTICIPANT, 0)}


def test_letters_outside_ascii_survive_cp1252() -> None:
    assert roster.read("login;nama\nrene;René Šimun".encode("cp1252"))[0].name == "René Šimun"


def test_columns_may_stand_in_any_order_and_have_the_names_people_use() -> None:
    entry = roster.read(b"Menit tambahan,Nama lengkap,Peran,E-mail\n30,Maria,Pengampu,Maria@example.go.id\n")[0]
    assert (entry.login, entry.name, entry.place, entry.extra_minutes) == (
        "maria@example.go.id",
        "Maria",
        Place.INSTRUCTOR,
        30,
    )


def test_every_bad_row_is_named_at_once() -> None:
    with pytest.raises(roster.BadRoster) as caught:
        roster.read(
            b"login;nama;peran;menit tambahan\n"
            b"ada;Ada;peserta;\n"
            b";Tanpa Login;;\n"
            b"tono;;;\n"
            b"ADA;Ada lagi;;\n"
            b"1,99E+17;Excel;;\n"
            b"tina;Tina;bos;\n"
            b"tini;Tini;;seribu\n"
        )
    assert [row.split(":")[0] for row in caught.value.rows] == [f"Baris {row}" for row in (3, 4, 5, 6, 7, 8)]
    assert "sudah ada di baris 2" in caught.value.rows[2]
    assert "angka ilmiah" in caught.value.rows[3]


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"login;nama\n", b"apa;saja\n1;2\n", b'login;nama\n"tak ditutup;x\n', b"\xff\xfe\x00"]
)
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(roster.BadRoster):
        roster.read(content)


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    try:
        entries = roster.read(b"login;nama\n" + content)
    except roster.BadRoster:
        return
    assert entries
    assert len({entry.login for entry in entries}) == len(entries)
