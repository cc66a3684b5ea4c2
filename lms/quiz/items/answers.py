"""Lines of ``= answer``: what the kinds share whose answers are written so."""

from __future__ import annotations

import math
import re

from lms.fields import Problems
from lms.quiz.written import Field

_PERCENT = re.compile(r"(?P<percent>[-+]?\d+(?:[.,]\d+)?)% +(?P<text>\S.*)")
_YES_NO = {"yes": True, "ya": True, "no": False, "tidak": False}


def read_answer(line: int, text: str, problems: Problems) -> tuple[str, float] | None:
    """What a line accepts, and the share of the points (0…1] it earns; None when it holds a mistake."""
    text = text.strip()
    if not text.startswith("="):
        problems.error(line, "Q052", "setiap baris jawaban diawali `=`; pisahkan teks lain dengan baris kosong")
        return None
    answer = text[1:].strip()
    if not answer:
        problems.error(line, "Q050", "sesudah `=` belum ada jawaban")
        return None
    found = _PERCENT.fullmatch(answer)
    if not found:
        return answer, 1.0
    percent = float(found["percent"].replace(",", "."))
    if not 0 < percent <= 100:
        problems.error(line, "Q051", f"{found['percent']}% tidak dapat dipakai; tulis lebih dari 0% sampai 100%")
        return None
    return found["text"], percent / 100


def without_percent(line: str) -> str:
    """What a line accepts, however well it is written."""
    answer = line.strip().removeprefix("=").strip()
    found = _PERCENT.fullmatch(answer)
    return found["text"] if found else answer


def written_answer(text: str, share: float) -> str:
    """The line that ``read_answer`` reads as exactly this."""
    if share == 1:
        return f"= 100% {text}" if _PERCENT.fullmatch(text) else f"= {text}"
    return f"= {_percent(share)}% {text}"


def _percent(share: float) -> str:
    """The shortest number that is ``share`` when it is divided by 100; beside it a number may stand that is not."""
    near = share * 100
    numbers = (near, math.nextafter(near, 0.0), math.nextafter(near, 101.0))
    exact = next((number for number in numbers if number / 100 == share), near)
    digits = next(digits for digits in range(30) if float(f"{exact:.{digits}f}") == exact or digits == 29)
    return f"{exact:.{digits}f}"


def read_case(field: Field | None, problems: Problems) -> bool:
    """The ``case:`` field line: whether capital and small letters differ."""
    if field is None:
        return False
    if field.value.lower() not in _YES_NO:
        problems.error(field.line, "Q020", "isi `case` dengan yes (huruf besar berbeda) atau no")
    return _YES_NO.get(field.value.lower(), False)
