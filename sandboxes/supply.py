"""Where a slot comes from: an idle one, one that is given back, or one launched meanwhile, whichever is first.

Theory of operation. A slot whose stream has ended is lost: that is seen within a quarter of a second also while it is
idle, is logged with the slot's name, and it is never lent. What is lost or worn is launched anew until there are as
many as there were; while launching fails the family rests, longer each time. Whoever needs a slot waits for one that
lives, however long the work on it takes; but where none lives beside those it holds itself, it waits until
`Family.patience_seconds` after the first launch that failed, and whoever comes later is told so at once.
"""

import asyncio
import logging
import time
from collections import Counter
from contextlib import suppress

from sandboxes import canary
from sandboxes.execution import Program
from sandboxes.families import Family, WeakIsolationError
from sandboxes.sandbox import OutOfSlots, SandboxError
from sandboxes.slot import Slot

LOOK_SECONDS = 0.25
"""How often idle slots are looked at."""
_STILLBORN_SECONDS = 5.0
"""A slot that ends sooner, without a run, is like a launch that failed; one that was killed later is not."""
CAUSES = ("launch", "ended", "silent", "failed", "canary")
"""What slots are lost by, and launches that fail: the values of a metric's label."""
_UNSOUND = "it gave a wrong answer to a known question"
_log = logging.getLogger(__name__)


