"""A closed schema (pydantic) over a YAML document: typed values, or every mistake with its line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, RootModel, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from lms.fields.days import spelt_day
from lms.fields.document import Document, load_yaml, quoted, walk
from lms.fields.problems import Fix, Problems
from lms.fields.text import misspelt, nearest, split_front_matter

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
#: One or more visible characters; surrounding white space is dropped.
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
#: The name of a module, quiz, term, question …: lower-case letters, digits and hyphens.
Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=100)]


def refusal(code: str, message: str, *, instead: str | None = None) -> PydanticCustomError:
    """What a validator raises for a value; ``instead``: how it is to be written in YAML, if only that can be meant."""
    return PydanticCustomError(code, message, {"instead": instead} if instead else None)


M = TypeVar("M", bound=BaseModel)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _day(value: object) -> date:
    """Only ``2026-11-23``; pydantic alone would take numbers for seconds since 1970."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # there is no such day, e.g. 2026-02-30
    raise refusal("F015", "tanggal ditulis dengan bentuk 2026-11-23", instead=spelt_day(value))


Day = Annotated[date, BeforeValidator(_day)]


class Schema(BaseModel):
    """Base of every schema: a key that is not listed is a mistake, not a comment."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read(model: type[M], text: str, *, path: str, first_line: int = 1, problems: Problems) -> M | None:
    """Read ``text`` by a schema: what of it is healthy, or None; every mistake is noted with its line."""
    document = load_yaml(text, path=path, first_line=first_line, problems=problems)
    if document is None:
        return None
    if not isinstance(document.value, dict):
        problems.at(path).error(document.line(), "F005", "tulis isian sebagai pasangan `kunci: nilai`, satu per baris")
        return None
    return validate(model, document, path=path, problems=problems)


def validate(model: type[M], document: Document, *, path: str, problems: Problems) -> M | None:
    """Check an already loaded document by a schema.

    A mistake costs no more than what it stands in: an optional value, an entry of a list or of pairs; None when that is
    the whole.
    """
    value = document.value
    try:
        return model.model_validate(value)
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
    _tell(model, document, mistakes, problems.at(path))
    while (value := _without(value, {_place(value, mistake) for mistake in mistakes})) is not None:
        try:
            return model.model_validate(value)
        except ValidationError as error:  # an entry may be gone without which there is no whole
            mistakes = error.errors(include_url=False)
    return None


def read_page(model: type[M], text: str, *, path: str, problems: Problems) -> tuple[M | None, str, int]:
    """Read a page that begins with a front matter: ``(head, body, body_line)``.

    The head is what of it is healthy, None when it is missing; the body can be used all the same.
    """
    front, body, front_line, body_line = split_front_matter(text)
    if front_line:
        return read(model, front, path=path, first_line=front_line, problems=problems), body, body_line
    if text.startswith("---"):
        problems.at(path).error(1, "F021", "bagian depan tidak ditutup; tulis baris `---` sesudah isian terakhir")
    else:
        problems.at(path).error(1, "F020", "bagian depan belum ada; mulai berkas dengan baris `---`, isian, lalu `---`")
    return None, body, body_line


# --- the healthy part -----------------------------------------------------------------------------------------------

#: Steps from the whole to a value in it: keys, and places in lists.
_Place = tuple[int | str, ...]


def _place(value: Any, mistake: ErrorDetails) -> _Place:
    """What a mistake spoils: the value it is in, or whatever lacks a value."""
    return tuple(step for step, _ in walk(value, mistake["loc"]))


def _without(value: Any, places: set[_Place]) -> Any:
    """The value without what stands in these places; None when nothing is left."""
    if () in places:
        return None
    further: dict[int | str, set[_Place]] = {}
    for step, *rest in places:
        further.setdefault(step, set()).add(tuple(rest))
    if isinstance(value, dict):
        return {
            key: _without(one, further.get(key, set())) for key, one in value.items() if () not in further.get(key, ())
        }
    if isinstance(value, list):
        return [_without(one, further.get(at, set())) for at, one in enumerate(value) if () not in further.get(at, ())]
    return value


# --- what is told ---------------------------------------------------------------------------------------------------


def _tell(model: type[BaseModel], document: Document, mistakes: Sequence[ErrorDetails], notes: Problems) -> None:
    missing = [mistake["loc"] for mistake in mistakes if mistake["type"] == "missing"]
    unknown = [mistake["loc"] for mistake in mistakes if _is_unknown(mistake)]
    meant = {loc: _nearest(model, document, loc) or _only(loc, unknown, missing) for loc in unknown}
    taken = Counter((*loc[:-1], name) for loc, name in meant.items())
    lacking = {(*loc[:-1], name) for loc, name in meant.items() if name}
    for mistake in mistakes:
        loc = mistake["loc"]
        if mistake["type"] == "missing" and loc in lacking:
            continue  # it is there, misspelt
        line = document.line(loc[:-1] if mistake["type"] == "missing" else loc)
        code, message = _explain(mistake)
        if _is_unknown(mistake):
            known = ", ".join(_names(model, loc[:-1]))
            message += f"; maksud Anda `{meant[loc]}`?" if meant[loc] else f"; yang dikenal: {known}" if known else ""
            name = misspelt(str(loc[-1]), _lacking(model, document, loc))
            fix = document.renamed(loc, name) if name and taken[*loc[:-1], name] == 1 else None
        else:
            fix = _rewriting(document, mistake)
        notes.error(line, code, message, fix=fix)


def _is_unknown(mistake: ErrorDetails) -> bool:
    return mistake["type"] == "extra_forbidden"


def _only(loc: _Place, unknown: Sequence[_Place], missing: Sequence[_Place]) -> str | None:
    """The one key that is missing where one key is unknown: it may be called by another name."""
    lacking = [other[-1] for other in missing if other[:-1] == loc[:-1]]
    alone = [other for other in unknown if other[:-1] == loc[:-1]] == [loc]
    return str(lacking[0]) if alone and len(lacking) == 1 else None


def _nearest(model: type[BaseModel], document: Document, loc: _Place) -> str | None:
    """The key of the schema that is most like this one and not there yet."""
    return nearest(str(loc[-1]), _lacking(model, document, loc))


def _lacking(model: type[BaseModel], document: Document, loc: _Place) -> list[str]:
    """The keys of the schema that are not written where this one is."""
    written = document.at(loc[:-1])
    return [name for name in _names(model, loc[:-1]) if name not in written]


def _names(annotation: Any, loc: _Place) -> list[str]:
    """The keys that a schema knows at this place."""
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return _names(annotation.model_fields["root"].annotation, loc)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        if not loc:
            return list(fields)
        return _names(fields[str(loc[0])].annotation, loc[1:]) if loc[0] in fields else []
    inner = [one for one in get_args(annotation) if one not in (type(None), ...)]
    if get_origin(annotation) in (dict, tuple, list):
        return _names(inner[-1], loc[1:]) if loc else []
    return next((names for one in inner if (names := _names(one, loc))), [])


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


def _explain(detail: ErrorDetails) -> tuple[str, str]:
    """Code and message for one error of pydantic.

    A validator may choose its own code with ``refusal("Q031", "pesan")``.
    """
    kind, name = detail["type"], ".".join(step for step in detail["loc"] if isinstance(step, str)) or "isi berkas"
    if _CODE.fullmatch(kind):
        return kind, detail["msg"]
    context: dict[str, Any] = detail.get("ctx", {})
    if kind == "value_error":
        return "F017", f"isian `{name}`: {context['error']}"
    if kind == "string_pattern_mismatch" and context["pattern"] != _SLUG:
        return "F016", f"isian `{name}` tidak sesuai dengan bentuk yang diminta"
    for begin, code, message in _EXPLANATIONS:
        if kind.startswith(begin):
            return code, message.format(name=name, **_in_indonesian(context))
    return "F017", f"isian `{name}` tidak dapat dipakai"


# --- the one thing that can be meant --------------------------------------------------------------------------------

_YES_NO = {"ya": "true", "tidak": "false"}
_LISTS = ("list_type", "tuple_type", "set_type")


def _rewriting(document: Document, mistake: ErrorDetails) -> Fix | None:
    """The mending of a value."""
    instead = _instead(mistake, document.source(mistake["loc"]))
    return document.rewritten(mistake["loc"], instead) if instead else None


def _instead(mistake: ErrorDetails, source: str) -> str | None:
    """What is to be written in place of ``source``, which a mistake is about; None where that is a doubt."""
    kind, value, context = mistake["type"], mistake["input"], mistake.get("ctx", {})
    if "instead" in context:
        return str(context["instead"])
    if kind == "string_type" and isinstance(value, int | float):
        return quoted(source)
    if kind in _LISTS and isinstance(value, str) and re.fullmatch(r"[\w.#-]+", source):
        return f"[{source}]"
    if kind.startswith("bool") and isinstance(value, str):
        return _YES_NO.get(value.lower())
    if kind in {"enum", "literal_error"} and isinstance(value, str):
        return misspelt(value, re.findall(r"'([^']*)'", str(context["expected"])))
    if kind == "string_pattern_mismatch" and context["pattern"] == _SLUG:
        return slug_of(value)
    return None


def slug_of(text: str) -> str | None:
    """The name that a text can only be meant as, in small letters and with hyphens; None when it holds other signs.

    A space may have been typed by chance, and two hyphens may have lost what stood between them.
    """
    name = text.strip().lower().replace("_", "-")
    return name if re.fullmatch(_SLUG, name) else None


def _in_indonesian(context: dict[str, Any]) -> dict[str, Any]:
    if "expected" not in context:
        return context
    return context | {"expected": str(context["expected"]).replace("'", "").replace(" or ", " atau ")}
