"""What the agent tells a zygote when it starts it, and what it asks it for each run.

Both travel as JSON: the first on the command line, the second on a socket beside the descriptors. Neither holds
anything of a submission; that is in the descriptors, which only the forked child reads.
"""

import json
from typing import Any, NamedTuple

NAMESPACES, UID, LANDLOCK, WEAK = 3, 2, 1, 0
"""The isolation levels; `levels.py` says what each is."""

RUN_DESCRIPTORS = 6
"""stdin, stdout, stderr, record socket, call, source: the order in which they follow a run request.

One more where the run is to write a file that is read back: what the file's name leads to. Two more where a warden is
asked for: the ends of a pair of sockets over which the next one is."""
MOST_DESCRIPTORS = RUN_DESCRIPTORS + 2


class Confinement(NamedTuple):
    """How a child is confined; fixed for the life of an agent."""

    level: int
    """3 namespaces, 2 own uid, 1 same uid with Landlock and seccomp, 0 nothing that holds."""
    uid: int | None
    """The uid programs run as; None keeps the agent's own."""
    user_namespace: bool
    seccomp: bool
    listener: bool
    landlock: int
    """Landlock ABI, 0 for none."""
    contained: bool
    """The whole file system and network are this slot's own: a container."""
    root: str
    """Level 3: the directory that becomes `/`. Empty otherwise."""
    scratch: str
    """Where a run may write: holds box, tmp and shm, as a program sees it."""
    links: tuple[tuple[str, str], ...]
    """Links (path, target) to lay in each fresh scratch."""
    artifacts: str
    """Where compiled programs lie, as a program sees it."""
    readable: tuple[str, ...]
    """Landlock's allow list."""
    shared: tuple[str, ...]
    """Directories beside the scratch that a run may write: what lies there of its own uid is removed after it."""
    wiped: tuple[str, ...]
    """Emptied after each run, where no mount does it."""
    cgroup_descriptors: tuple[int, ...]
    """Open `cgroup.procs` files a child joins."""
    memory_cgroup: bool

    @property
    def compile_uid(self) -> int | None:
        """Compilers run as another uid than programs, who may then read but not change what was compiled."""
        return None if self.uid is None else self.uid + 1

    @property
    def uids(self) -> tuple[int, ...]:
        """The uids whose processes are ours to kill."""
        return () if self.uid is None else (self.uid, self.uid + 1)


class ZygoteOrder(NamedTuple):
    """One warm interpreter."""

    confinement: Confinement
    imports: tuple[str, ...]
    search_path: tuple[str, ...]
    """Directories of third-party packages programs may import."""


class RunOrder(NamedTuple):
    """One run, without anything of the submission."""

    python: bool
    """Run by the warm interpreter itself; else `argv` in the call is executed."""
    address_space_bytes: int | None
    cpu_seconds: int
    file_bytes: int
    scratch_bytes: int
    processes: int
    stack_bytes: int
    writable_artifact: str = ""
    """Compiling: the one artefact directory this run may write, also its working directory."""
    stands: bool = False
    """Not a run but the warden of runs (`warden.py`): its channel follows the other descriptors."""


def encode_zygote(order: ZygoteOrder) -> str:
    """For the zygote's command line."""
    return json.dumps(order._asdict() | {"confinement": order.confinement._asdict()})


def decode_zygote(text: str) -> ZygoteOrder:
    """Inverse of `encode_zygote`."""
    data = json.loads(text)
    confinement: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in data["confinement"].items()
    }
    return ZygoteOrder(Confinement(**confinement), tuple(data["imports"]), tuple(data["search_path"]))


def encode_run(order: RunOrder) -> bytes:
    """For the zygote's socket."""
    return json.dumps(order._asdict()).encode()


def decode_run(message: bytes) -> RunOrder:
    """Inverse of `encode_run`."""
    return RunOrder(**json.loads(message))
