"""Settings: read strictly, documented completely."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from lms.config import BadSetting, Settings, from_environ

KEY = "x" * 32
ROOT = Path(__file__).parent.parent


def test_settings_come_from_the_environment_by_their_names() -> None:
    given = {
        "LMS_SECRET_KEY": KEY,
        "LMS_TRUSTED_HOSTS": "a.example, b.example",
        "LMS_PROXIES": "1",
        "LMS_SECURE_COOKIES": "no",
        "HOME": "/root",
    }
    settings = from_environ(given).checked()
    assert settings.secret_key == KEY
    assert settings.trusted_hosts == ("a.example", "b.example")
    assert settings.proxies == 1
    assert settings.secure_cookies is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LMS_PROXIES", "one"),
        ("LMS_PROXIES", "-1"),
        ("LMS_SECURE_COOKIES", "perhaps"),
        ("LMS_SECRET_KEYS", KEY),
        ("LMS_DEMONSTRATION", "true"),
    ],
)
def test_what_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        from_environ({name: value})


@pytest.mark.parametrize(
    "changes",
    [
        {"secret_key": ""},
        {"secret_key": "short"},
        {"mode": "debug"},
        {"url_prefix": "latsar"},
        {"url_prefix": "/latsar/"},
    ],
)
def test_a_server_does_not_start_with_settings_that_harm(changes: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        dataclasses.replace(Settings(secret_key=KEY), **changes).checked()  # type: ignore[arg-type]


def test_every_setting_is_documented_for_operators() -> None:
    documented = set(re.findall(r"`(LMS_[A-Z_]+)`", (ROOT / "docs/operator.md").read_text(encoding="utf-8")))
    own = {f"LMS_{field.name.upper()}" for field in dataclasses.fields(Settings)} - {"LMS_DEMONSTRATION"}
    assert documented == own
