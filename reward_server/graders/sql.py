"""`sql`: does the completion's query mean what the gold query means?

Both are run in a sandbox on the task's own database and on generated ones (`reward_server.queries.generation`) on which
the gold query gives rows, and must give the same rows on each: as a list where the gold query has an ORDER BY at its
outermost level, else as a bag. Decided: two empty results prove nothing, so a gold query that never gives rows breaks
the row; where the gold query leaves something open (ties under LIMIT, no ORDER BY), databases on which that matters are
left out, or only the bag is compared; column names do not count, column order does; a statement that does not only
read, or a second one, is wrong; a query in another dialect that SQLite cannot be told is wrong and says so.
"""

import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from reward_server.errors import ServiceError, TaskError
from reward_server.graders import Completion, Example, Grader, Resources, Task
from reward_server.queries.bounded import within_bounds
from reward_server.queries.comparison import Rows, read_rows, same_rows
from reward_server.queries.dialects import CASED, DIALECTS, NotAQuery
from reward_server.queries.extraction import find_query
from reward_server.queries.generation import Database, generate
from reward_server.queries.harness import SOURCE
from reward_server.queries.reading import Query, read_query
from reward_server.queries.scripts import dialect_of
from reward_server.queries.tables import Table, read_tables
from reward_server.testing.judging.suite import OUTCOMES, certain
from reward_server.verdict import Outcome, Verdict
from sandboxes.decoding import with_value
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.sandbox import SandboxError
from sandboxes.stages import stage

_SHOWN = 400
_SAME = {"sqlite3": "sqlite", "sparksql": "spark", "spark sql": "spark", "trino": "presto", "athena": "presto"}
_TRIED = 40
"""Databases on which the gold query is run once for a task."""
_KEPT = 14
"""Of these, how many the completion's query is run on, those with rows first."""
_OUTPUT = 1 << 20
"""Bytes of rows over all databases."""
_OWN = 4
"""Databases made around the constants of the completion's own query."""


def _dialect(value: Any) -> Any:
    """Return our name of a dialect that is called by another usual one: `postgresql`, `sqlite3`, `mssql`."""
    called = value.strip().lower() if isinstance(value, str) else value
    return _SAME.get(called) or dialect_of(called) or called if isinstance(called, str) else value


class SqlTask(Task):
    """Grade an SQL query."""

    kind: Literal["sql"] = "sql"
    ground_truth: str
    """The gold query."""
    database: str
    """A script that makes the database: CREATE TABLE, with or without INSERT."""
    dialect: Annotated[Literal[DIALECTS], BeforeValidator(_dialect)] = "sqlite"  # type: ignore[valid-type]
    """What the gold query, the script and the completion are written in; `postgresql`, `sqlite3`, `mssql` and the like
    are taken too."""
    generated: bool = True
    """False compares on the task's own rows alone, as BIRD and Spider do."""
    cpu_seconds: float = Field(default=5.0, gt=0.01, le=60)
    """CPU time for all databases together."""


@dataclass(frozen=True)
class _Compiled:
    gold: Query
    script: str
    tables: list[Table]
    databases: list[Database | None]
    """None is the task's own database."""
    dialect: str
    limits: Limits
    seed: int
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: dict[str, Any] = field(default_factory=dict)
    """The gold query's results, once it has been run."""


def compile_task(task: SqlTask) -> _Compiled:
    """Read the script and the gold query, and generate the databases.

    Raises:
        TaskError: the script creates nothing or cannot be read, or the gold query is not one.
    """
    tables, script = read_tables(task.database, task.dialect)
    try:
        gold = read_query(task.ground_truth, task.dialect)
    except NotAQuery as error:
        raise TaskError(f"ground_truth: {error}") from None
    seed = int.from_bytes(hashlib.sha256(f"{task.database}\0{task.ground_truth}".encode()).digest()[:8], "big")
    databases: list[Database | None] = [None]
    if task.generated:
        databases += generate(tables, gold.literals, seed, _TRIED)
    limits = Limits(cpu_seconds=task.cpu_seconds, output_bytes=_OUTPUT)
    return _Compiled(gold, script, tables, databases, task.dialect, limits, seed)


