"""Pages on which an administrator sets up platforms: what to paste there, what was agreed on, what a check found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import Conflict, Invalid
from lms.features.lti import platform_form, self_check
from lms.features.lti.addresses import Addresses
from lms.features.lti.blueprint import bp
from lms.features.lti.products import PRODUCTS, Product, product
from lms.features.lti.sending import signing_key
from lms.features.lti.signed import here
from lms.fields.typed import typed
from lms.learning.api import offered_scores, platforms
from lms.outgoing import Outgoing
from lms.web.guards import Permission, me, requires
from lms.web.links import link
from lms.web.returned import brought, carry, send_back, sent_back
from lms.web.site import database, now, site
from lms.web.words import faults
from lms.web.words import gettext as _

#: What a page is brought of a check.
_CHECKED = "checked"


@bp.get("/platform")
@requires(Permission.ADMINISTER)
def every_platform() -> ResponseReturnValue:
    with database().reading() as db:
        rows = platforms.every(db)
        count = offered_scores.count_not_sent(db) if rows else 0
    return render_template(
        "lti/platforms.html",
        waiting=[_line(row) for row in rows if row.approved_at is None],
        platforms=[_line(row) for row in rows if row.approved_at is not None],
        alike={name for name, count in Counter(row.name for row in rows).items() if count > 1},
        products=[{"name": _name(one), "href": url_for(".new_platform", produk=one.id)} for one in PRODUCTS],
        ours=Addresses(here()),
        not_sent={"href": link("not-sent"), "count": count},
        guide=_guide(),
        here="lti",
    )


def _line(row: Any) -> dict[str, Any]:
    return {
        "href": url_for(".platform", registration_id=row.id),
        "name": row.name,
        "issuer": row.issuer,
        "client_id": row.client_id,
        "product": _name(product(row.product)),
        "deployments": len(row.deployments),
        "created_at": row.created_at,
        "approved_at": row.approved_at,
    }


def _name(of: Product) -> str:
    return of.name or _("Platform lain")


def _guide() -> str:
    return link("guide", name="lti")


# --- a new one ------------------------------------------------------------------------------------------------------


@bp.get("/platform/baru")
@requires(Permission.ADMINISTER)
def new_platform() -> ResponseReturnValue:
    """``produk``: what is to be pasted where, and what our fields are called there."""
    chosen, back = product(request.args.get("produk", "")), sent_back()
    return render_template(
        "lti/new_platform.html",
        its=chosen,
        name=_name(chosen),
        paste=chosen.paste(Addresses(here())),
        ours=Addresses(here()),
        values={**_empty(), **chosen.known, "product": chosen.id, **back.values},
        errors=back.faults,
        add_url=url_for(".add_platform"),
        guide=_guide(),
        here="lti",
    )


def _empty() -> dict[str, str]:
    return dict.fromkeys((*platform_form.FIELDS, "deployments"), "")


@bp.post("/platform/baru")
@requires(Permission.ADMINISTER)
def add_platform() -> ResponseReturnValue:
    agreed = platform_form.agreed(request.form)
    page = url_for(".new_platform", produk=product(agreed.product).id, _anchor="isian")
    try:
        added = database().commit(
            lambda db: platforms.add(db, agreed, approved=True, now=now(), actor_id=me().user_id).id
        )
    except Invalid as error:
        return send_back(page, faults(error), _as_typed(agreed))
    except Conflict as error:
        return send_back(page, {"issuer": _(error.said)}, _as_typed(agreed))
    flash(_("Platform tersimpan dan disetujui. Periksa sambungannya sekarang."), "ok")
    return redirect(url_for(".platform", registration_id=added, _anchor="periksa"), 303)


def _as_typed(agreed: platforms.Agreed) -> dict[str, str]:
    values = {name: getattr(agreed, name) for name in platform_form.FIELDS}
    return {**values, "deployments": "\n".join(agreed.deployments)}


# --- one ------------------------------------------------------------------------------------------------------------


@bp.get("/platform/<uuid:registration_id>")
@requires(Permission.ADMINISTER)
def platform(registration_id: UUID) -> ResponseReturnValue:
    checked = _checked(brought())
    back = sent_back() if checked is None else None
    with database().reading() as db:
        row = platforms.one(db, registration_id)
    its = product(row.product)
    return render_template(
        "lti/platform.html",
        row=row,
        its=its,
        product_name=_name(its),
        paste=its.paste(Addresses(here())),
        deployment=back.values.get("deployment", "") if back else "",
        wrong=back.faults.get("deployment", "") if back else "",
        checked=checked,
        urls={
            "approve": url_for(".approve", registration_id=registration_id),
            "add_deployment": url_for(".add_deployment", registration_id=registration_id),
            "check": url_for(".check", registration_id=registration_id),
            "ask_removal": url_for(".ask_removal", registration_id=registration_id),
        },
        guide=_guide(),
        here="lti",
    )


@bp.post("/platform/<uuid:registration_id>/setujui")
@requires(Permission.ADMINISTER)
def approve(registration_id: UUID) -> ResponseReturnValue:
    database().commit(lambda db: platforms.approve(db, registration_id, now=now(), actor_id=me().user_id))
    flash(_("Platform ini disetujui; orang-orangnya dapat masuk."), "ok")
    return redirect(url_for(".platform", registration_id=registration_id), 303)


@bp.post("/platform/<uuid:registration_id>/pemasangan")
@requires(Permission.ADMINISTER)
def add_deployment(registration_id: UUID) -> ResponseReturnValue:
    deployment, page = typed(request.form.get("deployment", "")), _part(registration_id, "pemasangan")
    try:
        database().commit(
            lambda db: platforms.add_deployment(db, registration_id, deployment, now=now(), actor_id=me().user_id)
        )
    except Invalid as error:
        return send_back(page, {"deployment": _(error.said)}, {"deployment": deployment})
    flash(_("Pemasangan itu dikenal sekarang."), "ok")
    return redirect(page, 303)


def _part(registration_id: UUID, anchor: str) -> str:
    return url_for(".platform", registration_id=registration_id, _anchor=anchor)


@bp.get("/platform/<uuid:registration_id>/hapus")
@requires(Permission.ADMINISTER)
def ask_removal(registration_id: UUID) -> ResponseReturnValue:
    with database().reading() as db:
        row = platforms.one(db, registration_id)
        concerned = platforms.concerned(db, registration_id)
    back = url_for(".platform", registration_id=registration_id)
    return render_template("lti/remove.html", row=row, concerned=concerned, back=back, here="lti")


@bp.post("/platform/<uuid:registration_id>/hapus")
@requires(Permission.ADMINISTER)
def remove(registration_id: UUID) -> ResponseReturnValue:
    database().commit(lambda db: platforms.remove(db, registration_id, now=now(), actor_id=me().user_id))
    flash(_("Platform itu dihapus. Akun, angkatan, dan hasil tetap ada."), "ok")
    return redirect(url_for(".every_platform"), 303)


# --- the check ------------------------------------------------------------------------------------------------------


@bp.post("/platform/<uuid:registration_id>/periksa")
@requires(Permission.ADMINISTER)
def check(registration_id: UUID) -> ResponseReturnValue:
    """Ask the platform while no connection is held; what came of it stays at the address that is led to."""
    with database().reading() as db:
        row = platforms.one(db, registration_id)
    outgoing = Outgoing(own_network=site().settings.own_network, whole=self_check.WHOLE)
    key = partial(signing_key, database(), now=now)
    found = self_check.check(row, outgoing, key, here=here(), now=now)
    database().commit(lambda db: platforms.ask_for_keys(db, registration_id, now=now()))
    moment = now()
    told = {
        "at": moment.isoformat(),
        "standing": self_check.worst(found),
        "lines": [[_(one.part), one.standing, _(one.said), one.detail] for one in found],
        "text": self_check.as_text(row.name, row, found, _, at=moment),
    }
    return redirect(carry(_part(registration_id, "periksa"), {_CHECKED: told}), 303)


def _checked(told: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What a check found that this address names."""
    found: Mapping[str, Any] | None = told.get(_CHECKED) if told else None
    return found
