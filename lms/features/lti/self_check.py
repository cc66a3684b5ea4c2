"""Whether a platform and we can talk to each other: asked on purpose, told step by step. Neither Flask nor SQL.

What a launch itself says is told by its own page (``refusal_page.py``); here is asked what can be known without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from lms.errors import Said
from lms.features.lti.messages import Scope
from lms.features.lti.protocol import LEEWAY, Registration, public_key
from lms.features.lti.refusals import LaunchRefused
from lms.features.lti.services import Away, Services
from lms.learning.api import platform_keys
from lms.outgoing import Answer, ForbiddenAddress, NotAsked, Outgoing

#: Seconds for one request: whoever asks for the check waits for five of them.
WHOLE = 8.0


class Asked(Protocol):
    """What is known of a platform; a row of its table is one."""

    id: UUID
    approved_at: datetime | None
    issuer: str
    client_id: str
    deployments: list[str]
    authorization_url: str
    token_url: str
    keys_url: str
    audience: str | None


class Standing(StrEnum):
    """How something stands. Values are kept with a page and printed."""

    GOOD = "ok"
    DOUBTFUL = "?"
    BAD = "!!"


@dataclass(frozen=True, slots=True)
class Finding:
    """``part``: what was looked at; ``said``: what came of it and what to do; ``detail``: in whatever words it came."""

    part: Said
    standing: Standing
    said: Said
    detail: str = ""


def check(
    platform: Asked,
    outgoing: Outgoing,
    key: Callable[[], platform_keys.SigningKey],
    *,
    here: str,
    now: Callable[[], datetime],
) -> list[Finding]:
    """All that can be asked. ``key``: what we sign with today; ``here``: our own address, "" where it is not known."""
    found = [*_ours(here), _approved(platform), _deployments(platform)]
    keys = _answer(outgoing, platform.keys_url)
    found.append(_keys(platform, keys))
    found.append(_clock(keys, now()))
    found.append(listens := _token(_posted(outgoing, platform.token_url)))
    if listens.standing is Standing.GOOD:
        found.append(_leave(platform, Services(outgoing, key, now)))
    found.append(_authorization(_answer(outgoing, platform.authorization_url)))
    return found


def is_sound(found: list[Finding]) -> bool:
    return worst(found) is not Standing.BAD


def worst(found: list[Finding]) -> Standing:
    """How the whole stands."""
    standings = {one.standing for one in found}
    return next((one for one in (Standing.BAD, Standing.DOUBTFUL) if one in standings), Standing.GOOD)


# --- what is known without asking -----------------------------------------------------------------------------------


def _ours(here: str) -> Iterator[Finding]:
    part = Said("Alamat situs ini")
    if here.startswith("https://"):
        yield Finding(part, Standing.GOOD, Said("Memakai HTTPS."), here)
    elif here:
        wrong = Said("Tidak memakai HTTPS. Di dalam bingkai, peramban menolak kuki situs seperti ini.")
        yield Finding(part, Standing.BAD, wrong, here)


def _approved(platform: Asked) -> Finding:
    part = Said("Persetujuan")
    if platform.approved_at is None:
        return Finding(
            part, Standing.BAD, Said("Belum disetujui: tidak seorang pun dapat masuk (LTI02). Setujui dahulu.")
        )
    return Finding(part, Standing.GOOD, Said("Sudah disetujui."))


def _deployments(platform: Asked) -> Finding:
    part = Said("Pemasangan (deployment)")
    if not platform.deployments:
        return Finding(
            part,
            Standing.BAD,
            Said("Belum ada: setiap pembukaan ditolak (LTI04). Tambahkan Deployment ID dari platform."),
        )
    known = Said("%(n)s dikenal.", n=len(platform.deployments))
    return Finding(part, Standing.GOOD, known, ", ".join(platform.deployments)[:200])


# --- what the platform answers --------------------------------------------------------------------------------------


def _answer(outgoing: Outgoing, url: str) -> Answer | NotAsked:
    try:
        return outgoing.get(url)
    except NotAsked as error:
        return error


def _posted(outgoing: Outgoing, url: str) -> Answer | NotAsked:
    """Asks for a token without anything signed: a platform that listens there says that this is not enough."""
    try:
        return outgoing.post_form(url, {"grant_type": "client_credentials"})
    except NotAsked as error:
        return error


def _not_asked(part: Said, error: NotAsked) -> Finding:
    if isinstance(error, ForbiddenAddress):
        told = Said(
            "Alamat ini tidak boleh dihubungi dari sini (LTI40): bukan https://, atau berada di jaringan sendiri. "
            "Betulkan alamatnya, atau izinkan dengan LMS_OWN_NETWORK."
        )
    else:
        told = Said("Tidak dapat dihubungi (LTI41). Periksa alamatnya, dan apakah server ini boleh keluar ke sana.")
    return Finding(part, Standing.BAD, told, error.detail[:300])


def _keys(platform: Asked, answer: Answer | NotAsked) -> Finding:
    part = Said("Kunci platform")
    if isinstance(answer, NotAsked):
        return _not_asked(part, answer)
    known = _read_keys(answer)
    if known is None:
        told = Said("Alamat ini tidak menjawab dengan kumpulan kunci (JWKS). Salin lagi alamatnya dari platform.")
        return Finding(part, Standing.BAD, told, f"{platform.keys_url}: HTTP {answer.status}")
    registration = Registration(platform.issuer, platform.client_id, frozenset(), known)
    refused = dict(_refused(registration))
    if good := len(known) - len(refused):
        return Finding(
            part, Standing.GOOD, Said("%(n)s kunci dapat dipakai.", n=good), "; ".join(refused.values())[:300]
        )
    told = Said("Tidak satu kunci pun dapat dipakai (LTI23): perlu RSA paling sedikit 2048 bit dengan kid.")
    return Finding(part, Standing.BAD, told, "; ".join(refused.values())[:300])


def _read_keys(answer: Answer) -> Mapping[str, Mapping[str, Any]] | None:
    """By ``kid``; None: it is no set of keys."""
    try:
        said = answer.json() if answer.ok else None
    except NotAsked:
        return None
    listed = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        return None
    return {one["kid"]: one for one in listed if isinstance(one, dict) and isinstance(one.get("kid"), str)}


def _refused(registration: Registration) -> Iterator[tuple[str, str]]:
    """Keys that a launch would not be believed by, with the reason."""
    for id in registration.keys:
        try:
            public_key(registration, id)
        except LaunchRefused as error:
            yield id, error.detail


def _clock(answer: Answer | NotAsked, now: datetime) -> Finding:
    part = Said("Jam")
    try:
        theirs = None if isinstance(answer, NotAsked) else parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        theirs = None
    if theirs is None:
        return Finding(part, Standing.DOUBTFUL, Said("Platform tidak menyebut jamnya."))
    apart = abs((theirs.replace(tzinfo=theirs.tzinfo or UTC) - now).total_seconds())
    told = f"{apart:.0f} s"
    if apart > LEEWAY:
        wrong = Said("Berselisih lebih dari %(n)s detik (LTI27, LTI28). Selaraskan jam kedua server (NTP).", n=LEEWAY)
        return Finding(part, Standing.BAD, wrong, told)
    return Finding(part, Standing.GOOD, Said("Cocok."), told)


def _token(answer: Answer | NotAsked) -> Finding:
    """Whether somebody listens there."""
    part = Said("Alamat token")
    if isinstance(answer, NotAsked):
        return _not_asked(part, answer)
    if answer.status in (400, 401, 403):
        return Finding(
            part, Standing.GOOD, Said("Menjawab, dan menolak yang tidak bertanda tangan."), f"HTTP {answer.status}"
        )
    told = Said("Menjawab lain dari yang semestinya. Salin lagi alamatnya dari platform.")
    return Finding(part, Standing.DOUBTFUL if answer.ok else Standing.BAD, told, f"HTTP {answer.status}")


def _leave(platform: Asked, services: Services) -> Finding:
    """Whether it takes our signature. Where it does not, people come in all the same: that may be how it is wanted."""
    part = Said("Izin mengirim nilai")
    try:
        services.ask_leave(platform, {Scope.SCORE})
    except Away as error:
        told = Said(
            "Tidak diberikan, jadi nilai tidak akan sampai. Di platform, nyalakan layanan nilai untuk situs ini, dan "
            "pastikan platform dapat membuka alamat kunci publik kami."
        )
        return Finding(part, Standing.DOUBTFUL, told, error.detail[:300])
    return Finding(part, Standing.GOOD, Said("Diberikan atas tanda tangan kami."))


def _authorization(answer: Answer | NotAsked) -> Finding:
    """Browsers go there, and not we: that we cannot reach it need not be wrong."""
    part = Said("Alamat masuk")
    if isinstance(answer, NotAsked):
        return Finding(
            part,
            Standing.DOUBTFUL,
            Said("Tidak dapat dihubungi dari server ini; yang membukanya peramban orang. Coba buka sendiri alamatnya."),
            answer.detail[:300],
        )
    if answer.status == 404 or answer.status >= 500:
        told = Said("Tidak ada yang menjawab di alamat ini. Salin lagi alamatnya dari platform.")
        return Finding(part, Standing.BAD, told, f"HTTP {answer.status}")
    return Finding(part, Standing.GOOD, Said("Menjawab."), f"HTTP {answer.status}")


# --- as a text to mail ----------------------------------------------------------------------------------------------


def as_text(name: str, platform: Asked, found: list[Finding], say: Callable[[str], str], *, at: datetime) -> str:
    """What is sent to whoever helps. ``say``: in whose language. It holds no key and no person."""
    head = [
        f"LTI 1.3 · {name} · {at.astimezone(UTC).isoformat(timespec='seconds')}",
        f"issuer: {platform.issuer}",
        f"client_id: {platform.client_id}",
        "",
    ]
    parts = [say(one.part) for one in found]
    width = max(map(len, parts))
    lines = [
        f"{one.standing:<3} {part:<{width}}  {say(one.said)}{f' [{one.detail}]' if one.detail else ''}"
        for part, one in zip(parts, found, strict=True)
    ]
    return "\n".join([*head, *lines])
