"""The statements that count a cohort's people, against the same told person by person in plain Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from lms.db.accounts import Role
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.learning import accounts, attention, cohorts, members, reading, results
from lms.learning.analyses import Which
from lms.learning.attention import Pace
from lms.learning.members import Member, Standing
from lms.learning.progress import Records
from lms.quiz import regrade
from lms.quiz.definition import version
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import make, save, start, submit
from tests.learning.test_marks import ESSAY, SECTIONS
from tests.learning.test_members import CATALOG
from tests.learning.test_regrades import asked, decide, take

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PARTICIPANT = (Role.PARTICIPANT, Place.PARTICIPANT)
LESSONS = CATALOG.every_lesson
CHECKED = next(lesson for lesson in LESSONS if lesson.checks)
PASSED, FAILED, WAITING, OPEN = "passed", "failed", "waiting", "open"


@dataclass
class Did:
    """What one person did, in the order of days counted from NOON.

    ``visits``: a lesson by its place, the day, whether to its end. ``checks``: when a self-check was answered.
    """

    visits: list[tuple[int, int, bool]] = field(default_factory=list)
    tries: list[tuple[str, int, str]] = field(default_factory=list)
    checks: list[int] = field(default_factory=list)

    @property
    def passed(self) -> set[str]:
        return {quiz for quiz, _, outcome in self.tries if outcome == PASSED}

    @property
    def read(self) -> set[str]:
        return {LESSONS[place].id for place, _, end in self.visits if end}

    @property
    def last(self) -> datetime | None:
        days = [day for _, day, _ in [*self.visits, *self.tries]] + self.checks
        return NOON + max(days) * DAY if days else None

    @property
    def failed(self) -> set[str]:
        """Quizzes not passed at which one was judged: who waits for a mark has not failed."""
        return {quiz for quiz, _, outcome in self.tries if outcome == FAILED} - self.passed

    def standing(self) -> Standing | None:
        if self.last is None:
            return None
        seen = {LESSONS[place].id for place, _, _ in self.visits} | ({CHECKED.id} if self.checks else set())
        answered = {CHECKED.checks[0].id} if self.checks else set()
        records = (seen, self.read, answered, self.passed, {quiz for quiz, _, _ in self.tries})
        return Standing(Records(*map(frozenset, records)), self.last, frozenset(self.failed))


#: The last three take no part in the cohort: one teaches it, one left it, one is in another. "both" is in both.
WORLD = {
    "nobody": Did(),
    "Reader": Did(visits=[(0, -20, True), (1, -9, True), (2, -8, False)], checks=[-8]),
    "returned": Did(visits=[(0, -20, True)], checks=[-3]),
    "pass_er": Did(tries=[("a", -3, FAILED), ("a", -2, PASSED), ("a", -1, PASSED), ("b", 0, PASSED)]),
    "failer": Did(visits=[(1, -1, True)], tries=[("a", -9, FAILED), ("a", -8, FAILED), ("a", -8, FAILED)]),
    "twice": Did(tries=[("b", -9, FAILED), ("b", -8, FAILED), ("a", -7, FAILED)]),
    "quiet": Did(visits=[(0, -20, True)]),
    "tried": Did(tries=[("a", -1, FAILED)]),
    "both": Did(visits=[(0, -3, True), (1, -2, True)]),
    "once": Did(tries=[("b", -9, FAILED), ("a", -9, OPEN)]),
    "waits": Did(tries=[("a", -8, WAITING), ("a", -8, WAITING)]),
    "abroad": Did(visits=[(3, -1, True)], tries=[("outside", -1, PASSED)]),
    "teacher": Did(visits=[(0, 0, True)], tries=[("a", 0, PASSED)]),
    "left": Did(visits=[(0, 0, True)], tries=[("a", 0, PASSED)]),
    "other": Did(visits=[(1, -40, True), (0, 0, True)], tries=[("b", -40, PASSED), ("a", -40, FAILED)]),
}


def named(login: str) -> str:
    """In another order than their logins."""
    return f"{login[::-1].title()} dari Kota"


OURS = {login: did for login, did in WORLD.items() if login not in {"teacher", "left", "other"}}


@pytest.fixture
def world(database: Database) -> dict[str, UUID]:
    """Cohorts by name: ours, others and an empty one."""
    with database.transaction() as db:
        ids = {name: cohorts.add(db, name, now=NOON).id for name in ("ours", "others", "empty")}
        for login in WORLD:
            role, place = (Role.INSTRUCTOR, Place.INSTRUCTOR) if login == "teacher" else PARTICIPANT
            user = accounts.add(db, login=login, name=named(login), roles=[role], now=NOON)
            cohort = cohorts.by_name(db, "others" if login == "other" else "ours")
            cohorts.enrol(db, cohort, user.id, place, now=NOON - 50 * DAY)
    for login, did in WORLD.items():
        _do(database, login, did)
    with database.transaction() as db:
        cohorts.leave(db, ids["ours"], accounts.by_login(db, "left").id, now=NOON)
        both = accounts.by_login(db, "both").id
        cohorts.enrol(db, cohorts.by_name(db, "others"), both, Place.PARTICIPANT, now=NOON - 50 * DAY)
    return ids


def _do(database: Database, login: str, did: Did) -> None:
    with database.transaction() as db:
        user_id = accounts.by_login(db, login).id
        for place, day, end in did.visits:
            reading.visit(db, user_id, LESSONS[place], read=end, now=NOON + day * DAY)
        for day in did.checks:
            item = CHECKED.checks[0]
            reading.answer(db, user_id, CHECKED, item, item.key(), now=NOON + day * DAY)
    for quiz, day, outcome in did.tries:
        _try(database, user_id, quiz, NOON + day * DAY, outcome)


def _try(database: Database, user_id: UUID, quiz: str, moment: datetime, outcome: str) -> None:
    source = make("pass: 10", ESSAY) if outcome == WAITING else make("pass: 10")
    attempt_id = start(database, replace(source, id=quiz), user_id, now=moment)
    if outcome == WAITING:
        save(database, attempt_id, user_id, "u-satu", ["Teks."], 1, now=moment)
    if outcome == PASSED:
        save(database, attempt_id, user_id, "t-satu", ["a"], 1, now=moment)
    if outcome != OPEN:
        submit(database, attempt_id, user_id, now=moment + HOUR)


def page(database: Database, cohort_id: UUID, **asked: object) -> list[Member]:
    with database.reading() as db:
        return members.page(db, cohort_id, **({"limit": 99} | asked))  # type: ignore[arg-type]


KEYS = {
    "name": lambda login, _: named(login).lower(),
    "login": lambda login, _: login.lower(),
    "share": lambda _, did: len(did.read) + len(did.passed),
    "quizzes": lambda _, did: len(did.passed),
    "last_seen": lambda _, did: (did.last is not None, did.last or NOON),
}


def test_every_order_of_a_list_is_that_of_what_people_did(database: Database, world: dict[str, UUID]) -> None:
    assert set(KEYS) == set(members.SORTS)
    by_login = sorted(OURS, key=str.lower)
    for sort, key in KEYS.items():
        for descending in (False, True):
            expected = sorted(by_login, key=lambda login: key(login, OURS[login]), reverse=descending)
            listed = page(database, world["ours"], sort=sort, descending=descending)
            assert [one.login for one in listed] == list(map(str.lower, expected)), (sort, descending)
            assert page(database, world["ours"], sort=sort, descending=descending, offset=2, limit=3) == listed[2:5]
    listed = page(database, world["ours"])
    assert listed == page(database, world["ours"], sort="name", descending=False)
    assert [(one.name, one.cohort_id) for one in listed] == [
        (name, world["ours"]) for name in sorted(map(named, OURS), key=str.lower)
    ]


def test_a_search_finds_a_part_of_name_or_login_as_it_is_written(database: Database, world: dict[str, UUID]) -> None:
    for search, found in (
        ("READER", 1),
        ("Kota", 12),
        ("s_", 1),
        ("_", 1),
        ("%", 0),
        ("denruter dari", 1),
        ("other", 0),
    ):
        assert len(page(database, world["ours"], search=search)) == found, search
        with database.reading() as db:
            assert members.count(db, world["ours"], search) == found, search
    with database.reading() as db:
        assert (members.count(db, world["others"]), members.count(db, world["empty"])) == (2, 0)


def test_the_standing_of_everybody_is_what_they_did(database: Database, world: dict[str, UUID]) -> None:
    with database.reading() as db:
        listed = page(database, world["ours"]) + page(database, world["others"])
        standings = members.standings(db, listed)
        some = members.standings(db, listed[:2])
        assert members.standings(db, []) == {}
    did = {login.lower(): one for login, one in WORLD.items()}
    assert len(listed) == len(OURS) + 2
    for one in listed:
        assert standings.get(one.enrolment_id) == did[one.login].standing(), one.login
    assert some == {one.enrolment_id: standings[one.enrolment_id] for one in listed[:2]}


def test_what_is_told_of_cohorts_in_a_list_is_that_of_their_people(database: Database, world: dict[str, UUID]) -> None:
    pace = Pace([lesson.id for lesson in LESSONS[:3]], ["a", "b"], 0.5)
    everybody = {"ours": [*OURS.values()], "others": [WORLD["other"], WORLD["both"]], "empty": []}
    for days in (0, 3, 8, 50):
        now = NOON + days * DAY
        with database.reading() as db:
            found = attention.counts(db, dict.fromkeys(world.values(), pace), now=now)
            needy = {name: attention.of(db, id, pace, now=now) for name, id in world.items()}
        for name, people in everybody.items():
            need = found[world[name]]
            assert need.active == sum(did.last is not None and now - did.last < attention.QUIET for did in people)
            done = sum(len(did.read & set(pace.lessons)) + len(did.passed & {"a", "b"}) for did in people)
            assert need.done == pytest.approx(done / pace.steps / len(people) if people else 0)
            assert need.people == len(needy[name])
            assert need.reasons == Counter(
                reason for one in needy[name] for reason in {sign.reason for sign in one.signs}
            )


# --- the results of a quiz ------------------------------------------------------------------------------------------


def lines(database: Database, cohort_id: UUID, quiz: str, **asked: object) -> list[results.Line]:
    with database.reading() as db:
        return results.results(db, cohort_id, quiz, **asked)  # type: ignore[arg-type]


def test_every_attempt_at_a_quiz_stands_in_its_results(database: Database, world: dict[str, UUID]) -> None:
    expected = {}
    for login, did in OURS.items():
        own = [(day, outcome) for quiz, day, outcome in did.tries if quiz == "a"]
        for number, (day, outcome) in enumerate(own, start=1):
            begun = NOON + day * DAY
            judged = {PASSED: (1, True), FAILED: (0, False), WAITING: (None, None), OPEN: (None, None)}[outcome]
            state = "open" if outcome == OPEN else "submitted"
            handed_in = None if outcome == OPEN else begun + HOUR
            maximum = 5 if outcome == WAITING else 4
            expected[login.lower(), number] = (named(login), begun, handed_in, *judged, maximum, state)
    found = lines(database, world["ours"], "a")
    assert {
        (one.login, one.number): (
            one.name, one.started_at, one.submitted_at, one.score, one.passed, one.maximum, one.state
        )
        for one in found
    } == expected  # fmt: skip
    assert len(found) == len(expected)
    with database.reading() as db:
        ended = {(one.share, one.passed): one.attempts for one in results.outcomes(db, world["ours"], "a")}
        assert ended == Counter((one.share, one.passed) for one in found)
        assert results.outcomes(db, world["ours"], "a", "failer") == [results.Outcome(0, False, attempts=3, people=1)]


def test_one_attempt_speaks_for_each_person(database: Database, world: dict[str, UUID]) -> None:
    every = lines(database, world["ours"], "a")
    for which in Which:
        expected = {
            picked([one for one in every if one.login == login], which).id for login in {x.login for x in every}
        }
        assert len(expected) < len(every)
        assert {one.id for one in lines(database, world["ours"], "a", which=which)} == expected
        with database.reading() as db:
            ended = results.outcomes(db, world["ours"], "a", which=which)
        assert sum(one.attempts for one in ended) == sum(one.people for one in ended) == len(expected)


def picked(own: list[results.Line], which: Which) -> results.Line:
    """Of one person: of those judged to the end, if there are any."""
    judged = sorted((one for one in own if one.score is not None), key=lambda one: one.number)
    judged = judged or sorted(own, key=lambda one: one.number)
    best = max(judged, key=lambda one: (one.share or 0, -one.number))
    return {Which.FIRST: judged[0], Which.BEST: best, Which.LAST: judged[-1]}[which]


def test_of_all_attempts_people_count_by_their_best(database: Database, people: Cast) -> None:
    for answer in ("b", "a"):
        take(database, replace(make(), items=make().items[:1]), people.ada, {"t-satu": [answer]})
    with database.reading() as db:
        assert [(one.passed, one.attempts, one.people) for one in results.outcomes(db, people.cohort, "percobaan")] == [
            (False, 1, 0),
            (True, 1, 1),
        ]


def test_who_passed_did_so_though_another_attempt_has_more_points(database: Database, people: Cast) -> None:
    quiz = make("pass: 30\nattempts: 5", SECTIONS.replace("pass: 100%", "pass: 50%"))
    passed = take(database, quiz, people.ada, {"s-satu": ["a"], "s-dua": ["b"]})
    take(database, quiz, people.ada, {"s-satu": ["b"], "s-dua": ["a"]})
    best = lines(database, people.cohort, quiz.id, which=Which.BEST)
    assert [(one.id, one.score, one.passed) for one in best] == [(passed, 4, True)]


def test_each_section_has_its_mean_and_those_who_reached_its_threshold(database: Database, people: Cast) -> None:
    quiz = make("pass: 30\nattempts: 5", SECTIONS)
    take(database, quiz, people.ada, {"s-satu": ["a"], "s-dua": ["b"]})
    take(database, quiz, people.ada, {"s-satu": ["b"], "s-dua": ["a"]})
    asked_of = [
        results.Part([version(item) for item in quiz.items if item.section == one.id], one.pass_points, one.pass_share)
        for one in quiz.sections
    ]
    for which, first, second in (
        (Which.FIRST, results.PartDone(1, 1.0, 1), results.PartDone(1, 0.6, 0)),
        (Which.LAST, results.PartDone(1, 0.0, 0), results.PartDone(1, 1.0, 1)),
        (Which.EVERY, results.PartDone(2, 0.5, 1), results.PartDone(2, 0.8, 1)),
    ):
        with database.reading() as db:
            assert results.parts(db, people.cohort, quiz.id, asked_of, which) == [first, second]


def test_a_share_is_of_one_point_or_of_none(database: Database, people: Cast) -> None:
    quiz = replace(make(), items=make().items[:1])
    for user_id, answer in ((people.ada, "a"), (people.ada, "b")):
        take(database, quiz, user_id, {"t-satu": [answer]})
    with database.reading() as db:
        ended = results.outcomes(db, people.cohort, quiz.id)
        assert [(one.share, one.passed, one.attempts) for one in ended] == [(0, False, 1), (1, True, 1)]
    decide(database, people, asked(people, regrade.Drop()))
    with database.reading() as db:
        ended = results.outcomes(db, people.cohort, quiz.id)
        assert [(one.share, one.attempts) for one in ended if one.share is None] == [(None, 2)]


def test_results_are_ordered_with_those_that_have_nothing_to_order_by_at_the_end(
    database: Database, world: dict[str, UUID]
) -> None:
    every = lines(database, world["ours"], "a")
    keys = {
        "name": lambda one: one.name.lower(),
        "login": lambda one: one.login,
        "number": lambda one: one.number,
        "submitted_at": lambda one: one.submitted_at,
        "score": lambda one: one.share,
    }
    assert set(keys) == set(results.SORTS)
    for sort, key in keys.items():
        having = sorted((one for one in every if key(one) is not None), key=lambda one: one.id)
        without = sorted((one for one in every if key(one) is None), key=lambda one: one.id)
        for descending in (False, True):
            expected = sorted(having, key=key, reverse=descending) + without
            assert lines(database, world["ours"], "a", sort=sort, descending=descending) == expected, sort
            part = lines(database, world["ours"], "a", sort=sort, descending=descending, offset=1, limit=3)
            assert part == expected[1:4]
    assert every == lines(database, world["ours"], "a", sort="submitted_at", descending=True)
    for search, logins in (
        ("PASS_ER", {"pass_er"}),
        ("_", {"pass_er"}),
        ("Kota", None),
        ("%", set()),
        ("other", set()),
    ):
        found = {one.login for one in lines(database, world["ours"], "a", search=search)}
        assert found == ({one.login for one in every} if logins is None else logins)


def test_each_quiz_of_a_cohort_is_summed_up(database: Database, world: dict[str, UUID]) -> None:
    with database.reading() as db:
        found = results.quiz_summaries(db, world["ours"])
        assert results.quiz_summaries(db, world["empty"]) == {}
    assert {quiz: (row.attempts, row.people, row.passed) for quiz, row in found.items()} == {
        "a": (10, 5, 1),
        "b": (4, 3, 1),
        "outside": (1, 1, 1),
    }
    assert found["a"].mean == pytest.approx(0.5 / 8), "two of a quarter among eight that were judged"
    assert found["b"].mean == pytest.approx(0.25 / 4)


def test_what_waits_for_a_person_is_listed_oldest_first(database: Database, world: dict[str, UUID]) -> None:
    with database.transaction() as db:
        teacher = accounts.by_login(db, "teacher").id
        reader = accounts.by_login(db, "Reader").id
        other = accounts.by_login(db, "other").id
    _try(database, reader, "b", NOON - 9 * DAY, WAITING)
    _try(database, other, "b", NOON - 10 * DAY, WAITING)
    with database.reading() as db:
        listed = results.waiting(db, teacher, limit=9)
        every = results.waiting(db, None, limit=9)
        assert results.waiting(db, teacher, offset=1, limit=1) == listed[1:2]
        assert [results.count_waiting(db, who) for who in (teacher, None, reader)] == [3, 4, 0]
    assert [(one.login, one.quiz, one.number) for one in listed] == [
        ("reader", "b", 1),
        ("waits", "a", 1),
        ("waits", "a", 2),
    ]
    assert [one.login for one in every] == ["other", "reader", "waits", "waits"]
    assert listed[0].name == named("Reader")
    assert listed[0].submitted_at == NOON - 9 * DAY + HOUR
