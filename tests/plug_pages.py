"""docs/trainers.md, docs/protocols.md and docs/datasets.md, written from the code they describe."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from fastapi.routing import APIRoute

from reward_server import protocols
from reward_server.datasets.families import FORMS
from reward_server.datasets.forms import Form
from reward_server.datasets.sources import ABILITIES, ROUTES
from tests.kind_fields import cell
from tests.reward_server.protocols import fault_table as answer_table
from tests.trainer_client import fault_table
from trainer_client.adapters import discover
from trainer_client.client import figures, samples

DOCS = Path(__file__).parents[1] / "docs"
_MADE = "Written by `make docs` from the docstrings of `{source}`.\n"

_TRAINERS = """# Trainers

{made}
On the trainer's machine `pip install 'reward-server @ git+https://YOUR.HOST/reward-server'` is enough: no torch, no
FastAPI, no typer (`reward-server[cli]` has `trainer-client ping URL` too: [install.md](install.md)). Plugs that a
trainer takes by their name are configured by the environment:

{environment}

How each trainer was run, as a package or as a slice of its source, and what its own code made of the rewards, stands
in [tests/trainers/README.md](../tests/trainers/README.md); `pytest -m trainers` does it again.

| trainer | version that was run | a completion without a verdict |
|---|---|---|
{rows}

These change a URL instead ([protocols.md](protocols.md)): LLaMA-Factory (`llamafactory`), ROLL (`roll`), OpenRLHF and
its forks (`openrlhf`), slime and miles (`slime`), NeMo-Gym and who trains on it, such as NeMo-RL and prime-rl
(`nemo_gym`), OpenEnv (`openenv`), OpenReward (`ors`), eval-protocol (`eval_protocol`), hosted fine-tuning (`bedrock`).

## In the trainer's log

What a verdict says beside its reward is handed to the trainer's own log, and so to W&B or TensorBoard, where it takes
more than a number; `tests/trainer_client/test_adapter_logs.py` looks at what is handed on. Where a plug raises for a
completion without a verdict, that one is in no mean. `trainer_client.client.trackers` writes the same figures to a
tracker where the trainer does not; the service's page shows them whoever asks.

{figures}

| trainer | its log shows them |
|---|---|
{logs}

## When the service fails

What the plug gives its trainer for a right, a right and a wrong completion while the service fails;
`tests/trainer_client/test_faults.py` measures it. Nothing in it is a number of ours, and what the service could grade
after all arrives. A raised exception is what the table above says of it. Deadlines are minutes (AReaL: 12 s).

{faults}"""

_PROTOCOLS = """# Protocols of other systems

{made}
A protocol is mounted at the root and under its own name: `POST /verify` is `POST /nemo_gym/verify` too. Clients change
a URL, and send the API token as `Authorization: Bearer …` where the server asks for one.

| status | means | for the client |
|---|---|---|
| 401, 403 | no key, or one that may not do this | nothing was graded |
| 413 | the body is over `REWARD_MAX_BODY_BYTES`, or the batch over `REWARD_MAX_ITEMS` | send less at once |
| 422 | a row or field cannot be read; `problems` names it | mend the row; asking again changes nothing |
| 429 | the queue or the key's quota is full; `Retry-After` says how long | ask again |
| 503 | a failure of ours; no verdict | ask again; it is no 0 |

What differs from that, and what a protocol cannot protect, stands in its section. A client that runs programs here and
judges by their output or exit status itself can be cheated by them as anywhere; `POST /score` cannot in that way.

## When something is wrong

Status and, in the words of each protocol, what its body says; `tests/reward_server/protocols/test_faults.py` measures
it. `detail` is one line for a person, `problems` names row and field. A `–` is what does not happen: who only runs
programs has no ground truths, and the requests of `kimina` are counted by the Lean server behind it, whose 429 is 503
here. A 0 in the second column is a row's own fault, counted where the protocol counts anything. In the first column no
protocol has a number that its client takes for a reward, but for `?ungradable=mask`, whose client has to look at
`mask_sample`.

{faults}"""

_DATASETS = """# Data sets

{made}
A row is read as its data set stores it, by `POST /score` (`{{"task": {{"row": …}}}}`), every protocol and adapter, and
by the commands, without a flag:

    reward-server lint ROWS.jsonl                       # can every row be read, and is its ground truth sound?
    reward-server score ROWS.jsonl                      # rows with a column `completion`

