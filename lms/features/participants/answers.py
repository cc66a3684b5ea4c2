"""What everybody of a cohort answered to one question: how often each answer was given, and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import Connection

from lms.features.participants.blueprint import bp
from lms.fields.typed import typed
from lms.learning.api import cohorts, frozen, given_answers, question_sums, quiz_records, regrades
from lms.quiz.item import Item
from lms.quiz.marking import Standing
from lms.quiz.review import EVERYTHING
from lms.web import items as item_pages
from lms.web.guards import Permission, requires, teacher
from lms.web.links import link
from lms.web.paging import paging
from lms.web.site import catalog, database
from lms.web.words import gettext as _

Which = quiz_records.Which

#: So many answers stand on one page.
PAGE = 50
#: So many different answers are listed, the most frequent first; what hardly anybody gave stands among all answers.
MOST_GROUPS = 40
#: So many are named who gave an answer; whoever wants all of them asks for it.
NAMED = 3
#: From so many characters on an answer is folded.
LONG = 240

#: What of a person's attempts an address asks for; the first is what goes without saying.
ATTEMPTS = {"pertama": Which.FIRST, "terbaik": Which.BEST, "terakhir": Which.LAST, "semua": Which.EVERY}
STANDINGS = {
    "benar": Standing.RIGHT,
    "sebagian": Standing.PARTLY,
    "salah": Standing.WRONG,
    "kosong": Standing.UNANSWERED,
    "menunggu": Standing.WAITING,
    "gugur": Standing.DROPPED,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How the page was asked for. ``versi``: from 1, 0: the newest; ``jawaban``: key of an answer, empty: any."""

    percobaan: str
    versi: int
    hasil: str
    jawaban: str
    q: str

    @property
    def which(self) -> quiz_records.Which:
        return ATTEMPTS[self.percobaan]

    @property
    def standing(self) -> Standing | None:
        return STANDINGS.get(self.hasil)

    def query(self, **changed: Any) -> dict[str, Any]:
        """What an address says of it, with this or that changed; what goes without saying is left out."""
        said = {name: getattr(self, name) for name in self.__slots__} | changed
        return {name: value for name, value in said.items() if value and value != "pertama"}


def _asked() -> Asked:
    """What is unknown falls back to what goes without saying."""
    args = request.args
    return Asked(
        percobaan=args["percobaan"] if args.get("percobaan") in ATTEMPTS else "pertama",
        versi=args.get("versi", 0, type=int),
        hasil=args["hasil"] if args.get("hasil") in STANDINGS else "",
        jawaban=args.get("jawaban", "")[:16],
        q=typed(args.get("q", ""))[:100],
    )


@dataclass(frozen=True, slots=True)
class Version:
    """Versions of the question that are marked alike, shown by the newest of them."""

    item: Item
    digests: tuple[str, ...]
    attempts: int
    answered: int


@bp.get("/kuis/<quiz>/soal/<item>/jawaban")
@requires(Permission.TEACH)
def question_answers(cohort_id: UUID, quiz: str, item: str) -> ResponseReturnValue:
    found, asked = catalog().quiz(quiz), _asked()
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        versions = _versions(db, cohort_id, found.id, item)
        shown = versions[asked.versi - 1] if 1 <= asked.versi <= len(versions) else versions[-1]
        where = _Where(db, cohort_id, found.id, shown)
        told = _of_attempts(where, asked) if asked.which is Which.EVERY else _of_people(where, asked)
    return render_template(
        "participants/answers.html",
        cohort={"href": link("cohort", cohort_id=cohort_id), "title": group.name},
        quiz={"href": link("quiz-questions", cohort_id=cohort_id, quiz=found.id), "title": found.title},
        title=shown.item.title or shown.item.id,
        question=item_pages.view(shown.item, visible=EVERYTHING, rubric=True),
        has_key=shown.item.key() is not None,
        asked=asked,
        here_href=url_for(".question_answers", cohort_id=cohort_id, quiz=found.id, item=item),
        attempts=_choice(asked, "percobaan", _attempts_words()),
        versions=[
            {"number": number, "attempts": one.attempts, "query": asked.query(versi=number), "chosen": one is shown}
            for number, one in enumerate(versions, start=1)
        ],
        standing_words={standing.value: words for standing, words in _standing_words().items()},
        **told,
        here="gradebook",
    )


