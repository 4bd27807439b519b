"""Functions that worker processes run in tests: importable, so that they can be pickled."""

import os
import signal
import sys
import time


def square(value: int) -> int:
    return value * value


def process_id(_value: int) -> int:
    return os.getpid()


def loaded(module: str) -> bool:
    return module in sys.modules


def spin_deaf_to_exceptions(_value: int) -> None:
    while True:
        try:
            while True:
                pass
        except Exception:  # noqa: BLE001 - that is what libraries do
            pass


def spin_in_c(_value: int) -> int:
    return sum(range(10**13))


def allocate(size: int) -> int:
    return len(bytearray(size))


def die(_value: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(marker: str) -> str:
    if not os.path.exists(marker):  # noqa: PTH110
        with open(marker, "w") as file:  # noqa: PTH123
            file.write("died")
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def fail(_value: int) -> None:
    raise KeyError("a bug of ours")


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "awake"
