"""Whoever copies an example out of a guide is told nothing by ``lms check`` beyond what the guide announces.

``tests/catalog/guides.py`` tells what counts as an example, and how a guide says where it belongs.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from functools import cache
from html import unescape
from operator import itemgetter
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from lms.catalog import check, course, glossary, modules, register, rendering
from lms.catalog.load import load
from lms.catalog.source import Folder, bundled
from lms.catalog.store import FOLDERS
from lms.cli import main
from lms.cli.group import HOMES
from lms.fields import Problems, Severity
from lms.markup import fences
from lms.quiz.head import Head
from lms.quiz.item import Item
from lms.quiz.items.registry import OURS
from lms.quiz.source import parse_item
from tests.catalog.broken_inputs import LACKING, Overlaid
from tests.catalog.guides import ROOT, Block, Guide, Span, rows
from tests.catalog.test_check import ALL_CODES

EDITORS = Guide.at("docs/id/penyunting.md")
KINDS = Guide.at("docs/id/jenis-soal.md")
MARKDOWN = Guide.at("docs/id/markdown.md")
CODES = Guide.at("docs/id/kode-periksa.md")
OTHERS = [Guide.at("README.md"), Guide.at("docs/developer.md"), Guide.at("docs/authoring-walk.md")]

# --- whole files ----------------------------------------------------------------------------------------------------

FILES = [one for one in EDITORS.blocks() if one.path]
_PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><title>x</title></svg>'
_NAMED = re.compile(r"!\[[^\]\n]*\]\(([\w./-]+)\)")


@cache
def told_of_files() -> Mapping[str, list[str]]:
    """What the check says of each file of the guide when all of them lie in the shipped pack."""
    files = {one.path: one.text.encode() for one in FILES}
    for one in FILES:
        files |= {_beside(one.path, name): _PICTURE for name in _NAMED.findall(one.text)}
    return _told(files)


def _told(files: Mapping[str, bytes]) -> Mapping[str, list[str]]:
    told: dict[str, list[str]] = defaultdict(list)
    for one in check.check(Overlaid(bundled(), files)):
        told[one.path].append(str(one))
    return told


def _beside(path: str, picture: str) -> str:
    """Where a picture lies that a page of a module names."""
    if picture.startswith("modules/"):
        return picture
    return f"content/{picture}" if picture.startswith("media/") else f"{path.rpartition('/')[0]}/{picture}"


def _codes(told: Iterable[str]) -> list[str]:
    return sorted({line.split(maxsplit=2)[1] for line in told})


@pytest.mark.parametrize("one", FILES, ids=str)
def test_a_file_of_the_guide_is_sound(one: Block) -> None:
    told = told_of_files()[one.path]
    assert _codes(told) == sorted(one.codes), told


@pytest.mark.parametrize(
    "kind",
    [
        *(course.PATH, glossary.PATH, "content/regulations/*.yml"),
        *("modules/*/index.md", "modules/*/[0-9][0-9]-*.md", "quizzes/*.md"),
    ],
)
def test_the_guide_shows_every_kind_of_file(kind: str) -> None:
    assert any(fnmatch(one.path, kind) for one in FILES)


@pytest.mark.parametrize(
    "schema",
    [
        *(course._Course, course._Agenda, glossary._Term, register._Regulation, register._Article),
        *(modules._Index, modules._Lesson, Head),
    ],
    ids=lambda one: one.__name__,
)
def test_the_guide_shows_every_key(schema: type[Head]) -> None:
    keys = {field.alias or name for name, field in schema.model_fields.items()}
    written = "\n".join([*(one.text for one in FILES), *(one.text for one in EDITORS.spans())])
    assert {key for key in keys if not re.search(rf"\b{key}:\s|`{key}`", written)} == set()


def test_the_agendas_are_those_of_the_pack() -> None:
    listed = yaml.safe_load((ROOT / course.PATH).read_text(encoding="utf-8"))["agendas"]
    assert rows(EDITORS, "Id agenda") == [(f"`{one['id']}`", one["title"]) for one in listed]


# --- commands -------------------------------------------------------------------------------------------------------

DEV = (ROOT / "dev.py").read_text(encoding="utf-8")
#: Lines of a developer's guide that no author meets.
_FOREIGN = ("uv pip compile ", "with=")


def _is_command(text: str) -> bool:
    return re.match(r"(?:python3 dev\.py|lms)(?: |$)", text) is not None


def _run(line: str) -> int | str:
    """Run a command that a guide shows; its exit code, or why it is none."""
    words = shlex.split(line.removeprefix("python3 dev.py").partition(" >")[0], comments=True)
    if words[:1] != ["lms"]:
        return 0 if not words or re.search(rf'^        "{words[0]}": ', DEV, re.M) else "no command of dev.py"
    words = [word for word in words[1:] if word != "…"]
    if not words or words[0] not in HOMES:
        return 0 if not words else "no command of lms"
    command = main.get_command(click.Context(main), words[0])
    arguments = [*words, "--help"] if isinstance(command, click.Group) and len(words) == 1 else words
    found = CliRunner().invoke(main, arguments, input="Judul\nagenda-3\n")
    return found.exit_code or (0 if found.exception is None else repr(found.exception))


def _commands() -> Mapping[str, int]:
    """The commands of the editors' guide, in the order in which they are first shown -> the line."""
    shown = [(block.line, line) for block in EDITORS.blocks() if not block.language for line in block.text.splitlines()]
    shown += [(span.line, span.text) for span in EDITORS.spans() if _is_command(span.text)]
    first: dict[str, int] = {}
    for line, command in sorted(shown, key=itemgetter(0)):
        first.setdefault(command.removeprefix("python3 dev.py "), line)
    return first


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """The pack that commands change in place of the shipped one."""
    for name in FOLDERS:
        shutil.copytree(bundled().root / name, tmp_path / name)
    monkeypatch.setenv("LMS_PACK", str(tmp_path))
    monkeypatch.chdir(tmp_path)  # where a new package is written
    return Folder.at(tmp_path)


