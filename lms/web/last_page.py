"""The answer when nothing else can be relied upon: no person, no database, no address, no look-up of a language.

Its words are there when the module is loaded. Both languages stand on the page, since whose it is may be unknown.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Request, Response

from lms.db.trouble import Trouble, trouble_of
from lms.errors import StorageFull, Unavailable
from lms.logs import logger
from lms.web.guards import wants_json
from lms.web.headers import FRAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logger("lms.error")


@dataclass(frozen=True, slots=True)
class Words:
    """A title and what to do, in one language: ``asked`` after a page was asked for, ``sent`` after a form was sent."""

    title: str
    asked: str
    sent: str


@dataclass(frozen=True, slots=True)
class Case:
    """Why there is no other answer. ``retry_after``: seconds after which it may work again; 0: not by itself."""

    status: int
    retry_after: int
    id: Words
    en: Words


_SAFE = "Jawaban yang sudah tersimpan tetap ada; yang masih di perangkat ini aman dan nanti dikirim sendiri."
_SAFE_EN = (
    "Answers that were saved are still there; those still on this device are safe and will be sent by themselves."
)
_CHECK = "Yang baru saja dikirim mungkin belum tersimpan: kembali ke halaman sebelumnya, periksa, lalu kirim lagi."
_CHECK_EN = "What was just sent may not have been saved: go back to the page before, look, and send it again."

AWAY = Case(
    503,
    Unavailable.retry_after,
    Words(
        "Sebentar, server sedang menyambung kembali",
        f"{_SAFE} Halaman ini mencoba lagi sendiri setiap beberapa detik.",
        f"{_SAFE} {_CHECK}",
    ),
    Words(
        "One moment, the server is reconnecting",
        f"{_SAFE_EN} This page tries again by itself every few seconds.",
        f"{_SAFE_EN} {_CHECK_EN}",
    ),
)
FULL = Case(
    503,
    StorageFull.retry_after,
    Words(
        "Tempat penyimpanan di server penuh",
        f"{_SAFE} Beri tahu pengelola; halaman ini mencoba lagi sendiri setiap menit.",
        f"{_SAFE} Yang baru saja dikirim belum tersimpan. Beri tahu pengelola, lalu kirim lagi nanti.",
    ),
    Words(
        "The server has no room left",
        f"{_SAFE_EN} Tell the administrator; this page tries again by itself every minute.",
        f"{_SAFE_EN} What was just sent was not saved. Tell the administrator, and send it again later.",
    ),
)
BUG = Case(
    500,
    0,
    Words(
        "Kesalahan pada server",
        f"Ini kesalahan kami, bukan Anda. {_SAFE} Coba lagi sebentar lagi.",
        f"Ini kesalahan kami, bukan Anda. {_SAFE} {_CHECK}",
    ),
    Words(
        "The server made a mistake",
        f"This is our fault, not yours. {_SAFE_EN} Try again in a moment.",
        f"This is our fault, not yours. {_SAFE_EN} {_CHECK_EN}",
    ),
)
_ELSEWHERE = "Server ini tidak melayani nama yang ada di alamat itu. Periksa alamatnya, atau tanyakan kepada pengelola."
_ELSEWHERE_EN = "This server does not answer to the name in that address. Check it, or ask the administrator."
HOST = Case(
    400,
    0,
    Words("Alamat ini tidak dikenal", _ELSEWHERE, _ELSEWHERE),
    Words("This address is not known here", _ELSEWHERE_EN, _ELSEWHERE_EN),
)

#: The house's paper, ink and red (``lms.css``), as much of it as fits in a page that asks for nothing else.
_STYLE = (
    ":root{color-scheme:light dark;--paper:#fbf8f2;--ink:#221d17;--soft:#625a4e;--red:#b4151e}"
    "@media(prefers-color-scheme:dark){:root{--paper:#191612;--ink:#ece5d8;--soft:#b3a897;--red:#f47b6c}}"
    "body{background:var(--paper);color:var(--ink);font:1.0625rem/1.6 Charter,'Noto Serif',Georgia,serif;"
    "max-width:36rem;margin:0 auto;padding:3rem 1rem}"
    "h1,h2{font-weight:400;line-height:1.2}h2{font-size:1.1875rem}"
    "h1{font-size:1.75rem;border-top:3px solid var(--red);padding-top:1rem}"
    "section+section{margin-top:2.5rem}a{color:var(--red);display:inline-block;padding:.6rem 0}"
    "code,[lang=en]{color:var(--soft)}a [lang=en]{color:inherit}"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_CSP = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors "

# The link without an address leads to the page's own.
_PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{id.title}</title><style>{style}</style></head>
<body><main>
<section><h1>{id.title}</h1><p>{id_text}</p>{again}</section>
<section lang="en"><h2>{en.title}</h2><p>{en_text}</p></section>
<p>Kode / code: <code>{request_id}</code></p>
</main></body></html>
"""
_AGAIN = '<p><a href="">Coba lagi · <span lang="en">Try again</span></a></p>'


def answer(environ: WSGIEnvironment, case: Case, request_id: str) -> Response:
    """The case as JSON when a script asked, else as a page."""
    asked = Request(environ)
    reading = asked.method in {"GET", "HEAD"}
    headers = {"Retry-After": str(case.retry_after)} if case.retry_after else {}
    texts = {language: words.asked if reading else words.sent for language, words in (("id", case.id), ("en", case.en))}
    if wants_json(asked):
        told = {"code": case.status, "request_id": request_id}
        told |= {"message": f"{case.id.title}. {texts['id']}", "message_en": f"{case.en.title}. {texts['en']}"}
        return Response(
            json.dumps({"error": told}, ensure_ascii=False), case.status, headers, content_type="application/json"
        )
    if reading and case.retry_after:
        headers["Refresh"] = str(case.retry_after)
    page = _PAGE.format(
        id=case.id,
        en=case.en,
        id_text=texts["id"],
        en_text=texts["en"],
        again=_AGAIN if reading and case.status >= 500 else "",
        style=_STYLE,
        request_id=request_id,
    )
    # It may stand in a frame of a platform, whose it cannot look up: nothing on it is anybody's.
    headers["Content-Security-Policy"] = _CSP + ("*" if asked.headers.get("Sec-Fetch-Dest") in FRAMES else "'none'")
    return Response(page, case.status, headers, content_type="text/html; charset=utf-8")


def case_of(error: BaseException) -> Case:
    """Whether it is the database, full or away, or a mistake of ours; the error or what it came from says so."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, Unavailable):
            return FULL if isinstance(found, StorageFull) else AWAY
        if isinstance(found, DBAPIError) and (trouble := trouble_of(found)):
            return FULL if trouble is Trouble.FULL else AWAY
        found = found.__cause__ or found.__context__
    return BUG


def behind(app: WSGIApplication) -> WSGIApplication:
    """``app``, with an answer of ours where it has none."""

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except Exception as error:
            request_id = secrets.token_hex(8)
            fields = {"id": request_id, "path": environ.get("PATH_INFO", "")}
            log.error("no other answer", exc_info=error, extra={"fields": fields})
            return answer(environ, case_of(error), request_id)(environ, start_response)

    return guarded
