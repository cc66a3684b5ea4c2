"""Whatever an author writes, no script comes out; the second cleaner finds nothing the first one left."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.markup import fragment, render
from lms.markup.clean import ALLOWED, Cleaner
from tests.markup.conftest import World
from tests.markup.payloads import PAYLOADS


class _Judge(HTMLParser):
    """Only allowed elements with allowed attributes, and no address but of a known kind."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        for name, value in attrs:
            assert name in ALLOWED[tag]
            if name in {"href", "src"}:
                assert re.match(r"https?://|mailto:|/|#", value or "")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def check(html: str) -> None:
    _Judge().feed(html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_survives(payload: str, world: Any) -> None:
    check("".join(map(str, render(payload, world).parts)))
    check(str(fragment(payload, world)))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_both_cleaners_hold_by_themselves(payload: str) -> None:
    """The payloads as HTML, past Markdown: one broken cleaner must not open the door."""
    cleaner = Cleaner()
    check(cleaner._bleach.clean(payload))
    check(cleaner._nh3.clean(payload))
    check(cleaner.clean(payload))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_clean_stays_as_it_is(payload: str, world: Any) -> None:
    once = str(fragment(payload, world))
    assert Cleaner().clean(once, frozenset({"/media/setengah.svg"})) == once


@given(st.text(alphabet=st.sampled_from("<>\"'=/!-[]()&;#`*|> \n") | st.sampled_from("abscript:onhref"), max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_out(text: str) -> None:
    check("".join(map(str, render(text, World()).parts)))
