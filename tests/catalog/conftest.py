from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import PACK


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A sound pack to be changed in one place."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))
