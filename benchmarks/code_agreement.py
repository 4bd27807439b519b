"""Agreement of the code grader with labelled programs, each disagreement listed.

    python benchmarks/code_agreement.py [python] [stdin] [multilang] [--launcher process|docker] [--bare-python]
        [--limit N] [--concurrency 4]

Without a set it takes `python` and `stdin`. Labels say pass or fail; agreement is that the outcome is `correct` exactly
for those that pass. Ungradable verdicts are counted by themselves and must be none.

Labels are somebody's runs and not all are right. A disagreement says so where the row itself shows why: its id occurs
more than once, its solution was written for another problem of the same name, or the program had failed for want of a
module. `--bare-python` gives the programs no third-party packages, as the Python set's labels were made: two right
solutions failed there because `sortedcontainers` was missing, and agree again where it is missing here.
"""

import argparse
import ast
import asyncio
import collections
import gzip
import json
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from reward_server.grading.scoring import Job
from reward_server.verdict import Outcome, Verdict

SHARED = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[2] / "shared"))
_LISTED = """def _listed(*arguments):
    value = {name}(*arguments)
    return list(value) if hasattr(value, "__next__") else value
"""


def python_task(problem: dict[str, Any], _solution: dict[str, Any]) -> dict[str, Any]:
    tests, name = problem["tests"], problem["entry_point"]
    task = {"kind": "code", "language": "python", "tests": tests, "entry_point": name, "cpu_seconds": 10}
    if problem["style"] == "functional":  # QuixBugs: generators count as lists, floats as its own tests' approx
        task |= {"tests": {key: value for key, value in tests.items() if key != "entry_point"}, "fn_name": "_listed"}
        task |= {"prelude": _LISTED.format(name=name), "relative_tolerance": 1e-5}
    return task


def stdin_task(problem: dict[str, Any], solution: dict[str, Any]) -> dict[str, Any]:
    flags = problem["validator_flags"].split()
    task: dict[str, Any] = {"kind": "code", "language": solution["language"], "tests": problem["tests"]["cases"]}
    task |= {"compare": "tokens", "ignore_case": "case_sensitive" not in flags, "memory_bytes": 1 << 30}
    if "float_tolerance" in flags:
        tolerance = float(flags[flags.index("float_tolerance") + 1])
        task |= {"compare": "floats", "absolute_tolerance": tolerance, "relative_tolerance": tolerance}
    return task | {"cpu_seconds": float(solution["run_tl"])}


def multilang_task(problem: dict[str, Any], _solution: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "code", "language": problem["language"], "tests": problem["tests"]}


SETS: dict[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]] = {
    "python": python_task,
    "stdin": stdin_task,
    "multilang": multilang_task,
}


