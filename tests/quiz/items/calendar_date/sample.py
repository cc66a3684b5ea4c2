from __future__ import annotations

from datetime import date

from hypothesis import strategies as st
from latsar_calendar import CalendarDate

from tests.quiz.sample import Mended, Sample

SAMPLE = Sample(
    generated=lambda **more: st.builds(
        CalendarDate,
        accepted=st.lists(st.dates().map(date.isoformat), min_size=1, max_size=3, unique=True).map(tuple),
        within=st.integers(0, 999),
        **more,
    ),
    question="""\
## Hari roti {#sj-tanggal}
type: calendar_date
tags: C1

Kapan roti itu dibagi?

= 2026-11-23

> [!EXPLANATION]
> Lihat kembali lingkaran yang dibagi.
""",
    answer=("2026-11-23",),
    refused=(["2026-11-23", "2026-11-24"],),
    mended=Mended(
        form={"lines": ["2026-11-24\n2026-11-25"]},
        right=("2026-11-25",),
        wrong=({}, *({"lines": [text]} for text in ("=", "besok", "2026-02-30", "2026-11-24\nbesok"))),
    ),
    order_decides=False,
)
