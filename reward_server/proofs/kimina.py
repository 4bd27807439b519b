"""A Kimina Lean Server that the user runs, by its `/verify`, which its versions 1 and 2 both serve."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

import aiohttp

from reward_server.errors import ServiceError

_BEYOND_SECONDS = 60.0
"""How much longer than Lean itself an answer may take: the server starts Lean, and has a queue."""
_AT_ONCE = 64
_LARGEST = 8 << 20


class Checked(NamedTuple):
    """What became of one source."""

    response: Mapping[str, Any]
    """Messages and sorries."""
    error: str
    """Why Lean gave none, empty where it did."""

    @property
    def timed_out(self) -> bool:
        """Whether Lean was ended after the seconds it was given."""
        return "timed out" in self.error


class LeanServer:
    """A client; sessions open with the first question."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def check(self, source: str, seconds: int) -> Checked:
        """Have Lean check a source.

        Raises:
            ServiceError: the server is out of reach, is busy, or answers something else.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(headers=self._headers)
        body = {"codes": [{"custom_id": "proof", "proof": source}], "timeout": seconds}
        limit = aiohttp.ClientTimeout(total=seconds + _BEYOND_SECONDS)
        try:
            async with self._free, self._session.post(f"{self.url}/verify", json=body, timeout=limit) as answer:
                if answer.status != 200:  # noqa: PLR2004
                    raise ServiceError(f"the Lean server answered {answer.status}")
                if (answer.content_length or 0) > _LARGEST:
                    raise ServiceError("the Lean server's answer is too long")
                return read_reply(await answer.json(content_type=None))
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise ServiceError(f"the Lean server at {self.url} failed: {type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def read_reply(answer: Any) -> Checked:
    """Return what the body of an answer says.

    Raises:
        ServiceError: it is not one result with an error or a response.
    """
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list) or len(results) != 1 or not isinstance(results[0], dict):
        raise ServiceError("the Lean server's answer has not one result")
    error, response = results[0].get("error"), results[0].get("response")
    if error:
        return Checked({}, str(error)[:400])
    if not isinstance(response, dict):
        raise ServiceError("the Lean server's result has neither an error nor a response")
    if "message" in response:  # how Lean's REPL says that it could not run the source
        return Checked({}, str(response["message"])[:400])
    return Checked(response, "")
