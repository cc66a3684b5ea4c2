from __future__ import annotations

from datetime import timedelta

import pytest

from lms.fields import Severity
from lms.quiz.quiz import Draw, Grade, Layout, UnknownItem
from lms.quiz.review import Moment
from tests.quiz.writing import FULL, HEAD, codes, mistakes, quiz, read, read_quiz

QUESTION = "## Satu {#satu}\ntags: C1\n\nApa?\n\n= ya\n\n> [!EXPLANATION]\n> Sebab.\n"


def codes_of(text: str) -> set[str]:
    return codes(read_quiz(text)[1])


def test_a_whole_file_is_read():
    full = quiz(FULL)
    assert [item.id for item in full.items] == ["satu", "dua", "tiga"]
    assert (full.module, full.introduction) == ("contoh", "Kerjakan dengan tenang.")
    assert full.time_limit == timedelta(minutes=100)
    assert (full.shuffle_questions, full.shuffle_options, full.confidence, full.layout_choice) == (True,) * 4
    assert full.layout is Layout.PER_QUESTION
    assert full.points == 4
    assert full.item("dua").points == 2
    with pytest.raises(UnknownItem):
        full.item("empat")


def test_front_matter_has_defaults():
    plain = quiz(HEAD + QUESTION)
    assert plain.pass_mark == 0.7001
    assert (plain.time_limit, plain.attempts, plain.layout) == (None, None, Layout.ONE_PAGE)
    assert plain.review.answers is Moment.AFTER_SUBMIT


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("time_limit: lama", "Q003"),
        ("review: besok", "Q004"),
        ("review: {marks: besok}", "F013"),
        ("pass: 101", "F014"),
        ("draw: [{tags: [], count: 1}]", "F014"),
        ("draw: [{tags: [a], count: 0}]", "F014"),
        ("draw: [{tags: [a], count: 1, section: tak-ada}]", "Q075"),
        ("layout: dua", "F013"),
        ("judul: x", "F011"),
    ],
)
def test_mistakes_in_the_front_matter(line, code):
    assert codes_of(f"---\ntitle: Kuis\n{line}\n---\n\n{QUESTION}") == {code}


COUNTS = "module: pecahan\nattempts: 3\n"


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (COUNTS, True),
        (COUNTS + "review: {answers: after-last, feedback: after-last, explanation: after-last}", False),
        (COUNTS + "review: {answers: after-last, feedback: after-last}", True),
        (COUNTS + "review: {answers: after-last, explanation: never}", True),
        (COUNTS + "review: {feedback: after-close, explanation: after-last}", True),
        (COUNTS + "review: after-last", False),
        ("module: pecahan\n", True),
        ("module: pecahan\nattempts: 1\n", False),
        (COUNTS + "pass: 0", False),
        ("attempts: 3\n", False),
    ],
)
def test_keys_between_attempts_are_warned_of_where_passing_counts(head, told):
    found, problems = read_quiz(f"---\ntitle: Kuis\n{head}\n---\n\n{QUESTION}")
    assert found
    warned = [problem.code for problem in problems if problem.severity is Severity.WARNING]
    assert warned == (["Q009"] if told else [])


def test_showing_the_key_during_a_quiz_is_warned_of():
    found, problems = read_quiz(f"---\ntitle: Kuis\nreview: {{answers: during}}\n---\n\n{QUESTION}")
    assert found
    assert [problem.code for problem in problems if problem.severity is Severity.WARNING] == ["Q007"]


@pytest.mark.parametrize(
    ("written", "share"), [("70", 0.7), ("70%", 0.7), ("66,5", 0.665), ("70.01", 0.7001), ("66,66667", 0.666667)]
)
def test_the_pass_mark_is_percent(written, share):
    assert quiz(f'---\ntitle: Kuis\npass: "{written}"\n---\n\n{QUESTION}').pass_mark == share


