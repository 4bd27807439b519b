"""Work that nobody waits for any more gives up its place in the queue; work that has begun is finished."""

import asyncio
from typing import Any

import pytest

from reward_server.grading import flights as module
from reward_server.grading.admission import Admission
from reward_server.grading.flights import Flight, Flights
from reward_server.verdict import Outcome, Verdict
from sandboxes.turns import Turns

_RIGHT = Verdict(Outcome.CORRECT, 1.0, None, {})


class _Slots:
    """Grades in turns, as the sandboxes do."""

    def __init__(self, slots: int = 1) -> None:
        self.turns, self.go = Turns(slots), asyncio.Event()
        self.admission = Admission(slots=slots, queue_cpu_seconds=1e6)
        self.flights = Flights(self._grade, self.admission)
        self.graded: list[str] = []

    async def _grade(self, key: str, _task: Any, _completion: Any) -> Verdict:
        async with self.turns.take():
            await self.go.wait()
        self.graded.append(key)
        return _RIGHT

    def ask(self, key: str) -> tuple[Flight, asyncio.Task[Verdict]]:
        if key not in self.flights:
            self.admission.admit(1.0)
            self.flights.start(key, None, None, 1.0)  # type: ignore[arg-type]
        flight = self.flights.get(key)
        assert flight is not None
        waiter = asyncio.create_task(flight.verdict())
        flight.board(waiter)
        return flight, waiter


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "KEPT_SECONDS", 0.05)


def test_a_cancelled_request_frees_its_place_and_what_has_begun_is_finished():
    async def run() -> None:
        slots = _Slots()
        asked = [slots.ask(key)[1] for key in ("begun", "waits", "waits too", "wanted twice")]
        again = slots.ask("wanted twice")[1]
        await _settle()
        assert (slots.turns.waiting(), slots.admission.queued_cpu_seconds) == (3, 4.0)
        for waiter in asked:
            waiter.cancel()
        await asyncio.sleep(0.1)
        assert (slots.turns.waiting(), slots.admission.queued_cpu_seconds) == (1, 2.0)
        assert "waits" not in slots.flights
        slots.go.set()
        assert await again == _RIGHT
        assert slots.graded == ["begun", "wanted twice"]
        assert slots.admission.queued_cpu_seconds == 0.0

    asyncio.run(run())


def test_a_client_that_comes_back_at_once_keeps_its_place():
    async def run() -> None:
        slots = _Slots()
        slots.ask("first")
        flight, waiter = slots.ask("second")
        await _settle()
        waiter.cancel()
        await _settle()
        same, again = slots.ask("second")
        assert same is flight
        await asyncio.sleep(0.1)
        slots.go.set()
        assert await again == _RIGHT

    asyncio.run(run())


def test_what_a_deadline_left_keeps_its_place():
    async def run() -> None:
        slots = _Slots()
        slots.ask("first")
        flight, waiter = slots.ask("second")
        await _settle()
        flight.goes_on = True
        waiter.cancel()
        await asyncio.sleep(0.1)
        slots.go.set()
        await flight.verdict()
        assert slots.graded == ["first", "second"]

    asyncio.run(run())


def test_a_request_that_ends_before_it_waited_leaves_no_place_taken():
    async def run() -> None:
        slots = _Slots()
        slots.ask("first")
        _, waiter = slots.ask("second")
        waiter.cancel()  # it never ran
        await asyncio.sleep(0.1)
        assert "second" not in slots.flights
        slots.go.set()
        await slots.flights.close()

    asyncio.run(run())
