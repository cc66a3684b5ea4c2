"""A certificate: who gets one, what it says, how long it holds, and what a changed or forged one is worth."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.db.accounts import User
from lms.db.audit import AuditEvent
from lms.db.certificates import Certificate, SigningKey
from lms.db.cohorts import CohortQuiz
from lms.db.engine import Database
from lms.learning import certificates, completion, credential, reading, signing, standing
from lms.learning.certificates import Found
from lms.learning.completion import Completion
from lms.learning.credential import Credential
from lms.version import __version__
from tests.conftest import NOON, Cast
from tests.guided import finish, guided, take

CATALOG = guided()
SITE = "https://latsar.example/"
LATER = NOON + timedelta(days=1)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DONE = Completion(
    course="Bilangan",
    subtitle="",
    lessons=4,
    quizzes=3,
    passed=3,
    minutes=95,
    share=0.99999,
    simulation="",
    best=None,
    release="2026-11-23 abc, latsar-lms 0",
)


def done(database: Database, user_id: UUID) -> Completion | None:
    with database.reading() as db:
        return completion.of(standing.of(db, user_id, CATALOG, now=LATER))


def issued(database: Database, user_id: UUID, said: Completion = DONE, *, name: str = "Ada") -> UUID:
    return database.commit(lambda db: certificates.issue(db, user_id, said, name=name, issuer=SITE, now=NOON))


def found(database: Database, certificate: UUID) -> Found:
    with database.reading() as db:
        one = certificates.find(db, certificate)
    assert one is not None
    return one


def change(database: Database, statement: object) -> None:
    database.commit(lambda db: db.execute(statement))  # type: ignore[call-overload]


# --- who gets one, and what it says ---------------------------------------------------------------------------------


@on_sqlite
def test_nobody_is_through_before_the_last_lesson_and_the_last_quiz(database: Database, people: Cast) -> None:
    assert done(database, people.ada) is None
    last = CATALOG.every_lesson[-1].id
    with database.transaction() as db:
        finish(db, people.ada, CATALOG, now=NOON)
    assert done(database, people.ada) is not None
    with database.transaction() as db:
        db.execute(delete(reading.LessonRecord).where(reading.LessonRecord.lesson == last))
    assert done(database, people.ada) is None


@on_sqlite
def test_what_is_certified_is_what_was_done(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        finish(db, people.ada, CATALOG, now=NOON)
    said = done(database, people.ada)
    assert said
    assert said.minutes > sum(lesson.minutes for lesson in CATALOG.every_lesson), "the quizzes take time, too"
    assert said == Completion(
        course=CATALOG.course.title,
        subtitle=CATALOG.course.subtitle,
        lessons=4,
        quizzes=len([quiz for quiz in CATALOG.quizzes.values() if quiz.module]),
        passed=len([quiz for quiz in CATALOG.quizzes.values() if quiz.module]),
        minutes=said.minutes,
        share=1.0,
        simulation="",
        best=None,
        release=f"2026-11-23 {CATALOG.digest[:12]}, latsar-lms {__version__}",
    )


@on_sqlite
def test_the_best_attempt_counts_and_the_simulation_once_it_is_passed_and_may_be_told(
    database: Database, people: Cast
) -> None:
    quiz, simulation = CATALOG.quiz("pecahan"), CATALOG.quiz("simulasi")
    with database.transaction() as db:
        take(db, people.ada, quiz, now=NOON, blank=[item.id for item in quiz.items])
        finish(db, people.ada, CATALOG, now=NOON)
        take(db, people.ada, simulation, now=NOON, blank=[banked.item.id for banked in CATALOG.bank])
    said = done(database, people.ada)
    assert said
    assert said.share == 1.0
    assert (said.simulation, said.best) == ("", None)
    with database.transaction() as db:
        take(db, people.ada, simulation, now=NOON)
    said = done(database, people.ada)
    assert said
    assert (said.simulation, said.best) == ("Simulasi bilangan", 1.0)
    hide(database, people, "simulasi")
    said = done(database, people.ada)
    assert said
    assert (said.simulation, said.best) == ("", None)


def hide(database: Database, people: Cast, quiz: str) -> None:
    """As a cohort does that shows nothing of a quiz before it closes, and it never does."""
    rules = dict.fromkeys(("marks", "answers", "feedback", "explanation"), "never")
    change(
        database,
        insert(CohortQuiz).values(cohort_id=people.cohort, quiz=quiz, opens_at=None, closes_at=None, review=rules),
    )


@on_sqlite
@pytest.mark.parametrize("passes", [True, False])
def test_as_long_as_an_outcome_is_kept_back_nobody_learns_from_a_certificate_whether_they_passed(
    database: Database, people: Cast, passes: bool
) -> None:
    quiz = CATALOG.quiz("desimal")
    with database.transaction() as db:
        take(db, people.ada, quiz, now=NOON, blank=() if passes else [item.id for item in quiz.items])
    hide(database, people, "desimal")
    with database.transaction() as db:
        finish(db, people.ada, CATALOG, now=NOON, but="desimal")
    assert done(database, people.ada) is None


def test_what_is_written_is_read_again_and_no_score_is_rounded_up() -> None:
    told = replace(DONE, simulation="Simulasi", best=0.6666)
    said = Credential(uuid4(), "Ada “die Gräfin” ✓", SITE, NOON, told)
    written = json.loads(json.dumps(credential.payload(said)))
    again = credential.read(written)
    assert (again.id, again.name, again.issuer, again.issued_at) == (said.id, said.name, SITE, NOON)
    assert again.completion.share == pytest.approx(0.999)
    assert again.completion.best == pytest.approx(0.666)
    assert replace(again.completion, share=0.99999, best=0.6666) == told
    assert credential.payload(again) == written


def test_a_certificate_uses_the_words_of_open_badges_and_says_that_it_is_no_sttp() -> None:
    said = credential.payload(Credential(uuid4(), "Ada", SITE, NOON, DONE))
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["validFrom"] == "2026-11-23T12:00:00Z"
    assert said["credentialSubject"]["identifier"][0]["identityHash"] == "Ada"
    described = {one["id"] for one in said["credentialSubject"]["achievement"]["resultDescription"]}
    assert described == {one["resultDescription"] for one in said["credentialSubject"]["result"]}
    assert (said["iss"], said["jti"], said["nbf"]) == (SITE, said["id"], int(NOON.timestamp()))
    assert "bukan STTP" in said["name"]
    assert "bukan STTP" in said["credentialSubject"]["achievement"]["criteria"]["narrative"]


# --- issued once ----------------------------------------------------------------------------------------------------


def test_a_certificate_says_what_was_signed(database: Database, people: Cast) -> None:
    one = found(database, issued(database, people.ada))
    assert one.is_valid
    assert one.says
    assert (one.says.name, one.says.completion.minutes) == ("Ada", 95)
    with database.reading() as db:
        assert certificates.find(db, uuid4()) is None
        assert certificates.of_person(db, people.mallory) is None


def test_asking_again_and_asking_at_once_leads_to_one_certificate(database: Database, people: Cast) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(lambda _: issued(database, people.ada), range(4)))
    assert len(ids) == 1
    assert issued(database, people.ada) in ids
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(Certificate)).scalar_one() == 1


def test_no_two_certificates_of_a_person_stand_whatever_code_writes_them(database: Database, people: Cast) -> None:
    issued(database, people.ada)
    with pytest.raises(IntegrityError):
        change(
            database,
            insert(Certificate).values(id=uuid4(), user_id=people.ada, signed="", issued_at=NOON, barred=False),
        )


def test_one_that_says_something_else_takes_the_place_of_the_former(database: Database, people: Cast) -> None:
    first = issued(database, people.ada)
    second = issued(database, people.ada, name="Ada Lovelace")
    third = issued(database, people.ada, replace(DONE, share=0.5), name="Ada Lovelace")
    assert [found(database, one).is_valid for one in (first, second, third)] == [False, False, True]
    assert found(database, first).revoked_at == NOON
    with database.reading() as db:
        newest = certificates.of_person(db, people.ada)
    assert newest
    assert newest.id == third


# --- verified -------------------------------------------------------------------------------------------------------


def presented(database: Database, text: str) -> UUID | None:
    with database.reading() as db:
        return certificates.presented(db, text)


def test_the_very_text_is_recognised_and_no_other(database: Database, people: Cast) -> None:
    one = found(database, issued(database, people.ada))
    assert presented(database, one.signed) == one.id
    header, payload, signature = one.signed.split(".")
    assert presented(database, f"{header}.{payload[:-1]}{'A' if payload[-1] != 'A' else 'B'}.{signature}") is None
    assert presented(database, "") is None
    issued(database, people.mallory, name="Mallory")
    assert presented(database, one.signed) == one.id, "of another person nothing is mixed in"


@on_sqlite
def test_what_a_stolen_key_signs_is_not_taken_for_a_certificate_that_we_issued(
    database: Database, people: Cast
) -> None:
    one = found(database, issued(database, people.ada))
    with database.reading() as db:
        stolen = signing.KeyPair(*db.execute(select(SigningKey.id, SigningKey.public, SigningKey.private)).one())
    assert one.says
    forged = signing.sign(credential.payload(replace(one.says, name="Mallory")), stolen)
    assert presented(database, forged) is None


@on_sqlite
def test_a_row_that_was_changed_or_exchanged_says_nothing(database: Database, people: Cast) -> None:
    ada, mallory = issued(database, people.ada), issued(database, people.mallory, name="Mallory")
    text = found(database, ada).signed
    change(database, update(Certificate).where(Certificate.id == mallory).values(signed=text))
    assert found(database, mallory).says is None, "the text of another certificate"
    middle = len(text) // 2
    changed = text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]
    change(database, update(Certificate).where(Certificate.id == ada).values(signed=changed))
    assert found(database, ada).says is None
    assert not found(database, ada).is_valid
    assert issued(database, people.ada) != ada, "a new one can take its place"


def test_with_a_new_key_the_former_certificates_stand_and_the_former_key_can_sign_no_more(
    database: Database, people: Cast
) -> None:
    old = issued(database, people.ada)
    fresh = database.commit(lambda db: certificates.new_key(db, now=LATER))
    new = issued(database, people.mallory, name="Mallory")
    assert found(database, old).is_valid
    assert found(database, new).is_valid
    with database.reading() as db:
        assert len(certificates.keys(db)) == 2
        assert all(key.private is None for key in certificates.keys(db))
        assert db.execute(select(SigningKey.id).where(SigningKey.private.is_not(None))).scalars().all() == [fresh.id]
    assert signing.read(found(database, new).signed, [fresh])


@on_sqlite
def test_without_its_key_a_certificate_cannot_be_verified(database: Database, people: Cast) -> None:
    one = issued(database, people.ada)
    change(database, delete(SigningKey))
    assert found(database, one).says is None
    database.commit(lambda db: certificates.new_key(db, now=LATER))
    assert found(database, one).says is None


# --- revoked --------------------------------------------------------------------------------------------------------


@on_sqlite
def test_its_owner_withdraws_it_once_and_nobody_else_does(database: Database, people: Cast) -> None:
    one = issued(database, people.ada)
    for other, certificate in ((people.mallory, one), (people.ada, uuid4())):
        with pytest.raises(certificates.UnknownCertificate):
            database.commit(lambda db, who=other, what=certificate: certificates.withdraw(db, what, who, now=NOON))
    assert found(database, one).is_valid
    for moment in (NOON, LATER):
        database.commit(lambda db, at=moment: certificates.withdraw(db, one, people.ada, now=at))
    held = found(database, one)
    assert (held.is_valid, held.revoked_at, held.reason) == (False, NOON, None)
    assert issued(database, people.ada) != one, "whoever withdrew it may have it issued again"


@on_sqlite
def test_staff_revoke_with_a_reason_and_no_other_is_issued_until_they_allow_it(
    database: Database, people: Cast
) -> None:
    one = issued(database, people.ada)

    def revoke(reason: str, *, reissue: bool = False) -> None:
        database.commit(lambda db: certificates.revoke(db, one, reason=reason, reissue=reissue, now=LATER))

    with pytest.raises(certificates.NoReason):
        revoke("  ")
    assert found(database, one).is_valid
    revoke("Kuis dikerjakan orang lain.")
    held = found(database, one)
    assert (held.revoked_at, held.reason) == (LATER, "Kuis dikerjakan orang lain.")
    with pytest.raises(certificates.Barred, match="Kuis dikerjakan orang lain"):
        issued(database, people.ada)
    revoke("Salah nama.", reissue=True)
    assert issued(database, people.ada) != one
    with database.reading() as db:
        acts = db.execute(select(AuditEvent.subject, AuditEvent.details).order_by(AuditEvent.id)).all()
    assert [tuple(act) for act in acts if act.subject == str(one)] == [
        (str(one), {"reason": "Kuis dikerjakan orang lain.", "reissue": False}),
        (str(one), {"reason": "Salah nama.", "reissue": True}),
    ]
    with pytest.raises(certificates.UnknownCertificate):
        database.commit(lambda db: certificates.revoke(db, uuid4(), reason="x", reissue=False, now=NOON))


def test_with_a_person_their_certificate_goes(database: Database, people: Cast) -> None:
    one = found(database, issued(database, people.ada))
    change(database, delete(User).where(User.id == people.ada))
    with database.reading() as db:
        assert certificates.find(db, one.id) is None
    assert presented(database, one.signed) == one.id, "it was genuine once, and its page says that it is not known"
