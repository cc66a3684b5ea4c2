"""A kind of another package is taken as it is promised; one that cannot be used refuses the start by its name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from latsar_calendar import CalendarDate

from lms import create_app, init_app
from lms.config import Settings
from lms.plugins import ITEMS, BadPlugin
from lms.quiz.items import installed
from lms.quiz.items.registry import ITEM_KINDS, OURS, Kinds
from lms.version import PROMISES
from tests.conftest import PACK
from tests.installed import written_down

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests/sample_kind/latsar_calendar"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
#: What a kind of another package may not be, as an edit of the sample: (before, after, what is told).
BROKEN = [
    ("promise: ClassVar[int] = 1", "promise: ClassVar[int] = 99", "written for version 99 of what is promised"),
    ("    promise: ClassVar[int] = 1\n", "", "written for version None"),
    ("from __future__", "import tiada\nfrom __future__", "which cannot be loaded (SyntaxError"),
    ("from datetime import date", "from datetime import tiada", "which cannot be loaded (ImportError"),
    ("class CalendarDate(Item)", "class Lain(Item)", "which cannot be loaded (AttributeError"),
    ("NO_DAY = Said", "CalendarDate = Said", "which is no Item"),
    ("    def graded", "    def gradet", "graded is not written"),
    ("@dataclass(frozen=True, slots=True, kw_only=True)\n", "", "the class is no frozen dataclass"),
    ("@dataclass(frozen=True", "@dataclass(frozen=False", "which cannot be loaded (TypeError"),
    ('= "calendar_date"', '= "tanggal"', "`kind` is not the name of its entry point"),
    ('= Said("Tanggal")', '= "Tanggal"', "`name` is not Said"),
    ("    example: ClassVar", "    sample: ClassVar", "documentation or example is not written"),
    ("\ntype: calendar_date\n", "\ntype: tanggal\n", "the example does not say `type: calendar_date`"),
    ('frozenset({"within"})', 'frozenset({"points"})', "a field line has a name that is taken"),
    ('frozenset({"within"})', 'frozenset({"dua kata"})', "or none that can be written"),
    (
        "    accepted: tuple",
        '    extra_texts = frozenset({"hint"})\n    accepted: tuple',
        "an alert that is not offered",
    ),
]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where packages are installed, and the sample is not."""
    assert "calendar_date" in ITEM_KINDS, "all other tests of this process know it: it is asked for before it is away"
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setattr(sys, "path", [place for place in sys.path if not place.endswith("sample_kind")])
    monkeypatch.setattr(sys, "path", [place for place in sys.path if not list(Path(place).glob("latsar_calendar-*"))])
    monkeypatch.syspath_prepend(str(site))
    return site


@pytest.fixture
def install(site: Path) -> Iterator[Callable[..., None]]:
    """Copies the sample, edited, under another name of a module."""
    made = []

    def put(before: str = "", after: str = "", *, package: str = "latsar-rusak", name: str = "calendar_date") -> None:
        module = package.replace("-", "_")
        shutil.copytree(SAMPLE, site / module)
        text = (site / module / "__init__.py").read_text(encoding="utf-8")
        assert before in text
        if before.startswith("NO_DAY"):  # nothing behind it is read
            text = text[: text.index(before)] + 'CalendarDate = Said("x")\n'
        (site / module / "__init__.py").write_text(text.replace(before, after) if before else text, encoding="utf-8")
        written_down(site, package, {ITEMS: {name: f"{module}:CalendarDate"}})
        made.append(module)

    yield put
    for module in made:
        sys.modules.pop(module, None)


@pytest.fixture
def fresh() -> Kinds:
    """The registry of a process that begins now."""
    return Kinds(lambda: installed.kinds(OURS))


def test_the_sample_stands_behind_ours() -> None:
    assert list(ITEM_KINDS) == [*OURS, "calendar_date"]
    assert ITEM_KINDS["calendar_date"] is CalendarDate
    assert len(ITEM_KINDS) == len(OURS) + 1


def test_packages_are_asked_once_somebody_looks_and_then_no_more() -> None:
    asked = []
    kinds = Kinds(lambda: asked.append(1) or {"calendar_date": CalendarDate})
    assert asked == []
    assert {*kinds} - {*OURS} == {"calendar_date"}
    assert kinds["calendar_date"] is CalendarDate
    assert asked == [1]


