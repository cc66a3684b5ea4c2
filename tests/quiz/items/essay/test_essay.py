from __future__ import annotations

import pytest

from lms.errors import Invalid
from lms.quiz import marking
from tests.quiz.writing import mistakes, question, read, written

ANSWER = "____\n\n> [!RUBRIC]\n> Dua hal."


def test_a_text_waits_for_a_person():
    item = question(ANSWER, "points: 4")
    assert (item.kind, item.key(), item.solution()) == ("essay", None, ())
    mark = marking.mark_item(item, ("Sebab …",))
    assert (mark.points, mark.answered, mark.pending) == (0, True, True)
    judged = marking.judged(mark, 0.5)
    assert (judged.points, judged.fraction, judged.pending) == (2, 0.5, False)


def test_nothing_written_needs_nobody():
    assert not question(ANSWER).mark(None).pending


def test_lines_are_kept():
    assert question(ANSWER).accept(["Satu.\r\n\r\nDua.\n"]) == ("Satu.\n\nDua.",)
    assert question(ANSWER).accept(["a" * 20_000])
    with pytest.raises(Invalid):
        question(ANSWER).accept(["a" * 20_001])
    with pytest.raises(Invalid):
        question(ANSWER).accept(["a", "b"])


def test_the_rubric_is_for_markers():
    assert "Dua hal." in question(ANSWER).texts()
    assert [problem.code for problem in read(written("____"))[1]].count("Q095") == 1


def test_mistakes_have_codes():
    assert mistakes("____\n\n____") == {"Q033"}
    assert mistakes("= benar\n\n> [!RUBRIC]\n> Apa?") == {"Q037"}
    assert "Q031" in mistakes("***")


def test_the_ends_of_lines_are_kept_alike_however_they_were_sent():
    assert question(ANSWER).accept(["a\rb\r\nc\nd"]) == ("a\nb\nc\nd",)
