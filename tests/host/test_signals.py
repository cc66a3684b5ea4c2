"""A portal hears what its people do in each mount, after it was committed, by the names that it gave them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask

from lms.events import SIGNALS, Event
from tests.host.conftest import Guest
from tests.host.portal import Portal
from tests.host.test_two_mounts import take


@contextmanager
def heard() -> Iterator[list[tuple[Flask, Event]]]:
    """Whatever any signal tells, and of which mount."""
    told = list[tuple[Flask, Event]]()

    def hear(sender: Flask, event: Event) -> None:
        told.append((sender, event))

    with ExitStack() as stack:
        for signal in SIGNALS.values():
            stack.enter_context(signal.connected_to(hear))
        yield told


def submit(guest: Guest, mount: str) -> None:
    visitor = guest.at(mount)
    attempt = take(visitor, mount)
    assert visitor.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"}).status_code == 303


def test_a_portal_hears_what_its_people_do_in_each_mount(two: Portal) -> None:
    ada = two.add("Ada Lovelace", cohorts={"Angkatan I": "participant"})
    with heard() as told:
        guest = Guest(two.app).enter(ada)
        submit(guest, "/latsar")
        submit(guest, "/kursus")
    names = [event.name for _sender, event in told]
    assert names == ["person_enrolled", "attempt_submitted", "attempt_marked"] * 2
    assert {event.host_key for _sender, event in told} == {ada.id}
    senders = [sender for sender, _event in told]
    assert senders[0] is senders[2]
    assert senders[3] is senders[5]
    assert senders[0] is not senders[3]
    first, second = ({event.person for sender, event in told if sender is one} for one in (senders[0], senders[3]))
    assert first.isdisjoint(second)  # each has an account of its own


def test_a_receiver_that_fails_harms_nobody(two: Portal, caplog: pytest.LogCaptureFixture) -> None:
    def fail(sender: Flask, event: Event) -> None:
        raise RuntimeError("the portal's own fault")

    ada = two.add("Ada Lovelace", cohorts={"Angkatan I": "participant"})
    with SIGNALS["attempt_submitted"].connected_to(fail), heard() as told:
        submit(Guest(two.app).enter(ada), "/latsar")
    assert [event.name for _sender, event in told] == ["person_enrolled", "attempt_submitted", "attempt_marked"]
    assert "a receiver failed" in caplog.text