def test_where_none_is_installed_there_are_ours(site: Path, fresh: Kinds) -> None:
    assert dict(fresh) == dict(OURS)


def test_one_that_is_as_promised_is_taken(install: Callable[..., None], fresh: Kinds) -> None:
    install()
    assert fresh["calendar_date"].__module__ == "latsar_rusak"


@pytest.mark.parametrize(("before", "after", "told"), BROKEN, ids=[told for _, _, told in BROKEN])
def test_one_that_cannot_be_used_is_told_by_its_package(
    install: Callable[..., None], fresh: Kinds, before: str, after: str, told: str
) -> None:
    install(before, after)
    for _ in range(2):  # the second page that asks is told the same
        with pytest.raises(BadPlugin) as refused:
            fresh.get("single")
        start = "the package latsar-rusak brings the question kind 'calendar_date'"
        assert str(refused.value).startswith(start)
        assert told in str(refused.value)
        assert "another version of it, or uninstall it" in str(refused.value)


def test_the_version_it_needs_and_the_one_there_is_are_told(install: Callable[..., None], fresh: Kinds) -> None:
    install("promise: ClassVar[int] = 1", "promise: ClassVar[int] = 99")
    with pytest.raises(BadPlugin, match=f"this release keeps version {PROMISES[ITEMS]}"):
        len(fresh)


def test_a_name_of_ours_is_refused(install: Callable[..., None], fresh: Kinds) -> None:
    install(name="single")
    with pytest.raises(BadPlugin, match="the package latsar-rusak brings the question kind 'single', which is one of"):
        len(fresh)


def test_two_packages_with_one_name_are_both_told(install: Callable[..., None], fresh: Kinds) -> None:
    install()
    install(package="latsar-lain")
    with pytest.raises(BadPlugin, match="latsar-lain and latsar-rusak each bring the question kind 'calendar_date'"):
        len(fresh)


@pytest.mark.parametrize(
    "command", ["lms.create_app()", "from lms.cli import main; main(['check', os.environ['LMS_PACK']])"]
)
def test_it_refuses_every_start_in_one_sentence(install: Callable[..., None], site: Path, command: str) -> None:
    install("promise: ClassVar[int] = 1", "promise: ClassVar[int] = 99")
    assert process(site, command).startswith(
        "the package latsar-rusak brings the question kind 'calendar_date', written"
    )


def test_a_kind_without_a_page_refuses_the_start(install: Callable[..., None], site: Path) -> None:
    install()
    (site / "latsar_rusak/page.html").unlink()
    told = process(site, "lms.create_app()")
    assert told.startswith(f"the question kind 'calendar_date' has no page.html in {site / 'latsar_rusak'}; ")


@pytest.fixture
def refused(fresh: Kinds, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """How a start is refused by the kind that is installed by now."""

    def told() -> str:
        for name in fresh:
            monkeypatch.setitem(ITEM_KINDS._all, name, fresh[name])  # type: ignore[attr-defined]
        with pytest.raises(BadPlugin) as refused:
            create_app(settings)
        said = str(refused.value)
        start, end = "the package latsar-rusak brings the question kind 'calendar_date', in which ", "or uninstall it"
        assert (said[: len(start)], said[-len(end) :]) == (start, end)
        return said[len(start) :]

    return told


@ON_SQLITE
@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("return self.accepted[:1]", "return self.accepted[0]", "`accept` fails at its own example (Invalid"),
        ("<= self.within", "< 0", "`mark` fails at its own example (ValueError"),
        ("return NO_DAY if response and", "return NO_DAY if", "`doubt` fails at its own example (TypeError"),
        ("return [sorted(self.accepted), self.within]", "return self._days()", "`graded` fails at its own example ("),
        ("return lines_form(self)", "return lines_form(self.within)", "`key_form` fails at its own example (Attribute"),
        ('"within": str(self.within)', '"within": "7"', "`written` fails at its own example (ValueError"),
        ("\n= 2023-10-31", "\n= besok", "`parse` fails at its own example (ValueError"),
    ],
)
def test_one_that_fails_at_its_own_example_refuses_the_start(
    install: Callable[..., None], refused: Callable[[], str], before: str, after: str, told: str
) -> None:
    install(before, after)
    assert refused().startswith(told)


