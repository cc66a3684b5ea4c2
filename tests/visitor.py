"""Somebody at a browser without a screen: keeps cookies, and sends forms with the token of the page they came from."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import PASSWORD

#: Of a page with a form: what its form must bring along.
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """``get`` a page, ``post`` a form, ``send`` JSON. ``last`` is the newest answer."""

    def __init__(self, app: Flask, prefix: str = "") -> None:
        self._client = app.test_client()
        self._prefix = prefix
        self._token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._seen(self._client.get(self._prefix + path, **options))

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        data = {"csrf_token": self._current_token(), **(form or {})}
        return self._seen(self._client.post(self._prefix + path, data=data, **options))

    def send(self, path: str, body: Any, **options: Any) -> TestResponse:
        """POST JSON as the script of the attempt page does."""
        headers = {"X-CSRFToken": self._current_token(), "Accept": "application/json", **options.pop("headers", {})}
        data = json.dumps(body)  # in ASCII, as a browser may send it: also halves of characters
        return self._client.post(
            self._prefix + path, data=data, content_type="application/json", headers=headers, **options
        )

    def sign_in(self, login: str, password: str = PASSWORD) -> Visitor:
        """Sign in through the form; fails when the door stays closed."""
        answered = self.enter(login, password)
        assert answered.status_code == 303, f"{login} could not sign in: {answered.status_code}"
        self._token = ""  # it went with the session of the stranger
        return self

    def enter(self, login: str, password: str, **form: str) -> TestResponse:
        self.get("/masuk")
        return self.back_at("/masuk", self.post("/masuk", {"login": login, "password": password, **form}))

    def back_at(self, page: str, answered: TestResponse) -> TestResponse:
        """What was sent came back to ``page``, which says what is wrong with it; any other answer as it is."""
        to = (answered.location or "").partition("#")[0]
        led_back = answered.status_code == 303 and to.partition("?")[0] == self._prefix + page
        return self.get(to.removeprefix(self._prefix)) if led_back else answered

    def led(self, answered: TestResponse) -> TestResponse:
        """The page that an answer leads to; what leads nowhere as it is."""
        return self.get(answered.location.removeprefix(self._prefix)) if answered.status_code == 303 else answered

    def session(self) -> tuple[str, str]:
        """What a request of this browser carries to another process: the Cookie header, and the token of its forms."""
        token = self._current_token()
        cookie = self._client.get_cookie("latsar")
        assert cookie, "nobody is signed in"
        return f"latsar={cookie.value}", token

    def move_to(self, app: Flask) -> None:
        """The server was started anew; this browser still has its page open."""
        self._client.application = app

    def _current_token(self) -> str:
        """That of the last page, or of the one that everybody may open."""
        if not self._token:
            self.get("/masuk", follow_redirects=True)
        return self._token

    def _seen(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and (found := TOKEN.search(response.get_data(as_text=True))):
            self._token = found[1]
        return response
