"""Elixir, as a script: modules are compiled in memory when it starts, then its last expressions run.

The virtual machine asks for a network socket when it starts, to learn its host's name, and does without. It also leaves
a helper behind that ends a moment later; the run waits for it, since what outlives a run costs its slot.
"""

from sandboxes.languages import Language

SCHEDULERS = "+S 1:1 +SDcpu 1:1 +SDio 1 +A 1 +sbwt none"


def settled(command: str) -> str:
    """Return a shell's command that runs `command` and ends when its helper, which holds its output open, is gone."""
    return (
        f"exec 3>&1; status=$({{ {{ {command} 3>&-; echo $? >&4; }} | cat >&3 4>&-; }} 4>&1);"
        " exec 3>&-; sleep 0.01; exit $status"
    )


LANGUAGE = Language(
    file_name="solution.exs",
    aliases=("ex", "exs"),
    run=("sh", "-c", settled(f'elixir --erl "{SCHEDULERS}" {{artifact}}/solution.exs "$@"'), "elixir"),
    version=("elixir", "--short-version"),
    self_test="IO.stream(:stdio, :line) |> Enum.each(&IO.write/1)\n",
    cpu_factor=2.0,
    extra_memory_bytes=256 * 1024 * 1024,
    extra_processes=32,
    limit_address_space=False,
    own_refusals=("socket",),
)
