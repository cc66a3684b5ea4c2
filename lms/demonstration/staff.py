"""What an instructor and an editor did while the course went on."""

from __future__ import annotations

import random
from datetime import datetime
from functools import partial
from uuid import UUID

from lms.db.reports import ReportState
from lms.demonstration import answers, learners
from lms.demonstration.days import at
from lms.demonstration.world import Group, World
from lms.learning.api import (
    Given,
    attempt_records,
    marks,
    overrides,
    participants,
    question_sums,
    regrades,
    reports,
    second_marks,
    staff_notes,
)
from lms.quiz import regrade
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz

#: A share of the points of an essay, and what is said of it.
COMMENTS = (
    (1.0, "Rumusannya jelas, dan angkanya dipakai."),
    (0.7, "Akibatnya bagi warga belum disebut."),
    (0.4, "Ini sudah penyelesaian; isunya belum terlihat."),
)
#: What the second marker gives more or less than the first, and says of it.
APART, SECOND_COMMENT = 0.3, "Akibatnya bagi warga dapat dibaca dari angkanya."
INSTRUCTOR, EDITOR, SECOND = "pengampu", "penyunting", "pengelola"


def plan(world: World, group: Group) -> None:
    """What staff do of themselves; what follows from something that a participant did is planned with that."""
    world.at(at(world.ago(20), 10), partial(_allow, world))
    world.at(at(world.ago(8), 10), partial(_regrade, world, group))
    world.at(at(world.ago(4), 14), partial(_answer_report, world))
    quiet, stuck = (partial(_note, world, group, number) for number in (learners.CONTACTED, learners.NOTED))
    world.at(at(world.ago(5), 9), partial(quiet, "Saya hubungi lewat pesan; minggu ini mulai lagi.", contacted=True))
    world.at(at(world.ago(3), 11), partial(stuck, "Kita baca materi ini bersama pada sesi tanya jawab berikutnya."))


def judge(world: World, attempt_id: UUID, rng: random.Random, moment: datetime) -> None:
    """The instructor marks all essays of an attempt."""
    author = world.person(INSTRUCTOR)
    for id, held in attempt_records.marks(world.connection, attempt_id).items():
        if marks.judgeable(held):
            fraction, comment = rng.choice(COMMENTS)
            marks.judge(world.db, attempt_id, id, fraction, author_id=author, comment=comment, now=moment)


def judge_again(world: World, attempt_id: UUID, moment: datetime) -> None:
    """Somebody else marks the first essay of an attempt, and differs."""
    author = world.person(SECOND)
    held = attempt_records.marks(world.connection, attempt_id)
    for id in [id for id, history in held.items() if marks.judgeable(history)][:1]:
        first = held[id][-1].given.fraction
        given = Given(first - APART if first > APART else first + APART, SECOND_COMMENT)
        second_marks.give(world.db, attempt_id, id, given, author_id=author, now=moment)


def _note(world: World, group: Group, number: int, text: str, moment: datetime, *, contacted: bool = False) -> None:
    """The instructor notes something about a participant."""
    about = participants.of(world.connection, group.cohort.id, world.person(learners.login(number))).member
    author = world.person(INSTRUCTOR)
    staff_notes.write(
        world.db, group.cohort.id, [about.enrolment_id], text, contacted=contacted, author_id=author, now=moment
    )


def _allow(world: World, moment: datetime) -> None:
    """More time and one more attempt for somebody, at the third quiz."""
    given = overrides.Grant(extra_minutes=15, extra_attempts=1, reason="Jaringan terputus saat mengerjakan.")
    for quiz in world.quizzes[2:3]:
        person = world.person(learners.login(learners.ALLOWED))
        overrides.grant(world.db, person, quiz.id, given, actor_id=world.person(INSTRUCTOR), now=moment)


def _answer_report(world: World, moment: datetime) -> None:
    """The editor answers the report that waits longest."""
    text = "Terima kasih. Soalnya kami periksa bersama pengampu."
    for line in reports.lines(world.connection, search="", state=ReportState.OPEN, offset=0, limit=1):
        given = reports.Answer(ReportState.DECLINED, text, seen="")
        reports.answer(world.db, line.id, given, editor_id=world.person(EDITOR), now=moment)


def _regrade(world: World, group: Group, moment: datetime) -> None:
    """A second option is accepted at a question of the first quiz."""
    for quiz in world.quizzes[:1]:
        if item := _asked_most(world, group, quiz):
            _accept(world, group, quiz, item, moment)


def _asked_most(world: World, group: Group, quiz: Quiz) -> Item | None:
    """Its plain question that was asked most often."""
    plain = {item.id: item for item in quiz.items if answers.is_plain(item)}
    sums = question_sums.sums(world.connection, group.cohort.id, quiz=quiz.id)
    asked = {one.item: one.attempts for one in sums if one.item in plain}
    return plain[max(asked, key=lambda id: (asked[id], id))] if asked else None


def _accept(world: World, group: Group, quiz: Quiz, item: Item, moment: datetime) -> None:
    other = next(option.id for option in item.choices() if option.id not in (item.key() or ()))
    asked = regrades.Asked(
        item=item.id,
        cohort_id=group.cohort.id,
        decision=regrade.Accept(((other,),)),
        reason="Keputusan contoh, untuk memperlihatkan nilai ulang: pilihan ini ikut diterima.",
    )
    made, author = regrades.preview(world.connection, asked), world.person(INSTRUCTOR)
    id = UUID(int=random.Random(item.id).getrandbits(128), version=4)  # noqa: S311 – a story, not a secret
    regrades.decide(world.db, asked, made, regrade_id=id, seen=made.digest, quiz=quiz.id, author_id=author, now=moment)
    while regrades.go_on(world.db, id, now=moment):
        pass
