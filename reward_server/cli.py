"""The command line `reward-server`: one file a command in `commands/`, found by file name."""

import importlib
import pkgutil
import sys

try:
    import typer
except ModuleNotFoundError as error:  # the client's machine
    sys.exit(f"reward-server: the server needs {error.name}: pip install 'reward-server[server]'")

from reward_server import __version__, commands

app = typer.Typer(
    name="reward-server",
    help="Verifiable rewards as a service: batches of completions in, true verdicts out.",
    no_args_is_help=True,
    rich_markup_mode=None,  # what stands in brackets is text
    pretty_exceptions_show_locals=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reward-server {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Show the version."),
) -> None:
    """Verifiable rewards as a service."""
    del version


def _register() -> None:
    """Import the command that is asked for; all, where it is help that is asked for, or a command that there is not."""
    names = sorted(info.name for info in pkgutil.iter_modules(commands.__path__))
    asked = [name for name in names if sys.argv[1:2] == [name.replace("_", "-")]]
    for name in asked or names:
        module = importlib.import_module(f"{commands.__name__}.{name}")
        app.command(name=name.replace("_", "-"))(getattr(module, name))


try:
    _register()
except ModuleNotFoundError as error:  # the client's machine: the distribution brings the command, not what it runs
    if str(error.name).partition(".")[0] in {"reward_server", "sandboxes", "trainer_client"}:
        raise
    sys.exit(f"reward-server: the server needs {error.name}: pip install 'reward-server[server]'")

if __name__ == "__main__":
    app()