class Supply:
    """The slots of one family."""

    def __init__(self, family: Family, *, slots: int, allow_weak: bool) -> None:
        self.family = family
        self.live: dict[Slot, float] = {}
        """Slots that were launched and not ended, each with when."""
        self.lost: Counter[str] = Counter()
        """Slots that ended without being asked to, and launches that failed, by cause."""
        self.canaries: Counter[str] = Counter()
        """Known questions that slots were asked, `passed` and `failed`."""
        self.alarm = ""
        """What a slot got wrong of them, until another has passed."""
        self._slots, self._allow_weak = slots, allow_weak
        self._target = self._wanted = 0
        self._short_since: float | None = None
        self._trouble: SandboxError | None = None
        self._launches: set[asyncio.Task[None]] = set()
        self._endings: set[asyncio.Task[None]] = set()
        """Slots being ended: whoever asked for it may be cancelled, the ending goes on."""
        self._changed = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._closed = False

    async def start(self) -> None:
        """Launch as many as there are to be; return when one lives, or when none came up within `Family.start_seconds`.

        Where somebody else starts them they are waited for on the side from then on.

        Raises:
            SandboxError: one could not be launched, and nobody else starts them.
            WeakIsolationError: what came up isolates too little.
        """
        self._target, deadline = self._slots, time.monotonic() + self.family.start_seconds
        while not self.live and (not self._trouble or time.monotonic() < deadline):
            await asyncio.gather(*(self._launch() for _ in range(self._slots)))
            trouble = self._trouble
            if trouble and not self.live and (isinstance(trouble, WeakIsolationError) or not self.family.start_seconds):
                raise trouble
        self._keep()

    async def take(self, program: Program | None, held: int = 0) -> Slot:
        """Return a slot that lives, if possible one that has compiled the program already.

        `held` is how many of this family's slots the caller holds meanwhile.

        Raises:
            OutOfSlots: none lives beside those that are held, and none could be launched for a while.
            WeakIsolationError: what was launched isolates too little.
        """
        self._keep()
        self._wanted += 1
        try:
            while True:
                self._changed.clear()
                if (slot := await self._idle(program)) is not None:
                    return slot
                if len(self.live) <= held:
                    self._refuse()
                rest = self.family.resting_until - time.monotonic()
                if rest <= 0 and len(self._launches) < self._wanted:
                    self._launch_in_background()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS if rest <= 0 else min(rest, LOOK_SECONDS)):
                        await self._changed.wait()
        finally:
            self._wanted -= 1

    def give_back(self, slot: Slot) -> None:
        """Take back a slot that served well."""
        if self._short_since is not None and self.live.get(slot, 0.0) > self._short_since:
            self._short_since = None
        self.family.idle.append(slot)
        self._changed.set()

    def drop(self, slot: Slot, why: str) -> None:
        """See that a slot is not lent again, and begin to end it, which may take seconds: nobody is to wait for that.

        If it failed, `why` says how; that is counted and logged.
        """
        born = self.live.pop(slot, None)
        if born is not None and why and not self._closed:
            self.lost[_cause(why)] += 1
            _log.warning("sandbox slot lost: %s: %s", slot.name, why)
            if not slot.runs and time.monotonic() - born < _STILLBORN_SECONDS:
                self.family.rest_after_failure()
                self._short_since = self._short_since or time.monotonic()
        self._changed.set()
        ending = asyncio.get_running_loop().create_task(self.family.end(slot))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def close(self) -> None:
        """End everything; idempotent."""
        self._closed = True
        tasks = [*self._launches, *([self._keeper] if self._keeper else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        slots = list(self.live)
        self.live.clear()
        self.family.idle.clear()
        await asyncio.gather(*(self.family.end(slot) for slot in slots), *self._endings)

    async def _idle(self, program: Program | None) -> Slot | None:
        """The idle slot that holds the program, or the one idle for longest: its program is missed least."""
        idle = self.family.idle
        while idle:
            slot = next((each for each in idle if program and each.holds(program)), idle[0])
            idle.remove(slot)
            if not slot.lost and (not canary.is_due(slot) or await self._is_sound(slot)):
                return slot
            self.drop(slot, slot.lost or slot.trouble or _UNSOUND)
        return None

    async def _is_sound(self, slot: Slot) -> bool:
        """Whether the slot can tell a right program from a wrong one; one that cannot raises the alarm."""
        try:
            wrong = await canary.sing(slot, list(self.family.versions))
        except SandboxError:
            return False
        self.canaries["failed" if wrong else "passed"] += 1
        if wrong and not self._closed:
            self.alarm = f"{slot.name}: {wrong}"
            _log.error("SANDBOX CANARY FAILED, the slot is taken out: %s", self.alarm)
        elif not wrong:
            self.alarm = ""
        return not wrong

    def _refuse(self) -> None:
        """Raise if there is nothing to wait for."""
        trouble, since = self._trouble, self._short_since
        if self._closed:
            raise SandboxError("the sandboxes are closed")
        if isinstance(trouble, WeakIsolationError):
            raise trouble
        if since is not None and time.monotonic() - since > self.family.patience_seconds:
            raise OutOfSlots(f"no slot of {self.family.name} lives: {trouble or 'they end as soon as they start'}")

    def _keep(self) -> None:
        if self._keeper is None:
            self._keeper = asyncio.get_running_loop().create_task(self._keep_up())

    async def _keep_up(self) -> None:
        """See which idle slots were lost, and launch what is missing."""
        while not self._closed:
            await asyncio.sleep(LOOK_SECONDS)
            for slot in [slot for slot in self.family.idle if slot.lost]:
                with suppress(ValueError):  # lent or ended meanwhile
                    self.family.idle.remove(slot)
                    self.drop(slot, slot.lost)
            await self._ask_idle()
            missing = self._target - len(self.live) - len(self._launches)
            if missing > 0 and time.monotonic() >= self.family.resting_until:
                self._launch_in_background()

    async def _ask_idle(self) -> None:
        """Ask one slot that has been idle for long; others may serve meanwhile."""
        idle = self.family.idle
        slot = None if self._wanted else next((slot for slot in idle if canary.is_due(slot) and not slot.lost), None)
        if slot is None:
            return
        idle.remove(slot)
        if await self._is_sound(slot):
            self.give_back(slot)
        else:
            self.drop(slot, slot.lost or slot.trouble or _UNSOUND)

    def _launch_in_background(self) -> None:
        task = asyncio.get_running_loop().create_task(self._launch())
        self._launches.add(task)
        task.add_done_callback(self._launches.discard)

    async def _launch(self) -> None:
        """Launch one; what goes wrong is kept for who waits."""
        try:
            slot = await self.family.fresh_slot(self._allow_weak)
        except SandboxError as error:
            self.lost["launch"] += 1
            self._trouble = error
            if self._short_since is None:
                self._short_since = time.monotonic()
                _log.warning("no sandbox slot of %s can be launched: %s", self.family.name, error)
        else:
            self.live[slot] = time.monotonic()
            if self.alarm:
                slot.checked_at = float("-inf")  # asked before it serves
            self._trouble = None
            self._target = max(self._target, min(self._slots, len(self.live)))
            self.family.idle.append(slot)
        self._changed.set()


def _cause(why: str) -> str:
    """The kind of failure in one word, for a metric's label."""
    if why == _UNSOUND:
        return "canary"
    head = why.partition(":")[0]
    ended = ("IncompleteReadError", "ConnectionResetError", "BrokenPipeError", "the agent has ended")
    return "ended" if head in ended else "silent" if head == "TimeoutError" else "failed"
