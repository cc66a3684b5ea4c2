"""YAML without its traps: text in, a ``Document`` of plain values that remembers every line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from lms.fields.problems import Fix, Problems
from lms.fields.text import MAX_BYTES

MAX_DEPTH = 20


class _Loader(yaml.CSafeLoader):
    """Resolves null, true/false, whole and decimal numbers; everything else is text.

    So ``ya``, ``no``, ``1:30``, ``1_000``, ``007`` and ``2026-11-23`` stay what the author wrote.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_TAG = "tag:yaml.org,2002:"
_Loader.add_implicit_resolver(_TAG + "null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver(_TAG + "bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_DIGITS = list("-+0123456789")
_Loader.add_implicit_resolver(_TAG + "int", re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,17})$"), _DIGITS)
_Loader.add_implicit_resolver(_TAG + "float", re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}$"), _DIGITS)
_SCALARS: dict[str, Callable[[str], Any]] = {
    _TAG + "null": lambda text: None,
    _TAG + "bool": lambda text: text == "true",
    _TAG + "int": int,
    _TAG + "float": float,
}


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML text says. ``value``: dicts with text keys, lists, text, numbers, booleans and None."""

    value: Any
    _node: yaml.Node | None
    _first_line: int
    _lines: Sequence[str] = ()

    def at(self, loc: Sequence[int | str]) -> Any:
        """The value at ``loc``; steps to nowhere are skipped."""
        return [self.value, *(value for _, value in walk(self.value, loc))][-1]

    def line(self, loc: Sequence[int | str] = ()) -> int:
        """The line of the value at ``loc``, e.g. ``("items", 2, "title")``; steps to nowhere are skipped."""
        node, line = self._node, self._first_line
        if node is None:
            return line
        line += node.start_mark.line
        for step in loc:
            found = _child(node, step)
            if found is None:
                continue
            place, node = found
            line = self._first_line + place.start_mark.line
        return line

    def source(self, loc: Sequence[int | str]) -> str:
        """How the value at ``loc`` is written, quotation marks included; empty unless it stands in one line."""
        found = self._found(loc)
        return self._cut(found[1], found[1]) if found else ""

    def renamed(self, loc: Sequence[int | str], name: str) -> Fix | None:
        """What makes ``name`` of the key at ``loc``."""
        found = self._found(loc)
        key = self._cut(found[0], found[0]) if found else ""
        return Fix(f"{key}:", f"{name}:") if key else None

    def rewritten(self, loc: Sequence[int | str], source: str) -> Fix | None:
        """What makes ``source`` of the value at ``loc``; None unless it stands in the line that ``line`` gives."""
        found, written = self._found(loc), self.source(loc)
        whole = self._cut(*found) if found and written else ""
        return Fix(whole, whole.removesuffix(written) + source) if whole else None

    def _found(self, loc: Sequence[int | str]) -> tuple[yaml.Node, yaml.Node] | None:
        """The child at ``loc``; None when a step leads nowhere."""
        found: tuple[yaml.Node, yaml.Node] | None = None
        for step in loc:
            node = found[1] if found else self._node
            if node is None or (found := _child(node, step)) is None:
                return None
        return found

    def _cut(self, first: yaml.Node, last: yaml.Node) -> str:
        """What stands from the one to the end of the other, a scalar; empty unless that is within a line."""
        at, end = first.start_mark, last.end_mark
        within = isinstance(last, yaml.ScalarNode) and at.line == end.line < len(self._lines)
        return self._lines[at.line][at.column : end.column] if within else ""


def quoted(text: str) -> str:
    """``text`` in quotation marks."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def walk(value: Any, loc: Sequence[int | str]) -> Iterator[tuple[int | str, Any]]:
    """Each step of ``loc`` with the value it leads to; steps to nowhere are skipped."""
    for step in loc:
        known = dict(enumerate(value)) if isinstance(value, list) else value if isinstance(value, dict) else {}
        if step in known:
            value = known[step]
            yield step, value


