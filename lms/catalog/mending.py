"""``lms check --fix``: mends what is mechanical in a pack, and leaves every doubt to its author.

What to write is known where a mistake is told (``Problem.fix``); here it is only written, checked anew, and taken back
where it helped nothing. All of that happens in a draft: a file of the pack is written once, whole, at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms.catalog.check import check, cut_short, every_problem
from lms.catalog.reading import Originals
from lms.catalog.source import Folder
from lms.catalog.store import QUIZZES, File, Store, Unreadable
from lms.fields import Problem, Severity
from lms.quiz.format import tidy

ROUNDS = 6  # of mending and checking: what is mended may have hidden another mistake
#: Mistakes that ``tidy`` mends.
_MISSING = frozenset({"Q010"})
#: With one of these nothing of a file is read, so that a mending that brings it about is none.
_UNREAD = frozenset({"F001", "F002", "F003", "F004", "F005", "F006", "F007", "F020", "F021", "F023"})
_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending made of a pack.

    ``files``: path -> all of a file that changed. ``said``: path -> a line for each line mended in it. ``left``: what
    is wrong after all. ``refused``: a line for each file that could not be written.
    """

    files: Mapping[str, bytes]
    said: Mapping[str, Sequence[str]]
    left: Sequence[Problem]
    refused: Sequence[str] = ()


def mend(folder: Folder) -> Mended:
    """Mend a pack in its folder; a file that cannot be written stays as it is."""
    done = drafted(folder)
    refused: dict[str, str] = {}
    for path, data in done.files.items():
        try:
            folder.write(path, data)
        except Unreadable as error:
            refused[path] = f"{path}: tidak dapat ditulis ({error.why}) dan dibiarkan; periksa izinnya"
    if not refused:
        return done
    written = {path: data for path, data in done.files.items() if path not in refused}
    said = {path: lines for path, lines in done.said.items() if path not in refused}
    return Mended(written, said, check(folder), list(refused.values()))


def untidy(store: Store) -> Iterator[tuple[str, str | None]]:
    """The quiz files that are not in canonical form, each with its text in that form; None for what is no text."""
    originals = Originals(store)
    for path in originals.paths(QUIZZES):
        if not path.endswith(".md") or path.count("/") > 1:
            continue  # no quiz: `lms check` says so
        source = originals.source(path)
        if source is None:
            yield path, None
        elif (tidied := tidy(source.text)) != source.text:
            yield path, tidied


# --- rounds ---------------------------------------------------------------------------------------------------------


def drafted(store: Store) -> Mended:
    """What mending makes of a pack. Nothing is written."""
    draft = _Draft(store)
    problems: Sequence[Problem] = every_problem(store)
    said: dict[str, list[str]] = {}
    for step in (_mend_lines, _tidy):
        problems = step(draft, problems, said)
    return Mended(draft.changed, said, cut_short(problems))


