"""Three PostgreSQL servers that Patroni keeps in step, with etcd to agree by; all on loopback, for a measurement.

``docs/operator.md`` tells how to run it for people, with the same settings.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres
from tests.serving import free_port

NODES = 3
_PROGRAMS = ("patroni", "etcd")

#: Seconds: how long a leader is believed in, and how often everybody looks.
TTL, LOOK = 20, 2

_NODE = """
scope: latsar
name: node{number}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{host: "127.0.0.1:{etcd}"}}
bootstrap:
  dcs:
    ttl: {ttl}
    loop_wait: {look}
    retry_timeout: 5
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters: {{max_connections: 100, wal_keep_size: 64MB, synchronous_commit: "on"}}
  initdb: [{{encoding: UTF8}}, {{locale: C}}, data-checksums]
  pg_hba: ["local all all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
postgresql:
  listen: "127.0.0.1:{port}"
  connect_address: "127.0.0.1:{port}"
  data_dir: {folder}/data{number}
  bin_dir: {binaries}
  pgpass: {folder}/pgpass{number}
  authentication:
    superuser: {{username: lms, password: lms}}
    replication: {{username: follower, password: follower}}
    rewind: {{username: rewinder, password: rewinder}}
  parameters: {{unix_socket_directories: {folder}}}
"""


class NoCluster(Exception):
    """Something that it needs is missing."""


@dataclass
class Node:
    """One Patroni and its PostgreSQL."""

    number: int
    port: int
    rest: int
    settings: Path
    process: subprocess.Popen[bytes] | None = field(default=None)


class Cluster:
    """``start`` it, ``kill_the_leader``, ``stop`` it. ``folder`` is given away to nobody. Raises ``NoCluster``."""

    def __init__(self, folder: Path) -> None:
        if missing := [name for name in _PROGRAMS if not shutil.which(name)]:
            raise NoCluster(f"{' and '.join(missing)} must be installed (Debian: patroni, etcd-server, python3-etcd)")
        folder.chmod(0o755)
        self._folder, self._etcd_port = folder, free_port()
        self._become = postgres.nobody(folder)
        self._etcd: subprocess.Popen[bytes] | None = None
        self.nodes = [self._node(number) for number in range(NODES)]

    @property
    def url(self) -> str:
        """All three, and whichever takes writes."""
        hosts = "&".join(f"host=127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgresql+psycopg://lms:lms@/postgres?{hosts}&target_session_attrs=read-write"

    def start(self) -> float:
        """Seconds until there is a leader and somebody who follows it in step."""
        begun, peer = time.monotonic(), free_port()
        client = f"http://127.0.0.1:{self._etcd_port}"
        self._etcd = self._run(
            "etcd",
            *("--data-dir", str(self._folder / "etcd"), "--listen-client-urls", client),
            *("--advertise-client-urls", client, "--listen-peer-urls", f"http://127.0.0.1:{peer}"),
            *("--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}"),
            *("--initial-cluster", f"default=http://127.0.0.1:{peer}"),
        )
        for node in self.nodes:
            self._start(node)
        self.until(lambda: self.in_step(), 120)
        return time.monotonic() - begun

    def kill_the_leader(self) -> tuple[Node, float]:
        """SIGKILL to its Patroni and PostgreSQL alike; the node, and after how many seconds another one led."""
        old = self.leader()
        if old is None or old.process is None:
            raise NoCluster("there is no leader to kill")
        begun = time.monotonic()
        os.killpg(old.process.pid, signal.SIGKILL)
        _kill_postgres(self._folder / f"data{old.number}")
        old.process.wait(20)
        self.until(lambda: self.leader() not in (None, old), 120)
        return old, time.monotonic() - begun

    def bring_back(self, node: Node) -> None:
        """Start a node that was killed, and wait until everybody follows in step again."""
        self._start(node)
        self.until(lambda: len(self._members("running", "streaming")) == NODES and self.in_step(), 120)

    def leader(self) -> Node | None:
        return next((node for node in self.nodes if self._asked(node, "/leader")), None)

    def in_step(self) -> bool:
        """Whether some node confirms every commit of the leader."""
        return self.leader() is not None and any(self._asked(node, "/sync") for node in self.nodes)

    def until(self, happened: Callable[[], bool], seconds: float) -> None:
        ends = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > ends:
                raise NoCluster(f"it did not happen within {seconds:g} s; see {self._folder}/*.log")
            time.sleep(0.1)

    def stop(self) -> None:
        for node in self.nodes:
            if node.process and node.process.poll() is None:
                node.process.terminate()
        for node in self.nodes:
            if node.process:
                node.process.wait(60)
        if self._etcd:
            self._etcd.terminate()
            self._etcd.wait(20)

    def _node(self, number: int) -> Node:
        node = Node(number, free_port(), free_port(), self._folder / f"node{number}.yml")
        binaries = postgres.Server.binaries()
        places = {"folder": self._folder, "binaries": binaries, "etcd": self._etcd_port}
        text = _NODE.format(number=number, port=node.port, rest=node.rest, ttl=TTL, look=LOOK, **places)
        node.settings.write_text(text)
        return node

    def _start(self, node: Node) -> None:
        node.process = self._run("patroni", str(node.settings), log=f"node{node.number}.log")

    def _run(self, *command: str, log: str = "etcd.log") -> subprocess.Popen[bytes]:
        with (self._folder / log).open("ab") as file:
            return subprocess.Popen(
                command, stdout=file, stderr=file, preexec_fn=self._become, start_new_session=True, cwd=self._folder
            )

    def _asked(self, node: Node, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{node.rest}{path}", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _members(self, *states: str) -> list[str]:
        for node in self.nodes:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{node.rest}/cluster", timeout=2) as answer:
                    members = json.load(answer)["members"]
                return [member["name"] for member in members if member["state"] in states]
            except OSError:
                continue
        return []


def _kill_postgres(data: Path) -> None:
    """The server and all it started; it leads a session of its own, so the group of Patroni does not hold it."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        children = postgres.children(pid)
    except OSError:
        return
    for process in (pid, *children):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue
