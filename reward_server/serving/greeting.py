"""A service opened and run, and what it says of itself and how to try it once it listens."""

from typing import Any

import structlog
import typer
from starlette.datastructures import State

from reward_server.files.registry import open_registry
from reward_server.grading.sandboxing import LEVELS
from reward_server.http.app import create_app
from reward_server.http.registry import Registry
from reward_server.serving.running import run
from reward_server.settings import Settings

_TRY = (
    "curl -s http://{address}/score -H 'content-type: application/json' {token}-d "
    """'{{"items": [{{"task": {{"kind": "math", "ground_truth": "1/2"}}, "completion": "so \\\\boxed{{0.5}}"}}]}}'"""
)

_SHOWN_ROWS = 5
_ELSEWHERE = {"redis": "by every `reward-server work` on the same Redis", "ray": "by the nodes of a Ray cluster"}
_log = structlog.get_logger()


async def serve(settings: Settings) -> None:
    """Serve until a signal, or a successor, ends it in order.

    Raises:
        RowError, KeysError, SandboxError: the file of tasks, the keys or the sandboxes of the settings cannot be used.
        OSError: somebody else listens there, or there is nobody to take over from.
    """
    app = create_app(settings, open_registry(settings.tasks_file))
    await run(app, settings, lambda address: _greet(app.state, address))


def _greet(app: State, address: str) -> None:
    settings, registry, state = app.settings, app.registry, app.service.describe()
    if settings.log_format == "json":  # then all that is written is
        kept = {"tasks": len(registry.tasks), "tasks_left_out": registry.unread[:_SHOWN_ROWS]}
        _log.info("listening", address=f"http://{address}", graders=list(state["graders"]), **_shown(state), **kept)
        return
    for line in (*_greeting(state, address, is_open=app.keys.is_open), *_kept(registry)):
        typer.echo(line)


def _shown(state: dict[str, Any]) -> dict[str, str]:
    if (kind := state["executor"]["kind"]) != "local":
        workers = state["executor"]["workers"].values()
        slots, languages = sum(one["slots"] for one in workers), {name for one in workers for name in one["languages"]}
        return {
            "programs": f"{_ELSEWHERE[kind]}; {len(workers)} live, {slots} slots",
            "languages": ", ".join(sorted(languages)) or "none yet",
            "cache": state["cache"]["backend"],
        }
    sandbox = state["sandbox"]
    found = sorted({name for family in sandbox.get("families", {}).values() for name in family["languages"]})
    level = LEVELS.get(sandbox.get("isolation_level"), "none: code tasks are ungradable")
    return {
        "sandbox": f"{sandbox['launcher']}; isolation {level}",
        "languages": ", ".join(found) or "none",
        "cache": state["cache"]["backend"],
    }


def _kept(registry: Registry) -> list[str]:
    if not registry.tasks and not registry.unread:
        return []
    left_out = [f"             left out: {problem}" for problem in registry.unread[:_SHOWN_ROWS]]
    return [f"  tasks      {len(registry.tasks)} kept, {len(registry.unread)} left out", *left_out]


def _greeting(state: dict[str, Any], address: str, *, is_open: bool) -> list[str]:
    token = "" if is_open else """-H "Authorization: Bearer $REWARD_API_TOKEN" """
    return [
        f"reward-server is listening on http://{address}  (docs: /docs, state: /readyz, metrics: /metrics)",
        *(f"  {name:<10} {said}" for name, said in _shown(state).items()),
        f"  graders    {', '.join(state['graders'])}",
        f"try: {_TRY.format(address=address, token=token)}",
    ]
