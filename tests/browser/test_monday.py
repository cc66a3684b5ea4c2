"""An instructor's Monday, from who needs somebody to the last figure: on a desk, and on a phone without scripts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from lms.db.accounts import User
from lms.demonstration import learners
from lms.demonstration.answers import crooked
from lms.learning import demonstration
from lms.quiz.quiz import Quiz
from tests.browser.conftest import DESKTOP, PHONE, Site, Visit, close
from tests.conftest import Demonstrated

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST, SECOND = demonstration.COHORTS
LONG = next(one.name for one in learners.everybody() if one.number == learners.LONG_NAME)
#: What a cohort leads to, with what stands on each of these pages in this story.
FIGURES = {
    "Peta progres": "Peserta 01",
    "Kegiatan": "orang",
    "Perolehan": "Uji awal",
    "Yang paling sering meleset": "UU",
    "Materi yang belum dipahami": "5",
    "Laporan soal dari peserta": "dua jawaban yang benar",
}


@pytest.fixture
def told(site: Site, demonstrated: Demonstrated, password_hash: str) -> Site:
    """The demonstration, on a server that lets its instructor in."""
    site.database.dispose()
    shutil.copy(demonstrated.file, str(site.database.engine.url.database))
    with site.database.transaction() as db:
        lets_in = update(User).where(User.login == "pengampu")
        db.execute(lets_in.values(demonstration=False, password_hash=password_hash))
    return site


@pytest.fixture(params=[True, False], ids=["desktop", "phone without scripts"])
def visit(request: pytest.FixtureRequest, chromium: Browser, told: Site) -> Iterator[Visit]:
    script: bool = request.param
    context = chromium.new_context(
        viewport=DESKTOP if script else PHONE,  # type: ignore[arg-type]
        locale="id-ID",
        has_touch=not script,
        is_mobile=not script,
        reduced_motion="reduce",
    )
    if not script:
        context.route("**/*.js", lambda route: route.abort())
    yield Visit(told, context)
    close(context)


def test_an_instructor_gets_through_a_monday(visit: Visit, demonstrated: Demonstrated) -> None:
    visit.sign_in("pengampu")
    _opens_the_cohort(visit)
    cohort = visit.page.url
    _looks_after_somebody(visit)
    _back_to(visit, FIRST)
    assert visit.page.url == cohort
    pretest = demonstrated.catalog.quizzes[demonstrated.catalog.course.pretest]
    _looks_at_the_results(visit, pretest)
    _finds_the_question(visit, pretest)
    _lets_another_key_count(visit)
    _sees_what_became_of_it(visit, pretest)
    _proposes_a_change(visit)
    _marks_an_essay(visit)
    _takes_a_small_cohort_along(visit)
    _follow(visit, FIRST, back="Pengampu")
    _has_a_large_one_made(visit)
    _reads_the_report(visit)
    _back_to(visit, FIRST)
    _looks_at_the_figures(visit)


def _follow(visit: Visit, name: str, *, back: str = "") -> Page:
    """A link of the page; ``back``: by the crumb of that name first."""
    if back:
        _back_to(visit, back)
    return _press(visit, name, within="main")


def _press(visit: Visit, name: str, *, within: str) -> Page:
    """Press what is called so, or begins so, and judge what comes."""
    scope, called = visit.page.locator(within), re.compile(f"^{re.escape(name)}")
    one = scope.get_by_role("link", name=called).or_(scope.get_by_role("button", name=called)).first
    one.click()
    visit.page.wait_for_load_state()
    visit.judge()
    return visit.page


def _back_to(visit: Visit, name: str) -> None:
    """By the way that the page names; it was judged on the way there."""
    visit.page.locator(".crumbs").get_by_role("link", name=name, exact=True).click()
    expect(visit.page.locator("h1")).to_have_text("Angkatan Anda" if name == "Pengampu" else name)


def _opens_the_cohort(visit: Visit) -> None:
    page = visit.open("/pengampu")
    expect(page.locator("main")).to_contain_text("Perlu perhatian: 17 dari 48")
    page.get_by_role("link", name=FIRST, exact=True).click()
    expect(page.locator("h1")).to_have_text(FIRST)
    visit.judge()


def _looks_after_somebody(visit: Visit) -> None:
    page = _press(visit, "tertahan di materi", within=".chips")
    (row,) = page.locator(".needy ol > li").all()
    row.get_by_role("button", name="Dihubungi").click()
    expect(row).to_contain_text("dihubungi hari ini oleh Pengampu Contoh")
    name = row.locator("a").first.inner_text()
    page = _press(visit, name, within=".needy")
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("#catatan ~ .entry").first).to_contain_text("sudah dihubungi")
    page.get_by_label("Catatan baru").fill("Besok kita baca bersama.")
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.locator("#catatan ~ .entry").first).to_contain_text("Besok kita baca bersama.")
    expect(page.locator("#catatan ~ .entry")).to_have_count(3)


def _looks_at_the_results(visit: Visit, pretest: Quiz) -> None:
    """Of all attempts, and from the longest name to all of that person's work and back."""
    page = _follow(visit, pretest.title)
    page = _press(visit, "Semua", within="nav[aria-label='Percobaan yang dihitung']")
    results = page.url
    page.get_by_role("searchbox").fill("peserta-07")
    page.keyboard.press("Enter")
    expect(page.locator("tbody a")).to_have_count(1)
    page = _follow(visit, LONG)
    expect(page.locator("h1")).to_have_text(LONG)
    page = _press(visit, LONG, within="h1")
    expect(page.get_by_text("Catatan baru")).to_be_visible()
    page.goto(results)


