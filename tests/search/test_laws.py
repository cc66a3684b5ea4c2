"""Whatever way a law is named, it is found, and its article."""

from __future__ import annotations

import pytest

from lms.catalog.model import Catalog
from lms.search import prepare

ASN = (("uu-20-2023", ""), ("uu-5-2014", ""))


@pytest.mark.parametrize(
    ("written", "cites", "rest"),
    [
        ("UU 20/2023", [("uu-20-2023", "")], []),
        ("uu no. 20 tahun 2023 tentang asn", [("uu-20-2023", "")], ["asn"]),
        ("Undang-Undang Nomor 20 Tahun 2023", [("uu-20-2023", "")], []),
        ("UU-20-2023", [("uu-20-2023", "")], []),
        ("uu 5 2014", [("uu-5-2014", "")], []),
        ("PP94", [("pp-94-2021", "")], []),
        ("pp 94/2021 pasal 5", [("pp-94-2021", "5")], []),
        ("pasal 24 ayat (1) huruf d uu 20/2023", [("uu-20-2023", "24.1.d")], []),
        ("ps. 24 ayat 9 uu 20/2023", [("uu-20-2023", "24")], []),
        ("pasal 12B", [("uu-20-2001", "12B")], []),
        ("uu20", [("uu-20-2001", ""), ("uu-20-2023", "")], []),
        ("uud 1945 pasal 30", [("uud-1945", "30")], []),
        ("peraturan lan nomor 1 tahun 2021", [("perlan-1-2021", "")], []),
        ("permenpan rb 6/2022", [("permenpanrb-6-2022", "")], []),
        ("putusan mk 121", [("putusan-mk-121-2024", "")], []),
        ("uu asn", ASN, ["uu", "asn"]),
        ("uu aparatur sipil negara", ASN, ["uu", "aparatur", "sipil", "negara"]),
        ("uu keterbukaan informasi publik", [("uu-14-2008", "")], ["uu", "keterbukaan", "informasi", "publik"]),
        # what the register does not hold is no law, but words
        ("uu 99/2025", [], ["uu", "99", "2025"]),
        ("pasal 999", [], ["pasal", "999"]),
        ("pp", [], ["pp"]),
        ("aplikasi 20/2023", [], ["aplikasi", "20", "2023"]),
    ],
)
def test_a_law_is_known_by_every_name(
    shipped: Catalog, written: str, cites: list[tuple[str, str]], rest: list[str]
) -> None:
    named = prepare(shipped).laws.named(written)
    assert (list(named.cites), list(named.rest)) == (list(cites), rest)
