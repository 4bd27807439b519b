"""`reward-server key`: make a bearer key for a tenant, and the line by which the service knows it."""

import secrets
from typing import Annotated

import typer
from pydantic import ValidationError

from reward_server.complaints import said
from reward_server.http.keys import KeyLine, digest_of

_BYTES = 32


def key(
    tenant: Annotated[str, typer.Argument(help="Whose key it is; a tenant may have several.")],
    cpu_seconds_a_minute: Annotated[float | None, typer.Option(help="CPU-seconds of slow work [no limit].")] = None,
    items_a_minute: Annotated[float | None, typer.Option(help="Items, whatever they cost [no limit].")] = None,
    largest_batch: Annotated[int | None, typer.Option(help="Items in one request [as the server's].")] = None,
) -> None:
    """Print a new key on stderr, once, and the line for REWARD_API_KEYS_FILE on stdout: `… key alice >> keys.jsonl`."""
    made = secrets.token_urlsafe(_BYTES)
    quotas = {
        "cpu_seconds_a_minute": cpu_seconds_a_minute,
        "items_a_minute": items_a_minute,
        "largest_batch": largest_batch,
    }
    try:
        line = KeyLine(tenant=tenant, sha256=digest_of(made), **quotas)
    except ValidationError as error:
        for problem in error.errors():
            typer.echo(f"reward-server: {'.'.join(map(str, problem['loc']))}: {said(problem)}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"the key of {tenant}, not kept anywhere: {made}", err=True)
    typer.echo(line.model_dump_json(exclude_none=True))
