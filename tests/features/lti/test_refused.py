"""Every launch that is not sound, brought to the door by a browser: the page says its code, and no row has changed."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from lms.config import Settings
from lms.db.engine import Database
from lms.db.lti import LtiRegistration
from lms.features.lti.refusals import Code
from lms.web.site import now
from tests.conftest import NOON, Cast
from tests.features.lti import platform
from tests.features.lti.phone import Phone, code_of, contents
from tests.features.lti.platform import HERE, Login
from tests.features.lti.test_protocol import REFUSED, SOUND, Made


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, secure_cookies=True, own_network=False)


@pytest.fixture
def phone(app: Flask, database: Database, people: Cast, registered: UUID) -> Phone:
    """Somebody came already, so that there are rows to change; the platform publishes keys of all kinds."""
    with database.transaction() as db:
        db.get_one(LtiRegistration, registered).keys = dict(platform.registration().keys)
    Phone(app).launch()
    return Phone(app, here=HERE)


@pytest.mark.parametrize(("made", "code"), REFUSED.values(), ids=REFUSED)
def test_a_launch_that_is_not_sound_is_refused_at_the_door(
    phone: Phone, database: Database, made: Made, code: Code
) -> None:
    asked = phone.asked(f"{HERE}/kuis/semua-jenis")
    before = contents(database)
    answered = phone.answer(asked["state"], made(Login(now(), asked["nonce"])))
    assert code_of(answered) == code
    assert contents(database) == before
    assert not [cookie for cookie in answered.headers.getlist("Set-Cookie") if "latsar-frame" in cookie]


def test_the_same_launch_without_a_fault_is_let_in(phone: Phone, database: Database) -> None:
    """So what refuses the others is their fault."""
    asked = phone.asked(f"{HERE}/kuis/semua-jenis")
    before = contents(database)
    sound = Login(now(), asked["nonce"]).claims({"target_link_uri": f"{HERE}/kuis/semua-jenis"})
    answered = phone.answer(asked["state"], platform.token(sound))
    assert (answered.status_code, answered.location) == (303, "/belajar/kuis/semua-jenis")
    assert contents(database) != before


@pytest.mark.parametrize("changed", SOUND.values(), ids=SOUND)
def test_what_a_platform_may_say_otherwise_is_let_in(phone: Phone, changed: dict[str, Any]) -> None:
    asked, moment = phone.asked(f"{HERE}/beranda"), now()
    later = moment.timestamp() - NOON.timestamp()
    said = {name: value + later if name in ("exp", "iat") else value for name, value in changed.items()}
    sound = Login(moment, asked["nonce"]).claims({"target_link_uri": f"{HERE}/beranda", **said})
    assert phone.answer(asked["state"], platform.token(sound)).status_code == 303


def test_there_are_ninety_of_them_at_least_and_most_codes_among_them() -> None:
    assert len(REFUSED) >= 90
    assert {code for _made, code in REFUSED.values()} == {
        *(Code.TOKENLESS, Code.MALFORMED, Code.ALGORITHM, Code.UNKNOWN_KEY, Code.SIGNATURE, Code.ISSUER),
        *(Code.AUDIENCE, Code.EXPIRED, Code.NOT_YET, Code.NONCE, Code.VERSION, Code.MESSAGE, Code.CLAIM),
        *(Code.UNKNOWN_DEPLOYMENT, Code.TARGET_ELSEWHERE),
    }
