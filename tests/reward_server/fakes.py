"""Honest small implementations of our protocols, and graders that fail in each way a grader can."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from reward_server.cache import Cache, CacheError
from reward_server.cache.lenient import LenientCache
from reward_server.cache.verdicts import VerdictCache
from reward_server.errors import TaskError
from reward_server.graders import Completion, Grader, Resources, Task
from reward_server.grading.admission import Admission
from reward_server.grading.scoring import Job, Scoring
from reward_server.proofs.kimina import Checked, read_reply
from reward_server.verdict import Outcome, Verdict


class MemoryCache:
    """A dictionary that counts round trips and can be switched off."""

    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}
        self.reads = 0
        self.writes = 0
        self.alive = True

    async def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        self._answer()
        self.reads += 1
        return {key: self.entries[key] for key in keys if key in self.entries}

    async def set_many(self, entries: Mapping[str, bytes]) -> None:
        self._answer()
        self.writes += 1
        self.entries.update(entries)

    async def close(self) -> None:
        self.alive = False

    def _answer(self) -> None:
        if not self.alive:
            raise CacheError("the fake is switched off")


class FakeLean:
    """Answers as a Kimina Lean Server would, by what a comment `-- fake: …` in the source says; else all is proved."""

    url = "fake"

    def __init__(self) -> None:
        self.sources: list[str] = []

    async def check(self, source: str, seconds: int) -> Checked:
        self.sources.append(source)
        return read_reply(self.reply(source, seconds))

    def reply(self, source: str, seconds: int = 60) -> dict[str, Any]:
        """Return the body of `/verify`."""
        told = re.search(r"-- fake: (\w+) ?(.*)", source)
        what, rest = told.groups() if told else ("axioms", "propext")
        question = re.search(r"^#print axioms (\S+)$", source, re.MULTILINE)
        messages: list[dict[str, Any]] = []
        if what == "timeout":
            return {"results": [{"custom_id": "proof", "error": f"Lean REPL command timed out in {seconds} seconds"}]}
        if what == "crash" or (what == "down" and question is None):
            return {"results": [{"custom_id": "proof", "error": "Lean REPL died"}]}
        if what in {"error", "warning", "info"}:
            messages.append({"severity": what, "pos": {"line": 3, "column": 0}, "data": rest})
        if question is not None and what not in {"silent", "swallowed"}:
            line = source[: question.start()].count("\n") + 1
            axioms = rest if what == "axioms" else "propext, Classical.choice, Quot.sound"
            data = f"'{question[1]}' depends on axioms: [{axioms}]"
            data = f"'{question[1]}' does not depend on any axioms" if what == "none" else data
            messages.append({"severity": "info", "pos": {"line": line, "column": 0}, "data": data})
            if what == "twice":
                messages.append(messages[-1] | {"pos": {"line": line + 1, "column": 0}})
        sorries = [{"goal": "False"}] if what == "sorries" else []
        return {"results": [{"custom_id": "proof", "response": {"messages": messages, "sorries": sorries, "env": 0}}]}


class ScriptedTask(Task):
    kind: Literal["scripted"] = "scripted"
    ground_truth: str = "right"


class ScriptedGrader:
    """Grades "fast …" inline and "slow …" slowly; other words make it fail in the way they name."""

    def __init__(self, version: int = 1) -> None:
        self.slow_calls = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.grader: Grader[Any, Any] = Grader(
            task=ScriptedTask,
            version=version,
            compile=self._compile,
            fast=self._fast,
            slow=self._slow,
            examples=[],
            estimate_cpu_seconds=lambda _: 1.0,
        )

    @staticmethod
    def _compile(task: ScriptedTask) -> str:
        if task.ground_truth == "broken":
            raise TaskError("ground_truth: broken")
        if task.ground_truth == "bug":
            raise ZeroDivisionError("a bug of ours")
        return task.ground_truth

    @staticmethod
    def _judge(truth: str, text: str) -> Verdict:
        right = text.rsplit(maxsplit=1)[-1] == truth
        return Verdict(Outcome.CORRECT if right else Outcome.INCORRECT, float(right), text)

    def _fast(self, truth: str, completion: Completion) -> Verdict | None:
        if completion.text == "raise":
            raise KeyError("a bug of ours")
        return self._judge(truth, completion.text) if completion.text.startswith("fast") else None

    async def _slow(self, truth: str, completion: Completion, resources: Resources) -> Verdict:
        self.slow_calls += 1
        await self.gate.wait()
        if completion.text == "slow raise":
            raise OSError("a bug of ours")
        if completion.text == "slow unsure":
            return Verdict(Outcome.TIME_LIMIT, 0.0, cacheable=False)
        return self._judge(truth, completion.text)


def scoring_with(grader: ScriptedGrader, cache: Cache | None = None, queue_cpu_seconds: float = 1000.0) -> Scoring:
    """A Scoring that knows the scripted grader alone."""
    return Scoring(
        {"scripted": grader.grader},
        VerdictCache(LenientCache(cache or MemoryCache(), retry_seconds=0.0)),
        Resources(),
        Admission(slots=2, queue_cpu_seconds=queue_cpu_seconds),
    )


def job(text: str, ground_truth: str = "right") -> Job:
    return Job(ScriptedTask(ground_truth=ground_truth), Completion(text))
