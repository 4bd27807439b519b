"""Where a request comes from, as its client names it: run, step and the request's own id; for the audit log alone.

Headers, so that every protocol's clients may say them: `X-Reward-Run` (percent-encoded beyond ASCII), `X-Reward-Step`
(an integer) and `X-Request-ID`.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote

_LONGEST = 512
_DIGITS = 18
_origin: ContextVar[dict[str, Any]] = ContextVar("origin", default={})  # noqa: B039 - never changed in place


def note_origin(headers: Mapping[bytes, bytes], request_id: str) -> None:
    """Keep what a request's headers name for what is written of it; a step that is no integer is left out."""
    named: dict[str, Any] = {"request": request_id}
    run = unquote(headers.get(b"x-reward-run", b"").decode("latin-1"), errors="replace").strip()
    if run:
        named["run"] = run[:_LONGEST]
    step = headers.get(b"x-reward-step", b"").strip()
    if step.removeprefix(b"-").isdigit() and len(step) <= _DIGITS:
        named["step"] = int(step)
    _origin.set(named)


def origin() -> Mapping[str, Any]:
    """Return what is known of the request that is being answered."""
    return _origin.get()
