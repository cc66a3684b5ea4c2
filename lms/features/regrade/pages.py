"""What the pages of a regrade place: questions with how they were answered, and what a decision would change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from lms.features.regrade import forms
from lms.learning.api import frozen, marks, question_records, question_sums, regrades
from lms.quiz import marking, regrade
from lms.quiz.item import Item, Response
from lms.quiz.item_analysis import ItemAnalysis
from lms.quiz.key_form import KeyForm
from lms.quiz.quiz import Quiz
from lms.quiz.review import EVERYTHING
from lms.web import findings, texts
from lms.web import items as item_pages
from lms.web.findings import Told
from lms.web.language import number
from lms.web.links import link
from lms.web.result import decision_name, now_right
from lms.web.returned import CARRIED
from lms.web.words import gettext as _

#: How many different responses a page lists at most, the most frequent first.
MOST_RESPONSES = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """Versions of a question that are marked alike, shown by the newest of them, and how they were answered."""

    item: Item
    version: str
    sums: tuple[question_sums.Sum, ...]

    @property
    def attempts(self) -> int:
        return sum(one.attempts for one in self.sums)

    @property
    def versions(self) -> list[str]:
        return [one.question_version for one in self.sums]

    @property
    def has_options(self) -> bool:
        """Whether one chooses options, as opposed to a text, or to one for each row."""
        return bool(self.item.choices()) and not self.item.rows()


def by_major(sums: Sequence[question_sums.Sum], items: Mapping[str, Item]) -> dict[str, list[Asked]]:
    """Of each question its versions, oldest first, those that differ in wording only as one. ``items``: by version."""
    alike: dict[tuple[str, str], list[question_sums.Sum]] = {}
    for one in sums:
        alike.setdefault((one.item, one.major), []).append(one)
    asked: dict[str, list[Asked]] = {}
    for (id, _major), versions in alike.items():
        newest = versions[-1].question_version
        asked.setdefault(id, []).append(Asked(item=items[newest], version=newest, sums=tuple(versions)))
    return asked


# --- the questions of a quiz ----------------------------------------------------------------------------------------


def question_line(
    number: int,
    asked: Sequence[Asked],
    given: Sequence[question_sums.Given],
    decision: question_records.DecisionRow | None,
    href: str,
) -> dict[str, Any]:
    """One question in the list: the newest version's words, the answers to all versions. ``given``: to the newest."""
    newest = asked[-1]
    sums = [one for every in asked for one in every.sums]
    return {
        "number": number,
        "id": newest.item.id,
        "title": newest.item.title or newest.item.id,
        "stem": texts.item_text(newest.item).stem if not newest.item.inline else None,
        "href": href,
        "attempts": sum(one.attempts for one in sums),
        "answered": sum(one.answered for one in sums),
        "mean": _mean(sums),
        "options": _options(newest, given) if newest.has_options else [],
        "older": sum(one.attempts for one in asked[:-1]),
        "decision": decision_name(decision.action["action"]) if decision else "",
    }


def _mean(sums: Sequence[question_sums.Sum]) -> float | None:
    marked = sum(one.marked for one in sums)
    return sum(one.fractions for one in sums) / marked if marked else None


def _options(asked: Asked, given: Sequence[question_sums.Given]) -> list[dict[str, Any]]:
    """How many chose each option."""
    chosen: dict[str, int] = {}
    for one in given:
        for id in response_of(one) or ():
            chosen[id] = chosen.get(id, 0) + one.count
    key = set(asked.item.key() or ())
    text = texts.item_text(asked.item)
    listed = [
        {"label": text.label(option.text), "count": chosen.get(option.id, 0), "right": option.id in key}
        for option in asked.item.choices()
    ]
    nothing = asked.attempts - sum(one.answered for one in asked.sums)
    return [*listed, {"label": _("Tidak dijawab"), "count": nothing, "right": False}]


def response_of(one: question_sums.Given) -> Response | None:
    return frozen.decoded(one.value)


# --- one question ---------------------------------------------------------------------------------------------------


def most_responses(asked: Asked) -> int | None:
    """How many responses are read: all where the options that nobody chose are listed, too."""
    return None if asked.has_options else MOST_RESPONSES


def question(asked: Asked, given: Sequence[question_sums.Given]) -> dict[str, Any]:
    """The question as it was asked, with its key and the responses given to it."""
    return {
        "view": item_pages.view(asked.item, visible=EVERYTHING, rubric=True),
        "version": asked.version,
        "attempts": asked.attempts,
        "responses": _responses(asked, given),
        "key": asked.item.key() is not None,
        "key_stands": marks.fits(asked.item, regrade.NewKey(asked.item)),
    }