def test_a_quiz_needs_questions_or_draws():
    assert codes_of(HEAD) == {"Q001"}
    assert codes_of("---\ntitle: Kuis\ndraw: [{tags: [a], count: 1}]\n---\n") == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (QUESTION.replace(" {#satu}", ""), "Q010"),
        (QUESTION.replace("{#satu}", "{#Satu}"), "Q011"),
        (QUESTION + QUESTION, "Q012"),
        (QUESTION.replace("Satu ", ""), "Q013"),
        (QUESTION.replace("tags", "tagss"), "Q014"),
        (QUESTION.replace("tags: C1", "tags: C1\nTeks."), "Q015"),
        (QUESTION.replace("tags: C1", "tags: C1\ntags: C2"), "Q016"),
        (QUESTION.replace("tags: C1", "tags: C1\nscoring: exact"), "Q017"),
        (QUESTION.replace("tags: C1", "tags: C1\npoints: 0"), "Q018"),
        (QUESTION.replace("tags: C1", "tags: C1\ntype: singel"), "Q021"),
        (QUESTION.replace("tags: C1", "tags: C1\ncites: UU 20/2023"), "Q022"),
        (QUESTION.replace("Apa?\n\n", ""), "Q030"),
        (QUESTION.replace("= ya", "ya"), "Q031"),
        (QUESTION + "\n> [!EXPLANATION]\n> Lagi.\n", "Q035"),
        (QUESTION.replace("EXPLANATION", "EXPLANATIN"), "Q036"),
        (QUESTION + "\n<!-- catatan", "Q005"),
        ("# Judul\n\n" + QUESTION, "Q006"),
        (QUESTION.replace("{#satu}", "{#satu"), "Q011"),
        (QUESTION.replace("{#satu}", "{#satu} lagi"), "Q011"),
        (QUESTION.replace("## ", "### ", 1) + QUESTION.replace("{#satu}", "{#dua}"), "Q008"),
        (QUESTION.replace("## ", "##", 1) + QUESTION.replace("{#satu}", "{#dua}"), "Q008"),
        ("- (x) A {#a}\n- ( ) B {#b}\n\n" + QUESTION, "Q008"),
    ],
)
def test_mistakes_have_codes(text, code):
    found, problems = read_quiz(HEAD + text)
    assert code in codes(problems)
    assert found is None


def test_a_text_that_hangs_under_the_heading_is_a_question_all_the_same():
    assert codes_of(HEAD + QUESTION.replace("tags: C1\n\nApa?", "tags: C1\nApa?")) == {"Q015"}


def test_what_only_looks_like_a_list_or_an_alert_is_a_text():
    text = QUESTION.replace("tags: C1", "tags: asas]\ncites: [uu-5-2014").replace(
        "Apa?", "[!HINT] ini apa?\n\n>\n\nItu?"
    )
    (found,) = quiz(HEAD + text.replace("cites: [", "cites: ")).items
    assert found.tags == ("asas]",)
    assert codes_of(HEAD + text) == {"Q022"}
    assert (found.stem, found.hint) == ("[!HINT] ini apa?\n\n>\n\nItu?", "")


def test_every_misspelt_alert_is_told():
    text = QUESTION.replace("EXPLANATION", "EXPLANATIN") + "\n> [!HNT]\n> Coba.\n"
    assert [(problem.line, problem.code) for problem in read_quiz(HEAD + text)[1] if problem.code == "Q036"] == [
        (12, "Q036"),
        (15, "Q036"),
    ]


def test_a_section_may_be_worth_less_than_a_point():
    text = "# Bagian: A {#a}\n\n" + QUESTION.replace("tags: C1", "tags: C1\npoints: 0,5")
    assert codes_of(HEAD + text) == set()


def test_a_problem_of_the_front_matter_stands_on_its_line():
    problems = read_quiz(f"---\ntitle: Kuis\ndraw: [{{tags: [a], count: 1, section: x}}]\n---\n\n{QUESTION}")[1]
    assert [(problem.line, problem.code) for problem in problems] == [(3, "Q075")]


