"""An office without a battery: SQLite, and the power fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import lacking
from tests.faults import power
from tests.faults.conftest import serving_people

Cutting = Callable[[str, int], power.Cuts]


@pytest.fixture
def cutting(tmp_path: Path) -> Cutting:
    def cut(synchronous: str, times: int) -> power.Cuts:
        try:
            preloaded = power.shim(tmp_path)
        except power.NoCompiler as error:
            lacking("compiler", str(error))
        kept = tmp_path / "kept"
        kept.mkdir()
        settings = {"LD_PRELOAD": str(preloaded), "KEPT_AT": str(kept), "LMS_SQLITE_SYNCHRONOUS": synchronous}
        with serving_people(f"sqlite:///{tmp_path}/lms.db", tmp_path, **settings) as site:
            return power.cuts(site, tmp_path, times=times, seed=1)

    return cut


def test_what_was_acknowledged_outlives_a_power_cut(cutting: Cutting) -> None:
    found = cutting("full", 40)
    assert found.missing == []
    assert found.cuts == 40
    assert found.asked > 100, "too few answers for this to mean anything"


def test_without_the_flush_it_would_not(cutting: Cutting) -> None:
    """So the test above can fail."""
    assert cutting("normal", 10).missing
