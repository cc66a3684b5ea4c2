"""A page's headings and what it cites below them are the same as on the page itself."""

from __future__ import annotations

import pytest

from lms.catalog.load import load
from lms.catalog.rendering import lesson
from lms.catalog.source import Folder, bundled
from lms.markup import cited_below, headings
from tests.conftest import PACK

TEXT = """\
Lihat [Pasal 1](reg:uu-baru#1).

## Dasar `hukum` {x}

> ### Dalam kutipan
> Lihat [Pasal 2](reg:uu-baru#2) dan [Pasal 1](reg:uu-baru#1).

```
## Bukan judul
[Pasal 9](reg:uu-baru#9)
```

#### Tidak didaftar

## Dasar hukum

Lihat [Pasal 2](reg:uu-baru#2), [Pasal 3](reg:uu-baru#3).
"""


def test_a_citation_stands_below_the_first_listed_heading_above_it():
    below = {locator: heading.id for (_regulation, locator), heading in cited_below(TEXT).items()}
    assert below == {
        "1": "bagian-dalam-kutipan",
        "2": "bagian-dalam-kutipan",
        "3": "bagian-dasar-hukum",
    }
    assert [(line, heading.level) for line, heading in headings(TEXT)] == [(3, 2), (5, 3), (15, 2)]


def test_what_is_cited_above_all_headings_stands_below_none():
    assert cited_below("Lihat [Pasal 1](reg:uu-baru#1).\n\n## Judul\n\nTeks.") == {}


@pytest.mark.parametrize("store", [Folder.at(PACK), bundled()], ids=["test pack", "shipped pack"])
def test_every_heading_has_the_anchor_that_it_has_on_its_page(store):
    catalog = load(store)
    for one in catalog.every_lesson[::6]:
        assert [heading for _line, heading in headings(one.body)] == list(lesson(catalog, one).toc), one.id