def rows(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(SHARED / "data" / "grading" / f"{name}.jsonl.gz", "rt") as file:
        yield from map(json.loads, file)


async def grade(jobs: list[Job], resources: Resources, concurrency: int) -> list[Verdict]:
    """Grade as the service does but for the cache: compile once per task, fast tier, slow tier."""
    compiled: dict[int, Any] = {}
    gate = asyncio.Semaphore(concurrency)

    async def one(job: Job) -> Verdict:
        async with gate:
            if id(job.task) not in compiled:
                compiled[id(job.task)] = GRADER.compile(job.task)
            task = compiled[id(job.task)]
            verdict = GRADER.fast(task, job.completion)
            assert GRADER.slow is not None
            try:
                return verdict or await GRADER.slow(task, job.completion, resources)
            except Exception as failure:  # noqa: BLE001 - counted as ungradable, as the service would
                return Verdict(Outcome.UNGRADABLE, None, None, {"reason": f"{type(failure).__name__}: {failure}"})

    return await asyncio.gather(*map(one, jobs))


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", metavar="set", help=", ".join(sorted(SETS)))
    parser.add_argument("--launcher", choices=["process", "docker"], default="process")
    parser.add_argument("--bare-python", action="store_true", help="no third-party packages (process alone)")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--concurrency", type=int, default=4)
    options = parser.parse_args()
    if options.bare_python and options.launcher != "process":
        parser.error("--bare-python: an image has the packages it was built with")
    if unknown := set(options.sets) - set(SETS):
        parser.error(f"there is no set {', '.join(sorted(unknown))}, but {', '.join(sorted(SETS))}")
    for name in options.sets or ["python", "stdin"]:
        print(f"{name}:")
        await agreement(name, options)


async def agreement(name: str, options: argparse.Namespace) -> None:
    problems = {row["problem_id"]: row for row in rows(f"code_{name}_problems")}
    solutions = list(rows(f"code_{name}_solutions"))[: options.limit]
    jobs, tasks = [], {}
    for solution in solutions:
        task = SETS[name](problems[solution["problem_id"]], solution)
        known = (solution["problem_id"], task["language"], task.get("cpu_seconds"))
        tasks.setdefault(known, CodeTask.model_validate(task))
        fenced = f"```{task['language']}\n{solution['solution']}\n```"
        jobs.append(Job(tasks[known], Completion(fenced)))
    pool = await open_sandboxes(options.launcher, bare_python=options.bare_python)
    try:
        started = time.perf_counter()
        verdicts = await grade(jobs, Resources(sandboxes=pool), options.concurrency)
        elapsed = time.perf_counter() - started
    finally:
        await pool.close()
    report(problems, solutions, verdicts, elapsed)


def report(
    problems: dict[str, dict[str, Any]], solutions: list[dict[str, Any]], verdicts: list[Verdict], elapsed: float
) -> None:
    agreed = explained = 0
    occurs = collections.Counter(solution["id"] for solution in solutions)
    for solution, verdict in zip(solutions, verdicts, strict=True):
        if verdict.outcome is Outcome.UNGRADABLE:
            print(f"UNGRADABLE {solution['id']} {verdict.evidence.get('reason')}")
        if (verdict.outcome is Outcome.CORRECT) == (solution["expected"] == "pass"):
            agreed += 1
            continue
        why = json.dumps(verdict.evidence.get("failed") or verdict.evidence.get("reason"))[:400]
        doubts = list(doubts_about(problems[solution["problem_id"]], solution, occurs))
        explained += bool(doubts)
        print(f"DISAGREE {solution['id']} label={solution['expected']} outcome={verdict.outcome} {why}")
        for doubt in doubts:
            print(f"    {doubt}")
    if agreed < len(verdicts):
        print(f"{explained} of {len(verdicts) - agreed} disagreements have a label that the row itself puts in doubt")
    ungradable = sum(verdict.outcome is Outcome.UNGRADABLE for verdict in verdicts)
    outcomes = collections.Counter(verdict.outcome.value for verdict in verdicts)
    trust = collections.Counter(verdict.evidence.get("trust") for verdict in verdicts)
    cpu = sum(verdict.evidence.get("cpu_seconds", 0.0) for verdict in verdicts)
    print(f"{agreed}/{len(verdicts)} = {agreed / len(verdicts):.2%} agree, {ungradable} ungradable")
    print(f"outcomes {dict(outcomes)}; trust {dict(trust)}; {elapsed:.1f} s, programs used {cpu:.1f} CPU-s")


def doubts_about(problem: dict[str, Any], solution: dict[str, Any], occurs: collections.Counter[str]) -> Iterator[str]:
    """Say what in the row itself speaks against its label."""
    if occurs[solution["id"]] > 1:
        yield f"the id occurs {occurs[solution['id']]} times, and the label may be another solution's"
    if "No module named" in str(solution.get("fail_detail")):
        yield f"the label was made where a module was missing: {solution['fail_detail']}"
    asked, written = (heads(source) for source in (problem.get("prompt") or "", solution["solution"]))
    for name in asked.keys() & written.keys():
        if written[name] != asked[name] and written[name][1]:
            yield f"the solution repeats another problem's text for {name}({written[name][0]})"


def heads(source: str) -> dict[str, tuple[str, str]]:
    """Parameters and docstring of each function, in one line each; of a prompt too, which stops before the body."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return {}
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {
        node.name: (
            str([argument.arg for argument in node.args.args]),
            " ".join((ast.get_docstring(node) or "").split()),
        )
        for node in functions
    }


async def open_sandboxes(launcher: str, *, bare_python: bool) -> Any:
    from sandboxes.launchers import process
    from sandboxes.pool import Family, SandboxPool

    if launcher == "process":
        families = [Family("process", partial(process.launch, search_path=() if bare_python else None))]
    else:
        import docker

        from sandboxes.launchers import docker as containers

        families = containers.families(docker.from_env(timeout=containers.ENGINE_SECONDS))
    pool = SandboxPool(families, slots=len(os.sched_getaffinity(0)))
    await pool.start()
    return pool


asyncio.run(main())