The first that applies: a whole task in the row; the columns of a data set in the first table; a ground truth in a
column that is called so, of the kind that `data_source`, `dataset` or `ability` says (second table) or that its form
shows; mathematics where nothing is said. A row that can be read in two ways is refused, and both are named; `--kind`
and `--ground-truth` then say which is meant. A column with dots lies in objects; `?` marks one that rows may lack.

## Columns

| data set | columns | kind |
|---|---|---|
{forms}

## Known, and not graded from the row

| data set | columns | why, and what helps |
|---|---|---|
{refused}

## Names in `data_source` or `dataset`

Patterns of the whole name, case ignored; the first that matches decides. A name that none matches is refused, unless
the kind is given or the row's columns say what it is.

| pattern | kind |
|---|---|
{sources}

`ability`: {abilities}.
"""


def trainers() -> str:
    """Return docs/trainers.md as it should be."""
    adapters = discover()
    rows = "\n".join(f"| [{name}](#{name}) | {one.tested_with} | {one.ungradable} |" for name, one in adapters.items())
    environment = (samples.__doc__ or "").partition("| variable")
    logs = "\n".join(f"| `{name}` | {one.log} |" for name, one in adapters.items())
    _, mark, named = (figures.__doc__ or "").partition("| name")
    table, _, why = named.partition("\n\n")
    head = _TRAINERS.format(
        logs=logs,
        figures=f"{mark}{table}\n\n{why.strip()}",
        made=_MADE.format(source="trainer_client/adapters"),
        rows=rows,
        environment=(environment[1] + environment[2]).strip(),
        faults=fault_table.table(),
    )
    return head + "".join(_section(name, f"trainer_client.adapters.{name}") for name in adapters)


def protocols_page() -> str:
    """Return docs/protocols.md as it should be."""
    head = _PROTOCOLS.format(made=_MADE.format(source="reward_server/protocols"), faults=answer_table.table())
    names = sorted(info.name for info in pkgutil.iter_modules(protocols.__path__))
    return head + "".join(_section(name, f"reward_server.protocols.{name}", _routes(name)) for name in names)


def datasets() -> str:
    """Return docs/datasets.md as it should be."""
    graded = dict.fromkeys(_form(form) for form in FORMS if not form.refusal)
    refused = dict.fromkeys(
        f"| {form.name} | {_columns(form)} | {form.refusal or form.undecided} |"
        for form in FORMS
        if form.refusal or form.undecided
    )
    return _DATASETS.format(
        made=_MADE.format(source="reward_server/datasets"),
        forms="\n".join(graded),
        refused="\n".join(refused),
        sources="\n".join(f"| `{cell(pattern)}` | `{kind}` |" for pattern, kind in ROUTES),
        abilities=", ".join(f"`{name}` is `{kind}`" for name, kind in ABILITIES.items()),
    )


def pages() -> dict[Path, str]:
    """Return every page as it should be, by its path."""
    return {
        DOCS / "trainers.md": trainers(), DOCS / "protocols.md": protocols_page(), DOCS / "datasets.md": datasets(),
    }  # fmt: skip


def _section(name: str, module: str, more: str = "") -> str:
    text = (importlib.import_module(module).__doc__ or "").strip()
    return f"\n## {name}\n\n{text}\n{more}"


def _routes(name: str) -> str:
    lines = [f"- `{method} {route.path}`" for route in _http(name) for method in sorted(route.methods)]
    return "\n" + "\n".join(dict.fromkeys(lines)) + "\n"


def _http(name: str) -> Iterator[APIRoute]:
    router = importlib.import_module(f"reward_server.protocols.{name}").router
    yield from (route for route in router.routes if isinstance(route, APIRoute))


def _form(form: Form) -> str:
    told = "".join(f", {name} `{value}`" for name, value in form.constants.items())
    return f"| {form.name} | {_columns(form)} | `{form.kind}`{told} |"


def _columns(form: Form) -> str:
    paths = dict.fromkeys((*form.paths(), *(mark for mark in (*form.marks, *form.where) if mark not in form.paths())))
    shown = [f"`{path}`" + (f" (`{form.where[path]}`)" if path in form.where else "") for path in paths]
    return cell(", ".join(shown))
