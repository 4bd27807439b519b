"""Few requests begin in one round of the event loop, so that what is asked beside them waits for few.

A round runs all that is ready before it looks for what has come since. A request begins, is graded and ends in one step
of half a millisecond, and sixty-four connections send at once: a round of 40 ms, in which nothing else is heard.
"""

import asyncio
from collections import deque

_IN_A_ROUND = 8


class Turnstile:
    """Lets so many pass in each round, in the order in which they came."""

    def __init__(self, in_a_round: int = _IN_A_ROUND) -> None:
        self._in_a_round = self._left = in_a_round
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._turning = False

    async def enter(self) -> None:
        """Return at once, or in a later round."""
        loop = asyncio.get_running_loop()
        if not self._turning:
            self._turning = True
            loop.call_soon(self._turn)
        if self._left and not self._waiting:
            self._left -= 1
            return
        turn = loop.create_future()
        self._waiting.append(turn)
        await turn

    def _turn(self) -> None:
        """Begin a round; the last one was empty where nobody has passed in it."""
        used, self._left = self._left < self._in_a_round, self._in_a_round
        while self._left and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # who waited may have been cancelled
                turn.set_result(None)
                self._left -= 1
        self._turning = used or self._left < self._in_a_round
        if self._turning:
            asyncio.get_running_loop().call_soon(self._turn)
