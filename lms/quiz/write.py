"""A quiz as ``source.parse`` reads it: the model written out in full, in canonical form.

Made for quizzes that were parsed, or built from texts that mean nothing else in their places; notes among editors are
no part of the model. To tidy a file that people wrote, use ``format``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta

from lms.fields import Problems
from lms.quiz.alerts import ALERTS
from lms.quiz.item import Item
from lms.quiz.passage import Passage
from lms.quiz.quiz import Grade, Layout, Quiz, Section
from lms.quiz.review import AT_ONCE, ReviewRules
from lms.quiz.source import parse_item


def write(quiz: Quiz) -> str:
    """The text of a quiz file; reading it gives an equal quiz."""
    head = "\n".join(["---", *_head(quiz), "---"])
    return "\n\n".join([head, *filter(None, [quiz.introduction]), *_body(quiz)]) + "\n"


def write_item(item: Item) -> str:
    """The text of a question; ``type:`` is written only where its kind would not be known without."""
    text = _question(item, named=False)
    read = parse_item(text, path="", first_line=1, problems=Problems())
    return text if read and read.kind == item.kind else _question(item, named=True)


# --- the body ---


def _body(quiz: Quiz) -> Iterator[str]:
    shown: set[Passage] = set()
    for section in (None, *quiz.sections):
        if section:
            yield _section(section)
        for item in quiz.items:
            if item.section != (section.id if section else ""):
                continue
            if item.passage and item.passage not in shown:
                shown.add(item.passage)
                yield _passage(item.passage, [one.id for one in quiz.items if one.passage == item.passage])
            yield write_item(item)


def _section(section: Section) -> str:
    threshold = []
    if section.pass_share is not None:
        threshold = [f"pass: {_percent(section.pass_share)}%"]
    elif section.pass_points is not None:
        threshold = [f"pass: {_number(section.pass_points)}"]
    head = "\n".join([f"# Bagian: {section.title} {{#{section.id}}}", *threshold])
    return "\n\n".join(filter(None, [head, section.introduction]))


def _passage(passage: Passage, items: list[str]) -> str:
    return f"## {passage.title} {{#{passage.id}}}\nfor: [{', '.join(items)}]\n\n{passage.text}"


def _question(item: Item, *, named: bool) -> str:
    head = [f"## {item.title} {{#{item.id}}}"]
    head += [f"type: {item.kind}"] if named else []
    head += [f"tags: {', '.join(item.tags)}"] if item.tags else []
    head += [f"cites: {', '.join(item.cites)}"] if item.cites else []
    head += [f"outcomes: {', '.join(item.outcomes)}"] if item.outcomes else []
    head += [f"family: {item.family}"] if item.family else []
    head += [f"points: {_number(item.points)}"] if item.points != 1 else []
    head += [f"{key}: {value}" for key, value in item.written_fields().items()]
    return "\n\n".join(filter(None, ["\n".join(head), item.written_stem(), item.written(), *_alerts(item)]))


def _alerts(item: Item) -> Iterator[str]:
    for attribute in dict.fromkeys(ALERTS.values()):
        if text := getattr(item, attribute, ""):
            name = next(name for name, one in ALERTS.items() if one == attribute)
            yield "\n".join(f"> {line}" if line else ">" for line in [f"[!{name}]", *text.split("\n")])


# --- the front matter ---


def _head(quiz: Quiz) -> Iterator[str]:
    yield f"title: {_text(quiz.title)}"
    if quiz.module is not None:
        yield f"module: {_text(quiz.module)}"
    if quiz.summary:
        yield f"summary: {_text(quiz.summary)}"
    if quiz.time_limit is not None:
        yield f"time_limit: {_span(quiz.time_limit)}"
    if quiz.attempts is not None:
        yield f"attempts: {quiz.attempts}"
    if quiz.pass_mark:
        yield f"pass: {_percent(quiz.pass_mark)}"
    if shuffle := [name for name in ("questions", "options") if getattr(quiz, f"shuffle_{name}")]:
        yield f"shuffle: [{', '.join(shuffle)}]"
    if quiz.review != AT_ONCE:
        yield f"review: {_review(quiz.review)}"
    if quiz.layout is not Layout.ONE_PAGE:
        yield f"layout: {quiz.layout}"
    yield from (f"{name}: true" for name in ("layout_choice", "confidence") if getattr(quiz, name))
    if quiz.after:
        yield f"after: {_text(quiz.after)}"
    if quiz.grade is not Grade.BEST:
        yield f"grade: {quiz.grade}"
    if quiz.asks is not None:
        yield f"asks: {quiz.asks}"
    yield from ["draw:"] if quiz.draws else []
    for draw in quiz.draws:
        section = f", section: {draw.section}" if draw.section else ""
        yield f"  - {{tags: [{', '.join(map(_text, draw.tags))}], count: {draw.count}{section}}}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _review(rules: ReviewRules) -> str:
    moments = {field.name: getattr(rules, field.name) for field in fields(rules)}
    if len(set(moments.values())) == 1:
        return str(rules.marks)
    return f"{{{', '.join(f'{name}: {moment}' for name, moment in moments.items())}}}"


def _span(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    extra = max(0, hours - 999)  # no more than three digits are read
    parts = ((hours - extra, "jam"), (minutes + 60 * extra, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def _percent(share: float) -> str:
    return _number(round(share * 100, 4))


def _number(number: float) -> str:
    return repr(float(number)).removesuffix(".0")
