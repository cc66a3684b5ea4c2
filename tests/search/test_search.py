"""What is found, in which order, and what is shown of it."""

from __future__ import annotations

import dataclasses
import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import Folder, bundled
from lms.memory import Memory
from lms.search import Document, Found, Hit, Kind, Page, Searchable, prepare, search
from lms.search.documents import documents
from lms.search.excerpt import LENGTH, Marks
from lms.search.index import Index
from tests.catalog.memory import InMemory
from tests.conftest import PACK


def ids(found: Found, most: int = 10) -> list[str]:
    return [hit.page.id for hit in found.hits(0, most)]


def of_kind(found: Found, kind: Kind) -> Hit:
    return next(hit for hit in found.hits(0, len(found)) if hit.page.kind is kind)


@pytest.fixture
def small() -> InMemory:
    return InMemory.copy_of(Folder.at(PACK))


def test_a_section_is_found_at_its_heading_and_the_hit_is_marked(shipped: Catalog) -> None:
    hit = of_kind(search(shipped, "proxy war"), Kind.LESSON)
    assert hit.page.id == "isu-kontemporer/ancaman-di-sekitar-kita"
    assert hit.places[0].document.place == "bagian-proxy-war"
    assert [text for text, marked in hit.places[0].heading if marked] == ["Proxy", "war"]


def test_an_article_is_found_with_its_law_and_once_for_all_its_paragraphs(shipped: Catalog) -> None:
    hit = search(shipped, "pasal 24 uu 20/2023").hits(0, 1)[0]
    assert (hit.page.id, [place.document.place for place in hit.places]) == ("uu-20-2023", ["24"])


def test_the_very_word_comes_before_others_of_its_stem(small: InMemory) -> None:
    small.replace("modules/pecahan/01-setengah.md", "Selesai.", "Orang mengajar berhitung.")
    small.replace("modules/pecahan/02-sepertiga.md", "rotinya dibagi tiga", "mereka belajar berhitung")
    pack = load(small)
    assert ids(search(pack, "belajar")) == ["pecahan/sepertiga", "pecahan/setengah"]
    assert ids(search(pack, "mengajar")) == ["pecahan/setengah", "pecahan/sepertiga"]


def test_what_does_not_hold_any_more_comes_behind_what_does(shipped: Catalog) -> None:
    found = ids(search(shipped, "uu asn"), 100)
    assert found.index("uu-20-2023") < found.index("uu-5-2014")


def test_a_term_is_found_by_each_of_its_spellings_and_texts_by_all_of_them(shipped: Catalog) -> None:
    short, long = search(shipped, "wog"), search(shipped, "whole of government")
    for found in (short, long):
        assert of_kind(found, Kind.TERM).page.id == "wog"
        assert of_kind(found, Kind.LESSON).page.id == "kolaboratif/dua-dinas-dua-daftar"


def test_the_last_word_may_be_unfinished(shipped: Catalog) -> None:
    assert "gratifikasi" in ids(search(shipped, "gratif"))
    assert search(shipped, "gratif").taken == {}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("grativikasi", "gratifikasi"), ("ombusdman", "ombudsman"), ("pencucian uamg", "uang"), ("disiplinn", "disiplin")],
)
def test_a_misspelt_word_is_taken_for_the_nearest_one_and_this_is_told(
    shipped: Catalog, typed: str, meant: str
) -> None:
    found = search(shipped, typed)
    assert found.taken == {typed.split()[-1]: meant}
    assert len(found)


def test_a_word_unlike_any_other_is_told_and_the_rest_is_found(shipped: Catalog) -> None:
    found = search(shipped, "diskresi xyzzyqwv")
    assert found.unknown == ("xyzzyqwv",)
    assert ids(found) == ids(search(shipped, "diskresi"))


def test_no_question_can_be_found(shipped: Catalog) -> None:
    said = "\n".join(f"{one.title}\n{one.heading}\n{one.text}\n{one.beside}" for one in documents(shipped))
    asked = {item.stem for _, item in shipped.items() if len(item.stem) > 60}
    assert len(asked) > 500
    assert [stem for stem in asked if stem in said] == []


