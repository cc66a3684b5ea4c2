"""Notes of several devices in whatever order they arrive, and where they stand in a text that was changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4, uuid5

import pytest
from sqlalchemy import delete, select

from lms.catalog import rendering
from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.accounts import User
from lms.db.engine import Database
from lms.db.notes import LessonMark, MarkKind, Note
from lms.learning import lesson_marks, notes
from lms.learning.notes import OwnNote, TooManyNotes, UnknownNote, Writing
from lms.learning.passages import Quote
from tests.catalog.memory import InMemory
from tests.conftest import NOON, PACK, Cast

CATALOG = load(Folder.at(PACK))
LESSON = CATALOG.lesson("pecahan/setengah")
MINUTE = timedelta(minutes=1)
ID = UUID(int=7)


def writing(text: str, *replaces: Writing, id: UUID = ID, **more: object) -> Writing:
    told = {"lesson": LESSON.id, "heading": "bagian-gambarnya", "quote": None, **more}
    return Writing(id=id, text=text, version=uuid4(), replaces=tuple(one.version for one in replaces), **told)  # type: ignore[arg-type]


def write(database: Database, user: UUID, one: Writing, made_at: datetime = NOON) -> UUID | None:
    with database.transaction() as db:
        return notes.write(db, user, one, now=NOON + 60 * MINUTE, made_at=made_at)


def texts(database: Database, user: UUID) -> dict[UUID, str]:
    with database.reading() as db:
        return {one.id: one.text for one in notes.of_person(db, user)}


def test_a_note_is_what_was_made_last_and_what_is_written_over_another_is_its_heir(
    database: Database, people: Cast
) -> None:
    first = writing("satu")
    second = writing("dua", first)
    third = writing("tiga", first, second)
    for order in permutations([(first, 0), (second, 1), (third, 2)]):
        with database.transaction() as db:
            db.execute(delete(Note))
        for one, minutes in (*order, *order):
            assert write(database, people.ada, one, NOON + minutes * MINUTE) is None
        assert texts(database, people.ada) == {ID: "tiga"}, order


def test_of_two_devices_that_knew_nothing_of_each_other_neither_loses_a_word(database: Database, people: Cast) -> None:
    begun = writing("awal")
    phone, tablet = writing("dari ponsel", begun), writing("dari tablet", begun)
    beside = uuid5(ID, str(phone.version))
    for order in permutations([(begun, 0), (phone, 1), (tablet, 2)]):
        with database.transaction() as db:
            db.execute(delete(Note))
        for one, minutes in (*order, *order):
            write(database, people.ada, one, NOON + minutes * MINUTE)
        assert texts(database, people.ada) == {ID: "dari tablet", beside: "dari ponsel"}, order
    assert write(database, people.ada, writing("", tablet), NOON + 3 * MINUTE) is None
    assert texts(database, people.ada) == {beside: "dari ponsel"}


def test_what_was_deleted_stays_deleted_unless_somebody_wrote_meanwhile(database: Database, people: Cast) -> None:
    first = writing("satu")
    gone, meanwhile = writing("", first), writing("satu setengah", first)
    for one in (gone, first, gone):
        write(database, people.ada, one, NOON + (one is gone) * MINUTE)
    assert texts(database, people.ada) == {}
    beside = write(database, people.ada, meanwhile, NOON)
    assert texts(database, people.ada) == {beside: "satu setengah"}, "older than the deletion, and typed all the same"
    write(database, people.ada, writing("lagi", first), NOON + 5 * MINUTE)
    assert texts(database, people.ada)[ID] == "lagi"


def test_a_note_is_its_persons_own_and_goes_with_them(database: Database, people: Cast) -> None:
    write(database, people.ada, writing("milik Ada"))
    write(database, people.mallory, writing("milik Mallory"))
    assert (texts(database, people.ada), texts(database, people.grace)) == ({ID: "milik Ada"}, {})
    with database.transaction() as db:
        lesson_marks.mark(db, people.ada, MarkKind.UNCLEAR, LESSON, is_set=True, now=NOON)
        db.execute(delete(User).where(User.id == people.ada))
    with database.reading() as db:
        assert db.execute(select(Note.text)).all() == [("milik Mallory",)]
        assert db.execute(select(LessonMark.lesson)).all() == []
        with pytest.raises(UnknownNote):
            notes.one(db, people.ada, ID)


def test_there_is_an_end_to_how_many_one_may_keep(
    database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "MOST", 2)
    first = writing("satu")
    for one in (first, writing("dua", id=UUID(int=8))):
        write(database, people.ada, one)
    with pytest.raises(TooManyNotes, match="2 catatan"):
        write(database, people.ada, writing("tiga", id=UUID(int=9)))
    changed = writing("satu, diubah", first)
    write(database, people.ada, changed)
    write(database, people.ada, writing("", changed))
    write(database, people.ada, writing("tiga", id=UUID(int=9)))


# --- where it stands --------------------------------------------------------------------------------------------------

_NOTE = OwnNote(ID, LESSON.id, "bagian-penutup", Quote("Lanjut ke kuis"), "", ID, NOON, NOON)


def placed(note: OwnNote, *changes: tuple[str, str]) -> notes.Placed:
    pack = InMemory.copy_of(Folder.at(PACK))
    for change in changes:
        pack.replace("modules/pecahan/01-setengah.md", *change)
    catalog = load(pack)
    return notes.placed(note, rendering.sections(catalog, catalog.lesson(LESSON.id)))


def test_a_passage_stands_below_its_heading_or_where_it_went() -> None:
    here = placed(_NOTE)
    assert (here.heading, here.changed, here.passage and here.passage.start) == ("bagian-penutup", False, 10)
    renamed = placed(_NOTE, ("## Penutup", "## Akhirnya"))
    assert (renamed.heading, renamed.changed) == ("bagian-akhirnya", False)


def test_what_a_note_was_about_may_be_gone_and_the_note_is_not() -> None:
    gone = placed(_NOTE, ("Lanjut ke [kuis](quiz:pecahan).", "Sampai jumpa."))
    assert (gone.heading, gone.changed, gone.passage) == ("bagian-penutup", True, None)
    bare = replace(_NOTE, quote=None)
    assert not placed(bare).changed
    homeless = placed(bare, ("## Penutup", "## Akhirnya"))
    assert (homeless.heading, homeless.changed) == ("", True)


# --- marks ------------------------------------------------------------------------------------------------------------


def test_of_two_presses_the_later_one_holds_whichever_arrives_last(database: Database, people: Cast) -> None:
    def press(*, is_set: bool, minutes: int) -> None:
        with database.transaction() as db:
            made_at = NOON + minutes * MINUTE
            lesson_marks.mark(
                db, people.ada, MarkKind.BOOKMARK, LESSON, "bagian-penutup", is_set=is_set, now=NOON + 9 * MINUTE,
                made_at=made_at,
            )  # fmt: skip

    def held() -> list[str]:
        with database.reading() as db:
            return [one.heading for one in lesson_marks.of_lesson(db, people.ada, LESSON)]

    press(is_set=True, minutes=2)
    press(is_set=False, minutes=1)
    assert held() == ["bagian-penutup"]
    press(is_set=False, minutes=3)
    press(is_set=True, minutes=2)
    assert held() == []


def test_a_mark_of_a_lesson_that_got_another_name_is_taken_away_under_both(database: Database, people: Cast) -> None:
    former = replace(LESSON, id=LESSON.aliases[0], aliases=())
    for lesson, is_set in ((former, True), (LESSON, False)):
        with database.transaction() as db:
            lesson_marks.mark(db, people.ada, MarkKind.UNCLEAR, lesson, is_set=is_set, now=NOON)
        with database.reading() as db:
            assert bool(lesson_marks.of_lesson(db, people.ada, LESSON)) is is_set
