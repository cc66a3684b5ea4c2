"""Requests that we make of other servers, whose addresses other people wrote down. The only file that knows urllib3.

An address is looked up once and the connection goes to what was found, so that a name cannot lead into the operator's
own network, neither at first nor at the second look. Nothing is followed elsewhere, nothing is waited for or read
without a bound. Whoever asks much of one server keeps the connection (``keeping``).
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from ipaddress import IPv6Address, ip_address, ip_network
from ssl import SSLCertVerificationError
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Retry, Timeout
from urllib3.exceptions import HTTPError

from lms.errors import Invalid

#: Seconds for a connection, and between two pieces of an answer.
CONNECT, READ = 3.0, 10.0
#: Seconds for all of it.
WHOLE = 20.0
#: Seconds that a kept connection is used before its server is looked up again.
KEPT = 60.0
#: Bytes of an answer: a page of a roster with a thousand people has half of that.
LONGEST = 2_000_000


class NotAsked(Invalid):
    """What came to nothing. ``detail``: the cause first; for the log alone, since it may quote what others wrote."""

    message = "Permintaan ke server lain tidak berhasil."

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__()


class ForbiddenAddress(NotAsked):
    message = "Alamat ini tidak boleh dihubungi dari sini."


class Unreachable(NotAsked):
    message = "Server yang dituju tidak dapat dihubungi, atau jawabannya tidak dapat dibaca."


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Raises ``Unreachable`` for what is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unreachable(f"no JSON: {error}") from error


@dataclass(frozen=True, slots=True)
class Outgoing:
    """``own_network``: whether addresses in the operator's own network may be asked, also without TLS."""

    own_network: bool = False
    connect: float = CONNECT
    read: float = READ
    whole: float = WHOLE
    _kept: dict[tuple[str, str], _Kept] | None = field(default=None, repr=False, compare=False)

    @contextmanager
    def keeping(self) -> Iterator[Outgoing]:
        """The same, which keeps its connections until the block ends. For one thread."""
        kept: dict[tuple[str, str], _Kept] = {}
        try:
            yield replace(self, _kept=kept)
        finally:
            for one in kept.values():
                one.pool.close()

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", url, headers or {}, None)

    def post_form(self, url: str, form: Mapping[str, str]) -> Answer:
        return self._ask("POST", url, {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form).encode())

    def send(self, method: str, url: str, said: object, headers: Mapping[str, str]) -> Answer:
        """``said`` as JSON; its media type is for ``headers`` to tell."""
        return self.send_bytes(method, url, json.dumps(said, ensure_ascii=False).encode(), headers)

    def send_bytes(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """For what must arrive as it is, because it is signed."""
        return self._ask(method, url, headers, body)

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Raises ``NotAsked``: where it may not be, or is not answered."""
        ends = monotonic() + self.whole
        to, pool = self._way(url)
        told = {"Accept": "application/json", "User-Agent": "latsar", **headers, "Host": to.named}
        try:
            with (
                pool if self._kept is None else nullcontext(),
                closing(
                    pool.urlopen(
                        method,
                        to.target,
                        body=body,
                        headers=told,
                        retries=Retry(total=0, redirect=False, raise_on_redirect=False),
                        redirect=False,
                        preload_content=False,
                    )
                ) as answer,
            ):
                read = self._read(answer, ends)
        except (HTTPError, OSError, ValueError, _TooMuch) as error:
            raise Unreachable(f"{_cause(error)}: {method} {url}") from error
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, read)

    def _way(self, url: str) -> tuple[Destination, HTTPConnectionPool]:
        """Where a request goes, and the connections that lead there. Raises ``NotAsked``."""
        if self._kept is None:
            to = destination(url, own_network=self.own_network)
            return to, self._pool(to)
        parts = _taken_apart(url, own_network=self.own_network)
        server = (parts.scheme, parts.netloc)
        held = self._kept.get(server)
        if held is None or held.ends < monotonic():
            to = destination(url, own_network=self.own_network)
            if held is not None:
                held.pool.close()
            held = self._kept[server] = _Kept(to, self._pool(to), monotonic() + KEPT)
        return replace(held.to, target=_target(parts)), held.pool

    def _pool(self, to: Destination) -> HTTPConnectionPool:
        timeout = Timeout(connect=self.connect, read=self.read)
        if not to.secure:
            return HTTPConnectionPool(to.address, to.port, timeout=timeout)
        return HTTPSConnectionPool(
            to.address, to.port, timeout=timeout, server_hostname=to.host, assert_hostname=to.host
        )

    def _read(self, answer: BaseHTTPResponse, ends: float) -> bytes:
        """As it comes, so that one byte after the other is not waited for as long as there are bytes."""
        read = bytearray()
        while piece := answer.read1(65_536, decode_content=True):
            read += piece
            if len(read) > LONGEST:
                raise _TooMuch(f"more than {LONGEST} bytes")
            if monotonic() > ends:
                raise _TooMuch(f"more than {self.whole:g} s")
        return bytes(read)


def _cause(error: BaseException) -> str:
    """In a few words: what lies at the bottom, and not all that was wrapped around it."""
    while inner := error.__cause__ or next((one for one in error.args if isinstance(one, BaseException)), None):
        error = inner
    match error:
        case TimeoutError():
            return "timed out"
        case ConnectionRefusedError():
            return "connection refused"
        case SSLCertVerificationError():
            return f"certificate not accepted ({error.verify_message})"
        case OSError() if error.strerror:
            return error.strerror
    return str(error) or type(error).__name__


class _TooMuch(Exception):
    """An answer that is not read to its end."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Connections to one server. ``ends``: when it is looked up again."""

    to: Destination
    pool: HTTPConnectionPool
    ends: float


# --- where it goes --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Destination:
    """``address``: that of the network; ``named``: the host as its server is told; ``target``: path and query."""

    secure: bool
    host: str
    port: int
    address: str = field(repr=False)
    named: str
    target: str


def destination(url: str, *, own_network: bool) -> Destination:
    """Where a request for an address goes. Raises ``NotAsked``."""
    parts = _taken_apart(url, own_network=own_network)
    secure, host, port = parts.scheme == "https", parts.hostname or "", parts.port
    chosen = port if port is not None else (443 if secure else 80)
    return Destination(
        secure=secure,
        host=host,
        port=chosen,
        address=_looked_up(host, chosen, own_network=own_network),
        named=parts.netloc,
        target=_target(parts),
    )


def _taken_apart(url: str, *, own_network: bool) -> SplitResult:
    """Raises ``ForbiddenAddress`` for what no request may name, wherever it leads."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ForbiddenAddress(repr(url)) from error
    allowed = parts.scheme == "https" or (own_network and parts.scheme == "http")
    if not parts.hostname or parts.username is not None or not allowed:
        raise ForbiddenAddress(repr(url))
    if not url.isascii() or any(letter <= " " for letter in url):
        raise ForbiddenAddress(repr(url))
    return parts


def _target(parts: SplitResult) -> str:
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def _looked_up(host: str, port: int, *, own_network: bool) -> str:
    """The first address of a name; all of them must lie outside the operator's own network."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"name not known: {host} ({error})") from error
    if not own_network and (inside := [address for address in found if not is_public(address)]):
        raise ForbiddenAddress(
            f"in your own network, which is not asked without LMS_OWN_NETWORK: {host} is {inside[0]}"
        )
    return found[0]


def is_public(address: str) -> bool:
    """Whether anybody on the Internet can reach it; one of version 4 within one of version 6 counts as itself."""
    known = ip_address(address.partition("%")[0])
    if isinstance(known, IPv6Address):
        hidden = known.ipv4_mapped or known.sixtofour or (known.teredo[1] if known.teredo else None)
        if hidden is not None:
            return is_public(str(hidden))
        if known in _NAT64:
            return is_public(str(ip_address(int(known) & 0xFFFFFFFF)))
    return known.is_global and not known.is_multicast


#: RFC 6052: addresses of version 4 for those who have only version 6.
_NAT64 = ip_network("64:ff9b::/96")
