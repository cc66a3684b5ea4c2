"""The nginx of docs/operator.md as it stands there, in front of both servers: people get in, also below a prefix."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.conftest import PACK, PASSWORD, Cast, lacking
from tests.visitor import TOKEN

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs/operator.md").read_text(encoding="utf-8")
NGINX, *_ = re.findall(r"^```nginx\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL)
#: What the proxy does to people does not depend on where the server keeps them.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

pytestmark = pytest.mark.slow
Start = Callable[..., "Browser"]
#: The servers of the guide.
GUNICORN = ("gunicorn", "--bind", "127.0.0.1:{port}", "lms.server:app")
SERVE = ("lms", "serve", "--port", "{port}")


class Browser:
    """Speaks TLS to the proxy, keeps cookies as their attributes say, and names the page that a form came from."""

    def __init__(self, address: str, log: Path) -> None:
        self.address, self._log = address, log
        trusting = ssl._create_unverified_context()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=trusting),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, address and text after redirects."""
        headers = {"Origin": self.address, "Referer": f"{self.address}{path}"} if form else {}
        data = urlencode(form).encode() if form else None
        try:
            with self._opener.open(urllib.request.Request(self.address + path, data, headers), timeout=60) as got:
                return got.status, got.url.removeprefix(self.address), got.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, path, error.read().decode()

    def sign_in(self, prefix: str = "") -> tuple[int, str, str]:
        token = TOKEN.search(self.ask(f"{prefix}/masuk")[2])
        assert token
        return self.ask(f"{prefix}/masuk", {"login": "ada", "password": PASSWORD, "csrf_token": token[1]})

    def events(self, name: str) -> list[dict[str, object]]:
        lines = [json.loads(line) for line in self._log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == name]


@pytest.fixture
def start(tmp_path: Path, database_url: str, people: Cast) -> Iterator[Start]:
    for program in ("nginx", "openssl"):
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            lacking("nginx", f"there is no {program}")
    with ExitStack() as stack:

        def run(config: str, server: Sequence[str] = GUNICORN, **settings: str) -> Browser:
            back, front, plain = (_free_port() for _ in range(3))
            log = tmp_path / "log"
            environment = {
                "LMS_SECRET_KEY": "only for this test, and long enough",
                "LMS_DATABASE_URL": database_url,
                "LMS_PROXIES": "1",
                "LMS_PACK": str(PACK),
                **settings,
            }
            _process(
                stack,
                [sys.executable, "-m", *(word.format(port=back) for word in server)],
                log,
                back,
                os.environ | environment,
            )
            config = config.replace("443 ssl", f"127.0.0.1:{front} ssl").replace(
                "listen 80", f"listen 127.0.0.1:{plain}"
            )
            config = config.replace("127.0.0.1:8000", f"127.0.0.1:{back}").replace("/etc/ssl", str(tmp_path))
            _certificate(tmp_path)
            (tmp_path / "nginx.conf").write_text(_AROUND.format(folder=tmp_path, config=config), encoding="utf-8")
            nginx = [shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"]
            nginx += ["-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
            _process(stack, nginx, tmp_path / "nginx.log", front, dict(os.environ))
            return Browser(f"https://127.0.0.1:{front}", log)

        yield run


_AROUND = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;
events {{}}
http {{
access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{config}
}}
"""


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _certificate(folder: Path) -> None:
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=latsar.example",
    ]
    files = ["-keyout", str(folder / "latsar.key"), "-out", str(folder / "latsar.pem")]
    subprocess.run([*made, *files], check=True, capture_output=True)


def _process(stack: ExitStack, command: list[str], log: Path, port: int, environment: dict[str, str]) -> None:
    with log.open("wb") as written:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=written, stderr=written)
    stack.callback(process.wait, 20)
    stack.callback(process.terminate)
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


def test_the_nginx_of_the_guide_lets_people_in_and_the_server_writes_its_log(start: Start) -> None:
    ada = start(NGINX)
    status, address, page = ada.sign_in()
    assert (status, address) == (200, "/beranda"), page
    assert ada.events("request refused") == []
    assert ("POST", "/masuk", 303) in [(line["method"], line["path"], line["status"]) for line in ada.events("request")]


@ON_SQLITE
@pytest.mark.parametrize("server", [GUNICORN, SERVE], ids=["gunicorn", "lms serve"])
def test_each_server_of_the_guide_learns_its_address_from_the_proxy(start: Start, server: Sequence[str]) -> None:
    """Waitress takes ``X-Forwarded-*`` away unless it is told not to: platforms would be refused, and who tries
    passwords would seem to be the proxy."""
    ada = start(NGINX, server)
    assert f"{ada.address}/lti/register" in ada.ask("/lti/register")[2]
    status, address, page = ada.sign_in()
    assert (status, address) == (200, "/beranda"), page
    assert ada.events("the proxy does not pass X-Forwarded-Proto, or LMS_PROXIES is 0") == []


@ON_SQLITE
@pytest.mark.parametrize("taken_away", [True, False])
def test_the_nginx_of_the_guide_serves_below_a_prefix(start: Start, taken_away: bool) -> None:
    config = NGINX.replace("location = /masuk", "location = /latsar/masuk").replace(
        "location / {", "location /latsar/ {"
    )
    if taken_away:
        there = "location /latsar/ {\n        proxy_pass http://127.0.0.1:8000"
        assert there in config
        config = config.replace(there, f"{there}/")
    ada = start(config, LMS_URL_PREFIX="/latsar")
    status, address, page = ada.sign_in("/latsar")
    assert (status, address) == (200, "/latsar/beranda"), page


@ON_SQLITE
def test_a_host_without_its_port_is_found_in_the_log(start: Start) -> None:
    config = NGINX.replace("$http_host", "$host")
    assert config != NGINX
    ada = start(config)
    status, _address, page = ada.sign_in()
    assert status == 400
    assert "Ini bukan kesalahan Anda" in page
    (line,) = ada.events("request refused")
    assert line["host"] == "127.0.0.1"
    assert line["browser_at"] == ada.address
