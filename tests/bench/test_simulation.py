"""A planted fault is told with its own sentence, and a healthy quiz with none."""

from __future__ import annotations

import random

import pytest

from bench import simulation
from bench.simulation import WANTED, simulate


def test_each_fault_is_told_and_no_healthy_question_is_accused() -> None:
    told = simulate(random.Random(11), 400, 6)
    assert {fault: told.hits(fault) >= 0.5 for fault in WANTED} == dict.fromkeys(WANTED, True)
    assert told.false_alarms == 0


def test_of_few_people_nothing_is_told() -> None:
    assert not any(simulate(random.Random(11), 19, 3).findings.values())


def test_the_command_prints_hits_and_false_alarms_of_each_size(capsys: pytest.CaptureFixture[str]) -> None:
    assert simulation.main(["--times", "2", "--people", "25,30"]) == 0
    *_, first, second = capsys.readouterr().out.splitlines()
    assert (first[:5], second[:5]) == ("| 25 ", "| 30 ")
    assert first.endswith(" of 40 questions |")
