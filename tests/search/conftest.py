from __future__ import annotations

import pytest

from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import bundled


@pytest.fixture(scope="session")
def shipped() -> Catalog:
    return load(bundled())
