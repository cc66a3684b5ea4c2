"""Each setting is broken in turn, and the check names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from lms.features.lti import self_check
from lms.features.lti.messages import Scope
from lms.features.lti.self_check import Standing
from lms.learning import platform_keys
from lms.outgoing import Outgoing
from tests.conftest import NOON
from tests.features.lti import platform
from tests.features.lti.local import SIGNED, Local

HERE = "https://latsar.example.go.id"
#: What we sign with; made once, since it takes a moment.
key = cache(platform_keys.new_key)


@dataclass
class Known:
    """What was agreed on with the local platform."""

    issuer: str
    authorization_url: str
    token_url: str
    keys_url: str
    client_id: str = "abc"
    audience: str = ""
    id: UUID = field(default_factory=uuid4)
    deployments: list[str] = field(default_factory=lambda: ["7"])
    approved_at: datetime | None = NOON


def known(local: Local) -> Known:
    address = local.address
    return Known(address, f"{address}/auth", f"{address}/token", f"{address}/keys")


def now() -> datetime:
    return datetime.now(UTC)


def found(platform: Known, *, here: str = HERE, own_network: bool = True) -> dict[str, tuple[Standing, str]]:
    outgoing = Outgoing(own_network=own_network, whole=self_check.WHOLE)
    told = self_check.check(platform, outgoing, key, here=here, now=now)
    return {str(one.part): (one.standing, one.said) for one in told}


def test_a_sound_platform_passes(local: Local) -> None:
    told = found(known(local))
    assert {standing for standing, _ in told.values()} == {Standing.GOOD}
    assert len(told) == 8
    assert told["Kunci platform"][1] == "1 kunci dapat dipakai."


def _waiting(local: Local, one: Known) -> None:
    one.approved_at = None


def _without_deployment(local: Local, one: Known) -> None:
    one.deployments = []


def _answering(at: str, said: tuple[int, Any]) -> Callable[[Local, Known], None]:
    def change(local: Local, one: Known) -> None:
        local.answers[at] = said

    return change


def _nobody(name: str) -> Callable[[Local, Known], None]:
    def change(local: Local, one: Known) -> None:
        setattr(one, name, "http://127.0.0.1:1/nobody")

    return change


def _slow(seconds: int) -> Callable[[Local, Known], None]:
    def change(local: Local, one: Known) -> None:
        local.date = format_datetime(now() + timedelta(seconds=seconds), usegmt=True)

    return change


def _saying(date: str) -> Callable[[Local, Known], None]:
    def change(local: Local, one: Known) -> None:
        local.date = date

    return change


@pytest.mark.parametrize(
    ("change", "part", "standing", "words"),
    [
        (_waiting, "Persetujuan", Standing.BAD, "LTI02"),
        (_without_deployment, "Pemasangan (deployment)", Standing.BAD, "LTI04"),
        (_answering("/keys", (404, "?")), "Kunci platform", Standing.BAD, "JWKS"),
        (_answering("/keys", (200, "<html>")), "Kunci platform", Standing.BAD, "JWKS"),
        (_answering("/keys", (200, {"keys": "?"})), "Kunci platform", Standing.BAD, "JWKS"),
        (_answering("/keys", (200, {"keys": []})), "Kunci platform", Standing.BAD, "LTI23"),
        (
            _answering("/keys", (200, {"keys": [platform.SHORT | {"kid": "x"}]})),
            "Kunci platform",
            Standing.BAD,
            "LTI23",
        ),
        (_nobody("keys_url"), "Kunci platform", Standing.BAD, "LTI41"),
        (_nobody("keys_url"), "Jam", Standing.DOUBTFUL, "tidak menyebut"),
        (_saying("besok"), "Jam", Standing.DOUBTFUL, "tidak menyebut"),
        (_slow(60), "Jam", Standing.BAD, "LTI28"),
        (_slow(-60), "Jam", Standing.BAD, "LTI27"),
        (_nobody("token_url"), "Alamat token", Standing.BAD, "LTI41"),
        (_answering("/token", (404, "?")), "Alamat token", Standing.BAD, "Salin lagi"),
        (_answering("/token", (200, "<html>")), "Alamat token", Standing.DOUBTFUL, "Salin lagi"),
        (
            _answering(SIGNED, (400, {"error": "invalid_client"})),
            "Izin mengirim nilai",
            Standing.DOUBTFUL,
            "kunci publik",
        ),
        (_answering(SIGNED, (200, "<html>")), "Izin mengirim nilai", Standing.DOUBTFUL, "kunci publik"),
        (_answering(SIGNED, (503, "")), "Izin mengirim nilai", Standing.DOUBTFUL, "layanan nilai"),
        (_nobody("authorization_url"), "Alamat masuk", Standing.DOUBTFUL, "peramban"),
        (_answering("/auth", (404, "?")), "Alamat masuk", Standing.BAD, "Salin lagi"),
        (_answering("/auth", (302, "")), "Alamat masuk", Standing.GOOD, "Menjawab"),
    ],
)
def test_what_is_broken_is_named(
    local: Local, change: Callable[[Local, Known], None], part: str, standing: Standing, words: str
) -> None:
    one = known(local)
    change(local, one)
    told = found(one)
    assert told[part][0] is standing
    assert words in told[part][1]
    others = {name for name, (how, _) in told.items() if how is not Standing.GOOD and name != part}
    assert others <= {"Kunci platform", "Jam"}, "and nothing else is accused"


def test_leave_to_send_scores_is_asked_for_with_our_signature(local: Local) -> None:
    found(known(local))
    (said,) = [body for _, path, _, body in local.asked if path == "/token" and b"client_assertion=" in body]
    form = {name: value for name, (value,) in parse_qs(said.decode()).items()}
    assert form["scope"] == Scope.SCORE
    claims = jwt.decode(form["client_assertion"], RSAKey.import_key(key().private), algorithms=["RS256"]).claims
    assert (claims["iss"], claims["aud"]) == ("abc", f"{local.address}/token")


def test_where_nobody_gives_tokens_nobody_is_asked_for_leave(local: Local) -> None:
    local.answers["/token"] = (404, "?")
    assert "Izin mengirim nilai" not in found(known(local))


def test_addresses_in_the_own_network_are_told_and_not_asked(local: Local) -> None:
    told = found(known(local), own_network=False)
    assert "LTI40" in told["Kunci platform"][1]
    assert "LTI40" in told["Alamat token"][1]
    assert local.asked == []


def test_a_site_without_tls_is_told(local: Local) -> None:
    assert found(known(local), here="http://latsar.example")["Alamat situs ini"][0] is Standing.BAD
    assert "Alamat situs ini" not in found(known(local), here="")


def test_the_text_for_whoever_helps_holds_all_of_it(local: Local) -> None:
    one = known(local)
    one.deployments = []
    told = self_check.check(one, Outgoing(own_network=True), key, here=HERE, now=now)
    text = self_check.as_text("Moodle", one, told, str, at=NOON)
    assert text.splitlines()[:3] == [
        "LTI 1.3 · Moodle · 2026-11-23T12:00:00+00:00",
        f"issuer: {local.address}",
        "client_id: abc",
    ]
    assert "!!  Pemasangan (deployment)  Belum ada" in text
    assert len(text.splitlines()) == 4 + len(told)
    assert not self_check.is_sound(told)


def test_the_whole_stands_as_the_worst_of_it(local: Local) -> None:
    def stands(one: Known) -> Standing:
        return self_check.worst(self_check.check(one, Outgoing(own_network=True), key, here=HERE, now=now))

    one = known(local)
    assert stands(one) is Standing.GOOD
    local.answers[SIGNED] = (401, "")
    assert stands(one) is Standing.DOUBTFUL
    one.deployments = []
    assert stands(one) is Standing.BAD