def fast(compiled: _Compiled, completion: Completion) -> Verdict | None:
    """Decide where there is no query."""
    if find_query(completion.text) is not None:
        return None
    evidence = {"method": "sql", "ground_truth": compiled.gold.sql[:_SHOWN], "reason": "no query in the completion"}
    return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)


def queried(written: tuple[str, str]) -> Query | str:
    """Read a text in a dialect; why it is not one query, where it is none."""
    try:
        return read_query(*written)
    except NotAQuery as error:
        return str(error)


def _not_a_query(compiled: _Compiled, text: str, reason: str) -> Verdict:
    evidence = {"method": "not_a_query", "ground_truth": compiled.gold.sql[:_SHOWN], "reason": reason}
    return Verdict(Outcome.INCORRECT, 0.0, text[:_SHOWN], evidence)


async def slow(compiled: _Compiled, completion: Completion, resources: Resources) -> Verdict:
    """Run both queries and compare their rows.

    Raises:
        TaskError: the gold query fails, gives no rows anywhere, or has no determined answer.
        ServiceError: there are no sandboxes or workers here, or they failed.
    """
    text = find_query(completion.text)
    assert text is not None, "`fast` decides completions without a query"
    query = await within_bounds(queried, (text, compiled.dialect), resources.workers)
    if query is None or isinstance(query, str):
        return _not_a_query(compiled, text, query or "reading it takes too long")
    if resources.sandboxes is None:
        raise ServiceError(resources.lacking)
    async with compiled.lock:
        if not compiled.known:
            compiled.known["plan"] = await _determined(compiled, compiled.databases, resources, _KEPT)
    plan: list[_Expected] = compiled.known["plan"]
    if not any(expected.rows.rows for expected in plan):
        raise TaskError("ground_truth: the gold query gives no rows on any database, so any empty query would be right")
    own = generate(compiled.tables, query.literals, compiled.seed + 1, _OWN) if len(compiled.databases) > 1 else []
    if own:
        plan = plan + await _determined(compiled, list(own), resources, _OWN, own=True)
    databases = [expected.database for expected in plan]
    execution, rows = await _execute(compiled, databases, query.sql, resources, reverse=False)
    with stage("compare"):
        return _judged(compiled, plan, execution, rows, query)


@dataclass(frozen=True, slots=True)
class _Expected:
    database: Database | None
    rows: Rows
    ordered: bool


async def _determined(
    compiled: _Compiled, databases: list[Database | None], resources: Resources, kept: int, *, own: bool = False
) -> list[_Expected]:
    """Run the gold query twice, once with scans and ties turned round, and keep what both give alike.

    `own` says that the databases were made around a completion's constants: where the gold query fails on those, they
    prove nothing, and the row is not to blame.
    """
    results = []
    for reverse, sql in enumerate(compiled.gold.turned):
        execution, rows = await _execute(compiled, databases, sql, resources, reverse=bool(reverse))
        if execution.status is not Status.OK:
            if own:
                return []
            raise TaskError(f"ground_truth: the gold query ends with {execution.status.value}: {execution.error[:200]}")
        results.append(rows)
    expected: list[_Expected] = []
    for database, once, turned in zip(databases, *results, strict=True):
        if once.error or turned.error:
            if database is None:
                raise TaskError(
                    f"ground_truth: the gold query fails on the task's database: {once.error or turned.error}"
                )
            continue
        if same_rows(once, turned, ordered=False):
            ordered = compiled.gold.ordered and same_rows(once, turned, ordered=True)
            expected.append(_Expected(database, once, ordered))
    expected.sort(key=lambda one: (one.database is not None, any((one.database or {}).values()), not one.rows.rows))
    return expected[:kept]


async def _execute(
    compiled: _Compiled, databases: list[Database | None], sql: str, resources: Resources, *, reverse: bool
) -> tuple[Execution, list[Rows]]:
    """Run one query on each database; return how that ended, and the rows on each."""
    dialect = compiled.dialect
    given = (compiled.script, databases, sql, reverse, dialect != "sqlite", dialect in CASED)
    call = Invocation(function="run", args=given)
    try:
        executions = await resources.sandboxes.run(Program("python", SOURCE), [call], compiled.limits, lambda *_: False)
    except SandboxError as failure:
        raise ServiceError(f"the sandbox failed: {failure}") from failure
    execution: Execution = executions[0]
    if not execution.encoded:
        return execution, read_rows(execution.value, len(databases))
    return await asyncio.to_thread(_decoded, execution, len(databases))