def _child(node: yaml.Node, step: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    """The child at ``step`` as (node that marks its line, node of its value)."""
    if isinstance(node, yaml.MappingNode):
        return next((pair for pair in node.value if pair[0].value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def load_yaml(text: str, *, path: str, first_line: int = 1, problems: Problems) -> Document | None:
    """Read a YAML text whose first line is line ``first_line`` of its file; None when it cannot be used."""
    problems, lines = problems.at(path), text.split("\n")
    if len(text) > MAX_BYTES:
        problems.error(first_line, "F006", f"isian lebih besar dari {MAX_BYTES // 1000} KB")
        return None
    try:
        _refuse_specials(text)
        node = _compose(text)
        document = Document(None if node is None else _value(node), node, first_line, lines)
    except _MistakeError as mistake:
        problems.error(first_line + mistake.line, mistake.code, str(mistake))
    except UnicodeEncodeError as error:  # half a character, which no file can hold but a form can
        problems.error(first_line + text.count("\n", 0, error.start), "F022", "ada karakter yang bukan UTF-8")
    except yaml.YAMLError as error:
        at, hint, fix = _unreadable(error, lines, _error_line(error, text))
        problems.error(first_line + at, "F001", f"YAML tidak dapat dibaca: {hint}", fix=fix)
    else:
        if node is not None:
            _tell_lost(node, lines, first_line, problems)
        return document
    return None


class _MistakeError(Exception):
    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line = line  # from 0, within the YAML text
        self.code = code


_TOO_DEEP = f"isian bersarang lebih dari {MAX_DEPTH} tingkat; sederhanakan"
#: Without one of these a text can hold neither anchors, aliases and tags nor a deep nesting.
_SPECIAL = re.compile(
    rf"[&*!]|(?:[\[{{][^\[{{]*){{{MAX_DEPTH}}}|(?:[-?:][ \t]+){{{MAX_DEPTH}}}|^[ ]{{{MAX_DEPTH}}}", re.M
)


def _refuse_specials(text: str) -> None:
    """Raise for anchors, aliases, tags, and for a nesting that would exhaust the stack of the C composer.

    Events come one by one and without recursion; reading them twice is rare, since few texts look special.
    """
    if not _SPECIAL.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line if event.start_mark else 0
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _MistakeError(line, "F006", _TOO_DEEP)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "jangkar (&) dan alias (*) tidak dipakai; tulis nilainya, atau beri tanda petik bila itu teks"
            raise _MistakeError(line, "F003", message)
        if getattr(event, "tag", None) is not None:
            raise _MistakeError(line, "F004", "tag YAML (!) tidak dipakai; beri tanda petik bila itu teks")


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        convert = _SCALARS.get(node.tag)
        return convert(node.value) if convert else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(child) for child in node.value]
    values: dict[str, Any] = {}
    for key, child in node.value:
        line = key.start_mark.line
        if not isinstance(key, yaml.ScalarNode):
            raise _MistakeError(line, "F007", "kunci harus berupa teks; beri tanda petik")
        if key.value in values:
            raise _MistakeError(line, "F002", f"kunci `{key.value}` sudah ditulis di atas; hapus salah satunya")
        values[key.value] = _value(child)
    return values


# --- what reads well and says something else than was written -------------------------------------------------------

#: What YAML takes for a note, though no note is written so.
_NO_NOTE = re.compile(r"[ \t]+(?P<lost>#[^\s#].*)")
_WORDS_ONLY = re.compile(r"#\w(?!.* #).*")
_ITEM = re.compile(r"[ ]*-[ ]")


def _tell_lost(node: yaml.Node, lines: Sequence[str], first_line: int, problems: Problems) -> None:
    """Values without quotation marks that end before their text does, or go on into an item that is none."""
    for scalar, in_brackets in _plain(node):
        first, last = scalar.start_mark.line, scalar.end_mark.line
        rest = lines[last][scalar.end_mark.column :] if last < len(lines) else ""
        if found := _NO_NOTE.match(rest):
            message = f"`{found['lost'][:40]}` dianggap catatan dan hilang; beri tanda petik pada seluruh nilainya"
            whole = lines[last][scalar.start_mark.column :].strip()
            clear = first == last and not in_brackets and _WORDS_ONLY.fullmatch(found["lost"])
            problems.error(first_line + last, "F024", message, fix=Fix(whole, quoted(whole)) if clear else None)
        swallowed = [at for at in range(first + 1, min(last + 1, len(lines))) if _ITEM.match(lines[at])]
        for at in swallowed:
            message = "butir ini menyatu dengan nilai di atasnya; sejajarkan tanda hubungnya dengan butir lain"
            above = _ITEM.match(lines[first])
            is_item = above and above.end() == scalar.start_mark.column and swallowed[0] == first + 1
            fix = Fix(lines[at], above[0] + _ITEM.sub("", lines[at], count=1)) if above and is_item else None
            problems.error(first_line + at, "F025", message, fix=fix)


def _plain(node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, bool]]:
    """Every value below that stands without quotation marks, and whether it does so within brackets."""
    waiting: list[tuple[Any, bool]] = [(node, False)]
    while waiting:
        one, in_brackets = waiting.pop()
        if isinstance(one, yaml.ScalarNode):
            if not one.style:
                yield one, in_brackets
        else:
            children = [child for _, child in one.value] if isinstance(one, yaml.MappingNode) else one.value
            waiting += [(child, in_brackets or one.flow_style) for child in children]


# --- what cannot be read --------------------------------------------------------------------------------------------


def _error_line(error: yaml.YAMLError, text: str) -> int:
    if isinstance(error, yaml.MarkedYAMLError):
        unclosed = re.search("end of stream|',' or", str(error.problem)) is not None
        mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
        # libyaml points behind the last line when something is never closed
        return min(mark.line, max(text.rstrip("\n").count("\n"), 0)) if mark else 0
    return text.count("\n", 0, getattr(error, "position", 0))


#: What a line that cannot be read looks like -> what an author can do about it; what libyaml says of these misleads.
_LINE_HINTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[ ]*\t"), "ada tab; pakai spasi untuk menjorokkan baris"),
    (
        re.compile(r"[^:]*:[ ]+(?:- |[-?>|*&%@`,}\]][ ]*\S|-$)"),
        "nilai dimulai dengan tanda khusus; beri tanda petik pada seluruh nilainya",
    ),
    (
        re.compile(r"[^:]*:[ ]+(?:'[^']*'|\"[^\"]*\")[^,\]}#]*[^\s,\]}#]"),
        "ada tulisan sesudah tanda petik penutup; beri tanda petik pada seluruh nilainya, dan tulis '' untuk ' di "
        "dalamnya",
    ),
    (re.compile(r"[ ]*-[^\s-]"), "beri spasi sesudah tanda hubung"),
)
#: Beginning of what libyaml says -> what an author can do about it.
_YAML_HINTS = {
    "mapping values are not allowed": "ada titik dua di dalam nilai; beri tanda petik pada seluruh nilainya",
    "could not find expected ':'": "titik dua sesudah kunci belum ada",
    "did not find expected key": "baris tidak sejajar dengan isian di atasnya, atau tanda petiknya keliru",
    "did not find expected '-'": "baris ini tidak sejajar dengan daftar di atasnya",
    "found a tab character": "ada tab; pakai spasi untuk menjorokkan baris",
    "control characters are not allowed": "ada karakter kendali yang tak terlihat; hapus",
    "found unexpected end of stream": "tanda petik atau kurung belum ditutup",
    "did not find expected ',' or": "kurung siku atau kurung kurawal belum ditutup",
    "did not find expected node content": "nilai dimulai dengan tanda khusus, atau ada koma atau kurung yang berlebih",
    "found unknown escape": "garis miring terbalik di dalam petik ganda; pakai petik tunggal",
    "hexdecimal": "garis miring terbalik di dalam petik ganda; pakai petik tunggal",
    "invalid Unicode": "garis miring terbalik di dalam petik ganda; pakai petik tunggal",
    "but found another document": "ada baris `---` di tengah; satu berkas memuat satu dokumen saja",
    "expected a single document": "ada baris `---` di tengah; satu berkas memuat satu dokumen saja",
    "expected <document start>": "ada baris `...` atau `%` di tengah; hapus baris itu",
    "directive": "ada baris yang dimulai dengan `%`; hapus baris itu atau beri tanda petik",
}
_GLUED = re.compile(r"[ ]*(?P<key>[\w-]+):[^\s/]")


