"""What house tests must be told of every kind of question: its folder here has a ``sample.py`` with a ``SAMPLE``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from lms.fields import Problems
from lms.quiz.item import Item
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.source import parse
from tests.quiz.sample import Sample

#: A quiz of the tests' pack with every kind once; ``answer`` and ``mended`` are about its questions.
QUIZ = "semua-jenis"
_FILE = Path(__file__).parents[1] / "pack/quizzes" / f"{QUIZ}.md"


def _sample(kind: str) -> Sample:
    found: Sample = import_module(f"tests.quiz.items.{kind}.sample").SAMPLE
    return found


def _asked() -> Mapping[str, Item]:
    quiz = parse(_FILE.read_text(encoding="utf-8"), path="", quiz_id=QUIZ, problems=Problems())
    assert quiz
    return {item.kind: item for item in quiz.items}


SAMPLES: Mapping[str, Sample] = {kind: _sample(kind) for kind in ITEM_KINDS}
#: Kind -> its question in the quiz, in the order of the quiz.
ASKED = _asked()