def _responses(asked: Asked, given: Sequence[question_sums.Given]) -> list[dict[str, Any]]:
    """What was given, the most frequent first; options nobody chose can be accepted, too."""
    counts: dict[Response, int] = {}
    for one in given:
        if response := response_of(one):
            counts[response] = counts.get(response, 0) + one.count
    listed = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_RESPONSES]
    if not asked.item.rows():
        listed += [((option.id,), 0) for option in asked.item.choices() if (option.id,) not in counts]
    return [
        {
            "value": json.dumps(list(response), ensure_ascii=False),
            "words": item_pages.in_words(asked.item, response),
            "count": count,
            "share": marking.mark_item(asked.item, response).fraction,
        }
        for response, count in listed
    ]


def told(asked: Asked, analysed: Mapping[str, ItemAnalysis]) -> list[Told]:
    """What the answers say against the version that is shown. ``analysed``: by major version."""
    found = analysed.get(asked.sums[0].major)
    return findings.told(asked.item, found) if found else []


def decided(row: question_records.DecisionRow, item: Item) -> dict[str, Any]:
    return {
        "at": row.decided_at,
        "who": row.author or _("Sistem"),
        "name": decision_name(row.action["action"]),
        "answers": now_right(row.action, item),
        "reason": row.reason,
        "everywhere": row.cohort_id is None,
    }


@dataclass(frozen=True, slots=True)
class Filled:
    """The form of a decision, as it was made or sent back: what stands in each field, and what is wrong with it."""

    action: str
    reason: str
    everywhere: bool
    key: KeyForm | None
    key_options: tuple[tuple[str, Markup, str], ...]
    accepted: frozenset[str]
    accept_lines: str
    may_type: bool
    wrong: Mapping[str, str]


def filled(item: Item, given: MultiDict[str, str], wrong: Mapping[str, str]) -> Filled:
    """``given``: empty where nothing was sent."""
    key = item.key_form()
    if key and given:
        key = key.sent(given.to_dict(flat=False))
    text = texts.item_text(item)
    return Filled(
        action=given.get("action", ""),
        reason=given.get("reason", ""),
        everywhere=given.get("scope") == "all",
        key=key,
        key_options=tuple(
            (option.id, text.label(option.text), key.values.get(option.id, "")) for option in item.choices()
        )
        if key
        else (),
        accepted=frozenset(given.getlist("accept")),
        accept_lines=given.get("accept-lines", ""),
        may_type=forms.may_type(item),
        wrong=wrong,
    )


# --- a preview ------------------------------------------------------------------------------------------------------


#: So many of those who change stand on one page of a preview.
PAGE = 50
#: The verdicts where nobody passes or fails.
_NONE = (None, None)


def preview(
    plan: regrades.Plan, listed: Sequence[regrades.Change], quiz: str, quizzes: Mapping[str, Quiz]
) -> dict[str, Any]:
    """``quiz``: the one whose page this is; attempts at others are named by their title."""
    rows = [_changed(change, quiz, quizzes) for change in listed]
    return {
        "digest": plan.digest,
        "marked": plan.marked,
        "changed": plan.changed,
        "same": plan.marked - plan.changed,
        "untouched": plan.untouched,
        "still_open": plan.still_open,
        "up": plan.count(lambda before, after: after.share > before.share),
        "down": plan.count(lambda before, after: after.share < before.share),
        "now_passed": plan.count(lambda before, after: bool(after.passed) and not before.passed),
        "now_failed": plan.count(lambda before, after: bool(before.passed) and after.passed is False),
        "has_verdicts": quizzes[quiz].can_be_failed or any(row["verdicts"] != _NONE for row in rows),
        "rows": rows,
    }


def _changed(change: regrades.Change, quiz: str, quizzes: Mapping[str, Quiz]) -> dict[str, Any]:
    taken = quizzes.get(change.attempt.quiz)
    return {
        "name": change.attempt.name,
        "login": change.attempt.login,
        "number": change.attempt.number,
        "quiz": "" if change.attempt.quiz == quiz else taken.title if taken else change.attempt.quiz,
        "href": link("reviewed-attempt", attempt_id=change.attempt.id),
        "marks": (_mark(change.before), _mark(change.after)),
        "scores": (_score(change.before), _score(change.after)),
        "verdicts": (change.before.passed, change.after.passed) if taken is None or taken.can_be_failed else _NONE,
    }


def _mark(outcome: regrades.Outcome) -> str:
    if outcome.pending:
        return _("menunggu penilaian")
    if not outcome.maximum:
        return _("tidak dihitung")
    return f"{number(outcome.points)}/{number(outcome.maximum)}"


def _score(outcome: regrades.Outcome) -> str:
    if outcome.score is None:
        return _("menunggu penilaian")
    return f"{number(outcome.score)}/{number(outcome.total)}"


def question_href(
    cohort_id: UUID, quiz: str, item: str, version: str | None = None, *, carried: UUID | None = None
) -> str:
    """``carried``: of the preview of a decision, which is to be changed."""
    to: dict[str, Any] = {"cohort_id": cohort_id, "quiz": quiz, "item": item, "versi": version, CARRIED: carried}
    return url_for("regrade.question", **to, _anchor="putuskan" if carried else None)
