"""A learning system as far as a tool meets one: a course with people, links that open in a frame, and a gradebook."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from lti1p3platform.registration import Registration
from werkzeug.serving import make_server

CLIENT, DEPLOYMENT = "latsar-kampus", "pemasangan-1"


@dataclass(frozen=True)
class Person:
    """``role``: in the course."""

    id: str
    name: str
    role: str


@dataclass
class Column:
    """Of the gradebook. ``scores``: by person, all that came, the newest last."""

    label: str
    maximum: float
    resource: str
    tag: str
    link: int
    scores: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass
class Link:
    """A place in the course. ``column``: its number in the gradebook, counted from 1."""

    title: str
    url: str
    custom: dict[str, str]
    column: int | None = None


@cache
def _key() -> tuple[str, str]:
    """Private and public; made once, since it takes a moment."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.decode(), made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass
class Campus:
    """``keeps``: whether it keeps data for tools in frames without a cookie (*lti.put_data*). ``launches``: how many
    it was asked for."""

    address: str = ""
    keeps: bool = False
    launches: int = 0
    registration: Registration | None = None
    redirects: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    invited: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    people: dict[str, Person] = field(
        default_factory=lambda: {
            one.id: one
            for one in (
                Person("k-1", "Ada Lovelace", "Learner"),
                Person("k-2", "Grace Hopper", "Instructor"),
                Person("k-3", "Radia Perlman", "Administrator"),
            )
        }
    )

    def new_choice(self) -> str:
        """What comes back with what was chosen, and is good once."""
        self.choices.add(made := secrets.token_urlsafe(16))
        return made

    def invite(self) -> str:
        """A token with which one tool may register."""
        self.invited.add(made := secrets.token_urlsafe(16))
        return made

    def register(self, tool: dict[str, Any]) -> Registration:
        """What a tool says of itself (LTI Dynamic Registration 1.0, 3.2)."""
        ours = tool["https://purl.imsglobal.org/spec/lti-tool-configuration"]
        choosing = next(one for one in ours["messages"] if one["type"] == "LtiDeepLinkingRequest")
        self.redirects = tool["redirect_uris"]
        private, public = _key()
        self.registration = (
            Registration()
            .set_iss(self.address)
            .set_client_id(CLIENT)
            .set_deployment_id(DEPLOYMENT)
            .set_oidc_login_url(tool["initiate_login_uri"])
            .set_launch_url(ours["target_link_uri"])
            .set_deeplink_launch_url(choosing.get("target_link_uri", ours["target_link_uri"]))
            .set_tool_key_set_url(tool["jwks_uri"])
            .set_platform_private_key(private)
            .set_platform_public_key(public)
        )
        return self.registration

    def keys(self) -> list[dict[str, Any]]:
        return [Registration.get_jwk(_key()[1])]

    def place(self, item: dict[str, Any]) -> None:
        """What a tool sent back of what a teacher chose (LTI Deep Linking 2.0, 3.1)."""
        link = Link(item["title"], item["url"], item.get("custom", {}))
        if line := item.get("lineItem"):
            self.columns.append(
                Column(line["label"], line["scoreMaximum"], line["resourceId"], line["tag"], len(self.links))
            )
            link.column = len(self.columns)
        self.links.append(link)

    def newest(self, column: int, person: str) -> dict[str, Any]:
        """The score of a person, or nothing."""
        return self.columns[column - 1].scores.get(person, [{}])[-1]


@contextmanager
def open_campus() -> Iterator[Campus]:
    """One that listens on this machine."""
    from tests.campus.views import application

    campus = Campus()
    server = make_server("127.0.0.1", 0, application(campus), threaded=True)
    campus.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield campus
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