def _decoded(execution: Execution, count: int) -> tuple[Execution, list[Rows]]:
    """Read a large result, away from the event loop."""
    execution = with_value(execution)
    return execution, read_rows(execution.value, count)


def _judged(
    compiled: _Compiled, plan: list[_Expected], execution: Execution, rows: list[Rows], query: Query
) -> Verdict:
    evidence: dict[str, Any] = {
        "method": "sql",
        "ground_truth": compiled.gold.sql[:_SHOWN],
        "databases": len(plan),
        "with_rows": sum(bool(expected.rows.rows) for expected in plan),
        "cpu_seconds": round(execution.cpu_seconds, 4),
    }
    answer = query.sql[:_SHOWN]
    if execution.status is not Status.OK:
        evidence["error"] = execution.error[:200]
        return Verdict(OUTCOMES[execution.status], 0.0, answer, evidence, cacheable=certain(execution))
    for number, (expected, got) in enumerate(zip(plan, rows, strict=True)):
        if same_rows(expected.rows, got, ordered=expected.ordered):
            continue
        outcome = Outcome.RUNTIME_ERROR if got.error else Outcome.INCORRECT
        return Verdict(outcome, 0.0, answer, evidence | {"witness": _witness(number, expected, got)})
    return Verdict(Outcome.CORRECT, 1.0, answer, evidence)


def _witness(number: int, expected: _Expected, got: Rows) -> dict[str, Any]:
    """Return a database on which the two differ, with the first rows of each."""
    if got.error:
        return {"database": number, "error": got.error}
    gold, other = expected.rows.rows, got.rows
    only_gold, only_other = _beyond(gold, other), _beyond(other, gold)
    database = "the task's own" if expected.database is None else json.dumps(expected.database, ensure_ascii=False)
    return {
        "database": database[:2000],
        "expected_rows": len(gold),
        "got_rows": len(other),
        "expected_columns": expected.rows.columns,
        "got_columns": got.columns,
        "missing": [list(row) for row in only_gold],
        "surplus": [list(row) for row in only_other],
        "order": expected.ordered,
    }


def _beyond(rows: list[tuple[Any, ...]], others: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the first rows that are not among others, in time linear in both: thousands of each may come."""
    known = set(others)
    return list(islice((row for row in rows if row not in known), 3))


def _environment(_compiled: _Compiled, resources: Resources) -> str:
    return "" if resources.sandboxes is None else str(resources.sandboxes.environment_of("python"))


_CITIES = {
    "kind": "sql",
    "database": "CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT NOT NULL, people INTEGER);"
    "INSERT INTO city VALUES (1, 'Lyon', 522), (2, 'Nice', 342), (3, 'Paris', 2102);",
    "ground_truth": "SELECT name FROM city WHERE people > 500",
}

GRADER = Grader(
    task=SqlTask,
    version=3,
    compile=compile_task,
    fast=fast,
    slow=slow,
    cache_key=lambda _compiled, completion: find_query(completion.text) or "",
    environment=_environment,
    needs_sandbox=True,
    state=lambda compiled: f"```sql\n{compiled.gold.sql}\n```",
    estimate_cpu_seconds=lambda _compiled: 0.05,
    examples=[
        Example(_CITIES, "```sql\nSELECT c.name FROM city AS c WHERE NOT c.people <= 500\n```", Outcome.CORRECT),
        Example(_CITIES, "```sql\nSELECT name FROM city WHERE people >= 500\n```", Outcome.INCORRECT),
        Example(_CITIES, "```sql\nSELECT 'Lyon' UNION ALL SELECT 'Paris'\n```", Outcome.INCORRECT),
        Example(_CITIES, "```sql\nDROP TABLE city\n```", Outcome.INCORRECT),
        Example(_CITIES, "I would look it up.", Outcome.NO_ANSWER),
    ],
)