def test_a_problem_of_a_key_that_is_written_in_an_unusual_way_stands_on_the_first_line():
    problems = read_quiz(f'---\ntitle: Kuis\n"draw": [{{tags: [a], count: 1, section: x}}]\n---\n\n{QUESTION}')[1]
    assert [(problem.line, problem.code) for problem in problems] == [(1, "Q075")]


def test_a_problem_stands_on_its_line():
    problems = read_quiz(HEAD + QUESTION.replace("tags: C1", "tags: C1\npoints: nol"))[1]
    assert [(problem.line, problem.code) for problem in problems] == [(7, "Q018")]


def test_notes_never_reach_the_model():
    noted = quiz(HEAD + QUESTION.replace("Apa?", "Apa? <!-- rahasia -->").replace("\n\n= ya", "\n\n<!-- x -->\n\n= ya"))
    assert noted.items[0].stem.strip() == "Apa?"


@pytest.mark.parametrize(("length", "problems"), [(100, set()), (101, {"Q011"})])
def test_an_id_is_not_endless(length, problems):
    assert codes_of(HEAD + QUESTION.replace("{#satu}", f"{{#{'a' * length}}}")) == problems


def test_a_note_that_is_shown_as_code_stays():
    text = QUESTION.replace("Apa?", "Apa?\n\n```\n<!-- tampak -->\n```\n\n    <!-- juga -->\n\nDan `<!-- ini -->`?")
    stem = quiz(HEAD + text).items[0].stem
    assert [shown in stem for shown in ("<!-- tampak -->", "<!-- juga -->", "`<!-- ini -->`")] == [True] * 3


def test_code_in_an_introduction_may_look_like_an_answer():
    assert codes_of(HEAD + "Petunjuk.\n\n    - (x) A\n\n```\n= ya\n```\n\n" + QUESTION) == set()


def test_code_is_no_question():
    text = QUESTION.replace("Apa?", "Apa?\n\n```\n## Bukan\n- [x] bukan\n# Bagian: bukan\n```")
    assert [item.id for item in quiz(HEAD + text).items] == ["satu"]


@pytest.mark.parametrize(
    ("text", "code"), [(QUESTION + QUESTION, "Q002"), ("Teks.\n\n" + QUESTION, "Q002"), ("# A {#a}\n", "Q006")]
)
def test_a_self_check_is_one_question(text, code):
    assert code in codes(read(text)[1])


def test_what_a_person_typed_on_another_system_is_read():
    assert quiz("\ufeff" + (HEAD + QUESTION).replace("\n", "\r\n")) == quiz(HEAD + QUESTION)


def test_kinds_do_not_mix():
    assert mistakes("- (x) A\n- ( ) B\n\n= ya") == {"Q032"}


def test_quality_is_asked_for():
    problems = read_quiz(HEAD + "## Satu {#satu}\n\nApa?\n\n- (x) A\n- ( ) B\n")[1]
    assert {problem.code for problem in problems} == {"Q047", "Q060", "Q061", "Q062"}


def test_an_introduction_may_list_what_it_likes():
    text = "- [Pasal 3](reg:uu-baru#3)\n- (lihat) ini\n\n=== tanda\n\n"
    assert "Q008" not in codes_of(HEAD + text + QUESTION)


@pytest.mark.parametrize(("written", "points"), [("1000", 1000), ("0,5", 0.5), ("0.001", 0.001), ("2", 2)])
def test_points_are_what_is_written(written, points):
    assert quiz(HEAD + QUESTION.replace("tags: C1", f"tags: C1\npoints: {written}")).items[0].points == points


@pytest.mark.parametrize("written", ["0", "-1", "1000,5", "nan", "inf", "dua", ""])
def test_points_that_no_question_is_worth_are_refused(written):
    assert codes_of(HEAD + QUESTION.replace("tags: C1", f"tags: C1\npoints: {written}")) == {"Q018"}