def test_the_commands_of_the_guide_do_what_it_says(copy: Folder) -> None:
    for command, line in _commands().items():
        assert _run(command) == 0, f"{EDITORS.path}:{line}: {command}"
    told = check.check(copy)
    assert {one.code for one in told} == {"C013", "L011"}, [str(one) for one in told]  # `TULIS:`, and so little text
    assert not any(one.severity is Severity.ERROR for one in told)
    written = {one.path for one in copy.files()} - {one.path for one in bundled().files()}
    named = {one.text for one in EDITORS.spans() if one.column == "Hasil" and one.text.endswith((".md", ".yml"))}
    assert named - {glossary.PATH} <= written
    assert "daftar-risiko" in load(copy).glossary


@pytest.mark.usefixtures("copy")
@pytest.mark.parametrize("guide", OTHERS, ids=lambda one: one.path)
def test_other_guides_show_commands_only(guide: Guide) -> None:
    for block in guide.blocks():
        assert not block.language, f"{guide.path}:{block.line}: nothing tries this example yet"
        for line in filter(None, block.text.splitlines()):
            if not line.startswith(_FOREIGN):
                assert _is_command(line), f"{guide.path}:{block.line}: {line}"
                assert line.startswith("python3 dev.py lms … ") or _run(line) == 0, f"{guide.path}: {line}"


# --- pieces of text -------------------------------------------------------------------------------------------------

