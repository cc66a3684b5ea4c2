"""Where to read about a question is what its author and the lessons say, and nothing guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.catalog import readings
from lms.catalog.load import load
from lms.catalog.source import Folder
from tests.conftest import PACK

CATALOG = load(Folder.at(PACK))
ASKED = CATALOG.quiz("pecahan").items[0]


@pytest.mark.parametrize(
    ("cites", "heading"),
    [
        (("uu-baru#3.2",), "bagian-lebih-dalam"),
        (("uu-baru#1", "uu-baru#3.2"), "bagian-lebih-dalam"),
        (("uu-baru#3.2.a",), "bagian-lebih-dalam"),  # of the same article
        (("uu-baru#3",), "bagian-lebih-dalam"),
        (("uu-baru#1",), None),
        (("uu-baru",), None),
        (("uu-lama#3.2",), None),
        ((), None),
    ],
)
def test_a_question_leads_to_the_heading_that_cites_its_article_else_to_the_lesson(cites, heading):
    item = replace(ASKED, outcomes=("pecahan/separuh.1",), cites=cites)
    (found,) = readings.readings(CATALOG, item)
    assert found.lesson.id == "pecahan/setengah"
    assert (found.heading and found.heading.id) == heading


def test_a_question_of_no_lesson_is_about_the_modules_that_its_tags_name():
    assert readings.readings(CATALOG, replace(ASKED, outcomes=("pecahan/tiada.1",))) == ()
    assert [one.id for one in readings.modules(CATALOG, replace(ASKED, tags=("sejarah", "C1", "desimal")))] == [
        "sejarah",
        "desimal",
    ]
    both = replace(ASKED, tags=("sejarah",), outcomes=("pecahan/setengah.1", "pecahan/sepertiga.1"))
    assert [one.id for one in readings.modules(CATALOG, both)] == ["pecahan"]