@ON_SQLITE
def test_nobody_is_asked_who_is_there_while_it_is_tried(
    install: Callable[..., None], fresh: Kinds, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    install()
    monkeypatch.setitem(ITEM_KINDS._all, "calendar_date", fresh["calendar_date"])  # type: ignore[attr-defined]
    asked: list[object] = []
    init_app(Flask("portal"), settings=settings, identity=asked.append)
    assert asked == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("{% endmacro %}\n\n{% macro review", "{% macro review", "TemplateSyntaxError"),
        ("{% macro ask(item", "{% macro tanya(item", "has no attribute 'ask'"),
        ("{{ parts.typed(item) }}", "{{ item.kunci.isi }}", "UndefinedError"),
    ],
)
def test_a_page_that_fails_at_its_own_example_refuses_the_start(
    install: Callable[..., None], site: Path, refused: Callable[[], str], before: str, after: str, told: str
) -> None:
    install()
    page = site / "latsar_rusak/page.html"
    text = page.read_text(encoding="utf-8")
    assert before in text
    page.write_text(text.replace(before, after), encoding="utf-8")
    said = refused()
    assert said.startswith("`page.html` fails at its own example (")
    assert told in said


PARSE, CLAIMS = (
    "    def parse(cls, written: Written, problems: Problems) -> Self | None:\n",
    'return block.type == "answers"',
)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (PARSE, f"{PARSE}        return None\n", "`parse` memberi None tanpa mencatat apa yang keliru"),
        (PARSE, f"{PARSE}        return 'soal'\n", "`parse` memberi 'soal', bukan soal"),
        (PARSE, f"{PARSE}        raise KeyError('hari')\n", "KeyError('hari')"),
        (CLAIMS, "return block.tipe == 'answers'", "AttributeError(\"'Block' object has no attribute 'tipe'\")"),
    ],
    ids=["none", "no item", "parse raises", "claims raises"],
)
def test_one_that_fails_at_a_question_is_told_there_and_the_rest_is_read(
    install: Callable[..., None], site: Path, before: str, after: str, told: str
) -> None:
    install(before, after)
    done = finished(site, f"from lms.cli import main; main(['check', {str(asking(site))!r}])")
    assert (done.returncode, done.stderr) == (1, "")
    said = f"paket latsar-rusak (jenis `calendar_date`) gagal membaca soal ini: {told}"
    assert [line for line in done.stdout.splitlines() if " Q" in line and "(peringatan)" not in line] == [
        f"quizzes/hari.md:5: Q098 {said}",
        "quizzes/lain.md:4: Q001 kuis belum memuat soal; mulai soal dengan `## Judul {#id-soal}`",
    ]


def test_one_that_fails_at_a_question_stands_in_no_way_of_tidying(install: Callable[..., None], site: Path) -> None:
    install(CLAIMS, "return block.tipe == 'answers'")
    pack = asking(site)
    done = finished(site, f"from lms.cli import main; main(['fmt', {str(pack)!r}])")
    assert (done.returncode, done.stderr) == (0, "")
    assert CalendarDate.example in (pack / "quizzes/hari.md").read_text(encoding="utf-8")


def asking(site: Path) -> Path:
    """A pack with a question of the sample, and another quiz with a mistake of its own."""
    pack = shutil.copytree(PACK, site / "pack")
    (pack / "quizzes/hari.md").write_text(f"---\ntitle: Hari\n---\n\n{CalendarDate.example}", encoding="utf-8")
    (pack / "quizzes/lain.md").write_text("---\ntitle: Lain\n---\n", encoding="utf-8")
    return pack


def process(site: Path, command: str) -> str:
    """What another process says last that finds these packages installed."""
    done = finished(site, command)
    assert done.returncode != 0
    last = done.stderr.splitlines()[-1]
    return last.removeprefix("lms.plugins.BadPlugin: ").removeprefix("Error: ")


def finished(site: Path, command: str) -> subprocess.CompletedProcess[str]:
    settings = {"LMS_SECRET_KEY": "for these tests only, and long enough", "LMS_PACK": str(PACK)}
    settings |= {"LMS_DATABASE_URL": f"sqlite:///{site}/lms.db", "PYTHONPATH": os.pathsep.join([str(ROOT), str(site)])}
    env = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")} | settings
    return subprocess.run(
        [sys.executable, "-c", f"import lms, os; {command}"], env=env, capture_output=True, text=True, check=False
    )