def _finds_the_question(visit: Visit, pretest: Quiz) -> None:
    page = _follow(visit, "Analisis soal")
    if page.get_by_role("heading", name="Belum pernah dihitung").count():
        page = _follow(visit, "Hitung sekarang")
    worst, bad = page.locator("article").first, pretest.item(crooked(pretest).planted)
    expect(worst).to_contain_text("Kunci mungkin C")
    page = _press(visit, "Lihat soal ini", within="article >> nth=0")
    expect(page.locator("h1")).to_contain_text(bad.title)
    expect(page.locator("#temuan + .notice")).to_contain_text("Kunci mungkin C")


def _lets_another_key_count(visit: Visit) -> None:
    page = _follow(visit, "Nilai ulang")
    expect(page.get_by_role("radio", name="Kunci baru")).to_be_checked()
    page.fill("[name=reason]", "Penyusunnya memeriksa: C yang benar.")
    page = _follow(visit, "Pratinjau")
    expect(page.locator("main")).to_contain_text("naik")
    page = _follow(visit, "Jalankan nilai ulang")
    expect(page.locator("main")).to_contain_text("Penyusunnya memeriksa: C yang benar.")


def _sees_what_became_of_it(visit: Visit, pretest: Quiz) -> None:
    bad = pretest.item(crooked(pretest).planted)
    page = _follow(visit, "Analisis, laporan, dan usulan")
    page.get_by_role("link", name="Sudah ada yang berubah").click()
    page = _follow(visit, "Hitung ulang")
    mended = page.locator(f"#soal-{bad.id}")
    expect(mended).not_to_contain_text("Kunci mungkin")
    page = _press(visit, "Lihat soal ini", within=f"#soal-{bad.id}")
    expect(page.locator("#temuan")).to_have_count(0)


def _proposes_a_change(visit: Visit) -> None:
    page = _follow(visit, "Usulkan perubahan")
    page.get_by_label("Apa yang sebaiknya diubah?").fill("Kuncinya seharusnya C.")
    page = _follow(visit, "Kirim usulan")
    expect(page.locator("#laporan + article")).to_contain_text("Kuncinya seharusnya C.")


def _marks_an_essay(visit: Visit) -> None:
    _back_to(visit, "Pengampu")
    page = _follow(visit, "8 percobaan menunggu penilaian Anda")
    page.locator("tbody a").first.click()
    expect(page.locator("main")).to_contain_text("8 dari 12 jawaban menunggu dinilai.")
    visit.judge()
    page = _follow(visit, "Mulai menilai")
    first = page.locator("h1").inner_text()
    for field in page.locator("[data-points]").all():
        field.fill("2,5")
    page = _follow(visit, "Simpan & berikutnya")
    expect(page.locator("h1")).not_to_have_text(first)
    expect(page.locator("main")).to_contain_text("7 menunggu")


def _takes_a_small_cohort_along(visit: Visit) -> None:
    _follow(visit, SECOND, back="Pengampu")
    page = _follow(visit, "Unduhan dan laporan")
    with page.expect_download() as waits:
        page.get_by_role("button", name="Unduh", exact=True).click()
    assert waits.value.suggested_filename.startswith("angkatan-contoh-ii-lengkap-")


def _has_a_large_one_made(visit: Visit) -> None:
    _follow(visit, "Unduhan dan laporan")
    page = _follow(visit, "Siapkan berkas")
    expect(page.get_by_role("heading", name="Berkas sedang disiapkan")).to_be_visible()


def _reads_the_report(visit: Visit) -> None:
    page = _follow(visit, "Buka laporan")
    expect(page.locator("main")).to_contain_text("Dicetak oleh Pengampu Contoh")


def _looks_at_the_figures(visit: Visit) -> None:
    for title, told in FIGURES.items():
        page = _follow(visit, title)
        expect(page.locator("main")).to_contain_text(told)
        _back_to(visit, FIRST)
