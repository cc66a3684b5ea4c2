"""A browser that a platform sends here and that comes back, and what became of the database meanwhile."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms.db.base import Base
from lms.db.engine import Database
from lms.web.site import now
from tests.features.lti import platform
from tests.features.lti.platform import CLIENT, ISSUER
from tests.visitor import TOKEN

HERE = "https://localhost"
LEARNER, INSTRUCTOR = (
    f"http://purl.imsglobal.org/vocab/lis/v2/membership#{role}" for role in ("Learner", "Instructor")
)
QUIZ = f"{HERE}/kuis/semua-jenis"


class Phone:
    """A browser that goes to the platform and comes back, with its own cookies. ``within``: what it shows us in."""

    def __init__(self, app: Flask, *, here: str = HERE, within: str = "iframe", **headers: str) -> None:
        self.here, self.within = here, within
        self.client: FlaskClient = app.test_client()
        self.headers = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site", **headers}

    def begin(self, target: str = QUIZ, **asked: str) -> TestResponse:
        told = {"iss": ISSUER, "login_hint": "7", "target_link_uri": target, "client_id": CLIENT, **asked}
        query = {name: value for name, value in told.items() if value}
        return self.client.get("/lti/login", query_string=query, base_url=self.here, headers=self.headers)

    def asked(self, target: str = QUIZ, **told: str) -> dict[str, str]:
        """What the platform is asked: the state and the nonce among it."""
        answered = self.begin(target, **told)
        assert answered.status_code == 302, answered.get_data(as_text=True)
        return {name: values[0] for name, values in parse_qs(urlsplit(answered.location).query).items()}

    def answer(self, state: str, token: str, **form: str) -> TestResponse:
        told = {"state": state, "id_token": token, **form}
        return self.client.post("/lti/launch", data=told, base_url=self.here, headers=self.headers)

    def launch(self, **changed: Any) -> TestResponse:
        """``changed``: claims that are not as usual."""
        target = changed.get("target_link_uri", QUIZ)
        asked = self.asked(target if isinstance(target, str) and target.startswith(HERE) else QUIZ)
        return self.answer(asked["state"], signed(asked["nonce"], **changed))

    def get(self, path: str, **headers: str) -> TestResponse:
        sent = {"Sec-Fetch-Dest": self.within, "Sec-Fetch-Site": "same-origin", **headers}
        return self.client.get(path, base_url=self.here, headers=sent)

    def post(self, path: str, page: str, **form: str) -> TestResponse:
        """A form of ``page``, with its token."""
        token = TOKEN.search(self.get(page).get_data(as_text=True))
        assert token
        sent = {"Sec-Fetch-Dest": self.within, "Sec-Fetch-Site": "same-origin", "Referer": self.here + page}
        return self.client.post(path, data={"csrf_token": token[1], **form}, base_url=self.here, headers=sent)


def signed(nonce: str, **changed: Any) -> str:
    return platform.token(platform.claims(now(), {"target_link_uri": QUIZ, "nonce": nonce, **changed}))


def rows(database: Database) -> dict[str, int]:
    with database.reading() as db:
        return {
            table.name: db.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def contents(database: Database) -> dict[str, list[str]]:
    """All that stands in each table."""
    with database.reading() as db:
        return {table.name: sorted(map(repr, db.execute(select(table)))) for table in Base.metadata.sorted_tables}


def code_of(answered: TestResponse) -> str:
    assert answered.status_code in {400, 403}
    found = re.search(r"LTI\d\d", answered.get_data(as_text=True))
    assert found
    return found[0]
