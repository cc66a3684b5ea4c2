"""What house tests must be told of every kind of question: its folder here has a ``sample.py`` with a ``SAMPLE``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import Folder
from lms.fields import Problems
from lms.quiz.item import Item
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.source import parse, parse_item
from tests.catalog.memory import InMemory
from tests.quiz.sample import Sample

#: A quiz of the tests' pack with every kind once; ``answer`` and ``mended`` are about its questions.
QUIZ = "semua-jenis"
_PACK, _FILE = Path(__file__).parents[1] / "pack", f"quizzes/{QUIZ}.md"


def _sample(kind: str) -> Sample:
    found: Sample = import_module(f"tests.quiz.items.{kind}.sample").SAMPLE
    return found


def _asked() -> Mapping[str, Item]:
    quiz = parse((_PACK / _FILE).read_text(encoding="utf-8"), path="", quiz_id=QUIZ, problems=Problems())
    assert quiz
    return {item.kind: item for item in quiz.items}


SAMPLES: Mapping[str, Sample] = {kind: _sample(kind) for kind in ITEM_KINDS}
#: Kind -> its question in the quiz, in the order of the quiz.
ASKED = _asked()


def _others() -> Iterator[Item]:
    for sample in SAMPLES.values():
        if sample.question:
            item = parse_item(sample.question, path="", first_line=1, problems=Problems())
            assert item
            yield item


#: The same, and behind them the questions of kinds that no pack of the tests asks.
QUESTIONS = {**ASKED, **{item.kind: item for item in _others()}}


def all_asked() -> Catalog:
    """The pack of the tests with every kind in its quiz."""
    pack = InMemory.copy_of(Folder.at(_PACK))
    added = "\n".join(["", *(sample.question for sample in SAMPLES.values())])
    pack.contents[_FILE] += added.encode()
    return load(pack)