_HEAD = "---\ntitle: Uji\nsummary: Uji.\noutcomes: [Membaca]\nreviewed: 2026-11-23\n"
_INDEX = f"{_HEAD}agenda: agenda-3\norder: 99\n---\n"
_QUESTION = "\n## Uji {#panduan-@}\ntags: C1\n\nApa?\n\n- (x) satu {#a}\n  > Ya.\n- ( ) dua {#b}\n  > Bukan.\n\n" + (
    "> [!EXPLANATION]\n> Sebab satu.\n"
)
_REGULATION = "short: Uji\ntitle: Uji\nstatus: in-force\nas_of: 2026-11-23\nconfidence: high\n"
#: One word or mark that is spoken of: a key, an id, a path, a code.
_NAME = re.compile(r"(?!.*(?:\]\(|\*\*|~~))[\w.,:;/<>#`{}=-]*|[^\w`]*")
_SETTING = re.compile(r"(?P<key>[a-z_]+): \S")


def _is_tried(span: Span) -> bool:
    if span.column in ("Tidak dikenal", "Gantinya", "Yang Anda tulis"):
        return True
    return not (_is_command(span.text) or _NAME.fullmatch(span.text))


SPANS = [one for guide in (EDITORS, MARKDOWN) for one in guide.spans() if _is_tried(one)]


def _placed(number: int, span: Span) -> tuple[str, str]:
    """The file in which a span is tried: (path, text)."""
    quiz, lesson = f"quizzes/panduan-{number:03}.md", f"modules/panduan/{number:03}-uji-{number}.md"
    question = _QUESTION.replace("@", str(number))
    setting = _SETTING.match(span.text)
    if span.text.startswith("# Bagian: "):
        return quiz, f"---\ntitle: Uji\n---\n{span.text}\n{question}"
    if not setting:
        return lesson, f"{_HEAD}---\n{span.text}\n"
    if setting["key"] in {field.alias or name for name, field in Head.model_fields.items()}:
        return quiz, f"---\ntitle: Uji\n{span.text}\n---\n{'' if setting['key'] == 'draw' else question}"
    if setting["key"] in ("family", "outcomes"):
        asked = question.replace("tags: C1", f"tags: C1\n{span.text}")
        return quiz, f"---\ntitle: Uji\n---\n{asked}"
    if setting["key"] in modules._Lesson.model_fields:
        return lesson, f"{_HEAD}{span.text}\n---\nIsi.\n"
    return f"{register.FOLDER}/panduan-{number:03}.yml", _written_into(_REGULATION, setting["key"], span.text)


def _written_into(text: str, key: str, line: str) -> str:
    return "".join(one for one in text.splitlines(keepends=True) if not one.startswith(f"{key}:")) + line + "\n"


@cache
def tried() -> tuple[Mapping[str, list[str]], Mapping[str, str]]:
    """Of each path at which a piece is tried: what the check says, and what its page shows."""
    files = {"modules/panduan/index.md": _INDEX.encode()}
    for number, span in enumerate(SPANS):
        path, text = _placed(number, span)
        files[path] = text.encode()
        names = _NAMED.findall(text)
        files |= {_beside(path, name): _PICTURE for name in names if not name.startswith("modules/")}
    catalog = load(Overlaid(bundled(), files))
    pages = {one.path: rendering.lesson(catalog, one).parts for one in catalog.module("panduan").lessons}
    return _told(files), {path: "".join(map(str, parts)) for path, parts in pages.items()}


#: What stands on no page where it was read as a mark.
_MARKS = re.compile(r"\[[ x]\]|\*\*|~~|\]\(|\[[!^]|\\")


