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


@pytest.mark.parametrize("title", ["login", "NIP", "nama masuk", "Email", "e-mail", " username "])
def test_a_login_has_many_names(title: str) -> None:
    assert roster.read(f"{title};nama\nada;Ada\n".encode())[0].login == "ada"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("", Place.PARTICIPANT),
        ("Peserta", Place.PARTICIPANT),
        ("participant", Place.PARTICIPANT),
        (" pengampu ", Place.INSTRUCTOR),
        ("INSTRUCTOR", Place.INSTRUCTOR),
    ],
)
@pytest.mark.parametrize("title", ["place", "peran", "Role", "sebagai"])
def test_a_place_is_written_in_either_language(title: str, written: str, place: Place) -> None:
    assert roster.read(f"login;name;{title}\nada;Ada;{written}\n".encode())[0].place == place


@pytest.mark.parametrize(("written", "minutes"), [("", 0), ("0", 0), ("7", 7), ("007", 7), ("600", 600)])
@pytest.mark.parametrize("title", ["extra_minutes", "tambahan menit", "Menit tambahan"])
def test_extra_minutes_are_whole_and_not_endless(title: str, written: str, minutes: int) -> None:
    assert roster.read(f"login;name;{title}\nada;Ada;{written}\n".encode())[0].extra_minutes == minutes


def test_a_row_may_be_shorter_than_the_heading_and_longer_by_empty_cells_only() -> None:
    first, second = roster.read(b"login;nama;peran;menit tambahan\nada;Ada\ngrace;Grace;pengampu;5; ;;\n")
    assert first == roster.Entry(2, "ada", "Ada", Place.PARTICIPANT, 0)
    assert second == roster.Entry(3, "grace", "Grace", Place.INSTRUCTOR, 5)


@pytest.mark.parametrize(
    ("heading", "row", "surplus"),
    [
        ("nip,nama", "199001012020121001,Dr. Ahmad, M.Si.", "sel ke-3 ('M.Si.')"),
        ("nip,nama,", "199001012020121001,Dr. Ahmad, M.Si.", "sel ke-3 ('M.Si.')"),
        ("nip,,nama", "199001012020121001,Dr.,Ahmad", "sel ke-2 ('Dr.')"),
        ("nip;nama;peran", "199001012020121001;Ada;peserta;;7", "sel ke-5 ('7')"),
    ],
)
def test_a_cell_without_a_heading_is_told_and_how_to_write_a_name_with_a_comma(
    heading: str, row: str, surplus: str
) -> None:
    told = _refused(f"{heading}\n{row}\n")
    assert told[0].startswith(f"Baris 2: {surplus} tidak berjudul; ")
    assert 'dalam tanda kutip, misalnya "Dr. Ahmad, M.Si."' in told[0]


def test_a_name_in_quotes_keeps_its_commas() -> None:
    entry = roster.read(b'nip,nama\n199001012020121001,"Dr. Ahmad, M.Si."\n')[0]
    assert entry.name == "Dr. Ahmad, M.Si."


def test_a_row_that_lacks_a_cell_it_needs_is_told() -> None:
    assert _refused("peran;login;nama\npeserta;ada\npeserta\n;ken;Ken\n") == [
        "Baris 2: nama tidak ada: baris ini hanya 2 sel.",
        "Baris 3: login tidak ada: baris ini hanya 1 sel; nama tidak ada: baris ini hanya 1 sel.",
    ]


def test_a_row_is_numbered_as_a_spreadsheet_does_with_cells_of_several_lines() -> None:
    text = 'login;alamat;nama\nada;"Jalan Merdeka\r\n17";Ada\ngrace;"a\n\nb";Grace\n;;Tanpa\n'
    assert _refused(text) == ["Baris 4: login kosong."]
    assert [entry.row for entry in roster.read(text.replace(";;Tanpa", "ken;;Ken").encode())] == [2, 3, 4]


