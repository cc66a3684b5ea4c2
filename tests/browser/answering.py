"""How a person answers each kind of question, by touch and by keyboard alone, with what the page offers and no more."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from lms.learning import attempt_records, frozen
from tests.browser.conftest import Site
from tests.quiz.samples import ASKED, SAMPLES

#: Item of the quiz ``semua-jenis`` -> a full answer, as the server keeps it.
FULL: Mapping[str, Sequence[str]] = {item.id: SAMPLES[kind].answer for kind, item in ASKED.items()}


def question(page: Page, item: str) -> Locator:
    return page.locator(f"[data-item='{item}']")


def touch(page: Page, item: str, values: Sequence[str]) -> None:
    """Answer with a finger; lists and texts with what the phone opens for them."""
    block = question(page, item)
    for value in values:
        row, equals, text = value.partition("=")
        choice = block.locator(f"input[name='answer-{item}'][value='{value}']")
        if choice.count():
            choice.locator("xpath=ancestor::label").tap()
        elif equals and (typed := block.locator(f"[name='answer-{item}.{row}']")).count():
            typed.tap()
            typed.fill(text)
        elif equals:
            _open_lists(block)
            select = block.locator(f"select:has(option[value='{value}'])")
            select.select_option(value)
        else:
            field = block.locator("input[type=text], textarea")
            field.tap()
            field.fill(value)


def _open_lists(block: Locator) -> None:
    folded = block.locator("details:has(.rows):not([open]) > summary")
    if folded.count():
        folded.tap()


def type_in(page: Page, item: str, values: Sequence[str]) -> None:
    """Answer without a pointer: only Tab, arrows, Space and letters, from wherever the focus is."""
    block = question(page, item)
    for value in values:
        row, equals, text = value.partition("=")
        choice = block.locator(f"input[name='answer-{item}'][value='{value}']")
        if choice.count():
            _choose(page, choice)
        elif equals and (typed := block.locator(f"[name='answer-{item}.{row}']")).count():
            _go_to(page, typed)
            page.keyboard.type(text)
        elif equals:
            _pick(page, block, value)
        else:
            _go_to(page, block.locator("input[type=text], textarea"))
            page.keyboard.type(value)


def _choose(page: Page, choice: Locator) -> None:
    """A check box stands in the order of tabs itself; of a radio group one does, and arrows lead to the others."""
    if choice.get_attribute("type") == "checkbox":
        _go_to(page, choice)
        page.keyboard.press("Space")
    else:
        group = page.locator(f"[name='{choice.get_attribute('name')}']")
        _go_to(page, group)
        page.keyboard.press("Space")
        for _ in range(group.count()):
            if choice.is_checked():
                break
            page.keyboard.press("ArrowDown")
    expect(choice).to_be_checked()


def _pick(page: Page, block: Locator, value: str) -> None:
    folded = block.locator("details:has(.rows):not([open]) > summary")
    if folded.count():
        _go_to(page, folded)
        page.keyboard.press("Enter")
    select = block.locator(f"select:has(option[value='{value}'])")
    _go_to(page, select)
    options = select.locator("option").evaluate_all("options => options.map(option => option.value)")
    for _ in range(options.index(value)):
        page.keyboard.press("ArrowDown")
    expect(select).to_have_value(value)


def _go_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there, as a person does; backwards where the page says it lies above."""
    handles = target.element_handles()
    assert handles
    above = handles[0].evaluate(
        "there => Boolean(document.activeElement.compareDocumentPosition(there) & Node.DOCUMENT_POSITION_PRECEDING)"
    )
    for _ in range(120):
        if page.evaluate("there => there.includes(document.activeElement)", handles):
            return
        page.keyboard.press("Shift+Tab" if above else "Tab")
    raise AssertionError(f"the keyboard never came to {target}")


def press_key(page: Page, button: Locator) -> None:
    _go_to(page, button)
    page.keyboard.press("Enter")


def held(site: Site, attempt: str) -> dict[str, list[str]]:
    """What the server holds of an attempt, by item; a person who said nothing is missing."""
    with site.database.reading() as db:
        rows = attempt_records.items(db, UUID(attempt))
    return {row.item: list(value) for row in rows if (value := frozen.response_of(row)) is not None}


def is_closed(site: Site, attempt: str) -> bool:
    with site.database.reading() as db:
        found = attempt_records.attempt(db, UUID(attempt))
    assert found is not None
    return not found.is_open


def attempt_id(page: Page) -> str:
    return page.url.split("/percobaan/")[1].split("/")[0].split("?")[0].split("#")[0]


def sorted_values(answers: Mapping[str, Sequence[str]]) -> dict[str, list[Any]]:
    return {item: sorted(values) for item, values in answers.items()}


def nothing_waits(page: Page) -> None:
    """The queue of the device is empty, a moment after the page says so."""
    until(page, lambda: page.evaluate("localStorage.getItem('latsar-waiting') === null"))


def until(page: Page, happened: Callable[[], bool], seconds: float = 30) -> None:
    """Let the page work until this is so, however long the machine takes; the retries of a page may lie far apart."""
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it never happened"
        page.wait_for_timeout(50)
