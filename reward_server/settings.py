"""Every knob, read once from `REWARD_*` and the command line, and passed in; nothing else reads the environment."""

import difflib
import os
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_OTHERS = (
    "REWARD_SHARED_DIR", "REWARD_TEST_", "REWARD_TRAINER_ENVS", "REWARD_ATTACKS_EVERYWHERE", "REWARD_METAMORPHIC",
    "REWARD_HOSTILE", "REWARD_KINDS_WHOLE", "REWARD_SEARCH", "REWARD_SERVER_", "REWARD_RUN",
)  # fmt: skip
"""How variables with our prefix begin that are not the server's: tests read them, and plugs in trainers."""
OF_SANDBOXES = {
    "sandbox", "sandbox_slots", "sandbox_runtime", "sandbox_memory_mib", "sandbox_seccomp", "allow_weak_isolation",
    "minimum_trust", "math_workers", "redis_url", "cache_file", "cache_ttl_days",
}  # fmt: skip
"""Settings that say how programs run and where their verdicts are kept."""
SandboxChoice = Literal["process", "docker", "socket", "none"]
_REDIS = ("redis://", "rediss://", "unix://")


def _default_cache_file() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "reward-server" / "verdicts.sqlite"


class Settings(BaseSettings):
    """How one server process runs."""

    model_config = SettingsConfigDict(
        env_prefix="REWARD_", env_ignore_empty=True, use_attribute_docstrings=True, extra="forbid"
    )

    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback should come with `api_token`."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """Port to listen on; 0 picks a free one."""
    workers: Annotated[int, Field(ge=1, le=256)] = 1
    """Processes that speak HTTP, validate and grade what is graded fast. With more than one, another process has the
    sandboxes, the cache and the queue, one of each for all."""
    take_over: bool = False
    """Take over the port from the server of this user that listens there, which then drains. Linux only; its port is
    to be named."""
    drain_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 30.0
    """On SIGTERM, or when another server has taken over: how long requests in progress are waited for. New ones get
    503 meanwhile."""
    api_token: SecretStr | None = None
    """When set, requests must carry `Authorization: Bearer <token>`; health and metrics stay open. An empty
    `REWARD_API_TOKEN` is refused: whoever sets it means to close the service."""
    api_keys_file: Path | None = None
    """Keys of several clients, each with its quotas: a file of lines that `reward-server key` writes, read again when
    it changes. A key opens what the token opens, and the service is closed to others."""
    api_keys: SecretStr | None = None
    """The same lines, in a variable."""
    redis_url: str | None = None
    """Verdicts go to this Redis or Valkey, such as `redis://127.0.0.1:6379/0`; to `cache_file` when not set."""
    cache_file: Path | Literal["memory"] = Field(default_factory=_default_cache_file)
    """The embedded cache's SQLite file; `memory` writes none."""
    cache_ttl_days: Annotated[float, Field(gt=0)] = 14.0
    """Versions are part of the key, so this bounds space, not truth."""
    sandbox: SandboxChoice = "process"
    """Where untrusted programs run: here, in containers we start, in containers that listen in `sandbox_sockets`, or
    nowhere, which makes code tasks ungradable."""
    sandbox_sockets: Path = Path("/run/sandboxes")
    """Directory in which sandboxes that somebody else started listen."""
    sandbox_slots: Annotated[int, Field(ge=0, le=1024)] = 0
    """Programs run at a time; 0 means one for each core. More only adds waiting, never verdicts."""
    sandbox_runtime: str | None = None
    """Container runtime of the docker sandbox, such as `runsc` for gVisor; the engine's default when not set."""
    sandbox_memory_mib: Annotated[int, Field(ge=256)] = 4096
    """Memory of each container of the docker sandbox. What a task and its language's runtime are allowed must fit into
    it with the agent: a task that is allowed more is ungradable there."""
    sandbox_seccomp: str | None = None
    """System-call profile of the docker sandbox: a JSON file, or `unconfined`; the engine's default when not set.
    Programs are under the agent's own filter in any case. With `unconfined` every call that one refuses is seen in the
    evidence; with the engine's default those that both refuse are not."""
    allow_weak_isolation: bool = False
    """Run untrusted code even where this machine grants no real isolation. Never on a machine you care about."""
    minimum_trust: Literal["separate", "opaque", "exit_status"] = "exit_status"
    """How far tests of code have to be kept from the programs; tasks whose tests are not are broken rows here."""
    math_workers: Annotated[int, Field(ge=0, le=1024)] = 0
    """Killable SymPy processes; 0 means one for each core. They start when first needed."""
    executor: Literal["local", "redis", "ray"] = "local"
    """Who runs programs: this process's sandboxes; every `reward-server work` on the same Redis; or every node of a Ray
    cluster. This process starts none in the latter two."""
    work_url: str | None = None
    """The Redis or Valkey through which work goes to workers, if it is another than `redis_url`."""
    lease_seconds: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 15.0
    """Without a sign of life from a worker, after which its work is given to another; and how long work waits while no
    worker or node lives, before it is ungradable. The same for servers and workers."""
    ray_address: str = "auto"
    """The Ray cluster whose nodes run programs, such as `10.0.0.5:6379`; `auto` is the one of this machine."""
    ray_resource: str | None = None
    """Only nodes with this Ray resource run programs, as `ray start --resources '{"reward": 1}'` gives it."""
    lean_server: str | None = None
    """Address of a Kimina Lean Server that checks the proofs of kind `proof`, such as `http://127.0.0.1:8001`."""
    lean_token: SecretStr | None = None
    """Its API key."""
    queue_cpu_seconds: Annotated[float, Field(gt=0)] = 3600.0
    """Slow work admitted at a time, in estimated CPU-seconds; beyond it requests get 429 with Retry-After."""
    max_body_bytes: Annotated[int, Field(gt=0)] = 64 * 1024 * 1024
    """Largest request, after decompression."""
    max_held_bytes: Annotated[int, Field(gt=0)] = 256 * 1024 * 1024
    """Bodies of all requests that are being read or answered, packed and unpacked; beyond it requests get 429."""
    max_items: Annotated[int, Field(gt=0)] = 4096
    """Most items in one request."""
    tasks_file: Path | None = None
    """Tasks that this server keeps: a file or folder of rows. Items name one by its id, and the environments of OpenEnv
    and ORS hand them out, so that no ground truth travels."""
    audit_file: Path | None = None
    """Append every graded item with its verdict to this JSONL file."""
    reader_token: SecretStr | None = None
    """When set, stored completions are shown on the page with this token alone, and the API's shows no more than
    figures. Several tenants' completions are shown with it or not at all."""
    page: bool = True
    """Serve the page at `/`: the playground, what the service does, and the runs in `audit_file`. `off` serves none."""
    page_uploads: Path | None = None
    """A folder for logs and trainers' journals that are opened through the page, by who may read stored completions.
    When not set, none are taken."""
    page_upload_bytes: Annotated[int, Field(gt=0)] = 256 * 1024 * 1024
    """Largest log that is taken so; the last eight are kept."""
    log_format: Literal["console", "json"] = "console"
    """One event a line, for people or for machines; `json` is for all that is logged, libraries included."""

    @field_validator("redis_url", "work_url")
    @classmethod
    def _refuse_other_addresses(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(_REDIS):
            raise ValueError(f"begins with {_REDIS[0]}, {_REDIS[1]} or {_REDIS[2]}, such as redis://127.0.0.1:6379/0")
        return url

    @model_validator(mode="after")
    def _refuse_empty_token(self) -> Self:
        """Refuse a token that is set and empty, as a secret that failed to load leaves it."""
        given = os.environ.get("REWARD_API_TOKEN") if self.api_token is None else self.api_token.get_secret_value()
        if given is not None and not given.strip():
            raise ValueError("REWARD_API_TOKEN is set and empty: unset it to serve without a token")
        return self

    @model_validator(mode="after")
    def _refuse_work_nowhere(self) -> Self:
        if self.executor == "redis" and self.orders_url is None:
            raise ValueError("REWARD_EXECUTOR=redis needs REWARD_WORK_URL or REWARD_REDIS_URL")
        return self

    @property
    def orders_url(self) -> str | None:
        """Where work is handed to workers."""
        return self.work_url or self.redis_url

    @classmethod
    def unknown_names(cls) -> dict[str, str]:
        """Return `REWARD_*` variables that are set and are no setting, each with the nearest that is, or nothing."""
        known = {f"REWARD_{name.upper()}" for name in cls.model_fields}
        ours = [name for name in sorted(os.environ) if name.upper().startswith("REWARD_")]
        unknown = [name for name in ours if name.upper() not in known and not name.upper().startswith(_OTHERS)]
        return {name: next(iter(difflib.get_close_matches(name.upper(), known, n=1)), "") for name in unknown}

    @property
    def cores(self) -> int:
        """Cores this process may use."""
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
