"""What we ask of other servers, of whom one here plays one: where it may go, and how long it may take."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lms import outgoing
from lms.outgoing import ForbiddenAddress, Outgoing, Unreachable, destination, is_public


class _Platform(BaseHTTPRequestHandler):
    seen: list[tuple[str, str, dict[str, str], bytes]]

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        asked = (self.command, self.path, dict(self.headers), self.rfile.read(length))
        type(self).seen.append(asked)
        if self.path == "/slow":
            time.sleep(1)
        if self.path == "/other":
            self.wfile.write(b"no HTTP\r\n\r\n")
            return
        if self.path == "/drip":
            self._drip()
            return
        status = 302 if self.path == "/elsewhere" else 200
        body = b"[" * 100_000 if self.path == "/nested" else b"{}" if self.path != "/long" else b" " * 3_000_000
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Link", '<http://127.0.0.1/2>; rel="next"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # who asked has gone
            self.wfile.write(body)

    do_POST = do_PUT = do_GET  # noqa: N815 – the names are given

    def _drip(self) -> None:
        """One byte after the other, without end."""
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):
            while True:
                self.wfile.write(b" ")
                time.sleep(0.02)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def platform() -> Iterator[str]:
    _Platform.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Platform)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


INSIDE = Outgoing(own_network=True)


def test_what_is_asked_arrives_as_it_was_meant(platform: str) -> None:
    answer = INSIDE.get(f"{platform}/keys?type_id=1", {"Accept": "application/jwk-set+json"})
    assert (answer.status, answer.ok, answer.json()) == (200, True, {})
    assert answer.headers["link"].endswith('rel="next"')
    INSIDE.post_form(f"{platform}/token", {"scope": "a b", "grant_type": "client_credentials"})
    INSIDE.send("PUT", f"{platform}/item", {"label": "Kuis – é"}, {"Content-Type": "application/x"})
    (first, form, put) = _Platform.seen
    assert first[:2] == ("GET", "/keys?type_id=1")
    assert first[2]["Accept"] == "application/jwk-set+json"
    assert first[2]["Host"] == platform.removeprefix("http://")
    assert form[3] == b"scope=a+b&grant_type=client_credentials"
    assert (put[0], put[3].decode()) == ("PUT", '{"label": "Kuis – é"}')


def test_nothing_is_followed_elsewhere(platform: str) -> None:
    assert INSIDE.get(f"{platform}/elsewhere").status == 302
    assert len(_Platform.seen) == 1


@pytest.mark.parametrize(
    ("path", "cause"),
    [("/long", "more than 2000000 bytes: "), ("/drip", "more than 0.5 s: "), ("/slow", "timed out: "), ("/other", "")],
)
def test_what_takes_too_long_or_is_no_answer_is_told(platform: str, path: str, cause: str) -> None:
    with pytest.raises(Unreachable) as told:
        Outgoing(own_network=True, read=0.2, whole=0.5).get(f"{platform}{path}")
    assert told.value.detail.startswith(cause)
    assert told.value.detail.endswith(f": GET {platform}{path}")


def test_what_is_no_json_is_told(platform: str) -> None:
    with pytest.raises(Unreachable):
        INSIDE.get(f"{platform}/nested").json()


def test_nobody_at_home_is_told() -> None:
    nobody = {
        "http://127.0.0.1:1/": "connection refused: GET http://127.0.0.1:1/",
        "http://422.invalid/": "name not known: 422.invalid (",
    }
    for url, cause in nobody.items():
        with pytest.raises(Unreachable) as told:
            INSIDE.get(url)
        assert told.value.detail.startswith(cause)


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_certificate_that_nobody_vouches_for_is_told_as_such(tmp_path: Path, method: str) -> None:
    held = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    held.load_cert_chain(certified(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Platform)
    server.socket = held.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(Unreachable) as told:
            INSIDE.send(method, f"https://127.0.0.1:{server.server_port}/", {}, {})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert told.value.detail.startswith("certificate not accepted (self-signed certificate): ")


def certified(folder: Path) -> Path:
    """A key and a certificate that it gave itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/keys",
        "https://localhost/keys",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://172.16.9.9/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://224.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "http://8.8.8.8/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "https:///keys",
        "https://user@8.8.8.8/",
        "https://8.8.8.8:x/",
        "https://8.8.8.8/a b",
        "https://8.8.8.8/a\r\nHost: x",
        "",
    ],
)
def test_an_address_in_the_own_network_or_without_tls_is_not_asked(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        destination(url, own_network=False)


def test_other_addresses_are() -> None:
    found = destination("https://8.8.8.8:8443/keys?a=1#b", own_network=False)
    assert (found.secure, found.address, found.port, found.target) == (True, "8.8.8.8", 8443, "/keys?a=1")
    assert is_public("2606:4700::1111")
    assert outgoing.LONGEST > 1_000_000
