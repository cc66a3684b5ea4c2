"""What a cohort gained between two quizzes, one before what was taught and one after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.features.figures.blueprint import bp, shown
from lms.learning.api import cohorts, gains
from lms.web.guards import Permission, requires, teacher
from lms.web.language import percent
from lms.web.links import link
from lms.web.site import catalog, database
from lms.web.words import gettext as _


@bp.get("/perolehan", endpoint="gain")
@requires(Permission.TEACH)
def gain(cohort_id: UUID) -> ResponseReturnValue:
    pairs = gains.pairs(catalog())
    with database().reading() as db:
        found = cohorts.taught(db, cohort_id, teacher())
        gained = gains.of(db, cohort_id, pairs)
    return render_template(
        "figures/gain.html",
        cohort=shown(found),
        pairs=[_shown(cohort_id, *both) for both in zip(pairs, gained, strict=True)],
        fewest=gains.FEWEST,
        here="gradebook",
    )


def _shown(cohort_id: UUID, pair: gains.Pair, gain: gains.Gain) -> dict[str, Any]:
    before, after = gain.before, gain.after
    return {
        "id": pair.after.id,
        "before": {"title": pair.before.title, "href": link("quiz-results", cohort_id=cohort_id, quiz=pair.before.id)},
        "after": {"title": pair.after.title, "href": link("quiz-results", cohort_id=cohort_id, quiz=pair.after.id)},
        "people": gain.people,
        "mean_before": _points(before),
        "mean_after": _points(after),
        "gain": _points(after - before) if before is not None and after is not None else None,
        "normalised": gain.normalised,
        "moved": (gain.rose, gain.stayed, gain.fell),
        "left": [(words, gain.left[why]) for why, words in _why_left().items() if gain.left.get(why)],
        "bands": [_band(band) for band in gain.bands] if gain.people >= gains.FEWEST else [],
    }


def _points(share: float | None) -> float | None:
    """Of a hundred, to one digit behind the comma."""
    return None if share is None else round(share * 100, 1)


def _band(band: gains.Band) -> dict[str, Any]:
    before, after = percent(band.before), percent(band.after)
    return {
        "label": f"{band.tenth * 10}–{band.tenth * 10 + 10}%",
        "people": band.people,
        "before": {"at": round(band.before * 100, 1), "told": before},
        "after": {"at": round(band.after * 100, 1), "told": after},
        "fell": band.after < band.before,
        "told": _("rata-rata dari %(before)s ke %(after)s", before=before, after=after),
    }


def _why_left() -> dict[gains.Left, str]:
    return {
        gains.Left.BEFORE_ONLY: _("baru mengerjakan yang pertama"),
        gains.Left.AFTER_ONLY: _("hanya mengerjakan yang kedua"),
        gains.Left.OTHER_WAY_ROUND: _("mengerjakan yang kedua lebih dahulu"),
        gains.Left.WAITING: _("masih menunggu penilaian"),
    }
