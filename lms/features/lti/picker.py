"""What of ours is placed in a course of a platform: chosen from a list, and sent back as the platform asked (LTI Deep
Linking 2.0).

Whoever chooses needs no account and no cookie here: the platform says who edits its course. What it asked for travels
with the form, signed by us and good for an hour.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import timedelta
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData

from lms.catalog.model import Catalog, Module
from lms.features.lti import messages
from lms.features.lti.blueprint import bp
from lms.features.lti.messages import Parties, Placed
from lms.features.lti.protocol import DeepLinking, Launch
from lms.features.lti.refusals import Code, LaunchRefused
from lms.features.lti.sending import signing_key
from lms.features.lti.signed import here, origin, origins, serializer
from lms.learning.api import platforms
from lms.quiz.quiz import Quiz
from lms.web import framing
from lms.web.guards import public, sealed
from lms.web.site import catalog, database, now
from lms.web.words import gettext as _

_PURPOSE = "lti-place"
GOOD_FOR = timedelta(hours=1)
#: Of which scores are told: a platform converts them to what its teacher makes of it.
MAXIMUM = 100.0
#: What is done is told as one point of one.
DONE = 1.0


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be placed. ``value``: its path on this site."""

    value: str
    title: str
    about: str
    is_quiz: bool


def show(registration: platforms.Row, read: Launch) -> ResponseReturnValue:
    """The list to choose from, as the answer to a launch that asked for it."""
    settings = read.deep_linking
    if settings is None or not origin(settings.return_url):
        raise LaunchRefused(Code.CLAIM, "deep_linking_settings")
    framing.admit_here(origins(registration, read.return_url, settings.return_url))
    asked = serializer(_PURPOSE).dumps([registration.id.hex, read.deployment, *astuple(settings)])
    return _list(asked, settings)


def _list(asked: str, settings: DeepLinking, *, missing: bool = False) -> str:
    """``missing``: it was sent with nothing chosen."""
    return render_template(
        "lti/pick.html",
        missing=missing,
        asked=asked,
        several=settings.takes_several,
        graded=settings.takes_line_items,
        course=Offer("", catalog().course.title, _("Seluruh pelatihan"), is_quiz=False),
        modules=[(module.title, list(_of_module(module))) for module in _ordered(catalog())],
        others=[_of_quiz(quiz) for quiz in catalog().quizzes.values() if not quiz.module],
    )


@bp.post("/place")
@public
@sealed
def place() -> ResponseReturnValue:
    """Send back what was chosen, by the browser itself."""
    ticket = request.form.get("asked", "")
    registration, deployment, settings = _asked(ticket)
    gives_up = "cancel" in request.form
    values = [] if gives_up else request.form.getlist("chosen")
    if not values and not gives_up:
        framing.admit_here(origins(registration, settings.return_url))
        return _list(ticket, settings, missing=True), 400
    counts = request.form.get("done") == "1"
    every = _every()
    chosen = [_placed(value, every, counts=counts) for value in values]
    moment = now()
    said = messages.deep_linking_response(
        Parties(registration.issuer, registration.client_id, deployment),
        settings,
        chosen,
        nonce=secrets.token_urlsafe(24),
        now=moment,
    )
    framing.admit_here(origins(registration, settings.return_url), sends_to=origin(settings.return_url))
    return render_template(
        "lti/placed.html", to=settings.return_url, token=signing_key(database(), now=now).sign(said), count=len(chosen)
    )


def _asked(ticket: str) -> tuple[platforms.Row, str, DeepLinking]:
    """What the platform asked for. Raises ``LaunchRefused`` for what is not signed here, or too old."""
    try:
        id, deployment, *settings = serializer(_PURPOSE).loads(ticket, max_age=int(GOOD_FOR.total_seconds()))
    except BadData as error:
        raise LaunchRefused(Code.UNKNOWN_STATE, "of a choice") from error
    with database().reading() as db:
        registration = platforms.known(db, UUID(id))
    if registration is None or registration.approved_at is None:
        raise LaunchRefused(Code.NOT_APPROVED, id)
    return registration, deployment, DeepLinking(*settings)


# --- what there is --------------------------------------------------------------------------------------------------


def _ordered(of: Catalog) -> Sequence[Module]:
    return [module for agenda in of.agendas for module in agenda.modules]


def _of_module(module: Module) -> Iterator[Offer]:
    minutes = sum(lesson.minutes for lesson in module.lessons)
    path = f"materi/{module.id}"
    yield Offer(path, module.title, _("Modul, sekitar %(minutes)s menit", minutes=minutes), is_quiz=False)
    for lesson in module.lessons:
        about = _("Pelajaran, sekitar %(minutes)s menit", minutes=lesson.minutes)
        yield Offer(f"{path}/{lesson.slug}", lesson.title, about, is_quiz=False)
    yield from map(_of_quiz, module.quizzes)


def _of_quiz(quiz: Quiz) -> Offer:
    return Offer(f"kuis/{quiz.id}", quiz.title, _("Kuis, %(n)s soal", n=quiz.length), is_quiz=True)


def _every() -> Mapping[str, Offer]:
    """All that may be placed but the course itself, by its path."""
    every = {one.value: one for module in _ordered(catalog()) for one in _of_module(module)}
    return every | {one.value: one for one in map(_of_quiz, catalog().quizzes.values())}


def _placed(value: str, every: Mapping[str, Offer], *, counts: bool) -> Placed:
    """``counts``: what is read is a score, too. Raises ``LaunchRefused`` for what was not offered."""
    if not value:
        return Placed(url=f"{here()}/", title=catalog().course.title, text="", resource="", tag="course")
    if (offer := every.get(value)) is None:
        raise LaunchRefused(Code.NOT_OURS, repr(value))
    return Placed(
        url=f"{here()}/{value}",
        title=offer.title,
        text="",
        resource=value,
        tag=value.partition("/")[0],
        maximum=MAXIMUM if offer.is_quiz else DONE if counts else None,
    )
