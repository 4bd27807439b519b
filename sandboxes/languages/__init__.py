r"""A language is one file here; its name is the language's name everywhere. No other file changes when one is added.

A file holds one record, `LANGUAGE = Language(...)`, and nothing else but what the record needs. What the fields mean:

    LANGUAGE = Language(
        file_name="solution.cpp",                            # the source is written under this name
        compile=("g++", "-O2", "-o", "program", "solution.cpp"),   # run once in the artefact directory; () for none
        run=("./program",),                                  # run for each invocation
        version=("g++", "--version"),                        # its first line is reported
        self_test="#include <cstdio>\n…",                    # an echo: copies stdin to stdout
    )

- argv[0] is looked up on PATH where the agent starts; a language whose commands are not all found is not offered
  there. `./name` and `{artifact}/name` mean a file beside the source. `{artifact}` in any argument or environment value
  is the directory of source and compile products, as the program sees it; the run's working directory is another one,
  empty and writable.
- A language is offered only once its self-test has been compiled and has echoed inside the sandbox.
- `python` is the one language run by the warm interpreter itself: `run` is empty.

The records are data: the launcher's side discovers them and sends them to the agent, so an agent knows no language.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Language:
    """How to build and run one source file."""

    file_name: str
    aliases: tuple[str, ...] = ()
    """Other names that tasks and fenced blocks use, in lower case."""
    run: tuple[str, ...] = ()
    compile: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    """Prints the version; its first non-empty line counts."""
    self_test: str = ""
    """A program that copies its standard input to its standard output."""
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Beside the constant PATH, HOME, LANG, TMPDIR and ONLINE_JUDGE."""
    cpu_factor: float = 1.0
    """Multiplies the CPU limit: what the runtime costs before the program's first line, and how much slower it is."""
    extra_memory_bytes: int = 0
    """Added to the memory limit: what the runtime itself holds."""
    extra_processes: int = 0
    """Threads of the runtime itself."""
    limit_address_space: bool = True
    """False for runtimes that reserve far more than they use (JVM, Node, Go)."""
    compile_cpu_seconds: float = 30.0
    compile_memory_bytes: int = 2 * 1024 * 1024 * 1024
    compile_output_bytes: int = 128 * 1024 * 1024
    """Largest file the compiler may write."""
    home: tuple[str, ...] = ()
    """Where the command on PATH is a link to another program that chooses among installations (rustup): prints the
    directory of the chosen one, whose `bin` holds the command itself."""
    own_refusals: tuple[str, ...] = ()
    """System calls that the runtime itself tries and does without: no sign of cheating."""
    directories: tuple[str, ...] = ()
    """Beyond the system's own and the commands' own prefix: what a program may read."""


@cache
def discover() -> Mapping[str, Language]:
    """Every language by name, sorted."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return MappingProxyType({name: importlib.import_module(f"{__name__}.{name}").LANGUAGE for name in names})
