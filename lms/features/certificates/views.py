"""One's own certificate, and the pages on which anybody verifies one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import Invalid
from lms.features.certificates import forms, pdf, sheet
from lms.features.certificates.code import code
from lms.learning.api import certificates, completion, progress, standing
from lms.web.guards import Permission, me, public, requires
from lms.web.links import link
from lms.web.returned import send_back, sent_back
from lms.web.site import catalog, database, now
from lms.web.words import LANGUAGES, current_language, faults, speak
from lms.web.words import gettext as _

bp = Blueprint("certificates", __name__, template_folder="templates")
LINKS = {"certificate": "certificates.mine"}
MENU = ()

#: For people with the address, not for those who search.
_NOT_FOUND_BY_SEARCH = {"X-Robots-Tag": "noindex"}


# --- one's own --------------------------------------------------------------------------------------------------------


@bp.get("/sertifikat")
@requires(Permission.READ)
def mine() -> ResponseReturnValue:
    back = sent_back()
    with database().reading() as db:
        stands = standing.of(db, me().user_id, catalog(), now=now())
        held = certificates.of_person(db, me().user_id)
    done = completion.of(stands)
    valid = held is not None and held.is_valid
    return render_template(
        "certificates/mine.html",
        held=_shown(held) if held else None,
        valid=valid,
        draft=sheet.draft(done, me().name) if done else None,
        changed=bool(done and held and valid and certificates.differs(held, done, name=me().name)),
        left=len(progress.remaining(catalog(), stands.records)),
        waiting=len(completion.waiting(stands)),
        error=back.faults.get("name"),
        here="dashboard",
    )


def _shown(held: certificates.Found) -> dict[str, Any]:
    """What pages tell of a certificate."""
    return {
        "id": held.id,
        "sheet": sheet.set_from(held.says) if held.says else None,
        "revoked_at": held.revoked_at,
        "reason": held.reason,
        "barred": held.barred,
        "address": _address(held.id),
        "code": code(_address(held.id)) if held.is_valid else "",
        "has_pdf": pdf.can_be_made(),
    }


def _address(certificate_id: UUID) -> str:
    return url_for(".page", certificate_id=certificate_id, _external=True)


@bp.post("/sertifikat")
@requires(Permission.READ)
def issue() -> ResponseReturnValue:
    moment = now()
    try:
        forms.confirm_name(request.form, me().name)
    except Invalid as error:
        return send_back(url_for(".mine"), faults(error))
    with database().reading() as db:
        done = completion.of(standing.of(db, me().user_id, catalog(), now=moment))
    if done is None:
        flash(_("Sertifikat dapat diterbitkan sesudah semua langkah selesai."), "warning")
        return redirect(url_for(".mine"), 303)
    issuer = link("landing", _external=True)
    try:
        database().commit(
            lambda db: certificates.issue(db, me().user_id, done, name=me().name, issuer=issuer, now=moment)
        )
    except certificates.Barred as error:
        flash(_(error.said), "warning")
    else:
        flash(_("Sertifikat Anda sudah terbit."), "ok")
    return redirect(url_for(".mine"), 303)


@bp.post("/sertifikat/<uuid:certificate_id>/cabut")
@requires(Permission.READ)
def withdraw(certificate_id: UUID) -> ResponseReturnValue:
    database().commit(lambda db: certificates.withdraw(db, certificate_id, me().user_id, now=now()))
    flash(_("Sertifikat itu sudah dicabut. Siapa pun yang memeriksanya akan membaca demikian."), "ok")
    return redirect(url_for(".mine"), 303)


@bp.get("/sertifikat/<uuid:certificate_id>/sertifikat.pdf")
@requires(Permission.READ)
def as_pdf(certificate_id: UUID) -> ResponseReturnValue:
    """For its owner: whoever else has the address is led to the page, and prints that."""
    held = _found(certificate_id)
    if held is None or held.user_id != me().user_id:
        return redirect(url_for(".page", certificate_id=certificate_id), 303)
    made = pdf.written(sheet.set_from(held.says), _address(held.id), current_language()) if held.says else None
    if made is None or not held.is_valid:
        flash(_("Berkas PDF tidak dapat dibuat. Buka halaman sertifikatnya, lalu cetak dari peramban."), "warning")
        return redirect(url_for(".mine"), 303)
    return _file(made, "application/pdf", f"sertifikat-{held.id}.pdf")


# --- for everybody ----------------------------------------------------------------------------------------------------


def _found(certificate_id: UUID) -> certificates.Found | None:
    with database().reading() as db:
        return certificates.find(db, certificate_id)


def _speak_as_asked() -> None:
    """A stranger has no account that says which language they read."""
    if (asked := request.args.get("lang")) in LANGUAGES:
        speak(str(asked))


@bp.get("/sertifikat/<uuid:certificate_id>")
@public
def page(certificate_id: UUID) -> ResponseReturnValue:
    """What a certificate is worth at this moment, told to whoever asks."""
    _speak_as_asked()
    held = _found(certificate_id)
    told = render_template(
        "certificates/page.html",
        id=certificate_id,
        held=_shown(held) if held else None,
        valid=bool(held and held.is_valid),
        here="",
    )
    return told, 200 if held else 404, _NOT_FOUND_BY_SEARCH


@bp.get("/sertifikat/<uuid:certificate_id>/sertifikat.jws")
@public
def as_text(certificate_id: UUID) -> ResponseReturnValue:
    """What was signed, for whoever wants to verify it without us; of one that is not valid the page tells why."""
    held = _found(certificate_id)
    if held is None or not held.is_valid:
        return redirect(url_for(".page", certificate_id=certificate_id), 303)
    return _file(held.signed.encode(), "application/jose", f"sertifikat-{held.id}.jws")


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers.update(_NOT_FOUND_BY_SEARCH | {"Content-Type": kind})
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.get("/sertifikat/periksa")
@public
def verify() -> ResponseReturnValue:
    _speak_as_asked()
    back = sent_back()
    return render_template(
        "certificates/verify.html",
        text=back.values.get("text", ""),
        error=back.faults.get("text"),
        keys=url_for(".keys", _external=True),
        here="",
    )


@bp.post("/sertifikat/periksa")
@public
def present() -> ResponseReturnValue:
    """A genuine text leads to the page of its certificate, which says what it is worth."""
    _speak_as_asked()
    try:
        text = forms.text(request.form, request.files)
    except Invalid as error:
        return send_back(url_for(".verify", lang=current_language()), faults(error))
    if asked_for := forms.number(text):
        return redirect(url_for(".page", certificate_id=asked_for, lang=current_language()), 303)
    with database().reading() as db:
        certificate_id = certificates.presented(db, text)
        is_here = certificate_id is not None and certificates.find(db, certificate_id) is not None
    if certificate_id is None:
        told = _(
            "Teks ini bukan sertifikat dari situs ini: tidak pernah diterbitkan di sini, atau sesudah terbit ada yang "
            "diubah, walau satu huruf."
        )
        return send_back(url_for(".verify", lang=current_language()), {"text": told}, {"text": text})
    if is_here:
        flash(_("Teks yang Anda periksa asli: ditandatangani di situs ini dan tidak diubah."), "ok")
    return redirect(url_for(".page", certificate_id=certificate_id, lang=current_language()), 303)


@bp.get("/.well-known/jwks.json")
@public
def keys() -> ResponseReturnValue:
    """The public keys, for whoever verifies without us (RFC 7517)."""
    with database().reading() as db:
        return {"keys": [dict(key.jwk) for key in certificates.keys(db)]}