def test_a_quote_that_swallows_the_next_row_is_told() -> None:
    assert "satu sel memuat baris lain" in _refused('login;nama\nada;"Ada\nken;Ken"\ngrace;Grace\n')[0]
    assert roster.read(b'login;nama\nada;"Ada\nLovelace"\n')[0].name == "Ada Lovelace"


@pytest.mark.parametrize(
    ("login", "why"),
    [
        ("199001012020121000", "berakhir 000, seperti angka yang dibulatkan lembar kerja"),
        ("19900101202012100", "terdiri atas 17 angka, bukan 18"),
        ("1990010120201210010", "terdiri atas 19 angka, bukan 18"),
        ("19900101", "terdiri atas 8 angka, bukan 18"),
        ("199.001.012.020.121.001", "memuat titik, koma atau spasi"),
        ("19900101 202012 1 001", "memuat titik, koma atau spasi"),
        ("199001012020121001.0", "memuat titik, koma atau spasi"),
    ],
)
def test_a_number_that_is_no_nip_is_taken_only_when_that_is_said(login: str, why: str) -> None:
    text = f"nip;nama\n{login};Ada\n"
    assert _refused(text) == [f"Baris 2: NIP {login} {why}; perbaiki, atau terima dengan --accept-unusual-nip."]
    if " " in login:  # which no account can have
        assert "tidak dapat dipakai" in _refused(text, unusual=True)[0]
    else:
        assert roster.read(text.encode(), unusual=True)[0].login == login


@pytest.mark.parametrize("login", ["1,99001E+17", "1.99E+17", "1,99e+17", "1E+17"])
def test_a_number_that_became_scientific_is_taken_never(login: str) -> None:
    for unusual in (False, True):
        assert "angka ilmiah" in _refused(f"nip;nama\n{login};Ada\n", unusual=unusual)[0]


def test_one_person_twice_is_told_with_the_other_name() -> None:
    assert _refused("login;nama\nada;Ada\nADA;Ada \n'ada;Grace\n") == [
        "Baris 3: ada sudah ada di baris 2.",
        "Baris 4: ada sudah ada di baris 2 dengan nama 'Ada'.",
    ]


