"""The database's leader is killed while people answer: do they wait, or do they lose something?

    python3 dev.py bench failover [--people 200] [--kills 3]

Three PostgreSQL under Patroni with synchronous replication, two processes of ours behind nginx (``bench/cluster.py``).
Everybody answers about once a second and sends again as the page does; ten of them also open a page again and again,
and reload it as its ``Refresh`` says. The leader is killed (SIGKILL, with its Patroni), another one takes its place,
and the dead one is brought back as a follower before the next is killed. At the end every row is compared with what
was acknowledged. Needs Debian's patroni, etcd-server, python3-etcd and nginx.
"""

from __future__ import annotations

import argparse
import http.client
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from bench import answering, machine, site
from bench.cluster import Cluster
from lms.db.engine import Database
from tests.serving import Server, free_port, serving

READERS = 10
SETTLED = 10  # seconds between a cluster that is whole again and the next kill

_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
worker_processes 1;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  upstream latsar {{ {servers} keepalive 64; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://latsar;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""


class Pages:
    """What readers saw: statuses of pages, and the longest time until a page came that was asked for."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.waits: list[float] = []
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def read(self, people: list[answering.Person], port: int) -> None:
        self._threads = [threading.Thread(target=self._look, args=(one, port)) for one in people]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _look(self, person: answering.Person, port: int) -> None:
        begun = time.monotonic()
        while not self._over.is_set():
            status, refresh = self._page(person, port)
            if status == 200:
                self.seen["page"] += 1
                self.waits.append(time.monotonic() - begun)
                self._over.wait(1)
                begun = time.monotonic()
            elif status == 503 and refresh:
                self.seen["page that reloads itself"] += 1
                self._over.wait(refresh)
            else:
                self.seen[f"error {status}"] += 1
                self._over.wait(1)

    @staticmethod
    def _page(person: answering.Person, port: int) -> tuple[int, float]:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            link.request("GET", "/beranda", headers={"Cookie": person.reader.cookie, "Accept": "text/html"})
            answer = link.getresponse()
            answer.read()
            return answer.status, float(answer.headers.get("Refresh", 0))
        except (OSError, http.client.HTTPException):
            return 0, 0
        finally:
            link.close()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench failover", description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--module", default="manajemen-asn")
    options = parser.parse_args(arguments)
    print(f"{machine.describe()}; {options.people} people, {options.kills} kills")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lms-ha-", ignore_cleanup_errors=True)))
        cluster = Cluster(folder)
        stack.callback(cluster.stop)
        print(f"a leader and a follower in step after {cluster.start():.0f} s", flush=True)
        asked = site.asked(options.module)
        readers = site.prepare(cluster.url, asked, people=options.people, answered=False)
        people, pages = [answering.Person(reader) for reader in readers], Pages()
        environment = site.environment(cluster.url) | {"LMS_PROXIES": "1"}
        port = _nginx(stack, folder, [stack.enter_context(serving(environment, log=folder / "ours")) for _ in range(2)])
        over = threading.Event()
        threads = answering.answer_all(people, asked.options, [port], over)
        pages.read(people[:READERS], port)
        for number in range(options.kills):
            time.sleep(SETTLED)
            killed, seconds = cluster.kill_the_leader()
            print(f"kill {number + 1}: another leader after {seconds:.0f} s", flush=True)
            time.sleep(SETTLED)
            cluster.bring_back(killed)
        time.sleep(SETTLED)
        over.set()
        for thread in threads:
            thread.join()
        pages.end()
        database = Database(cluster.url)
        stack.callback(database.dispose)
        return _told(answering.judge(people, database), pages)


def _told(found: answering.Judgement, pages: Pages) -> int:
    print(f"| {answering.COLUMNS} |\n| {found.told} |")
    for one in found.refused[:5]:
        print("  refused:", one)
    seen = ", ".join(f"{count} × {what}" for what, count in sorted(pages.seen.items()))
    print(f"pages: {seen}; longest until the page came {max(pages.waits):.1f} s")
    errors = sum(count for what, count in pages.seen.items() if what.startswith("error"))
    return found.missing + found.doubled + len(found.refused) + errors


def _nginx(stack: ExitStack, folder: Path, servers: list[Server]) -> int:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        raise SystemExit("nginx must be installed")
    port = free_port()
    listed = " ".join(f"server 127.0.0.1:{server.port};" for server in servers)
    settings = folder / "nginx.conf"
    settings.write_text(_NGINX.format(folder=folder, servers=listed, port=port))
    process = subprocess.Popen([program, "-c", str(settings), "-e", str(folder / "nginx.log")])

    def end() -> None:
        process.terminate()
        process.wait(20)

    stack.callback(end)
    for _ in range(100):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
        except OSError:
            time.sleep(0.05)
        else:
            return port
    raise SystemExit(f"nginx did not come up: {(folder / 'nginx.log').read_text()}")
