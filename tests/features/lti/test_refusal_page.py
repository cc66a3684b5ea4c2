"""A refused launch says a code, a cause and a step, and the log says the same of the same request."""

from __future__ import annotations

import logging
import re

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from markupsafe import escape

from lms.features.lti.refusal_page import refused
from lms.features.lti.refusals import Code, LaunchRefused
from lms.web.words import in_language
from tests.catalog.guides import Guide, rows

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

GUIDE = "docs/id/lti.md"


def answer(app: Flask, error: LaunchRefused, **headers: str) -> tuple[int, str, str]:
    """Status, text and policy of what is answered to a request."""
    with app.test_request_context("/lti/launch", headers={"X-Request-ID": "permintaan-1", **headers}):
        told: ResponseReturnValue = refused(error)
        response = app.process_response(app.make_response(told))
    return response.status_code, response.get_data(as_text=True), response.headers.get("Content-Security-Policy", "")


@pytest.mark.parametrize("code", Code)
def test_every_refusal_is_told_in_both_languages(app: Flask, code: Code, caplog: pytest.LogCaptureFixture) -> None:
    error = LaunchRefused(code, "rincian <rahasia>")
    with caplog.at_level(logging.WARNING, "lms.lti"):
        status, page, _ = answer(app, error)
    assert status in {400, 403}
    english = in_language("en")
    for words in (error.cause, error.step, english(error.cause), english(error.step), code.value, "permintaan-1"):
        assert escape(words) in page
    assert english(error.cause) != error.cause
    assert page.index(error.cause) < page.index(escape(english(error.cause))), "the reader's language comes first"
    assert "rahasia" not in page
    (record,) = caplog.records
    told = record.__dict__["fields"]
    assert (told["code"], told["id"], told["path"]) == (code.value, "permintaan-1", "/lti/launch")
    assert (told["cause"], told["detail"]) == (english(error.cause), "rincian <rahasia>")


def test_what_an_administrator_must_allow_is_not_allowed(app: Flask) -> None:
    statuses = {code: answer(app, LaunchRefused(code))[0] for code in Code}
    assert {code for code, status in statuses.items() if status == 403} == {
        *(Code.UNKNOWN_PLATFORM, Code.NOT_APPROVED, Code.UNKNOWN_DEPLOYMENT, Code.FORBIDDEN_ADDRESS),
        Code.BESIDE_HOST,
    }


def test_the_page_can_be_read_in_any_frame_and_there_is_nothing_to_press(app: Flask) -> None:
    _, page, policy = answer(app, LaunchRefused(Code.UNKNOWN_PLATFORM))
    assert "frame-ancestors *;" in policy
    assert "script-src 'self'" in policy
    assert not re.search("<(form|button|a|script)[ >]", page)


def test_a_script_gets_the_code(app: Flask) -> None:
    error = LaunchRefused(Code.USED)
    _, told, _ = answer(app, error, Accept="application/json")
    assert '"LTI30"' in told
    assert error.cause in told


def test_the_log_quotes_no_more_than_it_must(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "lms.lti"):
        answer(app, LaunchRefused(Code.MALFORMED, "x" * 5_000))
    assert len(caplog.records[0].__dict__["fields"]["detail"]) == 500


def test_a_view_that_refuses_is_answered_so(own_app: Flask) -> None:
    """Whatever of the feature raises it: the guard lets nobody in to this one, so it is asked as its handler is."""
    handlers = own_app.error_handler_spec["lti"][None]
    assert handlers[LaunchRefused] is refused


def test_the_guide_lists_every_code_in_the_same_words(app: Flask) -> None:
    listed = {row[0]: row[1:3] for row in rows(Guide.at(GUIDE), "Kode")}
    assert listed == {f"`{code}`": (str((error := LaunchRefused(code)).cause), str(error.step)) for code in Code}
    assert all(row[3] for row in rows(Guide.at(GUIDE), "Kode")), "and what an administrator does about it"
