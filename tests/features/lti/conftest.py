"""A platform on this machine, and a site that may ask it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lms.config import Settings
from tests.features.lti.local import Local, listening


@pytest.fixture
def local() -> Iterator[Local]:
    with listening() as found:
        yield found.sound()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The tests' platforms lie in the operator's own network."""
    return replace(settings, own_network=True)
