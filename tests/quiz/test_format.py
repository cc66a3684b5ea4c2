from __future__ import annotations

import re

import pytest

from lms.quiz.format import tidy
from lms.quiz.items.registry import ITEM_KINDS
from tests.quiz.writing import FULL, HEAD, codes, quiz, read, read_quiz

BARE = (
    HEAD
    + """\
## Dasar hukum
tags :  asas, C2

Apa?



- (x) Satu
  > Ya.
- ( ) Dua {#b}
- ( ) Tiga  <!-- mengapa? -->
- ( ) Semua {tetap}
<!-- soal berikut dari Edsger -->
## Pasangkan ##

- UU => DPR
- PP {#b} => Presiden
- => Menteri
# Bagian: Akhir


## Urutkan <!-- nanti -->
type: ordering

Apa?

1. Dua
2. Satu
"""
)


def test_missing_ids_are_written_and_others_kept():
    tidied = tidy(BARE)
    assert "- (x) Satu {#a}\n" in tidied
    assert "- ( ) Dua {#b}\n" in tidied
    assert "- ( ) Tiga {#c}  <!-- mengapa? -->\n" in tidied
    assert "- ( ) Semua {#d tetap}\n" in tidied
    assert "- PP {#b} => Presiden {#k" in tidied
    assert "- UU {#a} => DPR {#k" in tidied
    assert "# Bagian: Akhir {#akhir}\n" in tidied
    ids = [item.id for item in quiz(tidied.replace("Pasangkan {", "P {").replace("\n\n- UU", "\n\nApa?\n\n- UU")).items]
    assert [id.rpartition("-")[0] for id in ids] == ["dasar-hukum", "pasangkan", "urutkan"]


def test_white_space_is_settled():
    tidied = tidy(BARE)
    assert "tags: asas, C2\n\nApa?\n\n- (x)" in tidied
    assert "{#d tetap}\n<!-- soal berikut dari Edsger -->\n## Pasangkan {#" in tidied
    assert "\n\n# Bagian" in tidied
    assert "{#akhir}\n\n## Urutkan {#" in tidied
    assert tidied.endswith("}\n")
    assert not tidied.endswith("\n\n")


def test_notes_stay():
    assert tidy(BARE).count("<!--") == 3


def test_tidying_again_changes_nothing():
    assert tidy(tidy(BARE)) == tidy(BARE)
    assert tidy(FULL) == FULL


def test_only_missing_ids_are_mended():
    before, after = codes(read_quiz(BARE)[1]), codes(read_quiz(tidy(BARE))[1])
    assert before - after == {"Q010"}
    assert not after - before
    assert not {problem.code for problem in read_quiz(tidy(BARE))[1]} & {"Q047"}


@pytest.mark.parametrize("kind", ITEM_KINDS)
def test_a_question_reads_the_same_once_tidied(kind):
    text = ITEM_KINDS[kind].example
    assert tidy(text) == text
    bare = text
    for id in ("a", "b", "c", "k1", "k2", "k3", "k4", "m", "x", "f"):
        bare = bare.replace(f" {{#{id}}}", "")
    tidied = tidy(bare)
    assert read(tidied)[0] == read(bare)[0]
    assert tidy(tidied) == tidied
    assert tidied.count("{#") == text.count("{#")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "---\n",
        "## A\n\n- (x) a <!-- buka\n tutup --> b\n- ( ) c",
        "## A <!-- x --> B\n\nApa?\n\n- (x) a <!-- x --> b\n- ( ) <!-- x --> c <!-- y -->",
        "## <!-- x --> A <!-- buka\ntutup -->\n\nApa?\n\n= ya",
        "## A {#a}\n\nApa?\n\n- A <!-- => --> => X\n- B => Y <!-- z -->",
        "## A <!-- buka\ntutup -->\n\nApa?\n\n= ya",
        "## A\n\n```\n\n\n## bukan\n```\n\n= ya",
        "\ufeff\ufeff## A\r\n\r\n= ya\r\n",
        "## A\n\n- (x)\n  a\n- ( ) b\n",
    ],
)
def test_what_is_hard_to_edit_stays_readable(text):
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    assert codes(read_quiz(tidied)[1]) <= codes(read_quiz(text)[1])


def test_blank_lines_in_code_stay():
    text = HEAD + "## A {#a}\n\n```\nsatu\n\n\n\ndua\n```\n\n= ya\n"
    assert tidy(text) == text


def test_equal_titles_get_different_ids():
    text = HEAD + "## A\n\nApa?\n\n= ya\n\n## A\n\nApa?\n\n= ya\n"
    assert len({item.id for item in quiz(tidy(text)).items}) == 2


def test_a_title_without_letters_gets_an_id_all_the_same():
    tidied = tidy(HEAD + "# Bagian: 九\n\n## 九\n\nApa?\n\n= ya\n\n# Bagian: 海\n\n## 海\n\nApa?\n\n= ya\n")
    sections = quiz(tidied).sections
    assert sections[0].id == "bagian"
    assert re.fullmatch(r"bagian-[0-9a-f]{4}", sections[1].id)
    assert all(re.fullmatch(r"soal-[0-9a-f]{4}", item.id) for item in quiz(tidied).items)


