"""What a lesson asks to be remembered is the list below its last heading."""

from __future__ import annotations

import pytest

from lms.markup import key_points


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Satu\n\n- a\n\n## Inti\n\n- b\n- c\n", "- b\n- c"),
        (
            "## Inti\n\nYang diingat:\n\n1. b\n2. c[^1]\n\n[^1]: Catatan.\n    Lanjutannya.\n",
            "Yang diingat:\n\n1. b\n2. c",
        ),
        ("## Inti\n\n- b\n\n### Anak\n\n- c\n", "- b\n\n### Anak\n\n- c"),
        ("## Inti\n\n- b\n\n```quiz\n## Soal {#s}\n\nApa?\n\n- (x) ya {#a}\n```\n", "- b"),
        ("## Inti\n\n- b\n\n```\n## bukan judul\n```\n\n- c", "- b\n\n\n\n\n\n- c"),
        ("## Penutup\n\nSelesai.\n", ""),
        ("- b tanpa judul\n", ""),
        ("", ""),
    ],
)
def test_key_points(text: str, expected: str) -> None:
    assert key_points(text) == expected
