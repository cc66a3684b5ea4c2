"""Settings: read strictly, documented completely."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from lms.config import BadSetting, Settings, from_environ

KEY = "for these tests only, of 32 signs"[:32]
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
    ("value", "meant"),
    [*((yes, True) for yes in ("1", "true", "Yes", "on", "ON")), *((no, False) for no in ("0", "FALSE", "no", "off"))],
)
def test_yes_and_no_are_written_in_many_ways(value: str, meant: bool) -> None:
    assert from_environ({"LMS_SECURE_COOKIES": value}).secure_cookies is meant


def test_every_whole_number_has_a_least_and_a_most_and_its_default_lies_between() -> None:
    for field in dataclasses.fields(Settings):
        if field.type == "int":
            name = f"LMS_{field.name.upper()}"
            assert getattr(from_environ({name: str(field.default)}), field.name) == field.default
            for value in ("-1", "1" * 13):
                with pytest.raises(BadSetting, match="write a whole number from"):
                    from_environ({name: value})


def test_an_address_is_taken_as_it_is_written() -> None:
    for url in (
        "sqlite:////srv/100%/a@b.db",
        "sqlite+pysqlite:///lms.db",
        "postgresql://ada:%40%25@db.example:5433/lms?sslmode=require",
        "postgresql+psycopg:///lms?host=/run/postgresql",
    ):
        assert from_environ({"LMS_DATABASE_URL": url}).database_url == url


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


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("site_name", "x" * 61, "LMS_SITE_NAME is longer than a line of 60 characters"),
        ("site_name", "two\nlines", "LMS_SITE_NAME is longer than a line"),
        ("site_footer", "x" * 2001, "LMS_SITE_FOOTER has 2001 characters; shorten it to 2000"),
        ("site_sign_in", "x" * 2001, "LMS_SITE_SIGN_IN has 2001 characters"),
        ("site_colour", "blue", "LMS_SITE_COLOUR is 'blue'; write it like #0b5c8a"),
        ("site_colour", "#0b5c8a;", "write it like #0b5c8a"),
        ("site_logo", "{folder}/none.svg", "LMS_SITE_LOGO is .*, which is no file"),
        ("site_logo", "{folder}/logo.gif", "ends with .svg or .png or .webp"),
        ("site_logo", "{folder}/large.png", "LMS_SITE_LOGO is .*, which has 65537 bytes; make it smaller than 65537"),
        ("site_stylesheet", "{folder}", "LMS_SITE_STYLESHEET is .*; write the path of a file that ends with .css"),
        ("site_stylesheet", "{folder}/folder.css", "LMS_SITE_STYLESHEET is .*, which is no file"),
        ("templates", "{folder}/none", "LMS_TEMPLATES is .*, which is no folder"),
        ("templates", "{folder}/large.png", "LMS_TEMPLATES is .*, which is no folder"),
    ],
)
def test_a_look_that_cannot_be_worn_is_told_before_the_start(tmp_path: Path, name: str, value: str, told: str) -> None:
    (tmp_path / "large.png").write_bytes(b"x" * 65_537)
    (tmp_path / "folder.css").mkdir()
    changed = dataclasses.replace(Settings(secret_key=KEY), **{name: value.format(folder=tmp_path)})  # type: ignore[arg-type]
    with pytest.raises(BadSetting, match=told):
        changed.checked()


def test_every_setting_is_documented_for_operators() -> None:
    documented = set(re.findall(r"`(LMS_[A-Z_]+)`", (ROOT / "docs/operator.md").read_text(encoding="utf-8")))
    own = {f"LMS_{field.name.upper()}" for field in dataclasses.fields(Settings)} - {"LMS_DEMONSTRATION"}
    assert documented == own


def test_numbers_are_documented_with_their_default_and_their_range() -> None:
    rows = re.findall(
        r"^\| `(LMS_[A-Z_]+)` \| ([0-9]+) \| .*; ([0-9,]+)–([0-9,]+) \|$",
        (ROOT / "docs/operator.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    documented = {name: tuple(int(one.replace(",", "")) for one in numbers) for name, *numbers in rows}
    assert documented.keys() == {
        f"LMS_{field.name.upper()}" for field in dataclasses.fields(Settings) if field.type == "int"
    }
    for name, (default, least, most) in documented.items():
        assert getattr(Settings(), name.removeprefix("LMS_").lower()) == default
        with pytest.raises(BadSetting, match=f"from {least} to {most}$"):
            from_environ({name: "x"})
