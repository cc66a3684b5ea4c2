"""Scores and rosters, as an operator types it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from lms.cli import main
from tests.conftest import PACK
from tests.features.lti.gradebook import Answered
from tests.features.lti.sites import Site
from tests.learning.platform_courses import owed


@pytest.fixture
def typed(site: Site, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The commands that are typed reach the site's database and its platform."""
    monkeypatch.setenv("LMS_DATABASE_URL", database_url)
    monkeypatch.setenv("LMS_PACK", str(PACK))
    monkeypatch.setenv("LMS_OWN_NETWORK", "true")
    return site


def lms(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_scores_are_sent_and_counted(typed: Site) -> None:
    assert lms("lti", "sync").output == "1 score(s) sent; 0 not taken.\n"
    assert lms("lti", "sync").output == "0 score(s) sent; 0 not taken.\n"
    typed.take(right=True)
    typed.refuses(404)
    assert lms("lti", "sync").output == "0 score(s) sent; 1 not taken.\n"


def test_tick_sends_them_too(typed: Site) -> None:
    assert "1 score(s) sent" in lms("tick").output
    assert len(typed.book.scores) == 1
    assert "score" not in lms("tick").output
    (row,) = owed(typed.database)
    assert row.sent == row.version


def test_a_roster_is_read_and_one_that_cannot_be_is_told(typed: Site) -> None:
    listed = [{"user_id": "u-2", "name": "Budi", "roles": ["Learner"]}]
    typed.book.answers["/roster"] = lambda _: Answered(200, {"members": listed})
    assert lms("lti", "roster").output == "Angkatan I: 1 people, 1 changed, 1 left.\n"
    assert lms("lti", "roster", "--cohort", "Angkatan II").output == "No course of a platform offers a roster.\n"
    typed.book.answers.clear()
    failed = lms("lti", "roster", "--cohort", "Angkatan I")
    assert failed.exit_code == 1
    assert "tidak dapat dihubungi" in failed.output