@pytest.mark.parametrize(
    ("written", "cites"),
    [
        ("uu-20-2023", ("uu-20-2023",)),
        ("[uu-20-2023#3.2, pp-11-2017#A-1]", ("uu-20-2023#3.2", "pp-11-2017#A-1")),
        ("uu-20-2023,, pp", ("uu-20-2023", "pp")),
    ],
)
def test_citations_are_a_list_with_brackets_or_without(written, cites):
    assert quiz(HEAD + QUESTION.replace("tags: C1", f"tags: C1\ncites: {written}")).items[0].cites == cites


@pytest.mark.parametrize("written", ["UU-20", "uu-20#", "uu-20#3..2", "uu--20", "[uu-20#3, x y]"])
def test_a_citation_has_its_shape(written):
    assert codes_of(HEAD + QUESTION.replace("tags: C1", f"tags: C1\ncites: {written}")) == {"Q022"}


def test_everything_a_question_says_is_kept():
    text = (
        "## Judul: dua {#soal-dua}\ntags: [C2, asas]\ncites: uu-5-2014\npoints: 2\n\nApa\nini?\n\nDan itu?\n\n= ya\n\n"
        "> [!HINT]\n> Coba.\n\n> [!CORRECT] Tepat.\n> Sekali.\n\n> [!salah]\n> Belum.\n\n"
        "> [!PEMBAHASAN]\n> Sebab.\n>\n> Begitu.\n"
    )
    (found,) = quiz(HEAD + text).items
    assert (found.id, found.title, found.stem) == ("soal-dua", "Judul: dua", "Apa\nini?\n\nDan itu?")
    assert (found.tags, found.cites, found.points, found.line) == (("C2", "asas"), ("uu-5-2014",), 2, 5)
    assert (found.hint, found.correct, found.incorrect) == ("Coba.", "Tepat.\nSekali.", "Belum.")
    assert found.explanation == "Sebab.\n\nBegitu."


def test_the_type_of_a_question_may_be_named():
    text = QUESTION.replace("tags: C1", "tags: C1\ntype: Short-Answer").replace("= ya", "= 17")
    assert quiz(HEAD + text).items[0].kind == "short_answer"


def test_front_matter_is_read_as_it_is_written():
    head = "title: Kuis\nreviewed: 2026-01-02\nmodule: asn\nsummary: Dua kata\nattempts: 3\nshuffle: [options]\n"
    head += "after: uji-awal\ngrade: first\n"
    found = quiz(f"---\n{head}draw: [{{tags: [a, b], count: 2}}]\n---\n\n{QUESTION}")
    assert (found.id, found.title, found.module, found.summary, found.attempts) == (
        "kuis",
        "Kuis",
        "asn",
        "Dua kata",
        3,
    )
    assert (str(found.reviewed), found.after, found.grade) == ("2026-01-02", "uji-awal", Grade.FIRST)
    assert (found.shuffle_questions, found.shuffle_options) == (False, True)
    assert (found.layout_choice, found.confidence, found.draws) == (False, False, (Draw(tags=("a", "b"), count=2),))


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("20 min", 20), ("1 jam 30 menit", 90), ("2h", 120), ("1 hour 5 minutes", 65), (" 45M ", 45), ("999 jam", 59940)],
)
def test_a_time_limit_is_hours_and_minutes(written, minutes):
    assert quiz(f'---\ntitle: Kuis\ntime_limit: "{written}"\n---\n\n{QUESTION}').time_limit == timedelta(
        minutes=minutes
    )


@pytest.mark.parametrize("written", ["0 min", "20", "1,5 jam", "min", "1 min 2 jam", "1000 jam"])
def test_a_time_limit_that_nobody_can_read_is_refused(written):
    assert codes_of(f'---\ntitle: Kuis\ntime_limit: "{written}"\n---\n\n{QUESTION}') == {"Q003"}


def test_an_outcome_names_the_module_of_its_quiz():
    asked = QUESTION.replace("tags: C1", "tags: C1\noutcomes: setengah.2, desimal/koma.1")
    found = quiz(f"---\ntitle: Uji\nmodule: pecahan\nreview: after-last\n---\n\n{asked}")
    assert found.items[0].outcomes == ("pecahan/setengah.2", "desimal/koma.1")