_VALUE = re.compile(r"(?P<key>[ ]*[\w-]+:[ ]+)(?P<value>\S.*)")
_QUOTED_WORD = re.compile(r"\"[^\"']*\" [^\"']*|'[^\"']*' [^\"']*")
_COLON_WITHIN = re.compile(r"\w(?=.*: )[^\[\]{}]*[^\[\]{}\"']")  # no bracket or quotation mark gone astray
_APOSTROPHE = re.compile(r"('[^']*\w)'(\w[^']*')")


def _unreadable(error: yaml.YAMLError, lines: Sequence[str], at: int) -> tuple[int, str, Fix | None]:
    """Where it is wrong, what an author can do, and the mending if only one can be meant.

    ``at``: the line that libyaml points at; what is wrong may stand on the one above.
    """
    for line in range(max(at - 1, 0), at + 1):
        if glued := _GLUED.match(lines[line]):
            key = glued["key"]
            clear = re.match(r"[ ]*[a-z_]+:\S\S", lines[line])  # no time (`09:30`), no letter astray (`titl:e Uji`)
            fix = Fix(f"{key}:", f"{key}: ") if clear else None
            return line, f"beri spasi sesudah titik dua: `{key}: …`", fix
    said = f"{getattr(error, 'context', None) or ''} {getattr(error, 'problem', None) or error}"
    hint = next((hint for shape, hint in _LINE_HINTS if shape.match(lines[at])), None)
    hint = hint or next((hint for begin, hint in _YAML_HINTS.items() if begin in said), None)
    return at, hint or "bentuk nilainya tidak dikenal; beri tanda petik pada seluruh nilainya", _quoting(lines, at)


def _quoting(lines: Sequence[str], at: int) -> Fix | None:
    """The value of a line in quotation marks, where nothing else than a text can be meant by it."""
    found = _VALUE.fullmatch(lines[at].rstrip())
    goes_on = at + 1 < len(lines) and _indentation(lines[at + 1]) > _indentation(lines[at])
    if not found or goes_on or " #" in found["value"]:
        return None
    value, new = found["value"], ""
    if value[0] in "@`%" or _QUOTED_WORD.fullmatch(value) or _COLON_WITHIN.fullmatch(value):
        new = quoted(value)
    elif apostrophe := _APOSTROPHE.fullmatch(value):
        new = "''".join(apostrophe.groups())
    return Fix(found[0], found["key"] + new) if new else None


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
