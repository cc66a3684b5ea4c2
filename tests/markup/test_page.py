"""What is done with the finished tree of a page grows with the page, and not with its square."""

from __future__ import annotations

import time
from xml.etree.ElementTree import Element, SubElement

import pytest

from lms.markup.page import Heading, Page, finish
from tests.markup.conftest import World


def tree(*children: tuple[str, str]) -> Element:
    root = Element("div")
    for tag, text in children:
        SubElement(root, tag).text = text
    return root


@pytest.mark.parametrize(("tag", "text"), [("h2", "Judul"), ("p", "Kata."), ("table", "")])
def test_twenty_thousand_of_a_kind_are_finished_in_a_second(tag: str, text: str) -> None:
    root, page = tree(*[(tag, text)] * 20_000), Page(World(), whole=True)
    begun = time.process_time()
    finish(root, page)
    assert time.process_time() - begun < 1


def test_no_two_headings_have_the_same_anchor() -> None:
    page = Page(World(), whole=True)
    finish(tree(*(("h2", title) for title in ["Satu 2", "Satu", "Satu", "Satu", "Satu 2", "Satu 2 2"])), page)
    assert [heading.id.removeprefix("bagian-") for heading in page.toc] == [
        "satu-2",
        "satu",
        "satu-3",
        "satu-4",
        "satu-2-2",
        "satu-2-2-2",
    ]
    assert page.toc[0] == Heading("bagian-satu-2", "Satu 2", 2)
