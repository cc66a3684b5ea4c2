"""How fast passwords may be tried: who was wrong waits, in a row of their own, and nobody waits for somebody else.

Each try is counted before its password is looked at, so fifty that come at once are not fifty guesses. What came too
early is neither judged nor counted. Why it is built so, and how many guesses it leaves: docs/adr/0013.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.accounts import Tries
from lms.errors import Said, Throttled
from lms.learning import accounts
from lms.learning.sign_ins import tried

#: Wrong tries in a row that cost no wait.
FREE = 5
#: The wait after the first that does, doubled with each one more, up to the longest.
SHORTEST, LONGEST = timedelta(seconds=4), timedelta(minutes=15)
#: So many other networks that were wrong about this account, or other accounts about which this network was wrong, make
#: it hot: then even the first try waits, and whoever goes on being wrong waits four times as long each time.
HOT_ACCOUNT, HOT_NETWORK = 10, 50
FIRST_WHEN_HOT, AGAIN_WHEN_HOT, LONGEST_WHEN_HOT = timedelta(seconds=10), timedelta(seconds=30), timedelta(hours=4)
#: A row is forgotten so long after its last try.
KEPT = timedelta(days=1)


class Kind(StrEnum):
    """What is tried, and so what it is counted beside. Values are stored."""

    NETWORK = "network"  # signing in from a device that nobody knows
    DEVICE = "device"  # signing in from a device on which this account signed in before
    CHANGE = "change"  # the current password, to choose another


class TooEarly(Throttled):
    """``retry_after``: seconds until this is judged; coming earlier makes it no longer."""

    def __init__(self, wait: timedelta) -> None:
        seconds = ceil(wait.total_seconds())
        if seconds > 120:
            told = Said(
                "Kata sandi belum diperiksa, karena sudah terlalu sering dicoba. Tunggu %(minutes)s menit, lalu coba "
                "lagi; mencoba lebih awal tidak menambah waktu tunggu. Tidak ingin menunggu? Masuklah dari perangkat "
                "yang pernah Anda pakai, atau minta tautan undangan baru kepada pengelola.",
                minutes=ceil(seconds / 60),
            )
        else:
            told = Said(
                "Kata sandi belum diperiksa. Tunggu %(seconds)s detik, lalu coba lagi; mencoba lebih awal tidak "
                "menambah waktu tunggu.",
                seconds=seconds,
            )
        super().__init__(told, retry_after=seconds)


@dataclass(frozen=True, slots=True)
class Door:
    """Where a try is counted: one account, tried in one way from one place."""

    kind: Kind
    login: str
    place: str

    @classmethod
    def from_network(cls, login: str, address: str) -> Door:
        return cls(Kind.NETWORK, tried(login), network(address))

    @classmethod
    def from_device(cls, login: str, device: str) -> Door:
        return cls(Kind.DEVICE, tried(login), device)

    @classmethod
    def to_change(cls, login: str) -> Door:
        return cls(Kind.CHANGE, tried(login), "")


def network(address: str) -> str:
    """The neighbours of an address, who are counted as one: 256 of IPv4, a subscriber's network of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""  # a socket in the file system has no address
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network((found, 24 if found.version == 4 else 64), strict=False))


# --- a try --------------------------------------------------------------------------------------------------------


def check(db: Connection, door: Door, *, now: datetime) -> None:
    """Raise ``TooEarly`` where there is no need to write anything: who hammers the door costs one read each time."""
    ready_at = db.execute(select(Tries.ready_at).where(_row(door))).scalar_one_or_none()
    if ready_at is not None and ready_at > now:
        raise TooEarly(ready_at - now)


