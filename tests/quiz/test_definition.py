from __future__ import annotations

import pytest

from lms.quiz.canonical import digest, plain
from lms.quiz.definition import dump_quiz, load, load_quiz, load_review, major, version
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.review import Moment, ReviewRules
from lms.quiz.source import sample
from tests.quiz.writing import FULL, item, quiz, written

#: The digests of the first release: attempts of people hang on them.
FIRST = {
    "single": ("68f39dd28c9c996559037d99dac98126", "cc7bc4e4457946a598fdbb02b552df07"),
    "multiple": ("823362dbda11b17ce8174cca34e1fb7f", "d60ec11470a43b8acf50d364f3d10101"),
    "true_false": ("46dd043a44275178cc0b605e0527a765", "bc793f8fbeabedc2cf831982cf435892"),
    "short_answer": ("19d8a02ebd37e8b2aaf2dd9bc419c9cf", "fb3c50d1a983f0ff1de76c3ad0f640c5"),
}
#: Those of the kinds that came since, and of other ways to write the first ones.
SINCE = [
    (ITEM_KINDS["weighted"].example, "c043b5ba99bb397980bcbb98bc2c59fa", "302e6a99a3ea70dc477e8a458f774375"),
    (ITEM_KINDS["matching"].example, "b9f3283627d2902458efae96f4cc1f7b", "28860c5fa9da7f415df465a1bf5dfa2b"),
    (ITEM_KINDS["ordering"].example, "2a09271d058449524f7a85bf4ca996a2", "f448215e357fb07c23848c642e61183a"),
    (ITEM_KINDS["numeric"].example, "5556e2fc3eb213ee2464a3ec07ed7fc9", "08bf343b899d741af066164b4a34c7e2"),
    (ITEM_KINDS["essay"].example, "49582ab192418546e1c918961f06c92c", "5a9b7392a0ff5a7de31718b080a00a09"),
    (ITEM_KINDS["cloze"].example, "92171580d693f44232b9b6a8de7f5e0f", "3eab59356a9eae15ae73cff51057b889"),
    (
        written("- [x] A {#a}\n- [ ] B {#b}"),
        "5f1ca2155f201f0503ffa15483bea96e",
        "e0d860fac673ee6209d0828a0d542c14",
    ),
    (
        written("- [50%] A {#a}\n- [50%] B {#b}", "scoring: signed"),
        "63b4a3b4c866681d61b20f67994e8114",
        "93204ebcafbe8b0b5f154d9a3367588e",
    ),
    (
        written("{{ASN}} dan {{(x) a / ( ) b}}", "case: yes"),
        "558a944cf63b59fcef16b5ff1dc28564",
        "d35092112ec27ea751dc9503d2b02fa8",
    ),
    (
        written("= 10\n= 50% 9..11", "unit: km"),
        "2e8e3e1aa4f079f6a5af67d7eb898e33",
        "6898936a3c4b3077cd1c585a49098cf9",
    ),
    (
        written("= Ya\n= 25% Boleh*", "case: yes"),
        "562035da7e31823907e1cbb02ed1a6b6",
        "7b9c9dd1a2a26b562e86c1579b0cd540",
    ),
    (
        written("1. A {#a}\n2. B {#b}", "type: ordering\nscoring: partial"),
        "ff0c587061c7e850728958261ee1cbc5",
        "0e3e726064706b2fd92f4345d22ab3b7",
    ),
]
ANY = "tags: geografi"
#: Kind, what is edited, and into what; the words of a question are no matter of its marks.
MINOR = [
    *((kind, "> [!EXPLANATION]\n> ", "> [!EXPLANATION]\n> Diubah. ") for kind in ITEM_KINDS),
    ("single", "Kota manakah", "Kota apakah"),
    ("single", "Manado {#a}", "Menado {#a}"),
    ("single", "> Benar.", "> Betul."),
    ("single", "tags: geografi", "tags: peta"),
    ("single", "## Ibu kota", "## Ibukota"),
    ("matching", "Surabaya {#b}", "Kota Surabaya {#b}"),
    ("matching", "Jawa {#k2}", "Pulau Jawa {#k2}"),
    ("ordering", "Sulawesi {#x}", "Pulau Sulawesi {#x}"),
    ("cloze", "dilintasi", "dilewati"),
    ("cloze", "( ) balik utara", "( ) balik selatan"),
    ("numeric", "unit: cm", "unit: sentimeter"),
    ("numeric", "= 31,4 ± 0,1", "= 31,3..31,50"),
    ("weighted", "(5)", "(5,0)"),
]
MAJOR = [
    ("single", "- ( ) Manado {#a}", "- (x) Manado {#a}"),
    ("single", "{#a}", "{#z}"),
    ("single", "tags: geografi", "points: 2\ntags: geografi"),
    ("multiple", "scoring: partial", "scoring: exact"),
    ("multiple", "[ ]", "[x]"),
    ("weighted", "(3)", "(4)"),
    ("weighted", "{#c}", "{#d}"),
    ("true_false", "= benar", "= salah"),
    ("short_answer", "= 50% Tobba", "= 60% Tobba"),
    ("short_answer", "= Toba\n", "= Toba\n= Danau T*\n"),
    ("short_answer", ANY, f"case: yes\n{ANY}"),
    ("numeric", "± 0,1", "± 0,2"),
    ("matching", "Manado {#c} => Sulawesi {#k3}", "Manado {#c} => Papua {#k4}"),
    ("matching", "- => Papua {#k4}\n", ""),
    ("ordering", "scoring: partial", "scoring: exact"),
    ("ordering", "1. Sumatra {#m}\n2. Kalimantan {#c}", "1. Kalimantan {#c}\n2. Sumatra {#m}"),
    ("cloze", "{{dua = 2}}", "{{dua = 2 = II}}"),
    ("cloze", "(x) khatulistiwa / ( )", "( ) khatulistiwa / (x)"),
    ("essay", "2 poin", "3 poin"),
]


