"""A quiz with every kind of question, taken to the end on a phone: by touch and by keyboard alone, in both layouts,
with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.answering import FULL, attempt_id, held, press_key, question, sorted_values, touch, type_in
from tests.browser.conftest import ON_SQLITE, PHONE, Site, Visit, close, signed_in

# Pages do not differ by engine.
pytestmark = [pytest.mark.browser, pytest.mark.slow, ON_SQLITE]

BY = {"touch": touch, "keyboard": type_in}


@pytest.fixture(params=["script", "no script"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "script")


@pytest.fixture
def visit(chromium: Browser, small_site: Site, script: bool) -> Iterator[Visit]:
    context = chromium.new_context(
        viewport=PHONE, locale="id-ID", has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    if not script:
        # As in test_journey: scripts that never arrive are as bare as JavaScript off, and axe can look.
        context.route("**/*.js", lambda route: route.abort())
    signed_in(small_site, context)
    visit = Visit(small_site, context)
    visit.page.goto(f"{small_site.address}/kuis/semua-jenis")
    visit.press("Mulai")
    yield visit
    close(context)


@pytest.mark.parametrize("by", ["touch", "keyboard"])
def test_all_on_one_page(visit: Visit, small_site: Site, script: bool, by: str) -> None:
    page, answer = visit.page, BY[by]
    attempt = attempt_id(page)
    for item, values in FULL.items():
        answer(page, item, values)
    if script:
        for item in FULL:
            expect(question(page, item)).to_contain_text("tersimpan di server")
        assert sorted_values(held(small_site, attempt)) == sorted_values(FULL)
    visit.judge()
    _hand_in(visit, by)
    assert sorted_values(held(small_site, attempt)) == sorted_values(FULL)
    _look_at_the_result(visit)


@pytest.mark.parametrize("by", ["touch", "keyboard"])
def test_one_question_a_page(visit: Visit, small_site: Site, script: bool, by: str) -> None:
    page, answer = visit.page, BY[by]
    attempt = attempt_id(page)
    visit.press("Satu per satu")
    for place, (item, values) in enumerate(FULL.items(), start=1):
        expect(page.get_by_text(f"Soal {place} dari {len(FULL)}")).to_be_visible()
        assert page.locator("[data-item]:visible").count() == 1
        answer(page, item, values)
        if place in (1, 5, 9):
            visit.judge()
        if place < len(FULL):
            _turn(visit, by)
    _hand_in(visit, by)
    assert sorted_values(held(small_site, attempt)) == sorted_values(FULL)
    _look_at_the_result(visit)


def _turn(visit: Visit, by: str) -> None:
    button = visit.page.get_by_role("button", name="Berikutnya")
    if by == "touch":
        button.tap()
    else:
        press_key(visit.page, button)
    visit.page.wait_for_load_state()


def _hand_in(visit: Visit, by: str) -> None:
    for button in (visit.page.locator(".finish button"), visit.page.get_by_role("button", name="Kumpulkan sekarang")):
        button.wait_for()
        if by == "touch":
            button.tap()
        else:
            press_key(visit.page, button)
    expect(visit.page).to_have_url(f"{visit.site.address}/percobaan/{attempt_id(visit.page)}/hasil")
    visit.judge()


def _look_at_the_result(visit: Visit) -> None:
    main = visit.page.locator("main")
    for expected in (
        "Bukti kumpul",
        f"{len(FULL)} dari {len(FULL)} soal dijawab",
        "Memilih",
        "Menulis",
        "Menyusun",
        "Menunggu dinilai",
    ):
        expect(main).to_contain_text(expected)


def test_flags_confidence_and_the_map(visit: Visit, small_site: Site, script: bool) -> None:
    page = visit.page
    touch(page, "sj-tunggal", ["b"])
    question(page, "sj-tunggal").get_by_text("Ragu").tap()
    question(page, "sj-ganda").get_by_text("Tandai soal ini").tap()
    if script:
        expect(question(page, "sj-ganda")).to_contain_text("tersimpan di server")
        expect(question(page, "sj-tunggal")).to_contain_text("tersimpan di server")
    visit.press("Kumpulkan", within=".finish")
    ask = page.locator("[data-ask]" if script else "main")
    expect(ask).to_contain_text(f"{len(FULL) - 1} soal belum dijawab")
    expect(ask).to_contain_text("1 soal masih Anda tandai")
    if not script:
        return
    page.reload()
    page.get_by_role("button", name="buka peta soal").tap()
    side = page.get_by_role("navigation", name="Peta soal")
    expect(side.get_by_role("link", name="Soal 1, dijawab")).to_be_visible()
    expect(side.get_by_role("link", name="Soal 2, kosong, ditandai")).to_be_visible()
    visit.judge()
    address = page.url
    side.get_by_role("link", name="Soal 2, kosong, ditandai").tap()
    expect(side).to_be_hidden()
    expect(page.locator("#soal-2")).to_be_focused()
    assert page.url == address, "no page is asked for"
    assert question(page, "sj-tunggal").get_by_label("Ragu").is_checked()


def test_ordering_by_buttons_tells_every_move(chromium: Browser, visit: Visit, small_site: Site, script: bool) -> None:
    if not script:
        expect(question(visit.page, "sj-urut").locator("select").first).to_be_visible()
        return
    page, block = visit.page, question(visit.page, "sj-urut")
    things = block.locator("[data-order] ol > li")
    shown = [(thing.get_attribute("data-option"), thing.locator("[data-name]").inner_text()) for thing in things.all()]
    # Turned round: whichever order was drawn, the right one included, each thing but the first one moves.
    for moves, (_, name) in enumerate(shown):
        for at in range(moves, 0, -1):
            press_key(page, block.get_by_role("button", name=f"Naikkan: {name}"))
            expect(block.get_by_role("status")).to_have_text(f"{name}: urutan ke-{at}")
    expect(block).to_contain_text("tersimpan di server")
    turned = [f"{place}={option}" for place, (option, _) in enumerate(reversed(shown), start=1)]
    assert held(small_site, attempt_id(page))["sj-urut"] == turned
