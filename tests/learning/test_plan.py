"""A plan is derived: from a catalog, records and days, nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning import plan
from lms.learning.conditions import Availability
from lms.learning.plan import Plan
from lms.learning.progress import Records
from lms.quiz.quiz import Quiz
from tests.guided import guided

CATALOG = guided()
TODAY = date(2026, 11, 30)
STEPS = [step.id for step in CATALOG.steps]


def made(
    records: Records | None = None,
    *,
    shut: Collection[str] = (),
    why: Availability = Availability.USED_UP,
    **more: Any,
) -> Plan:
    def available(quiz: Quiz) -> Availability:
        return why if quiz.id in shut else Availability.NOW

    return plan.make(CATALOG, records or Records(), available=available, today=TODAY, **more)


def ids(found: Plan) -> list[str]:
    return [step.id for step in found.steps]


def read(*lessons: str) -> Records:
    found = [CATALOG.lesson(id) for id in lessons]
    checks = frozenset(check.id for lesson in found for check in lesson.checks)
    return Records(seen=frozenset(lessons), read=frozenset(lessons), answered=checks)


def test_whoever_did_nothing_begins_at_the_beginning_and_meets_the_simulation_behind_what_it_is_about() -> None:
    behind = STEPS.index("desimal") + 1
    assert ids(made()) == [*STEPS[:behind], "simulasi", *STEPS[behind:]]


def test_a_plan_goes_on_where_the_person_is_and_comes_back_for_what_was_passed_over() -> None:
    found = ids(made(read("desimal/koma"), at="desimal/koma"))
    assert found[0] == "desimal"
    assert found.index("sejarah/aturan-lama") < found.index("pecahan/setengah")
    assert "desimal/koma" not in found


def test_a_lesson_that_is_not_finished_comes_first() -> None:
    seen = Records(seen=frozenset({"pecahan/sepertiga"}))
    assert ids(made(seen, at="pecahan/sepertiga"))[:3] == ["pecahan/sepertiga", "pecahan", "pecahan/setengah"]


def test_a_pre_test_puts_first_what_it_showed_to_be_missing() -> None:
    found = made(gaps={"pecahan": 0.0, "desimal": 0.5, "sejarah": 1.0})
    modules = list(dict.fromkeys(step.module for step in found.steps if step.module))
    assert modules == ["sejarah", "desimal", "pecahan"]


def test_of_a_module_that_the_pre_test_did_not_ask_nothing_is_known() -> None:
    found = made(gaps={"pecahan": 0.4, "sejarah": 0.6})
    assert list(dict.fromkeys(step.module for step in found.steps if step.module)) == ["sejarah", "desimal", "pecahan"]


def test_whoever_is_in_a_module_goes_on_with_it_whatever_the_pre_test_said() -> None:
    found = made(read("pecahan/setengah"), at="pecahan/setengah", gaps={"pecahan": 0.0, "sejarah": 1.0})
    assert ids(found)[0] == "pecahan/sepertiga"


def test_gaps_are_counted_by_module_and_what_waits_for_a_mark_is_no_gap() -> None:
    pretest = CATALOG.quiz("awal")
    fractions = {"awal-pecahan": 1.0, "awal-desimal": 0.25, "awal-sejarah": None}
    assert plan.gaps(pretest, fractions, CATALOG) == {"pecahan": 0.0, "desimal": 0.75}


@pytest.mark.parametrize("why", [Availability.USED_UP, Availability.CLOSED, Availability.LATER])
def test_no_step_leads_to_a_quiz_that_cannot_be_begun(why: Availability) -> None:
    found = made(read("pecahan/setengah", "pecahan/sepertiga"), shut={"pecahan", "simulasi"}, why=why)
    assert not {"pecahan", "simulasi"} & set(ids(found))
    assert [(one.quiz.id, one.why) for one in found.blocked] == [("pecahan", why), ("simulasi", why)]


def test_a_simulation_that_was_tried_waits_at_the_end_and_one_that_was_passed_is_over() -> None:
    assert ids(made(Records(tried=frozenset({"simulasi"}))))[-1] == "simulasi"
    assert "simulasi" not in ids(made(Records(tried=frozenset({"simulasi"}), passed=frozenset({"simulasi"}))))


# --- days -----------------------------------------------------------------------------------------------------------


def test_without_a_last_day_a_plan_proposes_a_sitting() -> None:
    found = made()
    assert found.todays().steps == found.steps[: len(found.todays().steps)]
    assert found.todays().minutes - plan.minutes(found.todays().steps[-1]) < plan.A_SITTING <= found.todays().minutes
    assert list(found.days()) == []


def test_a_last_day_that_has_gone_by_is_none() -> None:
    assert made(finish_on=TODAY - timedelta(days=1)).finish_on is None
    assert made(finish_on=TODAY).days_left == 1


def test_what_was_done_today_counts_for_today() -> None:
    before = made(finish_on=TODAY + timedelta(days=1))
    done = [step.id for step in before.todays().steps]
    lessons = [id for id in done if "/" in id]
    records = dataclasses.replace(read(*lessons), passed=frozenset(set(done) - set(lessons)))
    after = made(records, finish_on=TODAY + timedelta(days=1), done_today=done)
    assert after.minutes_a_day == before.minutes_a_day
    assert after.todays().steps == (), "today's share is done"
    assert [day.steps for day in after.days()][1] == [day.steps for day in before.days()][1]


def test_a_plan_that_cannot_be_kept_says_so_and_begins_with_what_the_goal_needs() -> None:
    long = dataclasses.replace(CATALOG.lesson("pecahan/setengah"), minutes=500)
    module = CATALOG.modules["pecahan"]
    heavy = dataclasses.replace(module, lessons=(long, *module.lessons[1:]))
    agendas = tuple(
        dataclasses.replace(one, modules=tuple(heavy if each is module else each for each in one.modules))
        for one in CATALOG.agendas
    )
    catalog = dataclasses.replace(CATALOG, agendas=agendas)
    found = plan.make(catalog, Records(), available=lambda _: Availability.NOW, today=TODAY, finish_on=TODAY)
    assert not found.can_be_kept
    assert found.steps[0].id == "desimal/koma", "the simulation draws from decimals"
    assert found.todays().minutes - plan.minutes(found.todays().steps[-1]) < plan.MOST_A_DAY
    assert set(found.out_of_reach()) == set(found.steps) - set(found.todays().steps) != set()


@given(days=st.integers(1, 40), done=st.sets(st.sampled_from(STEPS)), late=st.booleans())
def test_every_step_has_its_day_and_none_is_after_the_last(days: int, done: set[str], late: bool) -> None:
    lessons = {id for id in done if "/" in id}
    records = dataclasses.replace(read(*lessons), passed=frozenset(done - lessons))
    found = made(records, finish_on=TODAY + timedelta(days=days - 1), done_today=done if late else ())
    placed = list(found.days())
    assert tuple(step for day in placed for step in day.steps) + found.out_of_reach() == found.steps
    assert all(TODAY <= day.on <= TODAY + timedelta(days=days - 1) for day in placed)
    assert found.can_be_kept == (found.out_of_reach() == ()) or found.minutes_a_day > plan.MOST_A_DAY


def test_cards_take_minutes_of_their_day_and_are_no_step_of_the_course() -> None:
    plain, with_cards = made(), dataclasses.replace(made(), cards=(10, 3))
    today = with_cards.todays()
    assert today.cards == 10
    assert today.minutes - plan.minutes(today.steps[-1]) < plan.A_SITTING <= today.minutes
    assert len(dataclasses.replace(plain, cards=(50,)).todays().steps) == 0, "they are a part of one sitting"
    assert (with_cards.steps, with_cards.minutes_left) == (plain.steps, plain.minutes_left)
    by_day = list(dataclasses.replace(made(finish_on=TODAY + timedelta(days=3)), cards=(10, 3)).days())
    assert [day.cards for day in by_day][:3] == [10, 3, 0]
    assert by_day[0].minutes == sum(map(plan.minutes, by_day[0].steps)) + 5
    done = dataclasses.replace(made(Records(), finish_on=TODAY), steps=(), cards=(2,))
    assert (done.next, done.todays().minutes, done.todays().is_empty) == (None, 1, False)
