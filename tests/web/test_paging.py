"""A list a page at a time: whatever is asked for, some page of it is shown."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.web.paging import Paging, paging


@pytest.mark.parametrize(
    ("asked", "total", "page", "pages", "offset"),
    [
        ("", 101, 1, 3, 0),
        ("?page=2", 101, 2, 3, 50),
        ("?page=3", 101, 3, 3, 100),
        ("?page=3", 100, 2, 2, 50),  # the second page is full: there is no third
        ("?page=99999999999999999999", 101, 3, 3, 100),
        ("?page=0", 101, 1, 3, 0),
        ("?page=-2", 101, 1, 3, 0),
        ("?page=two", 101, 1, 3, 0),
        ("?page=4", 0, 1, 1, 0),  # an empty list has a page that says so
    ],
)
def test_the_nearest_page_is_shown(asked: str, total: int, page: int, pages: int, offset: int) -> None:
    with Flask(__name__).test_request_context(f"/{asked}"):
        shown = paging(total, 50)
    assert shown == Paging(page=page, pages=pages, size=50)
    assert shown.offset == offset
