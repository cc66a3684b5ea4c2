from __future__ import annotations

import pytest

from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.source import sample
from lms.quiz.write import write, write_item
from tests.quiz.writing import FULL, question, quiz


@pytest.mark.parametrize("kind", ITEM_KINDS.values(), ids=ITEM_KINDS)
def test_the_type_is_named_only_where_it_must_be(kind):
    assert ("type:" in write_item(sample(kind))) == ("type:" in kind.example)


def test_texts_that_look_like_another_kind_name_theirs():
    assert "type: short_answer" in write_item(question("= 17", "type: short_answer"))


def test_a_quiz_is_written_as_authors_do():
    text = write(quiz(FULL))
    assert "time_limit: 1 jam 40 min\n" in text
    assert "shuffle: [questions, options]\n" in text
    assert '  - {tags: ["uu-20-2023"], count: 2, section: tiu}\n' in text
    assert "# Bagian: TWK {#twk}\npass: 2\n\nWawasan kebangsaan.\n" in text
    assert "# Bagian: TIU {#tiu}\npass: 70%\n" in text
    assert "## Bacaan {#bacaan-satu}\nfor: [satu, dua]\n" in text
    assert "catatan" not in text


def test_a_picture_and_a_table_stay_as_they_are():
    item = question("- (x) ![Peta](media/peta.svg) {#a}\n- ( ) B {#b}\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |")
    assert item.choices()[0].text == "![Peta](media/peta.svg)"
    assert item.choices()[1].text.endswith("|---|---|\n| 1 | 2 |")
    assert question(item.written()).choices() == item.choices()
