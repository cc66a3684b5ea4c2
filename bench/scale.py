"""What a large pack costs, beside the least that anybody must pay for it.

    python3 dev.py bench pack [--modules 1000] [--rounds 5]

Processor seconds, minimum / median / maximum. The floors read the same files: *heads* parses the YAML in them with
libyaml, *as YAML* also every question, had it been written in YAML (``../shared/limits/offline.py`` counts so).
Pages are asked of a test client in a process of its own for each size of pack.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import bleach
import markdown
import nh3
import yaml

from bench import machine, pack
from lms import create_app, search
from lms.catalog import rendering
from lms.catalog.load import load
from lms.catalog.model import Catalog, Lesson
from lms.catalog.source import Folder, bundled
from lms.catalog.store import Store
from lms.config import Settings
from lms.db import migrate
from lms.db.accounts import Role
from lms.db.engine import Database
from lms.fields import split_front_matter
from lms.learning.api import accounts, passwords
from lms.markup.clean import ALLOWED
from lms.memory import Memory
from lms.quiz.definition import dump
from lms.quiz.item import Item
from tests.visitor import Visitor

FEW = 10  # modules of the small pack that pages are compared with
LOGIN, PASSWORD = "pembaca", "kuda lepas di pasar"
VIEWS = 300  # of lesson pages in a measurement


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench pack", description=__doc__.partition("\n")[0])
    parser.add_argument("--modules", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--views", type=Path, help=argparse.SUPPRESS
    )  # one measurement of pages, in a process of its own
    options = parser.parse_args(arguments)
    if options.views:
        return _views(options.views)
    print(f"{machine.describe()}; {options.modules} modules, {options.rounds} rounds\n")
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        few, many = Path(folder, "few"), Path(folder, "many")
        pack.write(few, FEW)
        pack.write(many, options.modules)
        _loading("shipped pack", bundled(), options.rounds)
        _loading(f"{options.modules} modules", Folder.at(many), options.rounds)
        bare = _rendering(options.rounds)
        _pages(few, many, options.modules, options.rounds, bare)
        _searching(many, options.modules, options.rounds)
    return 0


# --- loading --------------------------------------------------------------------------------------------------------


def _loading(name: str, found: Store, rounds: int) -> None:
    catalog = load(found)
    heads, questions = _yaml_of(found), _questions_as_yaml(catalog)
    del catalog
    figures = _alternating(
        rounds,
        ours=lambda: load(found),
        heads=lambda: _floor(found, heads),
        as_yaml=lambda: _floor(found, heads + questions),
    )
    print(f"load, {name}: {_spread(figures['ours'])} s")
    for floor, label in (("heads", "read + YAML of the heads"), ("as_yaml", "read + YAML of heads and questions")):
        print(f"  {label}: {_spread(figures[floor])} s; ours / floor {_ratio(figures['ours'], figures[floor])}")


def _floor(found: Store, documents: Iterable[str]) -> None:
    """Read every text of a pack, and parse some YAML."""
    for file in found.files():
        if _is_text(file.path):
            found.read(file.path)
    for document in documents:
        yaml.load(document, Loader=yaml.CSafeLoader)


def _yaml_of(found: Store) -> list[str]:
    """Every YAML text of a pack: front matters and whole files."""
    texts_of = {file.path: found.read(file.path).decode() for file in found.files() if _is_text(file.path)}
    return [split_front_matter(text)[0] if path.endswith(".md") else text for path, text in texts_of.items()]


def _is_text(path: str) -> bool:
    return path.endswith((".md", ".yml"))


def _questions_as_yaml(catalog: Catalog) -> list[str]:
    """A text for each quiz and each lesson."""
    holders: list[Iterable[Item]] = [quiz.items for quiz in catalog.quizzes.values()]
    holders += [lesson.checks for lesson in catalog.every_lesson]
    plain = (json.loads(json.dumps([dump(item) for item in items])) for items in holders)
    return [yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False) for data in plain]


# --- rendering ------------------------------------------------------------------------------------------------------

_EXTENSIONS = ["extra", "toc", "admonition", "sane_lists"]


def _rendering(rounds: int) -> list[float]:
    """Every lesson of the shipped pack, beside Python-Markdown and the same two cleaners with nothing of ours.

    Returns the milliseconds of that floor for a lesson and its self-checks, a figure a round.
    """
    cleaner = bleach.Cleaner(tags=set(ALLOWED), attributes={tag: list(names) for tag, names in ALLOWED.items()})
    catalog = load(bundled())
    figures = _alternating(
        rounds,
        ours=lambda: _rendered(catalog),
        bare=lambda: [nh3.clean(cleaner.clean(_bare(lesson.body))) for lesson in catalog.every_lesson],
        markdown=lambda: [nh3.clean(_bare(lesson.body)) for lesson in catalog.every_lesson],
        whole=lambda: [nh3.clean(cleaner.clean(_bare(_whole(lesson)))) for lesson in catalog.every_lesson],
    )
    each = {name: [spent / len(catalog.lessons) * 1000 for spent in runs] for name, runs in figures.items()}
    print(f"rendering a lesson: {_spread(each['ours'])} ms")
    for floor, label in (("bare", "Markdown, bleach, nh3"), ("markdown", "Markdown, nh3")):
        print(f"  {label}: {_spread(each[floor])} ms; ours / floor {_ratio(each['ours'], each[floor])}")
    return each["whole"]


def _rendered(catalog: Catalog) -> None:
    """Every lesson, by a catalog that remembers nothing yet."""
    fresh = dataclasses.replace(catalog, memory=Memory())
    for lesson in fresh.every_lesson:
        rendering.lesson(fresh, lesson)


def _bare(text: str) -> str:
    return markdown.markdown(text, extensions=_EXTENSIONS)


def _whole(lesson: Lesson) -> str:
    """Its text with that of the self-checks, which a page renders, too."""
    return re.sub(r"^```(?:quiz)?$", "", lesson.body, flags=re.MULTILINE)


# --- pages ----------------------------------------------------------------------------------------------------------


def _pages(few: Path, many: Path, modules: int, rounds: int, bare: Sequence[float]) -> None:
    """``bare``: the milliseconds that rendering a lesson costs at least, a figure a round."""
    found: dict[Path, list[list[float]]] = {few: [], many: []}
    for _ in range(rounds):
        for root, runs in found.items():
            command = [sys.executable, "-m", "bench", "pack", "--views", str(root)]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            runs.append(list(map(float, said.split())))
    (first, small, small_size), (_, large, large_size) = (list(zip(*runs, strict=True)) for runs in found.values())
    print(f"first view of a lesson's page: {_spread(first)} ms; Markdown, bleach, nh3 of its texts {_spread(bare)} ms")
    print(f"  ours / floor {_ratio(first, bare)}")
    print(f"lesson pages a processor second: {FEW} modules {_spread(small, 0)}, {modules} {_spread(large, 0)}")
    print(f"  {modules} / {FEW}: {_ratio(large, small)}")
    print(f"memory of the process: {FEW} modules {_spread(small_size, 0)} MB, {modules} {_spread(large_size, 0)} MB")


def _views(root: Path) -> int:
    """Print the milliseconds of a first view, the rate of later ones, and the memory of this process."""
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        url = f"sqlite:///{folder}/lms.db"
        _prepare(url)
        app = create_app(Settings(secret_key="x" * 40, database_url=url, secure_cookies=False, pack=str(root)))
        reader = Visitor(app).sign_in(LOGIN, PASSWORD)
        lessons = app.extensions["lms"].pack.current().every_lesson[: FEW * pack.LESSONS]
        warm, *paths = [f"/materi/{lesson.module}/{lesson.slug}" for lesson in lessons]
        reader.get(warm)  # the templates
        first, *later = [_seconds(lambda: [reader.get(path) for path in paths]) for _ in range(1 + VIEWS // len(paths))]
        print(first / len(paths) * 1000, len(paths) / statistics.median(later), machine.resident({os.getpid()}))
        app.extensions["lms"].database.dispose()
    return 0


def _prepare(url: str) -> None:
    database = Database(url)
    migrate.upgrade(database.engine)
    with database.transaction() as db:
        person = accounts.add(db, login=LOGIN, name="Pembaca", roles=[Role.PARTICIPANT], now=datetime.now(UTC))
        person.password_hash = passwords.rehash(PASSWORD)
    database.dispose()


# --- search ---------------------------------------------------------------------------------------------------------

_ASKED = (
    "masa percobaan cpns",
    "UU 20/2023",
    "pasal 24 uu 20 tahun 2023",
    "grativikasi",
    "asn",
    "negara",
    "pelayanan",
    "pelayanan publik yang baik untuk masyarakat di kantor",
    "bagaimana cara menyusun rancangan aktualisasi",
)


def _searching(root: Path, modules: int, rounds: int) -> None:
    """An index made anew in each round, and the slowest of a few questions asked of it."""
    catalog = load(Folder.at(root))
    made, asked, slowest = [], [], []
    for _ in range(rounds):
        fresh = dataclasses.replace(catalog, memory=Memory())
        made.append(_seconds(partial(search.prepare, fresh)))
        each = [_seconds(partial(_search, fresh, words)) * 1000 for words in _ASKED]
        asked.append(statistics.mean(each))
        slowest.append(max(each))
    print(f"search, {modules} modules: index {_spread(made)} s")
    print(f"  a question {_spread(asked)} ms, the slowest {_spread(slowest)} ms")


def _search(catalog: Catalog, words: str) -> list[search.Hit]:
    return search.search(catalog, words).hits(0, 10)


# --- figures --------------------------------------------------------------------------------------------------------


def _alternating(rounds: int, **measured: Callable[[], object]) -> dict[str, list[float]]:
    """Processor seconds of each; every round runs all, so that a drift of the machine hits all alike."""
    figures: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(rounds):
        for name, run in measured.items():
            figures[name].append(_seconds(run))
    return figures


def _seconds(run: Callable[[], object]) -> float:
    gc.collect()  # what the one before left behind is no cost of this one
    begun = time.process_time()
    made = run()
    spent = time.process_time() - begun
    del made
    return spent


def _ratio(ours: Sequence[float], floor: Sequence[float]) -> str:
    """Round by round."""
    return _spread([one / least for one, least in zip(ours, floor, strict=True)])


def _spread(values: Sequence[float], digits: int = 2) -> str:
    return " / ".join(f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))
