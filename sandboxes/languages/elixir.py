"""Elixir, as a script: modules are compiled in memory when it starts, then its last expressions run.

The virtual machine asks for a network socket when it starts, to learn its host's name, and does without. It also leaves
a helper behind that ends a moment later; the run sleeps that moment, since what outlives a run costs its slot.
"""

from sandboxes.languages import Language

SCHEDULERS = "+S 1:1 +SDcpu 1:1 +SDio 1 +A 1 +sbwt none"
SETTLED = "; status=$?; sleep 0.05; exit $status"
"""Ends a shell's run of the virtual machine when its helper is gone."""

LANGUAGE = Language(
    file_name="solution.exs",
    aliases=("ex", "exs"),
    run=("sh", "-c", f'elixir --erl "{SCHEDULERS}" {{artifact}}/solution.exs "$@"{SETTLED}', "elixir"),
    version=("sh", "-c", "elixir --version | grep Elixir"),
    self_test="IO.stream(:stdio, :line) |> Enum.each(&IO.write/1)\n",
    cpu_factor=2.0,
    extra_memory_bytes=256 * 1024 * 1024,
    extra_processes=32,
    limit_address_space=False,
    own_refusals=("socket",),
)
