"""Lines of ``= answer``: what the kinds share whose answers are written so."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TypeVar

from lms.errors import Invalid, Said
from lms.fields import Fix, Problems
from lms.fields.typed import typed
from lms.quiz.item import Item
from lms.quiz.key_form import KeyForm, Widget, wrong_key
from lms.quiz.written import Block, Field, Written

_PERCENT = re.compile(r"(?P<percent>[-+]?\d+(?:[.,]\d+)?)% +(?P<text>\S.*)")
MOST_LINES, LONGEST_LINE = 50, 200
NONE_IN_FULL = Said("belum ada jawaban dengan poin penuh; tulis satu tanpa persen")
#: What participants are told of typed answers.
NEARLY_RIGHT = Said("Jawaban yang hampir tepat mendapat sebagian nilai.")
NEARLY = Said("Hampir tepat.")
CASE_COUNTS = Said("Huruf besar dan kecil dibedakan.")
_YES_NO = {"yes": True, "ya": True, "no": False, "tidak": False}


def read_answer(line: int, text: str, problems: Problems) -> tuple[str, float] | None:
    """What a line accepts, and the share of the points (0…1] it earns; None when it holds a mistake."""
    text = text.strip()
    if not text.startswith("="):
        problems.error(line, "Q052", "setiap baris jawaban diawali `=`; pisahkan teks lain dengan baris kosong")
        return None
    answer = text[1:].strip()
    if not answer:
        problems.error(line, "Q050", Said("sesudah `=` belum ada jawaban"))
        return None
    found = _PERCENT.fullmatch(answer)
    if not found:
        return answer, 1.0
    percent = float(found["percent"].replace(",", "."))
    if not 0 < percent <= 100:
        share = found["percent"]
        message = Said("%(share)s%% tidak dapat dipakai; tulis lebih dari 0%% sampai 100%%", share=share)
        problems.error(line, "Q051", message)
        return None
    return found["text"], percent / 100


def twice(answer: str) -> Said:
    """That a line says what another one says already."""
    return Said("jawaban `%(answer)s` sudah ada di atas; hapus salah satunya", answer=answer)


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
    exact = [number for number in numbers if number / 100 == share] or [near]
    return min((f"{Decimal(repr(number)).normalize():f}" for number in exact), key=len)


def read_case(field: Field | None, problems: Problems) -> bool:
    """The ``case:`` field line: whether capital and small letters differ."""
    if field is None:
        return False
    if field.value.lower() not in _YES_NO:
        meant = {"true": "yes", "false": "no"}.get(field.value.lower())
        fix = Fix(field.value, meant) if meant else None
        problems.error(field.line, "Q020", "isi `case` dengan yes (huruf besar berbeda) atau no", fix=fix)
    return _YES_NO.get(field.value.lower(), False)


# --- lines that somebody types into a form ---


T = TypeVar("T", bound=Item)


def typed_lines(text: str, field: str) -> list[str]:
    """The lines that say something. Raises ``Invalid`` about ``field`` when they are too many or too long."""
    lines = [line.strip() for line in typed(text).split("\n") if line.strip()]
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        message = Said("Paling banyak %(most)s baris, masing-masing paling panjang 200 karakter.", most=MOST_LINES)
        raise Invalid(message, {field: message})
    return lines


def lines_form(item: Item, *, percent: bool = False) -> KeyForm:
    """The answers of ``item`` as lines, without the ``=`` in front. ``percent``: of a kind with ``read_answer``."""
    lines = (line.removeprefix("=").strip() for line in item.written().split("\n"))
    return KeyForm(Widget.LINES, {"": "\n".join(lines)}, percent)


def as_written(item: T, text: str) -> T:
    """What the kind of ``item`` reads from lines like an author's, with or without the ``=`` in front."""
    lines = typed_lines(text, "key")
    if not lines:
        raise wrong_key(Said("Tulis sedikitnya satu jawaban yang benar, satu baris satu jawaban."))
    answer = "\n".join(line if line.startswith("=") else f"= {line}" for line in lines)
    fields = {name: Field(1, value) for name, value in {"type": item.kind, **item.written_fields()}.items()}
    common = {"id": item.id, "title": item.title, "stem": item.stem}
    problems = Problems()
    read = type(item).parse(
        Written(1, common, fields, (Block("answers", 1, len(lines) + 1, answer),), in_quiz=True), problems
    )
    if problems.errors or read is None:
        wrong = (Said("Baris %(line)s: %(why)s.", line=one.line, why=one.message) for one in problems.errors)
        raise wrong_key(Said.joined(wrong))
    return read
