"""What each trainer is given when the service fails: nothing of ours becomes a number, and nothing is lost.

The adapters are called as their trainers call them (`tests/trainers` has the trainers' own code). Faults that take time
are lived through by all adapters at once.
"""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.trainer_client.fakes import FakeService, fake_service
from tests.trainer_client.fault_table import (
    ALONE,
    FAULTS,
    NO_GROUP,
    RAISES,
    RAISES_ALONE,
    REJECTED,
    REWARDS,
    UNAVAILABLE,
    expected,
)
from trainer_client import RequestRejected, Unavailable, Ungradable, pair
from trainer_client.adapters import Adapter, discover
from trainer_client.client.connection import Connection

A, BROKEN, MISSPELT = {"kind": "exact", "ground_truth": "A"}, {"kind": "broken"}, {"kind": "misspelt"}
ADAPTERS = discover()
_AWAY_SECONDS = 4.0

each_adapter = pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=ADAPTERS)


@pytest.fixture
def raised(monkeypatch: pytest.MonkeyPatch) -> list[Ungradable]:
    """Every `Ungradable` that a plug makes, those included that `as_called` takes as its trainer would."""
    made: list[Ungradable] = []
    construct: Callable[..., None] = Ungradable.__init__

    def noted(self: Ungradable, *told: object) -> None:
        made.append(self)
        construct(self, *told)

    monkeypatch.setattr(Ungradable, "__init__", noted)
    monkeypatch.setattr("trainer_client.client.client._REGRADE_WAIT_SECONDS", 0.001)
    return made


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines of one second instead of minutes."""
    patient = Connection.deadline
    monkeypatch.setattr(Connection, "deadline", lambda self, seconds, what: patient(self, min(seconds, 1.0), what))


@pytest.fixture
def service() -> Iterator[FakeService]:
    with fake_service() as running:
        yield running


def given(adapter: Adapter, url: str, second: dict[str, str] = A) -> list[float | None] | str:
    """Return what a trainer is given for a right, a `second` and a wrong completion, or what is raised."""
    try:
        return adapter.as_called(url, pair([A, second, A], "AAB"))
    except (RequestRejected, Unavailable) as error:
        return f"raises `{type(error).__name__}`"


def in_words(told: list[float | None] | str, raised: list[Ungradable]) -> str:
    if isinstance(told, str):
        return told
    words = {
        (1.0, 1.0, 0.0): REWARDS,
        (1.0, None, 0.0): RAISES_ALONE if raised else ALONE,
        (None, None, None): RAISES if raised else NO_GROUP,
    }
    return words.get(tuple(told), f"numbers that are not the service's: {told}")


def by_all(url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, str]]:
    """Have every adapter begin its step at once; call what is returned to wait for what each was given."""
    monkeypatch.setenv("REWARD_URL", url)  # the same for all of them, so that they may share the environment
    threads = ThreadPoolExecutor(len(ADAPTERS))
    steps = {trainer: threads.submit(given, adapter, url) for trainer, adapter in ADAPTERS.items()}

    def wait() -> dict[str, str]:
        with threads:
            return {trainer: in_words(step.result(), []) for trainer, step in steps.items()}

    return wait


def as_expected(fault: str) -> dict[str, str]:
    return {trainer: expected(trainer)[fault] for trainer in ADAPTERS}


@pytest.mark.usefixtures("hurried")
def test_a_service_that_is_down_or_hangs_past_the_deadline_gives_no_number(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    assert by_all(f"http://127.0.0.1:{port}", monkeypatch)() == as_expected("down")
    service.moods = ["hang"] * 20 * len(ADAPTERS)
    assert by_all(service.url, monkeypatch)() == as_expected("hangs")


def test_a_service_that_dies_in_mid_step_and_comes_back_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_service(moods=["hang"] * 20 * len(ADAPTERS)) as dying:
        wait = by_all(dying.url, monkeypatch)
        patience = time.monotonic() + 30
        while waiting(dying) < 3 * len(ADAPTERS) and time.monotonic() < patience:
            time.sleep(0.02)
        assert waiting(dying) == 3 * len(ADAPTERS), "the completions of all are with the service"
    time.sleep(_AWAY_SECONDS)
    with fake_service(port=int(dying.url.rpartition(":")[2])):
        assert wait() == as_expected("killed")


def waiting(service: FakeService) -> int:
    """Return how many completions are with a service that hangs; plugs of one process share their requests."""
    return sum(len(request["items"]) for request in service.requests)


def test_a_slow_service_is_waited_for(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    service.moods = ["slow"] * 20 * len(ADAPTERS)
    assert by_all(service.url, monkeypatch)() == as_expected("slow")


@each_adapter
def test_what_is_answered_at_once_is_taken_as_it_is_meant(
    adapter: Adapter, service: FakeService, raised: list[Ungradable]
) -> None:
    told = expected(adapter.trainer)
    service.moods = ["busy"]
    assert in_words(given(adapter, service.url), raised) == told["busy"]
    service.moods = ["locked"] * 20
    assert in_words(given(adapter, service.url), raised) == told["locked"]
    service.moods = []
    assert in_words(given(adapter, service.url, MISSPELT), raised) == told["broken row"]
    raised.clear()
    assert in_words(given(adapter, service.url, BROKEN), raised) == told["ungradable"]


def test_the_table_tells_every_fault_of_every_trainer_in_words_that_are_no_numbers() -> None:
    words = {REWARDS, UNAVAILABLE, REJECTED, ALONE, RAISES_ALONE, RAISES, NO_GROUP}
    for trainer in ADAPTERS:
        assert expected(trainer).keys() == FAULTS.keys()
        assert set(expected(trainer).values()) <= words
