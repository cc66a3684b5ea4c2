"""Errors as answers: the only place that knows status numbers. A page for people, JSON for scripts, no stack trace."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from lms.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, Throttled, Unavailable
from lms.logs import logger
from lms.web import last_page, origins
from lms.web.guards import wants_json
from lms.web.host import HostSilent
from lms.web.log import request_id
from lms.web.mistakes import mistakes
from lms.web.words import gettext as _

log = logger("lms.error")

STATUS: dict[type[Refused], int] = {
    Invalid: 400,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Throttled: 429,
    Unavailable: 503,
    HostSilent: 503,
}


def status_of(error: Refused) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def install(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _helpless)
    app.register_error_handler(Exception, _bug)


def answer(status: int, message: str, title: str = "") -> ResponseReturnValue:
    """The error as JSON when the request asked for it, else as a page."""
    if wants_json(request):
        return {"error": {"code": status, "message": message, "request_id": request_id()}}, status
    page = render_template(
        "error.html",
        code=status,
        title=title or _title(status),
        message=message,
        request_id=request_id(),
        problems=mistakes() if status == HTTPStatus.NOT_FOUND else [],  # what is broken is not there
        here="",
    )
    return page, status


def _title(status: int) -> str:
    titles = {
        400: _("Permintaan tidak dapat dibaca"),
        401: _("Masuk dahulu"),
        403: _("Tidak diizinkan"),
        404: _("Halaman tidak ditemukan"),
        405: _("Cara meminta tidak cocok"),
        409: _("Keadaan sudah berubah"),
        413: _("Terlalu besar"),
        429: _("Tunggu sebentar"),
        500: _("Kesalahan pada server"),
        503: _("Belum diketahui siapa Anda"),
    }
    return titles.get(status, HTTPStatus(status).phrase)


def _refused(error: Refused) -> ResponseReturnValue:
    answered = answer(status_of(error), _(error.said))
    if isinstance(error, Throttled | HostSilent):
        return (*answered, {"Retry-After": str(error.retry_after)})  # type: ignore[misc]
    return answered


def _unavailable(error: Unavailable) -> ResponseReturnValue:
    """The page that asks for nothing: whoever is signed in stands in the database, too."""
    why = repr(error.__cause__).splitlines()[0]
    log.warning("no database", extra={"fields": {"id": request_id(), "path": request.path, "why": why}})
    return last_page.answer(request.environ, last_page.case_of(error), request_id())


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    """The token of a form, or where the form was sent from, is not what it must be; the log names the check."""
    origins.refused(str(error.description))
    if origins.server_is_wrong():
        told = _(
            "Ini bukan kesalahan Anda: server ini tidak mengenali alamatnya sendiri, jadi formulir Anda tidak dapat "
            "diterima. Kabari pengelola dan sebutkan kode di bawah; pengaturan server perantaranya perlu dibetulkan."
        )
        return answer(400, told, _("Server salah diatur"))
    told = _("Formulir ini dibuka sebelum Anda masuk atau sudah terlalu lama. Muat ulang halamannya, lalu kirim lagi.")
    if error.description in _BROWSER:
        told += " " + _("Bila tetap ditolak, izinkan kuki dan alamat asal (Referer) untuk situs ini di peramban Anda.")
    return answer(400, told)


#: What flask-wtf says where a browser keeps something back.
_BROWSER = {"The CSRF session token is missing.", "The referrer header is missing."}


def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    return answer(413, _("Yang dikirim lebih besar dari yang dapat diterima. Kurangi isinya, lalu kirim lagi."))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect raised by the router
    messages = {
        400: _("Server tidak dapat membaca permintaan ini. Periksa isiannya, lalu kirim lagi."),
        404: _("Alamat ini tidak ada. Mungkin salah ketik, atau halamannya sudah dipindahkan."),
        405: _("Halaman ini tidak dapat dibuka dengan cara itu. Kembali, lalu gunakan tombol yang tersedia."),
    }
    return answer(error.code, messages.get(error.code, _("Permintaan ini tidak dapat dipenuhi.")))


def _bug(error: Exception) -> ResponseReturnValue:
    """Anything nobody foresaw: the whole story to the log, a plain page to the person."""
    log.error("unhandled error", exc_info=error, extra={"fields": {"id": request_id(), "path": request.path}})
    return answer(
        500,
        _("Ini kesalahan kami, bukan Anda. Jawaban yang sudah tersimpan tetap aman. Coba lagi sebentar lagi."),
    )


def _helpless(error: InternalServerError) -> ResponseReturnValue:
    """An error while an error was told: Flask comes here when it knows nothing else to ask."""
    cause = error.original_exception or error
    log.error("no error page", exc_info=cause, extra={"fields": {"id": request_id(), "path": request.path}})
    return last_page.answer(request.environ, last_page.case_of(cause), request_id())
