"""The map of a cohort: a row for each person, a square for each module, fuller the more of it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lms.catalog.model import Module
from lms.features.figures.blueprint import bp, shown
from lms.fields.typed import typed
from lms.learning.api import cohort_map, cohorts, progress
from lms.web.guards import Permission, requires, teacher
from lms.web.language import percent
from lms.web.links import link
from lms.web.paging import paging
from lms.web.site import catalog, database, now
from lms.web.words import gettext as _

PAGE = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """How the map was asked for. ``unfinished``: only who has something left; ``numbers``: numbers for squares."""

    q: str
    sort: str
    descending: bool
    unfinished: bool
    numbers: bool

    def query(self, page: int) -> dict[str, str | int]:
        return {
            "q": self.q,
            "belum": "1" if self.unfinished else "",
            "tampilan": "tabel" if self.numbers else "",
            "sort": self.sort,
            "direction": "desc" if self.descending else "asc",
            "page": page,
        }


def _asked() -> Asked:
    """What is unknown falls back to what is usual."""
    sort = request.args.get("sort", "")
    return Asked(
        q=typed(request.args.get("q", ""))[:100],
        sort=sort if sort in cohort_map.SORTS else "name",
        descending=request.args.get("direction") == "desc",
        unfinished=bool(request.args.get("belum")),
        numbers=request.args.get("tampilan") == "tabel",
    )


@bp.get("/peta", endpoint="people_by_module")
@requires(Permission.TEACH)
def people_by_module(cohort_id: UUID) -> ResponseReturnValue:
    asked, pack = _asked(), catalog()
    which: dict[str, Any] = {"search": asked.q, "unfinished": asked.unfinished}
    with database().reading() as db:
        found = cohorts.taught(db, cohort_id, teacher())
        total = cohort_map.count(db, pack, cohort_id, **which)
        page = paging(total, PAGE)
        lines = cohort_map.lines(
            db,
            pack,
            cohort_id,
            **which,
            sort=asked.sort,
            descending=asked.descending,
            now=now(),
            offset=page.offset,
            limit=page.size,
        )
    modules = list(pack.modules.values())
    return render_template(
        "figures/people_by_module.html",
        cohort=shown(found),
        modules=_heads(modules),
        rows=[_row(line, modules) for line in lines],
        steps=_steps(),
        numbers=asked.numbers,
        total=total,
        query=asked.query(page.page),
        pages=page.pages,
        here="gradebook",
    )


def _heads(modules: list[Module]) -> list[dict[str, Any]]:
    """``begins``: it is the first module of its agenda."""
    agendas = [None, *(module.agenda for module in modules)]
    return [
        {
            "number": place,
            "title": module.title,
            "href": link("module", module=module.id),
            "begins": place > 1 and before != module.agenda,
        }
        for place, (before, module) in enumerate(zip(agendas, modules, strict=False), start=1)
    ]


def _row(line: cohort_map.Line, modules: list[Module]) -> dict[str, Any]:
    member = line.member
    return {
        "name": member.name,
        "login": member.login,
        "href": link("participant", cohort_id=member.cohort_id, user_id=member.user_id),
        "share": line.whole.value,
        "last_seen": line.last_seen_at,
        "squares": [_square(*both) for both in zip(line.squares, modules, strict=True)],
    }


def _square(square: cohort_map.Square, module: Module) -> dict[str, Any]:
    told = percent(square.share.value)
    failed = _("%(share)s, kuis belum lulus", share=told) if square.failed else told
    return {
        "step": step(square.share),
        "percent": told,
        "failed": square.failed,
        "told": f"{module.title}: {failed}",
    }


def step(share: progress.Share) -> int:
    """Which of five steps a module has reached: 0 nothing, 1 to 3 the thirds, 4 all of it."""
    return 4 if share.complete else -(-3 * share.done // share.total) if share.total else 0


def _steps() -> list[str]:
    """What each step is called."""
    return [_("belum ada"), _("sampai sepertiga"), _("sampai dua pertiga"), _("hampir semua"), _("selesai")]
