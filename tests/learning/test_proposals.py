"""A proposal reaches the editors with its evidence, is answered, and nothing that was said is changed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.db.reports import ReportState
from lms.learning import proposals
from lms.learning.proposals import Proposed
from lms.learning.reports import Answer
from lms.learning.stale import ChangedMeanwhile
from lms.quiz.definition import version
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import make
from tests.learning.test_regrades import take

MINUTE = timedelta(minutes=1)


ASKED = make()


@pytest.fixture(autouse=True)
def attempt(database: Database, people: Cast) -> None:
    """Nothing is proposed about what nobody was asked."""
    take(database, ASKED, people.ada, {})


def what(people: Cast, item: str = "t-satu", message: str = "Kuncinya C.") -> Proposed:
    return Proposed(people.cohort, ASKED.id, item, version(ASKED.item(item)), message, "Daya beda negatif.")


def propose(database: Database, people: Cast, *every: Proposed) -> list[proposals.Proposal]:
    for place, one in enumerate(every):
        with database.transaction() as db:
            proposals.propose(db, one, author_id=people.grace, now=NOON + place * MINUTE)
    return listed(database)


def listed(database: Database) -> list[proposals.Proposal]:
    with database.reading() as db:
        return proposals.every(db)


def answer(
    database: Database, people: Cast, one: proposals.Proposal, text: str, minutes: int, seen: str | None = None
) -> None:
    given = Answer(ReportState.FIXED, text, one.seen if seen is None else seen)
    with database.transaction() as db:
        proposals.answer(db, one.id, given, editor_id=people.edsger, now=NOON + minutes * MINUTE)


def test_a_proposal_is_listed_with_what_became_of_it(database: Database, people: Cast) -> None:
    first, second = propose(database, people, what(people), what(people, "t-dua"))
    assert (first.what, first.author, first.state, first.seen) == (what(people), "Grace", ReportState.OPEN, "")
    answer(database, people, first, "Sudah dibetulkan.", 5)
    waiting, answered = listed(database)
    assert waiting == second
    assert (answered.id, answered.answer, answered.editor) == (first.id, "Sudah dibetulkan.", "Edsger")
    with database.reading() as db:
        assert [one.what.item for one in proposals.every(db, people.cohort, item="t-dua")] == ["t-dua"]
        assert proposals.every(db, people.ada) == [], "of another cohort"


def test_the_same_words_wait_once(database: Database, people: Cast) -> None:
    assert len(propose(database, people, what(people), what(people), what(people, message="Opsi B juga."))) == 2


def test_an_answer_replaces_none_that_its_editor_did_not_see(database: Database, people: Cast) -> None:
    (asked,) = propose(database, people, what(people))
    answer(database, people, asked, "Pertama.", 5)
    with pytest.raises(ChangedMeanwhile) as told:
        answer(database, people, asked, "Kedua.", 6)
    assert told.value.who == "Edsger"
    (held,) = listed(database)
    answer(database, people, held, "Ketiga.", 7)
    (held,) = listed(database)
    assert held.answer == "Ketiga."
    with database.reading() as db:
        said = db.execute(select(AuditEvent.details).where(AuditEvent.subject == str(held.id))).scalars()
        assert sorted(one["answer"] for one in said) == ["Ketiga.", "Pertama."], "what was said stays"
        assert proposals.counts(db) == proposals.Counts(every=1, waiting=0)


def test_what_nobody_proposed_is_not_there(database: Database, people: Cast) -> None:
    propose(database, people, what(people))
    with database.transaction() as db, pytest.raises(proposals.UnknownProposal):
        proposals.answer(db, uuid4(), Answer(ReportState.FIXED, "Ya.", ""), editor_id=people.edsger, now=NOON)