def test_an_id_is_a_word_of_the_title_that_ends_in_no_hyphen():
    long = "Kedudukan Aparatur Sipil Negara menurut: undang-undang"
    (found,) = quiz(tidy(HEAD + f"## {long}\n\nApa?\n\n= ya\n")).items
    assert found.id.rpartition("-")[0] == "kedudukan-aparatur-sipil-negara-menurut"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## <!-- baru --> Satu", "## <!-- baru --> Satu {#ID}"),
        ("## Satu <!-- baru -->", "## Satu {#ID} <!-- baru -->"),
        ("## Satu ##", "## Satu {#ID}"),
    ],
)
def test_an_id_stands_behind_the_title_and_not_behind_a_note(before, after):
    tidied = tidy(HEAD + f"{before}\n\nApa?\n\n= ya\n")
    assert re.sub(r"\{#satu-[0-9a-f]{4}\}", "{#ID}", tidied) == HEAD + f"{after}\n\nApa?\n\n= ya\n"


def test_a_text_that_would_read_otherwise_is_only_cleaned():
    """Two spaces at the end of a line mean something in Markdown."""
    assert tidy("\ufeffPengantar.  \r\n") == "Pengantar.  \n"


def test_a_byte_order_mark_goes_and_no_letter_with_it():
    assert tidy("\ufeffXenon.\n") == "Xenon.\n"


def test_what_cannot_be_stored_is_shown_as_a_gap():
    assert tidy("a\0b\n") == "a\ufffdb\n"
    assert tidy("a\ud800b\n") == "a?b\n"


def test_a_heading_keeps_its_place_and_loses_what_nobody_sees():
    assert tidy(HEAD + "  ## A {#a}  \n\nApa?\n\n= ya\n") == HEAD + "  ## A {#a}\n\nApa?\n\n= ya\n"


def test_an_id_of_an_option_stands_in_its_last_braces():
    text = HEAD + "## A {#a}\n\nApa?\n\n- (x) A {#a}\n- ( ) Pakai {kurung} di sini {fixed}\n"
    assert tidy(text) == text.replace("{fixed}", "{#b fixed}")


def test_an_id_that_an_author_must_mend_is_left_alone():
    text = HEAD + "## Satu {#satu\n\nApa?\n\n= ya\n"
    assert "## Satu {#satu\n" in tidy(text)


def test_what_names_a_section_is_left_out_of_its_id_and_of_no_other():
    tidied = tidy(HEAD + "# Bagian: Dasar\n\n## Bagian: Hukum\n\nApa?\n\n= ya\n")
    assert "# Bagian: Dasar {#dasar}\n" in tidied
    assert re.search(r"^## Bagian: Hukum \{#bagian-hukum-[0-9a-f]{4}\}$", tidied, re.MULTILINE)


def test_an_id_is_written_beside_notes_and_nowhere_between_them():
    lines = tidy(
        HEAD
        + """\
## Judul {#j}

Apa?

- ( ) <!-- mengapa? -->Satu
- (x) Dua <!-- a --> lagi <!-- b -->
-   (x) Tiga <!-- a --> lagi
<!-- x --> - ( ) Empat
"""
    ).split("\n")
    assert lines[8:12] == [
        "- ( ) <!-- mengapa? -->Satu {#a}",
        "- (x) Dua <!-- a --> lagi <!-- b -->",
        "-   (x) Tiga <!-- a --> lagi {#c}",
        "<!-- x --> - ( ) Empat {#d}",
    ]


def test_spaces_that_say_nothing_go_and_those_that_break_a_line_stay():
    text = HEAD + "## B {#b}\n\nApa?  \nLagi?\n\n= ya\n"
    assert tidy(text) == text
    assert tidy(text.replace("?\n\n=", "?\n   \n=").replace("{#b}", "{#b}  ")) == text
    assert tidy("---\ntitle: Kuis\n---\n") == "---\ntitle: Kuis\n---\n"
    assert tidy("---\ntitle: Kuis\n---\n \n\n") == "---\ntitle: Kuis\n---\n"


def test_the_field_line_of_a_section_is_tidied():
    text = HEAD + "# Bagian: A {#a}\npass :  70%\n\n## B {#b}\ntags:\n\nApa?\n\n= ya\n"
    assert tidy(text) == text.replace("pass :  70%", "pass: 70%")


def test_an_entry_of_several_lines_gets_its_id_in_the_first():
    tidied = tidy(HEAD + "## Judul {#j}\n\nApa?\n\n- (x) Satu\n  lagi\n- ( ) Dua\n")
    assert "- (x) Satu {#a}\n  lagi\n- ( ) Dua {#b}\n" in tidied
    tidied = tidy(HEAD + "## Judul {#j}\n\nApa?\n\n- UU => DPR {#k1}\n  lagi\n- PP => Presiden {#k2}\n")
    assert "- UU {#a} => DPR {#k1}\n  lagi\n- PP {#b} => Presiden {#k2}\n" in tidied


def test_an_id_stands_before_the_spaces_that_break_a_line():
    tidied = tidy(HEAD + "## Judul {#j}\n\nApa?\n\n- (x) Satu {fixed}  \n  lagi\n- ( ) Dua  \n  lagi\n")
    assert "- (x) Satu {#a fixed}  \n  lagi\n- ( ) Dua {#b}  \n  lagi\n" in tidied
    tidied = tidy(HEAD + "## Judul {#j}\n\nApa?\n\n- UU => DPR {#k1}  \n  lagi\n- PP => Presiden {#k2}\n")
    assert "- UU {#a} => DPR {#k1}  \n  lagi\n" in tidied
