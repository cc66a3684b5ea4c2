"""What happened, as a signed request to one address of the operator's (a webhook).

The signature is that of others in this field: ``t=<seconds>,v1=<hex>`` of HMAC-SHA256 over the time of sending, a full
stop and the body, so that nobody else can tell our receiver anything, and nothing that was recorded is of use later.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from lms.catalog.model import Catalog
from lms.learning.events import Event
from lms.outgoing import Answer, Outgoing

#: What rows for it are found by.
NAME = "webhook"
SIGNATURE = "Latsar-Signature"


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str
    secret: str = field(repr=False)
    name: str = NAME

    def says(self, event: Event, id: UUID, catalog: Catalog) -> dict[str, Any]:
        """All that an event holds, but for what its host calls the person."""
        held = {one.name: getattr(event, one.name) for one in fields(event) if one.name != "host_key"}
        return {"id": str(id), "event": event.name, **{name: _plain(value) for name, value in held.items()}}

    def offer(self, outgoing: Outgoing, id: UUID, told: dict[str, Any], *, now: datetime) -> Answer:
        body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
        headers = {"Content-Type": "application/json", SIGNATURE: signed(self.secret, body, int(now.timestamp()))}
        return outgoing.send_bytes("POST", self.url, body, headers)

    def took(self, answer: Answer) -> bool:
        return answer.ok


def signed(secret: str, body: bytes, seconds: int) -> str:
    code = hmac.new(secret.encode(), f"{seconds}.".encode() + body, "sha256").hexdigest()
    return f"t={seconds},v1={code}"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
