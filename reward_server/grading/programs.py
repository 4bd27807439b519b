"""Programs run as they are sent, without tests and without a verdict: what code-running protocols ask for.

Nothing is judged here, so nothing protects whoever judges by what is printed: a program can print anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reward_server.errors import ServiceError
from reward_server.graders import Resources
from reward_server.grading.admission import Admission
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.languages import discover
from sandboxes.sandbox import LanguageUnavailable, SandboxError

_COMPILING, _RUNNING = 1.0, 0.05
"""Expected CPU-seconds, for admission."""
LEAST_CPU_SECONDS, MOST_CPU_SECONDS = 0.01, 120.0
LEAST_MEMORY, MOST_MEMORY = 16 << 20, 4096 << 20
_SLEEPING_SECONDS = 5.0
"""Wall time beyond its CPU limit after which a program that sleeps is ended."""
_MOST_OUTPUT = 16 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One program and what it is run on. `language` is a name of `sandboxes.languages`."""

    language: str
    source: str
    stdin: bytes = b""
    argv: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    cpu_seconds: float = 10.0
    memory_bytes: int = 512 << 20
    output_file: str = ""
    """A file of the working directory to read back: `Execution.written`."""

    @property
    def limits(self) -> Limits:
        """The limits in force: what was asked for, within what this server gives."""
        cpu = min(max(self.cpu_seconds, LEAST_CPU_SECONDS), MOST_CPU_SECONDS)
        memory = min(max(self.memory_bytes, LEAST_MEMORY), MOST_MEMORY)
        return Limits(cpu, cpu + _SLEEPING_SECONDS, memory, _MOST_OUTPUT)


class NotRunHere(ServiceError):  # noqa: N818 - a property of this server
    """The language is not installed where programs run, or there are no sandboxes: trying again does not help."""


def compiles(language: str) -> bool:
    """Tell whether programs of the language are compiled before they run."""
    return bool(discover()[language].compile)


async def run_program(asked: Asked, resources: Resources, admission: Admission) -> Execution:
    """Run the program once, in a sandbox.

    Raises:
        NotRunHere: see there.
        Overloaded: the queue of slow work is full, or the tenant's quota used up.
        ServiceError: the infrastructure failed.
    """
    if resources.sandboxes is None:
        raise NotRunHere(resources.lacking)
    estimate = _RUNNING + _COMPILING * compiles(asked.language)
    program = Program(asked.language, asked.source, asked.files)
    invocation = Invocation(stdin=asked.stdin, argv=asked.argv, output_file=asked.output_file)
    admission.quotas.take_items(1)
    admission.admit(estimate)
    with admission.release(estimate):
        try:
            executions: list[Execution] = await resources.sandboxes.run(program, [invocation], asked.limits)
        except LanguageUnavailable as missing:
            raise NotRunHere(f"{asked.language} is not installed where programs run here: {missing}") from missing
        except SandboxError as failure:
            raise ServiceError(f"the sandbox failed: {failure}") from failure
    admission.learn(estimate, executions[0].cpu_seconds)
    return executions[0]


TIMED_OUT = frozenset({Status.CPU_LIMIT, Status.WALL_LIMIT})


def exit_code(execution: Execution) -> int:
    """Return what a shell's parent would see: the exit status, or the negative number of the signal that ended it.

    Whoever ran into its memory, its output or the filter of system calls was killed by us, by SIGKILL.
    """
    if execution.status is Status.COMPILE_ERROR:
        return 1
    if execution.signal:
        return -execution.signal
    if execution.status is Status.OK or execution.exit_code:
        return execution.exit_code or 0
    return -9


def stderr_text(execution: Execution) -> str:
    """Return what the program said on stderr, with a line of ours where it was ended for a limit."""
    said = execution.stderr.decode("utf-8", "replace")
    if execution.status in (Status.MEMORY_LIMIT, Status.OUTPUT_LIMIT, Status.VIOLATION):
        return f"{said}{'' if not said or said.endswith(chr(10)) else chr(10)}{execution.status.value}\n"
    return said