def begin(db: Session, door: Door, *, now: datetime) -> timedelta:
    """Count a try as wrong, to be committed before its password is looked at. Zero: judge it now.

    Else how long to wait, and it is not to be judged; ``succeeded`` and ``take_back`` undo the count.
    """
    new = _make(db, door, now)
    row = _locked(db, door)
    if row is None:  # who signed in meanwhile took it away
        return begin(db, door, now=now)
    if row.at <= now - KEPT:
        new, row.failures, row.ready_at = True, 0, now
    early = row.ready_at - now
    if early > timedelta():
        return early
    hot = door.kind is Kind.NETWORK and _hot(db, door, now)
    row.at = now
    if hot and new:
        row.ready_at = now + FIRST_WHEN_HOT
        return FIRST_WHEN_HOT
    row.failures += 1
    row.ready_at = now + wait_after(row.failures, hot=hot)
    return timedelta()


def succeeded(db: Session, door: Door) -> None:
    """The password was right: what was wrong before is forgiven."""
    db.execute(delete(Tries).where(_row(door)))


def take_back(db: Session, door: Door, *, now: datetime) -> None:
    """The password was not looked at after all."""
    row = _locked(db, door)
    if row is not None and row.failures:
        row.failures, row.ready_at = row.failures - 1, now


def wait_after(failures: int, *, hot: bool) -> timedelta:
    """How long the next try waits after so many wrong ones in a row."""
    if hot:
        return _growing(AGAIN_WHEN_HOT, 4, failures - 1, LONGEST_WHEN_HOT)
    return timedelta() if failures < FREE else _growing(SHORTEST, 2, failures - FREE, LONGEST)


def _growing(first: timedelta, times: float, steps: int, longest: timedelta) -> timedelta:
    return min(first * times ** min(steps, 20), longest)


def _hot(db: Session, door: Door, now: datetime) -> bool:
    """Whether this account is tried from many networks, or this network tries many accounts.

    No more rows are read than are needed to say so.
    """
    wrong = select(Tries.at).where(Tries.kind == Kind.NETWORK.value, Tries.failures > 0, Tries.at > now - KEPT)
    elsewhere = wrong.where(Tries.login == door.login, Tries.place != door.place).limit(HOT_ACCOUNT)
    others = wrong.where(Tries.place == door.place, Tries.login != door.login).limit(HOT_NETWORK)
    return len(db.scalars(elsewhere).all()) == HOT_ACCOUNT or len(db.scalars(others).all()) == HOT_NETWORK


def _locked(db: Session, door: Door) -> Tries | None:
    return db.scalars(select(Tries).where(_row(door)).with_for_update()).one_or_none()


def _make(db: Session, door: Door, now: datetime) -> bool:
    """Whether this try is the first of its row."""
    insert = {"sqlite": sqlite, "postgresql": postgresql}[db.get_bind().dialect.name].insert
    row = {"kind": door.kind.value, "login": door.login, "place": door.place, "failures": 0, "ready_at": now, "at": now}
    made = insert(Tries).values(row).on_conflict_do_nothing().returning(Tries.failures)
    return db.execute(made).first() is not None


def _row(door: Door) -> ColumnElement[bool]:
    return and_(Tries.kind == door.kind.value, Tries.login == door.login, Tries.place == door.place)


# --- staff and time -----------------------------------------------------------------------------------------------


def unlock(db: Session, login: str, *, now: datetime, actor_id: UUID | None = None) -> bool:
    """Forget what was wrong about an account, wherever it was tried; False when there was nothing.

    Raises ``UnknownPerson``.
    """
    user = accounts.by_login(db, login)
    forgiven: Any = db.execute(delete(Tries).where(Tries.login == user.login))
    if not forgiven.rowcount:
        return False
    audit.record(db, now=now, actor_id=actor_id, action="user.unlock", subject=user.login)
    return True


def forget(db: Session, *, now: datetime, most: int) -> int:
    """Remove rows that count no more, at most so many; how many."""
    key = (Tries.kind, Tries.login, Tries.place)
    old = select(*key).where(Tries.at <= now - KEPT).limit(most)
    removed: Any = db.execute(delete(Tries).where(tuple_(*key).in_(old)))
    return int(removed.rowcount)
