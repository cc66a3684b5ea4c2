from __future__ import annotations

import pytest

from lms.quiz.canonical import plain
from lms.quiz.definition import dump, load, load_review, major, version
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.review import Moment, ReviewRules
from lms.quiz.source import sample
from tests.quiz.writing import item

#: The digests of the first release: attempts of people hang on them.
FIRST = {
    "single": ("68f39dd28c9c996559037d99dac98126", "cc7bc4e4457946a598fdbb02b552df07"),
    "multiple": ("823362dbda11b17ce8174cca34e1fb7f", "d60ec11470a43b8acf50d364f3d10101"),
    "true_false": ("46dd043a44275178cc0b605e0527a765", "bc793f8fbeabedc2cf831982cf435892"),
    "short_answer": ("19d8a02ebd37e8b2aaf2dd9bc419c9cf", "fb3c50d1a983f0ff1de76c3ad0f640c5"),
}
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


@pytest.mark.parametrize(
    "data", [{}, {"kind": "x"}, {"kind": "single"}, {**dump(sample(ITEM_KINDS["single"])), "options": []}]
)
def test_what_is_no_item_is_refused(data):
    with pytest.raises(ValueError, match=r"."):
        load(data)
