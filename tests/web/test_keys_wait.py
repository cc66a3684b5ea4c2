"""In the shipped pack nobody reads a key that the next attempt asks for; who passed or has no attempt left reads all.

The pack is compared with one that has other keys, remarks and explanations: Ada takes the first, Mallory the second,
and as long as attempts are left no page tells which of them a person took.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from lms import create_app
from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import bundled
from lms.config import Settings
from lms.db.engine import Database
from lms.fields import Severity
from lms.learning import attempt_records, attempts, practice
from lms.learning.attempts import Answer
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz
from lms.web.site import now
from tests.catalog.memory import InMemory
from tests.conftest import Cast
from tests.visitor import Visitor
from tests.web.test_what_pages_tell import ON_SQLITE, Person

pytestmark = ON_SQLITE
SHIPPED = load(bundled())
COUNTED = [quiz for quiz in SHIPPED.quizzes.values() if quiz.module]
_PAIRED = re.compile(r"(- .+ => )(.+)")
_NUMBERED = re.compile(r"(\d+\. )(.+)")
_GAP = re.compile(r"\{\{(.+?)\}\}")


def other(text: str) -> str:
    """A quiz file that asks the same, with other keys, remarks and explanations."""
    front, *questions = re.split(r"(?m)^(?=## )", text)
    return "".join([front, *map(_other_question, questions)])


def _other_question(text: str) -> str:
    lines = text.split("\n")
    singles = [at for at, line in enumerate(lines) if line.startswith(("- (x)", "- ( )"))]
    right = next((at for at in singles if lines[at].startswith("- (x)")), None)
    for place, at in enumerate(singles):
        follows = right is not None and singles[place - 1] == right
        lines[at] = ("- (x)" if follows else "- ( )") + lines[at][5:]
    _turn(lines, _PAIRED, lambda rights: rights[1:] + rights[:1])
    if "type: ordering" in lines:
        _turn(lines, _NUMBERED, lambda things: things[::-1])
    hint = False
    for at, line in enumerate(lines):
        lines[at] = line = _GAP.sub(lambda gap: f"{{{{{_another_gap(gap[1])}}}}}", line)
        if line.startswith("- ["):
            lines[at] = ("- [ ]" if line[3] == "x" else "- [x]") + line[5:]
        elif line.startswith("= "):
            lines[at] = "= " + {"benar": "salah", "salah": "benar"}.get(line[2:], _another(line[2:]))
        elif line.startswith("> [!"):
            hint = "HINT" in line
        elif line.lstrip().startswith("> ") and not (hint and line.startswith("> ")):
            lines[at] = f"{line[: line.index('>')]}> Lain."
    return "\n".join(lines)


def _turn(lines: list[str], written: re.Pattern[str], turned: Callable[[list[str]], list[str]]) -> None:
    """Put what stands behind the beginnings of such lines into another order."""
    found = {at: line for at, text in enumerate(lines) if (line := written.fullmatch(text))}
    for at, behind in zip(found, turned([line[2] for line in found.values()]), strict=True):
        lines[at] = found[at][1] + behind


def _another_gap(gap: str) -> str:
    if "(x)" not in gap:
        return " = ".join(_another(answer.strip()) for answer in gap.split("="))
    choices = [choice.strip() for choice in gap.split("/")]
    right = next(at for at, choice in enumerate(choices) if choice.startswith("(x)"))
    marks = ["(x)" if at == (right + 1) % len(choices) else "( )" for at in range(len(choices))]
    return " / ".join(f"{mark}{choice[3:]}" for mark, choice in zip(marks, choices, strict=True))


def _another(answer: str) -> str:
    """Another number where there is one, so that the question stays of its kind; else another word."""
    changed = re.sub(r"(?<![\d.,])\d|(?<=\.\.)\d", lambda digit: str(int(digit[0]) % 9 + 1), answer)
    return changed if changed != answer else f"{answer} lain"


def store(text_of: dict[str, str]) -> Catalog:
    pack = InMemory.copy_of(bundled())
    for path, text in text_of.items():
        pack.contents[path] = text.encode()
    return load(pack)


@pytest.fixture(scope="module")
def twisted() -> Catalog:
    paths = [f"quizzes/{quiz.id}.md" for quiz in COUNTED]
    made = store({path: other(bundled_text(path)) for path in paths})
    assert [problem for problem in made.problems if problem.severity is Severity.ERROR] == []
    for quiz in COUNTED:
        same = zip(quiz.items, made.quiz(quiz.id).items, strict=True)
        assert [one.id for one, twin in same if one.key() == twin.key() or one.kind != twin.kind] == []
    return made


def bundled_text(path: str) -> str:
    return bundled().read(path).decode()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(dataclasses.replace(settings, pack=""))
    yield made
    made.extensions["lms"].database.dispose()


def asked(database: Database, attempt: UUID, quiz: Quiz) -> list[Item]:
    """What an attempt drew of the quiz."""
    with database.reading() as db:
        return [quiz.item(row.item) for row in attempt_records.items(db, attempt)]


class Taker(Person):
    """Somebody who takes a quiz of the catalog that is served at that moment."""

    def take(self, database: Database, quiz: Quiz, user_id: UUID, *, right: bool = False) -> None:
        attempt = self.begin(database, quiz, user_id)
        with database.transaction() as db:
            for item in asked(database, attempt, quiz) if right else ():
                answer = Answer(values=item.key(), revision=1)
                attempts.save(db.connection(), attempt, user_id, item.id, answer, save_id=uuid4(), now=AT)
            attempts.submit(db, attempt, user_id, now=AT)

    def begin(self, database: Database, quiz: Quiz, user_id: UUID) -> UUID:
        with database.transaction() as db:
            bank = SHIPPED.bank if quiz.draws else ()
            attempt = attempts.start(db, quiz, user_id, now=AT, bank=bank, seed=len(self.attempts))
        self.attempts.append(attempt)
        return attempt

    def result(self) -> str:
        return self.visitor.get(f"/percobaan/{self.attempts[-1]}/hasil").get_data(as_text=True)


AT = now()


def places(quiz: Quiz) -> dict[str, str]:
    assert quiz.module
    lesson = SHIPPED.module(quiz.module).lessons[0].id
    picture = next(iter(SHIPPED.pictures))
    return {
        "quiz": quiz.id,
        "module": quiz.module,
        "slug": lesson.partition("/")[2],
        "id": "uu-20-2023",
        "path": picture,
        "name": "peserta",
        "item": quiz.items[0].id,
        "note_id": str(UUID(int=7)),
        "certificate_id": str(UUID(int=1)),
    }


def test_whoever_submits_blank_and_reads_every_page_learns_no_key(
    app: Flask, database: Database, people: Cast, twisted: Catalog
) -> None:
    served = app.extensions["lms"].pack
    visitors = Visitor(app).sign_in("ada"), Visitor(app).sign_in("mallory")
    for visitor in visitors:
        visitor.post(f"/catatan/{UUID(int=7)}", {"lesson": "lama", "text": "Bacalah.", "made_at": AT.isoformat()})
    for quiz in COUNTED:
        seen = []
        for visitor, user_id, catalog in zip(visitors, (people.ada, people.mallory), (SHIPPED, twisted), strict=True):
            served.replace(catalog)
            taker, taken = Taker(visitor, []), catalog.quiz(quiz.id)
            taker.take(database, taken, user_id)
            taker.begin(database, taken, user_id)  # the next one, whose page is walked, too
            seen.append(taker.pages(app, places(quiz)))
        told = {path for path in seen[0] if seen[0][path] != seen[1][path]}
        assert told == set(), quiz.id


def test_no_practice_asks_what_an_exam_or_a_quiz_still_asks(app: Flask, database: Database, people: Cast) -> None:
    """The simulation never closes, so that whatever it may draw is never practised, by whichever way."""
    visitor, simulation = Visitor(app).sign_in("ada"), SHIPPED.quiz("simulasi-akademik")
    checks = (check for lesson in SHIPPED.every_lesson for check in lesson.checks)
    ada, may_ask = Taker(visitor, []), {check.id for check in checks if check.key()}  # no text that a person judges
    drawn = {item.id for quiz in COUNTED for item in quiz.items if may_draw(simulation, quiz, item)}
    assert len(drawn) > 300
    of_its_own, drawn_from, runs = COUNTED[0], COUNTED[4], COUNTED[1]
    ada.begin(database, runs, people.ada)
    steps = [(of_its_own, 4, False), (of_its_own, 1, True), (drawn_from, 4, False), (drawn_from, 1, True)]
    for quiz, more, is_last in (*steps, (simulation, 5, False)):
        for _attempt in range(more):
            ada.take(database, quiz, people.ada)
        may_ask |= {item.id for item in quiz.items if is_last} - drawn
        with database.reading() as db:
            pool = practice.of(db, people.ada, SHIPPED, now=AT)
        assert {one.item.id for one in pool.open} == may_ask, quiz.id
    for about in ("campuran:", "evaluasi:", f"seperti:{drawn_from.items[0].id}", f"kuis:{drawn_from.id}"):
        started = visitor.post("/latihan", {"tentang": about}).location
        asked = set(re.findall(r'data-item="([^"]+)"', visitor.get(started).get_data(as_text=True)))
        assert asked, about
        assert asked <= may_ask, about


def may_draw(exam: Quiz, quiz: Quiz, item: Item) -> bool:
    """Whether one of the draws of an exam finds a question by what its file says."""
    module = SHIPPED.module(quiz.module or "")
    said = {*item.tags, *(cite.partition("#")[0] for cite in item.cites), module.id, module.agenda}
    return any(set(draw.tags) <= said for draw in exam.draws)


@pytest.mark.parametrize("right", [True, False])
def test_whoever_passed_or_has_no_attempt_left_reads_everything(
    app: Flask, database: Database, people: Cast, right: bool
) -> None:
    visitor = Visitor(app).sign_in("ada")
    for quiz in COUNTED:
        ada = Taker(visitor, [])
        for _attempt in range(1 if right else quiz.attempts or 0):
            assert 'class="explanation' not in (ada.result() if ada.attempts else "")
            ada.take(database, quiz, people.ada, right=right)
        shown = ada.result()
        assert shown.count('class="explanation') == quiz.length, quiz.id
        assert shown.count('class="verdict ') == quiz.length, quiz.id


def test_the_score_is_told_at_once_and_no_question_before_the_others(
    app: Flask, database: Database, people: Cast
) -> None:
    quiz = COUNTED[0]
    ada = Taker(Visitor(app).sign_in("ada"), [])
    attempt = ada.begin(database, quiz, people.ada)
    half = asked(database, attempt, quiz)[: quiz.length // 2]
    with database.transaction() as db:
        for item in half:
            answer = Answer(values=item.key(), revision=1)
            attempts.save(db.connection(), attempt, people.ada, item.id, answer, save_id=uuid4(), now=AT)
        attempts.submit(db, attempt, people.ada, now=AT)
    shown = ada.result()
    assert "Belum lulus" in shown
    assert re.search(r"score-figure[^>]*>\d+%", shown)
    assert "verdict-" not in shown
    assert "setelah Anda lulus atau semua kesempatan terpakai" in shown