def _words(html: str) -> str:
    """What a page says; a break of a line is no space."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.replace("<br>", "⏎"))).split())


@pytest.mark.parametrize("number", range(len(SPANS)), ids=lambda number: str(SPANS[number]))
def test_a_piece_of_the_guide_is_what_it_is_said_to_be(number: int) -> None:
    span = SPANS[number]
    told, pages = tried()
    path, _ = _placed(number, span)
    page, shown = _words(pages.get(path, "")), " ".join(span.text.split())
    codes = [code for code in _codes(told[path]) if code not in LACKING]
    if span.column == "Tidak dikenal":
        assert ("ya" if codes else "tidak") == span.row[-1], told[path]
        assert codes or shown in page, page
        return
    assert codes == [], told[path]
    html = pages.get(path, "")
    if span.column == "Yang Anda tulis":
        assert shown not in page or f'href="{shown}"' in html, html
        assert not _MARKS.search(page), page
    assert 'class="missing"' not in html


def test_every_code_that_is_named_exists() -> None:
    for guide in (EDITORS, MARKDOWN, KINDS, CODES):
        assert {one for one in re.findall(r"\b[A-Z]\d{3}\b", guide.text) if one not in ALL_CODES} == set(), guide.path


def test_no_example_of_the_editors_guides_stands_where_nobody_tries_it() -> None:
    for block in EDITORS.blocks():
        known = block.path or not block.language
        assert known, f"{EDITORS.path}:{block.line}: write **`path`** above it"
    assert list(MARKDOWN.blocks()) == []
    for guide in (EDITORS, MARKDOWN, KINDS, CODES, *OTHERS):  # `~~~`, for one, would be overlooked
        assert len(list(guide.blocks())) == len(list(fences.find(guide.text))), guide.path
    for block in KINDS.blocks():
        assert (block.language, block.path) == ("markdown", ""), f"{KINDS.path}:{block.line}"


# --- questions ------------------------------------------------------------------------------------------------------

QUESTIONS = list(KINDS.blocks())


def _kind(heading: str) -> str:
    return re.findall(r"\(`(\w+)`\)$", heading)[0]


def _read(text: str) -> tuple[Item | None, list[str]]:
    problems = Problems("soal.md")
    return parse_item(text, path="soal.md", first_line=1, problems=problems), [str(one) for one in problems]


@pytest.mark.parametrize("one", QUESTIONS, ids=lambda one: one.heading)
def test_a_question_of_the_guide_is_of_the_kind_it_stands_under(one: Block) -> None:
    item, told = _read(one.text)
    assert told == []
    assert item is not None
    assert item.kind == _kind(one.heading)


def test_every_kind_has_its_question() -> None:
    assert sorted(_kind(one.heading) for one in QUESTIONS) == sorted(OURS)


_STEM = "## Uji {#uji}\ntags: C1\n@\n\nApa?\n\n"
#: What may stand beside an option or an answer so that the question is whole.
_BESIDE = {
    "- ": ("- (x) a", "- ( ) a", "- [x] a", "- [ ] a", "- (9) a", "- (100%) a", "- [100%] a", "- [50%] a", "- a => b"),
    "= ": ("", "= 17"),
}


def _questions(span: Span) -> Iterable[str]:
    """The questions in which what a code span shows may stand."""
    kind = OURS[_kind(span.heading)]
    if span.text[:2] in _BESIDE:
        shown = f"{span.text} teks" if span.text.endswith((")", "]")) else span.text.replace("= angka", "= 17")
        for settings in ("", f"type: {kind.kind}"):
            for beside in _BESIDE[span.text[:2]]:
                yield _STEM.replace("@\n", f"{settings}\n" if settings else "") + f"{shown}\n{beside}\n"
    elif _SETTING.match(span.text):
        bare = re.sub(rf"^{span.text.split(':')[0]}: .*\n", "", kind.example, flags=re.M)
        yield bare.replace("\n", f"\n{span.text}\n", 1)
        yield _STEM.replace("@", span.text) + "- [100%] satu\n- [50%] dua\n"
    elif span.text.startswith("{{"):
        yield _STEM.replace("@\n", "") + f"Isi {span.text}.\n"
    elif span.text.startswith("> [!"):
        yield kind.example if span.text in kind.example else f"{kind.example}\n{span.text}\n> Isi.\n"


WRITINGS = [one for one in KINDS.spans() if not (_NAME.fullmatch(one.text) or _is_command(one.text))]


@pytest.mark.parametrize("span", WRITINGS, ids=str)
def test_what_is_said_of_a_kind_is_read_as_that_kind(span: Span) -> None:
    kinds = [item.kind for item, _ in map(_read, _questions(span)) if item]
    assert _kind(span.heading) in kinds, [_read(one)[1] for one in _questions(span)]
