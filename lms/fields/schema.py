"""A closed schema (pydantic) over a YAML document: typed values, or every mistake with its line."""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from lms.fields.document import Document, load_yaml
from lms.fields.problems import Problems
from lms.fields.text import split_front_matter

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
#: One or more visible characters; surrounding white space is dropped.
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
#: The name of a module, quiz, term, question …: lower-case letters, digits and hyphens.
Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=100)]


M = TypeVar("M", bound=BaseModel)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _day(value: object) -> date:
    """Only ``2026-11-23``; pydantic alone would take numbers for seconds since 1970."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # there is no such day, e.g. 2026-02-30
    raise PydanticCustomError("F015", "tanggal ditulis dengan bentuk 2026-11-23")


Day = Annotated[date, BeforeValidator(_day)]


class Schema(BaseModel):
    """Base of every schema: a key that is not listed is a mistake, not a comment."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read(model: type[M], text: str, *, path: str, first_line: int = 1, problems: Problems) -> M | None:
    """Read ``text`` by a schema; None when anything is wrong, and every mistake is noted with its line."""
    document = load_yaml(text, path=path, first_line=first_line, problems=problems)
    if document is None:
        return None
    if not isinstance(document.value, dict):
        problems.at(path).error(document.line(), "F005", "tulis isian sebagai pasangan `kunci: nilai`, satu per baris")
        return None
    return validate(model, document, path=path, problems=problems)


def validate(model: type[M], document: Document, *, path: str, problems: Problems) -> M | None:
    """Check an already loaded document by a schema."""
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            loc = detail["loc"]
            line = document.line(loc[:-1] if detail["type"] == "missing" else loc)
            problems.at(path).error(line, *_explain(model, detail))
        return None


def read_page(model: type[M], text: str, *, path: str, problems: Problems) -> tuple[M | None, str, int]:
    """Read a page that begins with a front matter: ``(head, body, body_line)``.

    The head is None when it is missing or mistaken; the body can be used all the same.
    """
    front, body, front_line, body_line = split_front_matter(text)
    if front_line:
        return read(model, front, path=path, first_line=front_line, problems=problems), body, body_line
    if text.startswith("---"):
        problems.at(path).error(1, "F021", "bagian depan tidak ditutup; tulis baris `---` sesudah isian terakhir")
    else:
        problems.at(path).error(1, "F020", "bagian depan belum ada; mulai berkas dengan baris `---`, isian, lalu `---`")
    return None, body, body_line


#: pydantic's error type, or its beginning -> code and message; placeholders come from the error's context.
_EXPLANATIONS: tuple[tuple[str, str, str], ...] = (
    ("missing", "F010", "isian `{name}` wajib ada"),
    ("extra_forbidden", "F011", "isian `{name}` tidak dikenal"),
    ("string_type", "F012", "isian `{name}` harus berupa teks; beri tanda petik bila isinya angka"),
    ("int", "F012", "isian `{name}` harus berupa bilangan bulat"),
    ("float", "F012", "isian `{name}` harus berupa angka"),
    ("decimal", "F012", "isian `{name}` harus berupa angka"),
    ("bool", "F012", "isian `{name}` harus true atau false"),
    ("list_type", "F012", "isian `{name}` harus berupa daftar, mis. [satu, dua]"),
    ("tuple_type", "F012", "isian `{name}` harus berupa daftar, mis. [satu, dua]"),
    ("set_type", "F012", "isian `{name}` harus berupa daftar, mis. [satu, dua]"),
    ("dict_type", "F012", "isian `{name}` harus berupa pasangan `kunci: nilai`"),
    ("mapping_type", "F012", "isian `{name}` harus berupa pasangan `kunci: nilai`"),
    ("model_type", "F012", "isian `{name}` harus berupa pasangan `kunci: nilai`"),
    ("model_attributes_type", "F012", "isian `{name}` harus berupa pasangan `kunci: nilai`"),
    ("dataclass_type", "F012", "isian `{name}` harus berupa pasangan `kunci: nilai`"),
    ("enum", "F013", "isian `{name}` harus salah satu dari: {expected}"),
    ("literal_error", "F013", "isian `{name}` harus salah satu dari: {expected}"),
    ("string_too_short", "F014", "isian `{name}` tidak boleh kosong"),
    ("string_too_long", "F014", "isian `{name}` paling panjang {max_length} karakter"),
    ("too_short", "F014", "isian `{name}` memerlukan sedikitnya {min_length} butir"),
    ("too_long", "F014", "isian `{name}` paling banyak {max_length} butir"),
    ("greater_than_equal", "F014", "isian `{name}` paling kecil {ge}"),
    ("greater_than", "F014", "isian `{name}` harus lebih besar dari {gt}"),
    ("less_than_equal", "F014", "isian `{name}` paling besar {le}"),
    ("less_than", "F014", "isian `{name}` harus lebih kecil dari {lt}"),
    ("date", "F015", "isian `{name}` harus berupa tanggal dengan bentuk 2026-11-23"),
    (
        "string_pattern_mismatch",
        "F016",
        "isian `{name}` hanya boleh huruf kecil, angka dan tanda hubung, mis. manajemen-asn",
    ),
)
_CODE = re.compile(r"[A-Z]\d{3}")


def _explain(model: type[BaseModel], detail: ErrorDetails) -> tuple[str, str]:
    """Code and message for one error of pydantic.

    A validator may choose its own code with ``PydanticCustomError("Q031", "pesan")``.
    """
    kind, name = detail["type"], ".".join(map(str, detail["loc"])) or "isi berkas"
    if _CODE.fullmatch(kind):
        return kind, detail["msg"]
    context: dict[str, Any] = detail.get("ctx", {})
    if kind == "value_error":
        return "F017", f"isian `{name}`: {context['error']}"
    if kind == "string_pattern_mismatch" and context["pattern"] != _SLUG:
        return "F016", f"isian `{name}` tidak sesuai dengan bentuk yang diminta"
    for begin, code, message in _EXPLANATIONS:
        if kind.startswith(begin):
            return code, message.format(name=name, **_in_indonesian(context)) + _suggestion(model, detail)
    return "F017", f"isian `{name}` tidak dapat dipakai"


def _in_indonesian(context: dict[str, Any]) -> dict[str, Any]:
    if "expected" not in context:
        return context
    return context | {"expected": str(context["expected"]).replace("'", "").replace(" or ", " atau ")}


def _suggestion(model: type[BaseModel], detail: ErrorDetails) -> str:
    """``; maksud Anda `title`?`` for a misspelt key of the schema itself (not of nested ones)."""
    if detail["type"] != "extra_forbidden" or len(detail["loc"]) != 1:
        return ""
    names = [field.alias or name for name, field in model.model_fields.items()]
    near = difflib.get_close_matches(str(detail["loc"][0]), names, n=1)
    return f"; maksud Anda `{near[0]}`?" if near else f"; yang dikenal: {', '.join(names)}"
