"""The command line `trainer-client`: one file a command in `commands/`, found by file name."""

import functools
import importlib
import pkgutil
import sys
from collections.abc import Callable
from typing import Any

import stamina

try:
    import typer
except ModuleNotFoundError as error:  # a trainer's process needs the library alone
    sys.exit(f"trainer-client: the commands need {error.name}: pip install 'reward-server[cli]'")

from trainer_client import commands

app = typer.Typer(
    name="trainer-client",
    help="The trainer's side of reward-server: score, check the service, train, evaluate.",
    no_args_is_help=True,
    rich_markup_mode=None,  # what stands in brackets is text
    pretty_exceptions_show_locals=False,
)


@app.callback()
def main() -> None:
    """Keep a single command a subcommand."""
    stamina.instrumentation.set_on_retry_hooks([_say_retry])


def _say_retry(details: stamina.instrumentation.RetryDetails) -> None:
    """Say once that something is tried again; how it ends is the command's to say."""
    if details.retry_num == 1:
        typer.echo(f"trainer-client: {details.caused_by}; trying again", err=True)


def _register() -> None:
    for info in sorted(pkgutil.iter_modules(commands.__path__), key=lambda module: module.name):
        module = importlib.import_module(f"{commands.__name__}.{info.name}")
        app.command(name=info.name.replace("_", "-"))(_naming_the_extra(getattr(module, info.name)))


def _naming_the_extra(command: Callable[..., None]) -> Callable[..., None]:
    """Have a command say in one line which extra it lacks: what needs torch is imported when the command runs."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except ModuleNotFoundError as error:
            if str(error.name).partition(".")[0] in {"reward_server", "sandboxes", "trainer_client"}:
                raise
            typer.echo(f"trainer-client: this needs {error.name}: pip install 'reward-server[trainer]'", err=True)
            raise typer.Exit(1) from None

    return run


_register()

if __name__ == "__main__":
    app()
