"""A Kimina Lean Server that the user runs, by its `/verify`, which its versions 1 and 2 both serve.

`forward` passes a request of another client on to it.
"""

import asyncio
import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from reward_server.errors import ServiceError

if TYPE_CHECKING:  # a tenth of a second, for who has a Lean server
    import aiohttp

_BEYOND_SECONDS = 60.0
"""How much longer than Lean itself an answer may take: the server starts Lean, and has a queue."""
_AT_ONCE = 64
_LARGEST = 8 << 20
_JSON = "application/json"
_TOLD, _REFUSED = 200, frozenset({400, 422})
"""Statuses that say something of the proof or of the request; the others are of the server, our key or the way there.
"""


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


class Answer(NamedTuple):
    """What the server answered to a request that was passed on."""

    status: int
    body: bytes
    media_type: str


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
        body = {"codes": [{"custom_id": "proof", "proof": source}], "timeout": seconds}
        answer = await self.forward("/verify", body, seconds)
        if answer.status != _TOLD:
            raise ServiceError(f"the Lean server answered {answer.status}")
        try:
            return read_reply(json.loads(answer.body))
        except ValueError as error:
            raise ServiceError(f"the Lean server at {self.url} failed: {type(error).__name__}: {error}") from error

    async def forward(self, path: str, body: Mapping[str, Any], seconds: float) -> Answer:
        """Pass a request on, as one of a few dozen, and return the answer as it is: results, or a refusal in JSON.

        Raises:
            ServiceError: the server is out of reach, is busy or broken, refuses our key, answers at great length, or
                something else answers: a redirect, a page, an object without results.
        """
        import aiohttp  # noqa: PLC0415

        limit = aiohttp.ClientTimeout(total=seconds + _BEYOND_SECONDS)
        post = partial(self._opened().post, json=body, timeout=limit, allow_redirects=False)
        try:
            async with self._free, post(f"{self.url}{path}") as answer:
                if answer.status != _TOLD and answer.status not in _REFUSED:
                    raise ServiceError(f"the Lean server answered {answer.status}")
                told = await answer.content.read(_LARGEST + 1)
                while len(told) <= _LARGEST and (more := await answer.content.read(_LARGEST)):
                    told += more
                if len(told) > _LARGEST:
                    raise ServiceError("the Lean server's answer is too long")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ServiceError(f"the Lean server at {self.url} failed: {type(error).__name__}: {error}") from error
        if answer.content_type != _JSON or not _is_told(answer.status, told):
            raise ServiceError(f"what answered {answer.status} at {self.url}{path} is no Lean server")
        return Answer(answer.status, told, answer.content_type)

    def _opened(self) -> "aiohttp.ClientSession":
        import aiohttp  # noqa: PLC0415

        if self._session is None:
            self._session = aiohttp.ClientSession(headers=self._headers)
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def _is_told(status: int, body: bytes) -> bool:
    """Tell whether a body is JSON, and one with a list of results where the server has answered."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return status != _TOLD or (isinstance(told, dict) and isinstance(told.get("results"), list))


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
