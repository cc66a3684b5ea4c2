"""What a product calls itself leads to its own fields, and whatever else to those of any."""

from __future__ import annotations

from lms.features.lti.products import product


def test_a_product_that_nobody_knows_is_another_one() -> None:
    assert product("sakai").name == ""
    assert product("canvas").name == "Canvas"
