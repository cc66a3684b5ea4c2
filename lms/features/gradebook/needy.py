"""Who of a cohort needs somebody, as the list is asked for: by reason, by who was not contacted yet, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import request

from lms.features.gradebook.listing import searched
from lms.learning.api import attention, staff_notes
from lms.web import signs
from lms.web.guards import me
from lms.web.links import link

Reason = attention.Reason
Needy = attention.Needy
Contacts = Mapping[UUID, staff_notes.WrittenNote]

#: The first is how they come.
SORTS = ("urgency", "name", "last_seen")
#: For so long somebody counts as contacted where those are looked for who were not.
LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of them, in which order. ``alasan``: a reason, or empty for all; ``belum``: not contacted lately only."""

    q: str = ""
    alasan: str = ""
    belum: bool = False
    sort: str = "urgency"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.alasan or self.belum)

    def query(self, **changed: Any) -> dict[str, Any]:
        """What an address says of it, with this or that changed; what goes without saying is left out."""
        said = {**asdict(self), **changed}
        return {
            name: int(value) if value is True else value for name, value in said.items() if value and value != SORTS[0]
        }


def asked() -> Asked:
    """Read it from the address; what is unknown falls back to the default."""
    reason, sort = request.args.get("alasan", ""), request.args.get("sort", "")
    return Asked(
        q=searched(),
        alasan=reason if reason in {one.value for one in Reason} else "",
        belum=request.args.get("belum") == "1",
        sort=sort if sort in SORTS else SORTS[0],
    )


def chosen(people: Sequence[Needy], wanted: Asked, contacts: Contacts, *, now: datetime) -> list[Needy]:
    """Those of ``people`` (the most urgent first) who are asked for, in the order that is asked for."""
    words = wanted.q.lower()
    found = [
        one
        for one in people
        if words in f"{one.member.name}\n{one.member.login}".lower()
        and (not wanted.alasan or any(sign.reason == wanted.alasan for sign in one.signs))
        and not (wanted.belum and _lately(contacts.get(one.member.enrolment_id), now))
    ]
    return sorted(found, key=_KEYS[wanted.sort]) if wanted.sort in _KEYS else found


_KEYS: Mapping[str, Callable[[Needy], Any]] = {
    "name": lambda one: one.member.name.lower(),
    "last_seen": lambda one: (one.last_seen_at is not None, one.last_seen_at),  # who was never seen first
}


def _lately(contact: staff_notes.WrittenNote | None, now: datetime) -> bool:
    return contact is not None and now - contact.written_at < LATELY


def reasons(people: Sequence[Needy]) -> list[tuple[Reason, int]]:
    """How many people each reason is true of, the most urgent reason first."""
    counted = Counter(reason for one in people for reason in {sign.reason for sign in one.signs})
    return [(reason, counted[reason]) for reason in Reason if counted[reason]]


def line(one: Needy, contact: staff_notes.WrittenNote | None, moment: datetime) -> dict[str, Any]:
    """What the list shows of one person."""
    return {
        "id": one.member.enrolment_id,
        "name": one.member.name,
        "login": one.member.login,
        "href": link("participant", cohort_id=one.member.cohort_id, user_id=one.member.user_id),
        "last_seen": signs.ago(one.last_seen_at, moment) if one.last_seen_at else "",
        "signs": [signs.told(sign, one.member, moment) for sign in one.signs],
        "contact": contact
        and {
            "when": signs.ago(contact.written_at, moment),
            "who": contact.author,
            "text": contact.text,
            "own": contact.id if contact.author_id == me().user_id else None,
        },
    }


def plain(one: Needy, moment: datetime) -> str:
    """The same as a line of text to copy."""
    said = ((signs.title(sign), signs.sentence(sign, moment)) for sign in one.signs)
    why = "; ".join(": ".join(filter(None, parts)) for parts in said)
    return f"{one.member.name}\t{one.member.login}\t{why}\n"
