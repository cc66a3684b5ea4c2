"""What is known of a line in the log stands in it under any formatter."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from lms.logs import logger
from lms.web.log import JsonLines


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    found = logger("lms.of-a-test")
    yield found
    found.filters.clear()


def written(log: logging.Logger, formatter: logging.Formatter, event: str, *values: object, **fields: object) -> str:
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(formatter)
    log.addHandler(handler)
    log.warning(event, *values, extra={"fields": fields} if fields else {})
    log.removeHandler(handler)
    return stream.getvalue()


BASIC = logging.Formatter(logging.BASIC_FORMAT)


def test_under_a_formatter_of_somebody_else(log: logging.Logger) -> None:
    told = written(log, BASIC, "not delivered", id="0af3", tries=2, why="no answer, 100% of them", told=None)
    assert told == 'WARNING:lms.of-a-test:not delivered [id=0af3 tries=2 why="no answer, 100% of them"]\n'
    assert written(log, BASIC, "%s of 100%%", "one", id="0af3") == "WARNING:lms.of-a-test:one of 100% [id=0af3]\n"
    assert written(log, BASIC, "nothing more") == "WARNING:lms.of-a-test:nothing more\n"


def test_no_value_can_pretend_to_be_a_line(log: logging.Logger) -> None:
    assert written(log, BASIC, "refused", path="/a\nERROR:root:b").count("\n") == 1


def test_in_our_own_lines_each_field_stands_by_itself(log: logging.Logger) -> None:
    line = json.loads(written(log, JsonLines(), "not delivered", id="0af3"))
    assert (line["event"], line["id"]) == ("not delivered", "0af3")
