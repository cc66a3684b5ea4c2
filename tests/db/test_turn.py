"""First come, first served; and nobody waits for somebody who is stuck."""

from __future__ import annotations

import threading
import time

import pytest

from lms.db.turn import NoTurn, Turn


def test_they_are_served_in_the_order_in_which_they_came() -> None:
    turn, served = Turn(seconds=20, stuck=20), list[int]()

    def come(number: int) -> None:
        with turn.taken():
            served.append(number)

    with turn.taken():
        threads = [threading.Thread(target=come, args=(number,)) for number in range(8)]
        for waiting, thread in enumerate(threads, 1):
            thread.start()
            while len(turn._waiting) < waiting:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_two_never_have_it_at_once() -> None:
    turn, inside, most = Turn(seconds=20, stuck=20), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            with turn.taken():
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_wait_has_an_end() -> None:
    turn = Turn(seconds=0.1, stuck=20)
    with turn.taken():
        begun = time.monotonic()
        with _Somebody(turn) as refused:
            assert refused.wait(10)
        assert time.monotonic() - begun >= 0.1
    with turn.taken():
        pass  # whoever went away keeps nobody from it


def test_nobody_waits_for_somebody_who_has_had_it_for_long() -> None:
    turn = Turn(seconds=20, stuck=0.1)
    with turn.taken():
        time.sleep(0.2)
        with _Somebody(turn) as refused:
            assert refused.wait(10), "at once, not after twenty seconds"


def test_who_waited_is_given_the_time_that_the_next_one_has() -> None:
    """The turn goes on: it is a queue, and nobody in it is stuck."""
    turn, served = Turn(seconds=20, stuck=0.5), threading.Event()

    def come(seconds: float) -> None:
        with turn.taken():
            time.sleep(seconds)

    with turn.taken():
        threads = [threading.Thread(target=come, args=(0.3,)) for _ in range(3)]
        for waiting, thread in enumerate(threads, 1):
            thread.start()
            while len(turn._waiting) < waiting:
                time.sleep(0.001)
    last = threading.Thread(target=lambda: (come(0), served.set()))
    last.start()
    for thread in [*threads, last]:
        thread.join()
    assert served.is_set()


def test_it_is_free_again_after_an_error() -> None:
    turn = Turn(seconds=0.1, stuck=0.1)
    with pytest.raises(ZeroDivisionError), turn.taken():
        raise ZeroDivisionError
    with turn.taken():
        pass


class _Somebody:
    """Another thread that asks for the turn; the event is set when it is refused."""

    def __init__(self, turn: Turn) -> None:
        self._turn, self._refused = turn, threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        try:
            with self._turn.taken():
                pass
        except NoTurn:
            self._refused.set()

    def __enter__(self) -> threading.Event:
        self._thread.start()
        return self._refused

    def __exit__(self, *_: object) -> None:
        self._thread.join()


def test_who_goes_on_is_waited_for_however_long_it_takes() -> None:
    turn, served = Turn(seconds=20, stuck=0.1), threading.Event()

    def come() -> None:
        with turn.taken():
            served.set()

    with turn.taken():
        turn.goes_on()
        waiting = threading.Thread(target=come)
        waiting.start()
        time.sleep(0.3)
    waiting.join()
    assert served.is_set()