def test_what_no_account_can_have_is_told_with_all_other_faults() -> None:
    told = _refused(f"login;nama\nx!;Salah\n;Tanpa\nken;{'K' * 201}\n")
    assert [row.split(":")[0] for row in told] == ["Baris 2", "Baris 3", "Baris 4"]
    assert "Nama masuk 'x!' tidak dapat dipakai" in told[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_what_excel_calls_unicode_text_is_read(encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    entry = roster.read(f"{mark}NIP\tNama\r\n199001012020121001\tRené Šimun\r\n".encode(encoding))[0]
    assert (entry.login, entry.name) == ("199001012020121001", "René Šimun")


@pytest.mark.parametrize("content", ["NIP;Nama\nada;Ada\n".encode("utf-16-le"), b"PK\x03\x04\x14\x00\x06\x00\x08"])
def test_what_is_no_csv_at_all_is_told_as_that(content: bytes) -> None:
    with pytest.raises(roster.BadRoster, match="bukan CSV; dalam lembar kerja, simpan"):
        roster.read(content)


def _refused(text: str, *, unusual: bool = False) -> list[str]:
    with pytest.raises(roster.BadRoster) as caught:
        roster.read(text.encode(), unusual=unusual)
    return caught.value.rows


def test_of_two_columns_with_one_meaning_the_first_is_read() -> None:
    entry = roster.read(b"NIP;nama;email;nama lengkap\n199001012020121001;Ada;ada@example.go.id;Ada Lovelace\n")[0]
    assert (entry.login, entry.name) == ("199001012020121001", "Ada")


def test_empty_rows_count_as_a_spreadsheet_counts_them() -> None:
    assert [entry.row for entry in roster.read(b"login;nama\n\nada;Ada\n;\nken;Ken\n")] == [3, 5]


def test_a_number_marked_as_text_for_a_spreadsheet_is_the_number() -> None:
    for marked in ("'199001012020121001", " '199001012020121001", "' 199001012020121001 ", "\xa0199001012020121001"):
        assert roster.read(f"login;nama\n{marked};Siti\n".encode())[0].login == "199001012020121001"


def test_the_heading_alone_says_what_separates_cells() -> None:
    entry = roster.read(b"login;nama\nada;Ada, S.H., M.H., M.Kn.\n")[0]
    assert (entry.login, entry.name) == ("ada", "Ada, S.H., M.H., M.Kn.")


def test_a_file_that_was_cut_off_is_told_as_one() -> None:
    with pytest.raises(roster.BadRoster, match="Baris 2: bukan CSV yang utuh"):
        roster.read(b'login;nama\nada;"Ada')
    with pytest.raises(roster.BadRoster, match="Baris 3: bukan CSV yang utuh"):
        roster.read(b'login;nama\nken;"Ken\nK"\nada;"Ada" L\ngrace;Grace\n')


def test_an_empty_file_is_told_as_one() -> None:
    with pytest.raises(roster.BadRoster) as caught:
        roster.read(b"")
    assert caught.value.rows == ["Berkas kosong."]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (";Ada;;", "Baris 2: login kosong."),
        ("ada;;;", "Baris 2: nama kosong."),
        (";;peserta;", "Baris 2: login kosong; nama kosong."),
        ("ada;A\u0007da;;", "karakter yang tidak terlihat"),
        ("ada;A\ufffdda;;", "huruf yang tidak terbaca"),
        ("1,99E+17;Ada;;", "NIP 1,99E+17 sudah diubah lembar kerja"),
        ("1.99e+17;Ada;;", "NIP 1.99e+17 sudah diubah lembar kerja"),
        ("ada;Ada;bos;", "peran 'bos' tidak dikenal"),
        ("ada;Ada;;601", "'601' harus bilangan bulat 0–600"),
        ("ada;Ada;;-1", "'-1' harus bilangan bulat"),
        ("ada;Ada;;1000", "'1000' harus bilangan bulat"),
        ("ada;Ada;;١", "harus bilangan bulat"),
    ],
)
def test_each_fault_is_told(row: str, why: str) -> None:
    with pytest.raises(roster.BadRoster) as caught:
        roster.read(f"login;nama;peran;menit tambahan\n{row}\n".encode())
    assert len(caught.value.rows) == 1
    assert why in caught.value.rows[0]
    assert str(caught.value).endswith("\n" + caught.value.rows[0])


@pytest.mark.parametrize("login", ["ada", "1e17", "a1.9E+17", "e+mail"])
def test_only_a_number_turned_scientific_is_taken_for_one(login: str) -> None:
    assert roster.read(f'login;nama\n"{login}";Ada\n'.encode())[0].login == login.lower()


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        ("nama", "kolom login (atau NIP) tidak ada. Judul yang terbaca: nama."),
        ("login", "kolom nama tidak ada"),
        ("a;b", "kolom login (atau NIP) dan nama tidak ada. Judul yang terbaca: a, b."),
    ],
)
def test_a_missing_column_is_named(heading: str, why: str) -> None:
    with pytest.raises(roster.BadRoster) as caught:
        roster.read(f"{heading}\nx\n".encode())
    assert caught.value.rows[0].startswith("Baris 1: ")
    assert why in caught.value.rows[0]


def test_a_list_is_as_long_as_a_file_may_be_and_no_longer() -> None:
    rows = [f"orang{number};Orang" for number in range(19_999)]
    assert len(roster.read("\n".join(["login;nama", *rows]).encode())) == 19_999
    with pytest.raises(roster.BadRoster, match="20000"):
        roster.read("\n".join(["login;nama", *rows, "x;X"]).encode())
    large = b"login;nama\nada;Ada"
    assert roster.read(large + b";" * (roster.LARGEST - len(large)))
    with pytest.raises(roster.BadRoster, match="5 MB"):
        roster.read(large + b";" * (roster.LARGEST - len(large) + 1))


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    try:
        entries = roster.read(b"login;nama\n" + content)
    except roster.BadRoster:
        return
    assert entries
    assert len({entry.login for entry in entries}) == len(entries)
