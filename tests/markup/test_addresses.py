"""A link gets its address where it is shown; nothing that an author writes looks like such a link."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from lms.markup import Target, To, addressed, fragment, lacks_addresses, unaddressed
from tests.markup.payloads import PAYLOADS


def where(to: To, id: str) -> str:
    return f"/di-sini/{to}?id={id}&x"


class Unaddressed:
    """Knows everything, and where nothing is."""

    def citation(self, regulation: str, locator: str) -> Target | None:
        return Target(unaddressed(To.REGULATION, f"{regulation}#{locator}"), title='a > b "c" href="/~lesson/d"')

    def lesson(self, id: str) -> Target | None:
        return Target(unaddressed(To.LESSON, id))

    def quiz(self, id: str) -> Target | None:
        return Target(unaddressed(To.QUIZ, id))

    def term(self, id: str) -> Target | None:
        return Target(unaddressed(To.TERM, id))

    def picture(self, path: str) -> Target | None:
        return Target(unaddressed(To.PICTURE, path), width=1, height=1)

    def terms(self) -> Mapping[str, str]:
        return {}


def shown(text: str) -> str:
    return str(addressed(fragment(text, Unaddressed()), where))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("[a](reg:uu-baru#3.2)", "reg?id=uu-baru#3.2"),
        ("[a](lesson:a/b)", "lesson?id=a/b"),
        ("[a](quiz:a)", "quiz?id=a"),
        ("[a](term:asn)", "term?id=asn"),
        ("![a > b](media/x.svg)", "picture?id=media/x.svg"),
        ("![a](media/x%20é'&y.svg)", "picture?id=media/x%20é&#39;&amp;y.svg"),
    ],
)
def test_every_kind_of_link_gets_its_address(text: str, address: str) -> None:
    html = fragment(text, Unaddressed())
    assert lacks_addresses(html)
    assert f'="/di-sini/{address}&amp;x"' in addressed(html, where)
    assert not lacks_addresses(addressed(html, where))


def test_a_text_without_links_stays_what_it_is() -> None:
    html = fragment("[luar](https://lan.go.id) dan kata", Unaddressed())
    assert not lacks_addresses(html)
    assert addressed(html, where) == html


@pytest.mark.parametrize(
    "text",
    [
        "[a](/~lesson/a/b)",
        '`<a href="/~lesson/a/b">`',
        '<a href="/~lesson/a/b">a</a>',
        '```\n<img src="/~picture/a">\n```',
        'kata href="/~lesson/a/b"',
        '[a](https://lan.go.id/?"href="/~lesson/a/b)',
        '![<a href="/~lesson/a/b">](https://lan.go.id)',
    ],
)
def test_an_author_cannot_write_a_link_that_waits_for_an_address(text: str) -> None:
    assert "di-sini" not in shown(text)


def test_what_is_said_of_a_link_is_no_link() -> None:
    html = shown("[a](reg:uu-baru#1)")
    assert html.count("/di-sini/") == 1
    assert "/~lesson/d" in html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_gains_nothing_by_it(payload: str) -> None:
    html = fragment(payload, Unaddressed())
    plain = addressed(html, lambda to, id: unaddressed(to, id))
    assert plain == html


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(deadline=None)
def test_every_id_comes_back_as_it_was(id: str) -> None:
    html = Markup(f'<a class="x" href="{unaddressed(To.PICTURE, id)}" title="y">')
    asked: list[str] = []
    addressed(html, lambda to, found: asked.append(found) or "")
    assert asked == [id]
