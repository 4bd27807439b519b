"""`reward-server audit [KIND]`: how often a kind pays what it should not, or refuses what it should pay."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reward_server.files.auditing import Audit, Mistake, audit_cases, cases_in, shipped_cases
from reward_server.files.folders import open_data
from reward_server.graders import discover
from reward_server.service import open_service
from reward_server.settings import SandboxChoice, Settings
from reward_server.telemetry.logs import configure_logging
from sandboxes.sandbox import SandboxError

_NO_BOUND = 1e12
_TABLE_WIDTH = 120
_COLUMNS = ("kind", "cases", "attacks", "false +", "false −", "other", "no score", "fast µs", "median µs", "worst ms")


def audit(
    kind: Annotated[str | None, typer.Argument(help="Which kind; every kind on its own cases if omitted.")] = None,
    cases: Annotated[
        Path | None,
        typer.Option(help="Rows of task, completion, expected; the package's cases if omitted.", exists=True),
    ] = None,
    sandbox: Annotated[SandboxChoice | None, typer.Option(help="Where programs run.")] = None,
    allow_weak_isolation: Annotated[bool, typer.Option("--allow-weak-isolation", help="As for serve.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="Mistakes to print.")] = 20,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write every mistake as JSONL.")] = None,
) -> None:
    """Grade labelled cases and print false positives, false negatives and times; exit 1 if there is a mistake."""
    console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else _TABLE_WIDTH)
    configure_logging("console")
    if kind is not None and kind not in discover():
        _fail(f"there is no kind {kind!r}; one of: {', '.join(sorted(discover()))}")
    if kind is None and cases is not None:
        _fail("--cases needs the kind they are of: reward-server audit KIND --cases FILE")
    chosen: dict[str, Any] = {"sandbox": sandbox} if sandbox else {}
    chosen |= {"allow_weak_isolation": True} if allow_weak_isolation else {}
    settings = Settings(**chosen, queue_cpu_seconds=_NO_BOUND, cache_file="memory", redis_url=None, audit_file=None)
    try:
        audits = asyncio.run(_audits(settings, [kind] if kind else sorted(discover()), cases))
    except (SandboxError, OSError, ValueError) as error:
        _fail(str(error) or type(error).__name__)
    _show(console, audits, limit)
    if output is not None:
        lines = (
            json.dumps(_record(found.kind, mistake), ensure_ascii=False)
            for found in audits
            for mistake in found.mistakes
        )
        output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if any(found.mistakes for found in audits):
        raise typer.Exit(1)


def _fail(message: str) -> None:
    typer.echo(f"reward-server: {message}", err=True)
    raise typer.Exit(2) from None


async def _audits(settings: Settings, kinds: list[str], file: Path | None) -> list[Audit]:
    audits = []
    async with open_service(settings) as service:
        for kind in kinds:
            cases, attacks = shipped_cases(kind) if file is None else (list(cases_in(open_data(file).rows(), kind)), [])
            grader = discover()[kind]
            lacks = grader.lacking(service.scoring.resources)
            if service.sandboxes is None and grader.needs_sandbox:
                lacks = service.lacking or "no sandboxes"
            found = None if lacks and grader.needs_sandbox else await audit_cases(service.scoring, kind, cases, attacks)
            if found is None or (lacks and found.count("no score")):
                typer.echo(f"{kind} left out: {lacks}", err=True)
                continue
            audits.append(found)
    return audits


def _show(console: Console, audits: list[Audit], limit: int) -> None:
    table = Table(box=None, pad_edge=False)
    for name in _COLUMNS:
        table.add_column(name, no_wrap=True, justify="left" if name == "kind" else "right")
    for found in audits:
        sorts = [str(found.count(sort)) for sort in ("false positive", "false negative", "other outcome", "no score")]
        fast = "–" if found.fast_median_seconds is None else f"{found.fast_median_seconds * 1e6:.0f}"
        times = f"{found.median_seconds * 1e6:.0f}", f"{found.worst_seconds * 1e3:.1f}"
        table.add_row(found.kind, str(found.cases), str(found.attacks), *sorts, fast, *times)
    console.print(table, width=_TABLE_WIDTH, crop=False)
    mistakes = [(found.kind, mistake) for found in audits for mistake in found.mistakes]
    for kind, mistake in mistakes[:limit]:
        record = _record(kind, mistake)
        told = f"{record['sort']}: {record['outcome']}, expected {record['expected'] or 'no pay'}"
        console.print(escape(f"{kind}  {told}  {record['why']}  {record['completion'][:80]!r}"), highlight=False)
    if len(mistakes) > limit:
        console.print(f"… and {len(mistakes) - limit} more")


def _record(kind: str, mistake: Mistake) -> dict[str, Any]:
    case, verdict = mistake.case, mistake.verdict
    return {
        "kind": kind, "sort": mistake.sort, "expected": case.right, "outcome": verdict.outcome.value,
        "score": verdict.score, "why": case.why, "task": case.task, "completion": case.completion,
        "evidence": verdict.evidence,
    }  # fmt: skip