def edited(kind: str, before: str, after: str) -> str:
    text = ITEM_KINDS[kind].example
    assert before in text
    changed = text.replace(before, after, 1)
    if kind == "single" and after.startswith("- (x)"):
        changed = changed.replace("- (x) Makassar", "- ( ) Makassar")
    return changed


@pytest.mark.parametrize(("kind", "before", "after"), MINOR)
def test_an_edit_of_words_is_minor(kind, before, after):
    old, new = sample(ITEM_KINDS[kind]), item(edited(kind, before, after))
    assert major(old) == major(new)


@pytest.mark.parametrize(("kind", "before", "after"), MAJOR)
def test_an_edit_of_what_decides_marks_is_major(kind, before, after):
    old, new = sample(ITEM_KINDS[kind]), item(edited(kind, before, after))
    assert major(old) != major(new)
    assert version(old) != version(new)


def test_every_edit_of_words_is_a_version_of_its_own():
    texts = {edited(*edit) for edit in MINOR if edit[0] == "single"}
    assert len({version(item(text)) for text in texts}) == len(texts)


def test_a_note_or_a_blank_line_is_no_new_version():
    text = ITEM_KINDS["single"].example
    noted = text.replace("Kota manakah", "<!-- periksa -->\n\n\nKota manakah")
    assert version(item(noted)) == version(item(text))


def test_review_rules_can_be_stored_alone():
    rules = ReviewRules(answers=Moment.AFTER_CLOSE, explanation=Moment.NEVER)
    assert load_review(plain(rules)) == rules


@pytest.mark.parametrize("kind", FIRST)
def test_stored_questions_keep_their_names(kind):
    assert (version(sample(ITEM_KINDS[kind])), major(sample(ITEM_KINDS[kind]))) == FIRST[kind]


@pytest.mark.parametrize(("text", "whole", "decisive"), SINCE)
def test_questions_of_later_kinds_keep_theirs(text, whole, decisive):
    assert (version(item(text)), major(item(text))) == (whole, decisive)


def test_a_stored_quiz_keeps_its_name():
    assert quiz(FULL).digest == "342d29ab9cd6f9b886f362d28d541235"
    assert load_quiz(dump_quiz(quiz(FULL))).digest == quiz(FULL).digest


@pytest.mark.parametrize(
    "data", [{}, {"kind": "x"}, {"kind": "single"}, {"id": "satu", "title": "Satu", "stem": "Apa?"}]
)
def test_what_is_no_item_is_refused(data):
    with pytest.raises(ValueError, match=r"."):
        load(data)


def test_a_number_that_is_none_has_no_digest():
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON"):
            digest({"points": number})


def test_rules_without_questions_are_a_quiz():
    rules = {key: value for key, value in dump_quiz(quiz(FULL)).items() if key != "items"}
    assert load_quiz(rules).items == ()