def test_every_place_that_is_found_is_there(shipped: Catalog) -> None:
    for one in documents(shipped):
        match one.page.kind:
            case Kind.LESSON:
                assert one.page.id in shipped.lessons
            case Kind.REGULATION:
                assert not one.place or one.place in shipped.regulation(one.page.id).articles
            case Kind.TERM:
                assert one.page.id in shipped.glossary


@pytest.mark.parametrize(
    "asked",
    [
        *(
            "",
            " ",
            "?",
            '"',
            '"""',
            "*",
            "kunci-kunci",
            "C++",
            "' OR 1=1 --",
            "NEAR(",
            "{}[]()|^$.\\",
            "%s %(a)s",
            "😀",
        ),
        *(
            "\u202easn",
            "a\0sn",
            "apa itu yang mana",
            "x" * 10_000,
            "pasal " * 2_000,
            "asn " * 2_500,
            "uu 0/0",
            "#",
            "~asn",
        ),
        *("uu-20-2023#24", "(?P<a>", "\ud800", "İSTANBUL ß ﬁ", "१२३", "0" * 200, "pasal 1" + "9" * 150),
    ],
)
def test_whatever_is_typed_is_answered(shipped: Catalog, asked: str) -> None:
    found = search(shipped, asked)
    for hit in found.hits(0, 3):
        assert hit.places


def test_words_that_say_nothing_are_no_question(shipped: Catalog) -> None:
    found = search(shipped, "apa itu yang mana")
    assert (len(found), found.asked) == (0, False)
    assert search(shipped, "xyzzyqwv").asked


def test_pages_of_results_hold_each_hit_once_in_one_order(shipped: Catalog) -> None:
    found = search(shipped, "pelayanan")
    whole = [hit.page for hit in found.hits(0, len(found))]
    assert len(whole) == len(found) == len(set(whole)) > 10
    parts = [hit.page for first in range(0, len(found), 7) for hit in found.hits(first, 7)]
    assert parts == whole


def test_a_catalog_that_takes_the_place_of_another_has_its_own_index(small: InMemory) -> None:
    before = load(small)
    assert ids(search(before, "semangka")) == []
    small.replace("modules/pecahan/02-sepertiga.md", "rotinya", "semangkanya")
    assert ids(search(load(small), "semangkanya")) == ["pecahan/sepertiga"]
    assert ids(search(before, "semangkanya")) == []


def test_an_index_goes_with_its_catalog(small: InMemory) -> None:
    pack = load(small)
    index = weakref.ref(prepare(pack).index)
    gone = weakref.ref(pack)
    gc.disable()
    try:
        del pack
        assert gone() is None
        assert index() is None
    finally:
        gc.enable()


def test_many_that_search_first_at_once_share_one_index() -> None:
    pack = dataclasses.replace(load(bundled()), memory=Memory())
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: prepare(pack), range(8)))
    assert all(one is made[0] for one in made)


def test_an_excerpt_shows_the_stretch_with_most_of_the_words() -> None:
    text = "kata " * 100 + "masa yang panjang. " + "kata " * 100 + "masa percobaan calon pegawai. " + "kata " * 100
    pieces = Marks({"masa", "percobaan"}).in_excerpt(text)
    assert [piece for piece, marked in pieces if marked] == ["masa", "percobaan"]
    shown = "".join(piece for piece, _ in pieces)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= LENGTH + 4
    assert "".join(piece for piece, _ in Marks(set()).in_whole(text)) == text


def test_other_documents_are_searched_the_same_way(shipped: Catalog) -> None:
    """As a person's notes: few, not of the pack, and read with its laws and terms."""
    ready = prepare(shipped)
    own = [
        Document(page=Page(Kind.LESSON, "a"), title="", text="Tanyakan masa percobaan", cites=(("pp-11-2017", "34"),)),
        Document(page=Page(Kind.LESSON, "b"), title="", text="Sasaran Kinerja Pegawai diisi Senin"),
    ]
    searchable = Searchable(Index(own, ready.terms), ready.laws, ready.terms)
    assert ids(searchable.search("percobaan")) == ["a"]
    assert ids(searchable.search("pp 11/2017 pasal 34")) == ["a"]
    assert ids(searchable.search("skp")) == ["b"]
