"""The pages of the kinds, `docs/kinds.md` and `docs/kinds/<kind>.md`, written from the code.

A page has the docstring of the grader's module, the fields of its task, its examples as a request, its error, and what
the docstring of its cases says it was measured against. Cases and attacks are counted anew each time, and the tests
hold that all of them come out as labelled. Errors and times stand in `docs/kinds/audit.json`, which
`make docs ARGS="--audit [KIND …]"` writes by grading every case, as `reward-server audit` does.
"""

import asyncio
import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

from reward_server import cases
from reward_server.files.auditing import audit_cases, shipped_cases
from reward_server.graders import Grader, discover
from reward_server.service import open_service
from reward_server.settings import Settings

from .kind_fields import cell, fields_of

FOLDER = Path(__file__).parents[1] / "docs" / "kinds"
INDEX = FOLDER.with_suffix(".md")
AUDIT = FOLDER / "audit.json"
_WRITTEN = "<!-- Written by `make docs` from the code: change it there. -->\n\n"
_INDEX = f"""# Kinds of tasks

{_WRITTEN}One request may mix all of them. Errors are counted on the cases and attacks that come with the package, each
labelled by a person: FP are completions paid more than they are due, FN those paid less. `reward-server audit` counts
them again, `reward-server audit KIND --cases FILE` those of your own rows. `median` is the time of one verdict, alone,
whose task is compiled, with what the service adds; kinds of milliseconds run programs. `fast tier` is the CPU time of
the kind's own code where it decides at once. Both were taken on two cores, one case after the other.

| kind | what it decides | cases | attacks | FP | FN | fast tier | median |
|---|---|--:|--:|--:|--:|--:|--:|
"""
_MILLISECONDS = 10_000
_ELSEWHERE = {
    "math": "Measured on labelled model answers and hard pairs: `benchmarks/responses_agreement.py`, "
    "`benchmarks/math_accuracy.py`.",
}
"""Kinds whose error is measured by more than the cases that come with them."""
_CURL = "curl -s http://127.0.0.1:8000/score -H 'content-type: application/json' -d @- <<'REQUEST'\n"
Audits = dict[str, dict[str, float | None]]


def pages() -> dict[Path, str]:
    """Return every page as it should be, by its path."""
    audits: Audits = json.loads(AUDIT.read_text())
    graders = sorted(discover().items())
    rows = [f"| [`{kind}`](kinds/{kind}.md) | {cell(_lead(one))} |{_error(kind, audits)}" for kind, one in graders]
    found = {FOLDER / f"{kind}.md": _page(kind, grader, audits) for kind, grader in graders}
    return found | {INDEX: _INDEX + "\n".join(rows) + "\n"}


def request(grader: Grader[Any, Any]) -> dict[str, Any]:
    """Return the examples of a kind as the body of a request."""
    return {
        "items": [{"task": {"kind": grader.kind} | one.task, "completion": one.completion} for one in grader.examples]
    }


def _page(kind: str, grader: Grader[Any, Any], audits: Audits) -> str:
    parts = [f"# `{kind}`", _WRITTEN + _lead(grader), _docstring(grader.task.__module__).partition("\n\n")[2]]
    parts += ["## Fields", fields_of(grader.task), "## Examples", _curl(grader)]
    outcomes = ", ".join(f"`{one.outcome.value}`" for one in grader.examples)
    parts += [f"The outcomes, in order: {outcomes}.", "## Error"]
    table = "| cases | attacks | FP | FN | fast tier | median |\n|--:|--:|--:|--:|--:|--:|\n|" + _error(kind, audits)
    parts += [f"`reward-server audit {kind}`:", table]
    parts += [_docstring(f"{cases.__name__}.{kind}").partition("\n\n")[2]] if kind in cases.kinds() else []
    parts.append(_ELSEWHERE.get(kind, ""))
    return "\n\n".join(filter(None, parts)) + "\n"


def _docstring(module: str) -> str:
    return inspect.cleandoc(importlib.import_module(module).__doc__ or "")


def _lead(grader: Grader[Any, Any]) -> str:
    """Return the first paragraph of the grader's module, without the kind in front."""
    first = re.sub(r"^`\w+`: ", "", _docstring(grader.task.__module__).partition("\n\n")[0])
    return first[:1].upper() + first[1:]


def _error(kind: str, audits: Audits) -> str:
    honest, attacks = map(len, shipped_cases(kind))
    told = audits[kind]
    errors = f"{told['false_positives']} | {told['false_negatives']}"
    return f" {honest} | {attacks} | {errors} | {_time(told['fast_us'])} | {_time(told['median_us'])} |"


def _time(microseconds: float | None) -> str:
    if microseconds is None:
        return "–"
    return f"{microseconds:,.0f} µs" if microseconds < _MILLISECONDS else f"{microseconds / 1000:,.0f} ms"


def _curl(grader: Grader[Any, Any]) -> str:
    items = [json.dumps(item, ensure_ascii=False) for item in request(grader)["items"]]
    return f"```console\n$ {_CURL}" + '{"items": [\n  ' + ",\n  ".join(items) + "\n]}\nREQUEST\n```"


async def _audited(kinds: list[str]) -> Audits:
    settings = Settings(
        sandbox="process", allow_weak_isolation=True, cache_file="memory", redis_url=None, queue_cpu_seconds=1e12
    )
    found: Audits = {}
    async with open_service(settings) as service:
        for kind in kinds:
            audit = await audit_cases(service.scoring, kind, *shipped_cases(kind))
            if audit.count("no score"):
                raise SystemExit(f"{kind}: {audit.count('no score')} without a score; nothing was written")
            fast = audit.fast_median_seconds
            found[kind] = {
                "false_positives": audit.count("false positive"),
                "false_negatives": audit.count("false negative"),
                "fast_us": None if fast is None else round(fast * 1e6, 1),
                "median_us": round(audit.median_seconds * 1e6, 1),
            }
    return found


def measure(kinds: list[str]) -> None:
    """Grade every case of some kinds, or of all, and store what that showed."""
    stored: Audits = json.loads(AUDIT.read_text()) if AUDIT.exists() else {}
    stored |= asyncio.run(_audited(kinds or sorted(discover())))
    FOLDER.mkdir(exist_ok=True)
    AUDIT.write_text(json.dumps(dict(sorted(stored.items())), indent=1) + "\n")