def _versions(db: Connection, cohort_id: UUID, quiz: str, item: str) -> list[Version]:
    """The oldest first; raises ``UnknownQuestion`` where nobody was asked."""
    alike: dict[str, list[question_sums.Sum]] = {}
    for one in question_sums.sums(db, cohort_id, quiz=quiz, item=item):
        alike.setdefault(one.major, []).append(one)
    if not alike:
        raise regrades.UnknownQuestion
    newest = frozen.questions(db, [sums[-1].question_version for sums in alike.values()])
    return [
        Version(
            question,
            tuple(one.question_version for one in sums),
            sum(one.attempts for one in sums),
            sum(one.answered for one in sums),
        )
        for question, sums in zip(newest, alike.values(), strict=True)
    ]


def _attempts_words() -> dict[str, str]:
    return {
        "pertama": _("Pertama"),
        "terbaik": _("Terbaik"),
        "terakhir": _("Terakhir"),
        "semua": _("Semua"),
    }


def _standing_words() -> dict[Standing, str]:
    return {
        Standing.RIGHT: _("benar"),
        Standing.PARTLY: _("sebagian benar"),
        Standing.WRONG: _("salah"),
        Standing.UNANSWERED: _("tidak dijawab"),
        Standing.WAITING: _("menunggu penilaian"),
        Standing.DROPPED: _("tidak dihitung"),
    }


