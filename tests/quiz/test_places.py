"""Every mistake stands on its line under its code, and its message names what is meant. Warnings are told apart.

A place is written ``line code``, of a warning in small letters; the texts begin at line 1.
"""

from __future__ import annotations

import pytest

from lms.fields import Severity
from tests.quiz.writing import FULL, read, read_quiz, written

HEAD = "---\ntitle: Kuis\n---\n"
QUESTION = "## Satu {#satu}\ntags: C1\n\nApa?\n\n= ya\n\n> [!EXPLANATION]\n> Sebab.\n"


def places(problems) -> str:
    return ", ".join(
        f"{problem.line} {problem.code if problem.severity is Severity.ERROR else problem.code.lower()}"
        for problem in problems
    )


def of_quiz(text: str) -> tuple[str, str]:
    problems = read_quiz(text)[1]
    return places(problems), "\n".join(problem.message for problem in problems)


@pytest.mark.parametrize(
    ("before", "after", "expected", "names"),
    [
        (" {#satu}", "", "4 Q010", "`## Judul {#id-soal}`"),
        ("{#satu}", "{#Satu}", "4 Q011", "`Satu`"),
        ("{#satu}", "{#satu", "4 Q011", "`Satu {#satu`"),
        ("Satu ", "", "4 Q013", "`##`"),
        ("tags", "tagss", "5 Q014", "`tagss` tidak dikenal; maksud Anda `tags`?"),
        ("tags: C1", "tags: C1\nApakah: ini", "6 Q014", "`Apakah` tidak dikenal; bila ini teks soal"),
        ("tags: C1", "tags: C1\nTeks.", "6 Q015", "baris kosong"),
        ("tags: C1", "tags: C1\ntags: C2", "6 Q016", "`tags`"),
        ("tags: C1", "tags: C1\nscoring: exact", "6 Q017", "`scoring` tidak berlaku untuk soal jenis isian singkat"),
        ("tags: C1", "tags: C1\ncase: yes\npoints: nol", "7 Q018", "`nol`"),
        ("tags: C1", "tags: C1\npoints: 1000,1", "6 Q018", "`1000,1`"),
        ("tags: C1", "type: singel\ntags: C1", "5 Q021", "maksud Anda `single`?"),
        ("tags: C1", "cites: UU 20/2023\ntags: C1", "5 Q022", "`UU 20/2023`"),
        ("Apa?\n\n", "", "4 Q030", "pertanyaannya"),
        ("= ya", "ya", "4 Q031", "belum punya jawaban"),
        ("= ya", "- (x) A\n  > Ya.\n- ( ) B {#b}\n  > Tidak.", "9 q047", "{#a}"),
        ("= ya", "= ya\n\nLagi.", "11 Q033", "teks sesudah jawaban"),
        ("> Sebab.", "> Sebab.\n\n> [!EXPLANATION]\n> Lagi.", "14 Q035", "`[!EXPLANATION]`"),
        ("> Sebab.", "> Sebab.\n>\n> [!pembahasan]\n> Lagi.", "14 Q035", "`[!pembahasan]`"),
        ("EXPLANATION", "EXPLANATIN", "11 Q036", "`[!EXPLANATIN]` tidak dikenal; maksud Anda"),
        ("EXPLANATION", "RUBRIC", "4 Q037, 4 q060", "RUBRIC"),
        ("> Sebab.", "> Sebab.\n\n\n<!-- catatan\n", "15 Q005", "`-->`"),
        ("## Satu", "# Judul {#j}\n\n## Satu", "4 Q006", "`# Bagian: nama {#id}`"),
        ("## Satu", "Petunjuk.\n\n- (x) A {#a}\n\n## Satu", "6 Q008", "`## Judul {#id-soal}`"),
        ("## Satu", "= petunjuk\n\n## Satu", "4 Q008", "dua tanda pagar"),
        ("> Sebab.", f"> Sebab.\n\n{QUESTION}", "14 Q012", "`satu` sudah dipakai di baris 4"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_question(before, after, expected, names):
    assert before in QUESTION
    found, said = of_quiz(HEAD + QUESTION.replace(before, after, 1))
    assert found == expected
    assert names in said


@pytest.mark.parametrize(
    ("before", "after", "expected", "names"),
    [
        ("{#twk}", "{#TWK}", "18 Q011", "`TWK`"),
        (" {#twk}", "", "18 Q010", "`# Judul {#id-bagian}`"),
        ("{#tiu}", "{#twk}", "12 Q075, 54 Q012", "`twk` sudah dipakai di baris 18"),
        ("pass: 2\n", "pass: dua\n", "19 Q070", "dua"),
        ("pass: 2\n", "pass: 4\n", "18 Q070", "4 poin tidak dapat dicapai; bagian ini bernilai 3"),
        ("pass: 70%\n", "pass: 101%\n", "55 Q070", "101%"),
        ("pass: 2\n", "lulus: 2\n", "19 Q014", "`lulus` tidak dikenal"),
        ("section: tiu", "section: tui", "12 Q075", "`tui` yang tidak ada; pilih tiu, twk"),
        ("for: [satu, dua]", "for: [satu, tak-ada]", "24 Q072", "`tak-ada`"),
        ("for: [satu, dua]", "for: [satu, twk]", "24 Q072", "`twk`"),
        ("for: [satu, dua]", "for: [satu, bacaan-satu]", "24 Q072", "`bacaan-satu`"),
        (" {#bacaan-satu}", "", "23 Q010", "bacaan belum punya id; tulis mis. `## Judul {#id-bacaan}`"),
        ("for: [satu, dua]", "for: [satu, dua]\nApakah: ini", "25 Q014", "bila ini teks bacaan"),
        ("pass: 2\n", "pass: 2\nApakah: ini\n", "20 Q014", "bila ini teks bagian"),
        ("for: [satu, dua]", "for:", "24 Q072", "`for: [soal-a, soal-b]`"),
        ("for: [satu, dua]", "for: [satu, dua]\npoints: 3", "25 Q014", "`points`"),
        ("Sebuah teks untuk dua soal.", "", "23 Q074", "teks"),
        ("{#bacaan-satu}", "{#satu}", "28 Q012", "`satu` sudah dipakai di baris 23"),
        ("answers: after-close", "answers: during", "6 q007, 6 q009", "terkunci"),
        ("marks: after-submit", "marks: during", "6 q007", "terkunci"),
        ("time_limit: 1 jam 40 min", "time_limit: lama", "4 Q003", "`1 jam 30 min`"),
        ("review: {", "review: besok # ", "6 Q004", "`during`, `after-submit`, `after-last`, `after-close`, `never`"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_whole_file(before, after, expected, names):
    assert before in FULL
    found, said = of_quiz(FULL.replace(before, after, 1))
    assert found == expected
    assert names in said


def test_a_draw_for_a_section_where_there_is_none_is_told_what_to_do():
    found, said = of_quiz("---\ntitle: Kuis\ndraw: [{tags: [a], count: 1, section: x}]\n---\n")
    assert found == "3 Q075"
    assert said.endswith("pilih tanpa section")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("- a {#a} => 1 {#k1}\n- b {#b} => 2 {#k2}\n- => 3 {#k3}", ""),
        ("- a {#a} => 1 {#k1}\n- b => 2 {#k2}\n- => 3 {#k3}", "10 q047"),
        ("- a {#a} => 1 {#k1}\n- b {#b} => 2\n- => 3", "10 q047, 11 q047"),
    ],
)
def test_rows_and_choices_without_an_id_are_told_in_a_quiz(answer, expected):
    assert of_quiz(HEAD + QUESTION.replace("= ya", answer))[0] == expected


def test_a_section_without_questions_is_told_at_its_heading():
    found, said = of_quiz(FULL.replace("pass: 2\n", "pass: 2\n\n# Bagian: Kosong {#kosong}\n"))
    assert found == "18 Q071"
    assert "`## Judul {#id-soal}`" in said


@pytest.mark.parametrize(
    ("answer", "fields", "expected", "names"),
    [
        ("- (x) A {#a}\n- ( ) B {#a}", "", "6 q061, 7 Q045, 7 q061", "`a`"),
        ("- (x) A {#a}\n- (x) B {#b}", "", "6 q061, 7 Q041, 7 q061", "[x] dan [ ]"),
        ("- ( ) A {#a}\n- ( ) B {#b}", "", "6 Q040, 6 q061, 7 q061", "tanda x"),
        ("- (x) A {#a}", "", "6 Q042, 6 q061", "satu opsi"),
        ("- (x) A {#a}\n- B {#b}", "", "6 q061, 7 Q044, 7 q061", "kurung"),
        ("- (x) A {#a}\n- ( ) {#b}", "", "6 q061, 7 Q043", "teks"),
        ("- (x) A {#a x}\n- ( ) B {#b}", "", "6 Q046, 6 q061, 7 q061", "{#a fixed}"),
        ("- (x) A {fixed x}\n- ( ) B {#b}", "", "6 Q046, 6 q061, 7 q061", "{#a fixed}"),
        ("- (x) A {#A}\n- ( ) B {#b}", "", "6 Q046, 6 q061, 7 q061", "{#a fixed}"),
        ("- (x) A {#a}\n- ( ) B {#b}\n\n= ya\n\nLagi.", "", "6 q061, 7 q061, 9 Q032, 11 Q033", "teks sesudah"),
        ("= \n= 120% ya\n= tidak", "", "6 Q050, 7 Q051", "120%"),
        ("= ya", "type: xyz", "2 Q021", "; pilih single, multiple, "),
        ("= ya", "type: roman\narabic: ya", "2 Q021", "dibawa oleh paket lain, paket itu belum dipasang"),
        ("- (x) A {#a}\n- [ ] B {#b}", "", "6 q061, 7 Q032, 7 q061", "bercampur"),
        ("- (x) A {#a}\n\n= ya", "", "6 Q042, 6 q061, 8 Q032", "isian singkat, padahal di atasnya pilihan tunggal"),
        ("= ", "", "6 Q050", "="),
        ("= 120% ya", "", "6 Q051", "120%"),
        ("= 0% ya", "", "6 Q051", "0%"),
        ("= 100,5% ya", "", "6 Q051", "100,5%"),
        ("= benar\n\n> [!CORRECT]\n> Ya.", "", "6 q061", "`> [!INCORRECT]`"),
        ("= benar\n\n> [!INCORRECT]\n> Ya.", "", "6 q061", "`> [!CORRECT]`"),
        ("= benar\n\n> [!CORRECT]\n> Ya.\n\n> [!SALAH]\n> Bukan.", "", "", ""),
        ("= ya\nx", "", "7 Q052", "="),
        ("= ya\n= Ya", "", "7 Q053", "`Ya`"),
        ("= *", "", "6 Q054", "`*`"),
        ("= ya", "case: mungkin", "2 Q020", "`case`"),
        ("= ya", "type: numeric", "6 Q055", "`ya`"),
        ("= 1.000\n= 5..3", "", "6 Q057, 7 Q056", "`5..3`"),
        ("= 3 ± -1", "", "6 Q056", "`3 ± -1`"),
        ("= 1.000", "", "6 Q057", "`1.000`"),
        ("- (5) A {#a}\n- (50%) B {#b}", "", "6 q061, 6 Q080, 6 Q082, 7 q061", "satu opsi harus bernilai 100%"),
        ("- [120%] A {#a}\n- [0] B {#b}", "", "6 q061, 6 Q081, 7 q061, 7 Q080", "100%"),
        ("- (0) A {#a}\n- (0) B {#b}", "", "6 q061, 6 Q081, 7 q061", "100%"),
        ("- [50%] A {#a}\n- [0%] B {#b}", "", "6 q061, 6 Q082, 7 q061", "positif"),
        ("- a {#a} => 1 {#k1}\n- b {#b}", "", "6 Q042, 7 Q084", "`=>`"),
        ("- a {#a} => {#k1}\n- b {#b} => 2 {#k2}", "", "6 Q042, 6 Q085", "=>"),
        ("- a {#a} => 1 {#k1}", "", "6 Q042", "`- kiri => kanan`"),
        ("- a {#a} => 1 {#k1}\n- b {#b} => 2 {#k2}\n- c {#a} => 3 {#k3}", "", "8 Q045", "`a`"),
        ("- a {#a b} => 1 {#k1}\n- b {#b} => 2 {#k2}", "", "6 Q046", "satu id"),
        ("- a => 1\n- b => 2", "", "", ""),
        ("= 50% 3", "", "6 Q040", "poin penuh"),
        ("- (60%) A {#a}\n- (40%) B {#b}", "", "6 q061, 6 Q082, 7 q061", "satu opsi harus bernilai 100%"),
        ("= benar\n= salah", "", "6 q061, 6 q061, 7 Q041", "`= benar` atau `= salah`"),
        ("1. A {#a}", "type: ordering", "6 Q042", "satu butir"),
        ("1. A {#a}\n2. B {#b}", "tags: C1\ntype: ordering\nscoring: x", "4 Q019", "pilih exact, partial"),
        ("____", "", "6 q095", "`> [!RUBRIC]`"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_answer(answer, fields, expected, names):
    problems = [problem for problem in read(written(answer, fields))[1] if problem.code != "Q060"]
    assert places(problems) == expected
    assert names in "\n".join(problem.message for problem in problems)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("Isi\n{{}}.", "4 Q090"),
        ("Isi {{a = }}.", "3 Q090"),
        ("Isi {{}} ini\ndan {{b}}\nitu.", "3 Q090"),
        ("Isi {{a}}\nini.\n\nLalu {{b}}\ndan {{}}\nitu.", "7 Q090"),
        ("Isi {{(x) a / (x) b}}.", "3 Q091"),
        ("Isi {{(x) a}}.", "3 Q091"),
    ],
)
def test_a_mistake_in_a_gap(stem, expected):
    problems = [problem for problem in read(f"## J {{#soal}}\n\n{stem}\n")[1] if problem.code != "Q060"]
    assert places(problems) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1 Q002"),
        (f"Teks.\n\n{QUESTION}", "1 Q002"),
        (f"{QUESTION}\n{QUESTION}", "11 Q002"),
        (f"{QUESTION}\n# A {{#a}}\n", "11 Q002, 11 Q006"),
    ],
)
def test_a_mistake_in_a_self_check(text, expected):
    assert places(read(text)[1]) == expected
