"""The application that we are mounted into, where it says who is signed in (docs/adr/0036)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Flask, Request, request

from lms.errors import BadSetting, Refused
from lms.learning.api import host_people

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: What a host tells of the request that it is given: who is signed in, or that nobody is.
Identify = Callable[[Request], "host_people.Identity | None"]


class HostSilent(Refused):
    """The host failed, or answered what is no answer."""

    message = (
        "Portal tidak memberi tahu kami siapa yang sedang masuk. Beri tahu pengelola portal, dan sebutkan kode di "
        "bawah. Jawaban yang sudah tersimpan tetap ada; yang masih di perangkat ini dikirim sendiri nanti."
    )
    retry_after = 5


class NotFollowed(HostSilent):
    """What the host said of a person could not be taken over."""

    message = (
        "Apa yang dikatakan portal tentang Anda belum dapat dicatat di sini. Coba lagi sebentar lagi. Bila tetap "
        "begini, beri tahu pengelola, dan sebutkan kode di bawah."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """``prefix``: where we are mounted. The addresses are paths of the host application, or whole addresses elsewhere;
    ``sign_out_url`` is empty where the host gave none. Raises ``BadSetting`` for an ``identity`` that answers nothing.
    """

    app: Flask
    prefix: str
    identity: Identify
    sign_in_url: str
    sign_out_url: str

    def __post_init__(self) -> None:
        if not callable(self.identity):
            raise BadSetting(f"identity is {self.identity!r}; give a function that takes the request")
        if inspect.iscoroutinefunction(self.identity) or inspect.iscoroutinefunction(type(self.identity).__call__):
            raise BadSetting(
                f"identity is {self.identity!r}, an `async def`, which nobody waits for; write it as `def`"
            )

    def who(self, environ: WSGIEnvironment) -> host_people.Identity | None:
        """Ask the host, with its own session and request around the question. Whatever it raises is raised.

        Its hooks do not run, the body stays ours, and nothing is sent: a session that it changes meanwhile is not kept.
        """
        with self.app.request_context(self._its_own(environ)) as context:
            said = self.identity(context.request)
        if not isinstance(said, host_people.Identity | None):
            raise TypeError(f"identity answered {type(said).__name__}, neither lms.Identity nor None")
        return said

    def _its_own(self, environ: WSGIEnvironment) -> WSGIEnvironment:
        """The request as the host sees it, which is not ours: it knows nothing of the prefix."""
        mounted = environ.get("SCRIPT_NAME", "")
        theirs = {name: value for name, value in environ.items() if name != "HTTP_TRANSFER_ENCODING"}
        return theirs | {
            "SCRIPT_NAME": mounted.removesuffix(self.prefix),
            "PATH_INFO": self.prefix + environ.get("PATH_INFO", ""),
            "CONTENT_LENGTH": "0",
            "wsgi.input": BytesIO(),
        }

    def sign_in(self, back: str) -> str:
        """The address of the host's sign-in page, which then leads ``back``."""
        address = self._address(self.sign_in_url)
        return f"{address}{'&' if '?' in address else '?'}{urlencode({'next': back})}"

    def sign_out(self) -> str:
        """The address where one signs out; empty: not known."""
        return self._address(self.sign_out_url) if self.sign_out_url else ""

    def _address(self, url: str) -> str:
        """A path stands below wherever the host itself lies."""
        root = request.script_root.removesuffix(self.prefix)
        return root + url if url.startswith("/") and not url.startswith("//") else url
