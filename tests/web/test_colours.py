"""A colour of a house can be read wherever letters of it, or white ones on it, stand; and what cannot is refused."""

from __future__ import annotations

import re

import pytest

from lms.config import BadSetting
from lms.web import colours
from lms.web.assets import FOLDER

LMS_CSS = (FOLDER / "lms.css").read_text("utf-8")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_what_others_measure(one: str, other: str, ratio: float) -> None:
    """Values of the contrast checker of WebAIM."""
    assert colours.contrast(one, other) == colours.contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_the_grounds_are_those_of_the_stylesheet() -> None:
    blocks = {
        "terang": re.search(r"^:root \{(.*?)^\}", LMS_CSS, re.DOTALL | re.MULTILINE),
        "sepia": re.search(r'\[data-look~="sepia"\] \{(.*?)\}', LMS_CSS, re.DOTALL),
        "gelap": re.search(r'\[data-look~="gelap"\] \{(.*?)\}', LMS_CSS, re.DOTALL),
    }
    grounds = {
        theme: tuple(re.findall(r"--(?:paper|leaf): (#\w{6});", block[1])) for theme, block in blocks.items() if block
    }
    assert grounds == {**colours.LIGHT, "gelap": colours.DARK}


@pytest.mark.parametrize(
    "colour", ["#b4151e", "#0b5c8a", "#14532d", "#4c1d95", "#000000", "#7a3e00", "#0000c0", "#5B0060"]
)
def test_a_colour_that_is_taken_can_be_read_in_every_theme(colour: str) -> None:
    style = colours.stylesheet(colours.checked(colour))
    tokens = [dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in re.findall(r"\{ (.*?) \}", style)]
    light, chosen_dark, dark_by_device = tokens
    assert chosen_dark == dark_by_device
    for ground in (*colours.LIGHT["terang"], *colours.LIGHT["sepia"]):
        assert colours.contrast(light["accent"], ground) >= 4.5
    for ground in colours.DARK:
        assert colours.contrast(chosen_dark["accent"], ground) >= 4.5
        assert colours.contrast(chosen_dark["fill"], ground) >= 3, "the main button stands out"
    for theme in (light, chosen_dark):
        assert colours.contrast("#ffffff", theme["fill"]) >= 4.5
        assert colours.contrast("#ffffff", theme["fill-deep"]) >= 4.5


def test_dark_is_where_the_stylesheet_says_it_is() -> None:
    style = colours.stylesheet("#0b5c8a")
    for selector in (
        r'\[data-look~="gelap"\]',
        r':root:where\(:not\(\[data-look~="terang"\], \[data-look~="sepia"\]\)\)',
    ):
        assert re.search(f"{selector} {{", style)
        assert re.search(f"{selector} {{", LMS_CSS)


@pytest.mark.parametrize("colour", ["#ff6600", "#ffffff", "#c8102e", "#777777"])
def test_a_colour_that_is_too_light_is_refused_with_what_was_measured_and_a_darker_one(colour: str) -> None:
    with pytest.raises(BadSetting, match="LMS_SITE_COLOUR") as refused:
        colours.checked(colour)
    told = str(refused.value)
    assert f"its contrast is {int(colours.contrast(colour, '#ebdbba') * 100) / 100}:1" in told
    assert colours.checked(told.rpartition(" ")[2])


def test_what_is_wrong_stays_red_whatever_the_house_wears() -> None:
    """A green house would else show mistakes in green."""
    for part in (".wrong {", ".badge-bad {", ".notice-warning, .notice-error {", ".timer-short {"):
        (rule,) = re.findall(rf"^{re.escape(part)}(.*?)\}}", LMS_CSS, re.MULTILINE)
        assert "var(--red)" in rule
    assert "--red" not in colours.stylesheet("#0b5c8a")