def _choice(asked: Asked, name: str, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """One of several, as links. What was narrowed down by an answer is that of the other attempts no more."""
    return [
        {"text": text, "chosen": getattr(asked, name) == value, "query": asked.query(**{name: value})}
        for value, text in words.items()
    ]


@dataclass(frozen=True, slots=True)
class _Where:
    """Of whom and what is asked."""

    db: Connection
    cohort_id: UUID
    quiz: str
    version: Version

    @property
    def item(self) -> Item:
        return self.version.item


# --- one attempt of each person -------------------------------------------------------------------------------------


def _of_people(where: _Where, asked: Asked) -> dict[str, Any]:
    """People, and never more than one answer of each."""
    everybody = given_answers.of_people(
        where.db,
        where.cohort_id,
        where.quiz,
        where.item.id,
        asked.which,
        versions=where.version.digests,
        search=asked.q,
    )
    stands = Counter(one.standing for one in everybody)
    judged = [one for one in everybody if asked.standing in (None, one.standing)]
    listed = [one for one in judged if asked.jawaban in ("", one.key)]
    shown = paging(len(listed), PAGE)
    words = _standing_words()
    return {
        "total": len(everybody),
        "listed": len(listed),
        "standings": [
            {
                "text": words[standing],
                "count": stands[standing],
                "chosen": asked.hasil == name,
                "query": asked.query(hasil="" if asked.hasil == name else name, jawaban=""),
            }
            for name, standing in STANDINGS.items()
            if stands[standing] or asked.hasil == name
        ],
        "groups": _groups(where.item, judged, asked),
        "answers": _lines(where, listed[shown.offset : shown.offset + shown.size]),
        "query": asked.query(page=shown.page),
        "pages": shown.pages,
        "older": None,
    }


def _groups(item: Item, answers: Sequence[given_answers.Answer], asked: Asked) -> list[dict[str, Any]]:
    """Alike answers together, the most frequent first; none where each person wrote another one."""
    alike: dict[tuple[str, Standing], list[given_answers.Answer]] = {}
    for one in answers:
        if not one.is_long:
            alike.setdefault((one.value or "", one.standing), []).append(one)
    if all(len(those) == 1 for those in alike.values()):
        return []
    in_order = sorted(alike.values(), key=lambda those: (-len(those), those[0].value or ""))
    return [
        {
            **_answered(_in_words(item, those[0].value)),
            "count": len(those),
            "standing": those[0].standing.value,
            "chosen": asked.jawaban == those[0].key,
            "query": asked.query(jawaban="" if asked.jawaban == those[0].key else those[0].key),
            "names": [one.name for one in those[:NAMED]],
            "more": max(0, len(those) - NAMED),
        }
        for those in in_order[:MOST_GROUPS]
    ]


# --- all attempts ---------------------------------------------------------------------------------------------------


def _of_attempts(where: _Where, asked: Asked) -> dict[str, Any]:
    """Attempts, of whoever they are, the newest first."""
    version = where.version
    given = question_sums.given(
        where.db, where.cohort_id, [where.item.id], version.digests, quiz=where.quiz, most=MOST_GROUPS
    )
    chosen = next((one.value for one in given if given_answers.key(one.value) == asked.jawaban), None)
    listed = given_answers.of_attempts(
        where.db,
        where.cohort_id,
        where.quiz,
        where.item.id,
        versions=version.digests,
        search=asked.q,
        standing=asked.standing,
        value=chosen,
        before=request.args.get("sebelum", type=UUID),
        limit=PAGE + 1,
    )
    more = listed[PAGE - 1].attempt_id if len(listed) > PAGE else None
    words = _standing_words()
    return {
        "total": version.attempts,
        "listed": None,
        "standings": [
            {
                "text": words[standing],
                "count": None,
                "chosen": asked.hasil == name,
                "query": asked.query(hasil="" if asked.hasil == name else name),
            }
            for name, standing in STANDINGS.items()
        ],
        "groups": _counted(where.item, given, version.attempts - version.answered, asked),
        "answers": _lines(where, listed[:PAGE]),
        "query": asked.query(),
        "pages": 1,
        "older": asked.query(sebelum=more) if more else None,
    }


def _counted(item: Item, given: Sequence[question_sums.Given], nothing: int, asked: Asked) -> list[dict[str, Any]]:
    if all(one.count == 1 for one in given):
        return []
    groups = [
        {
            **_answered(_in_words(item, one.value)),
            "count": one.count,
            "standing": "",
            "chosen": asked.jawaban == given_answers.key(one.value),
            "query": asked.query(
                jawaban="" if asked.jawaban == given_answers.key(one.value) else given_answers.key(one.value)
            ),
            "names": [],
            "more": 0,
        }
        for one in given
    ]
    if nothing:
        empty = {**_answered(_("Tidak dijawab")), "count": nothing, "standing": "", "chosen": asked.hasil == "kosong"}
        groups.append({**empty, "query": asked.query(hasil="kosong", jawaban=""), "names": [], "more": 0})
    return groups


# --- as people read them --------------------------------------------------------------------------------------------


def _lines(where: _Where, answers: Sequence[given_answers.Answer]) -> list[dict[str, Any]]:
    texts = given_answers.texts(where.db, where.item.id, [one.attempt_id for one in answers if one.is_long])
    words = _standing_words()
    return [
        {
            "name": one.name,
            "login": one.login,
            "href": link("participant", cohort_id=where.cohort_id, user_id=one.user_id),
            "number": one.number,
            "attempt": link("reviewed-attempt", attempt_id=one.attempt_id, _anchor=f"soal-{where.item.id}"),
            **_answered(_in_words(where.item, texts.get(one.attempt_id, one.value))),
            "is_empty": one.value is None and not one.is_long,
            "standing": one.standing.value,
            "standing_words": words[one.standing],
            "points": one.points,
            "maximum": one.maximum,
        }
        for one in answers
    ]


def _answered(words: Markup | str) -> dict[str, Any]:
    """An answer, and of a long one how it begins."""
    plain = words.striptags() if isinstance(words, Markup) else words
    begins = plain[:LONG].rsplit(" ", 1)[0] if len(plain) > LONG else ""
    return {"words": words, "begins": begins}


def _in_words(item: Item, value: str | None) -> Markup | str:
    response = frozen.decoded(value or None)
    return item_pages.in_words(item, response) if response else _("Tidak dijawab")
