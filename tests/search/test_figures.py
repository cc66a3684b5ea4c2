"""The promise of search: nine of ten pages that should be found are, and three of four that are shown are right."""

from __future__ import annotations

import pytest

from lms.catalog.model import Catalog
from tests.search.figures import figures, judge, lists


@pytest.mark.parametrize("name", ["tuned", "held_out"])
def test_search_finds_what_it_should_and_little_else(shipped: Catalog, name: str) -> None:
    """Also over the queries that nobody looked at while search was tuned."""
    judged = [judge(shipped, query) for query in lists()[name]]
    found = figures(judged)
    assert found.recall >= 0.9, [(one.query, one.missed) for one in judged if one.missed]
    assert found.precision >= 0.75, [(one.query, one.wrong) for one in judged if one.wrong]


def test_there_are_enough_queries_and_enough_of_them_are_misspelt() -> None:
    queries = [query for each in lists().values() for query in each]
    assert len(queries) >= 70
    assert len({query["query"] for query in queries}) == len(queries)
    assert sum(query.get("typed") == "misspelt" for query in queries) >= 12