class _Draft:
    """A pack as it will be."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.changed: dict[str, bytes] = {}

    def files(self) -> tuple[File, ...]:
        return self._store.files()

    def read(self, path: str) -> bytes:
        return self.changed[path] if path in self.changed else self._store.read(path)

    def write(self, path: str, data: bytes) -> None:
        self.changed[path] = data
        if data == self._store.read(path):
            del self.changed[path]

    def text(self, path: str) -> str:
        """All of a file, line ends and byte order mark as they are; empty when it is no text."""
        try:
            return self.read(path).decode()
        except (Unreadable, UnicodeDecodeError):
            return ""


def _mend_lines(draft: _Draft, problems: Sequence[Problem], said: dict[str, list[str]]) -> Sequence[Problem]:
    """Make all fixes that are told, round by round, and give what is told after them."""
    vain: set[Problem] = set()  # their mending was taken back
    for _ in range(ROUNDS):
        edits = _edits(draft, (problem for problem in problems if problem not in vain))
        if not edits:
            break
        before = {path: draft.read(path) for path in edits}
        for path, made in edits.items():
            draft.write(path, applied(draft.text(path), made).encode())
        told = every_problem(draft)
        failed = {path: found for path, made in edits.items() if (found := _in_vain(path, made, problems, told))}
        for path, made in edits.items():
            if path in failed:
                draft.write(path, before[path])
            else:
                said.setdefault(path, []).extend(line for edit in made for line in edit.said())
        vain.update(*failed.values())
        problems = every_problem(draft) if failed else told
    return problems


def _tidy(draft: _Draft, problems: Sequence[Problem], said: dict[str, list[str]]) -> Sequence[Problem]:
    """Give quizzes without other mistakes their canonical form; an id that others ask for is not made up."""
    broken = {one.path for one in problems if one.severity is Severity.ERROR and one.code not in _MISSING}
    found = {path: text for path, text in untidy(draft) if text is not None and path not in broken}
    before = {path: draft.read(path) for path in found}
    for path, text in found.items():
        written = draft.text(path)
        end = next(_END.finditer(written), None)
        mark = "\ufeff" if written.startswith("\ufeff") else ""
        draft.write(path, (mark + text.replace("\n", end[0] if end else "\n")).encode())
    told = every_problem(draft) if found else problems
    failed = found.keys() & {one.path for one in told if one.severity is Severity.ERROR}
    for path in found:
        if path in failed:
            draft.write(path, before[path])
        else:
            said.setdefault(path, []).append(f"{path}: dirapikan seperti oleh `lms fmt`")
    return every_problem(draft) if failed else told


# --- one file -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Edit:
    """Where in a text a fix is made: ``new`` in place of what stands from ``start`` to ``end``."""

    problem: Problem
    start: int
    end: int
    old: str
    new: str

    def said(self) -> Iterator[str]:
        """A line for each line that is mended."""
        olds, news = (_END.split(text) for text in (self.old, self.new))
        pairs = list(zip(olds, news, strict=True)) if len(olds) == len(news) else [(self.old, " ⏎ ".join(news))]
        for line, (was, now) in enumerate(pairs, self.problem.line):
            if was != now:
                yield f"{self.problem.path}:{line}: {self.problem.code} {was.strip()} → {now.strip()}"


def _edits(draft: _Draft, problems: Iterable[Problem]) -> dict[str, list[_Edit]]:
    """The edits of each file, in their order, none within another."""
    by_path: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.fix:
            by_path.setdefault(problem.path, []).append(problem)
    found = {path: places(draft.text(path), its) for path, its in by_path.items()}
    return {path: edits for path, edits in found.items() if edits}


def places(text: str, problems: Iterable[Problem]) -> list[_Edit]:
    ends = list(_END.finditer(text))
    found = sorted(filter(None, (_place(text, ends, problem) for problem in problems)), key=lambda edit: edit.start)
    kept: list[_Edit] = []
    for edit in found:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _place(text: str, ends: Sequence[re.Match[str]], problem: Problem) -> _Edit | None:
    """Where a fix is made; None unless what it mends stands exactly once where it should. ``ends``: of the lines."""
    fix, at = problem.fix, problem.line - 1
    if fix is None or not fix.old or at > len(ends):
        return None
    end = ends[min(at, len(ends) - 1)][0] if ends else "\n"
    old, new = (part.replace("\n", end) for part in (fix.old, fix.new))
    last = at + fix.old.count("\n")
    first, beyond = (ends[at - 1].end() if at else 0), (ends[last].start() if last < len(ends) else len(text))
    start = text.find(old, first, beyond)
    if start < 0 or start != text.rfind(old, first, beyond):
        return None
    return _Edit(problem, start, start + len(old), old, new)


def applied(text: str, edits: Sequence[_Edit]) -> str:
    ends = [0, *(edit.end for edit in edits)]
    pieces = [text[end : edit.start] + edit.new for end, edit in zip(ends, edits, strict=False)]
    return "".join([*pieces, text[ends[-1] :]])


def _in_vain(path: str, edits: Sequence[_Edit], before: Sequence[Problem], after: Sequence[Problem]) -> list[Problem]:
    """What was mended in a file and is told still; all of it, where the file can be read no more."""
    old, new = ([problem for problem in told if problem.path == path] for told in (before, after))
    if any(one.code in _UNREAD for one in new) and not any(one.code in _UNREAD for one in old):
        return [edit.problem for edit in edits]
    told = {(one.line, one.code, one.message) for one in new}
    vain, shift = [], 0
    for edit in edits:
        more = len(_END.findall(edit.new)) - len(_END.findall(edit.old))
        one = edit.problem
        first = one.line + shift
        if any((line, one.code, one.message) in told for line in range(first, first + max(more, 0) + 1)):
            vain.append(one)
        shift += more
    return vain
