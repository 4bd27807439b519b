"""Who may come in: bearer keys, each of a tenant with its quotas, and the one token that has none.

Keys are lines of JSON, as `reward-server key` writes them, in a file or in a variable. A line holds the key's sha256
and not the key: keys are 256 random bits, so that a digest is no help in guessing one. A file is read again within a
second of its change; what cannot be read then leaves the keys that were known, and is logged. A tenant may have
several keys, so that the next one is known before the last one is taken away.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import structlog
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from reward_server.complaints import said
from reward_server.grading.quotas import ANYBODY, Tenant

_BEARER_HEADERS = ("authorization", "xrl-authorization")
_PLAIN_HEADERS = ("x-auth-token", "x-api-key")
"""Where clients of other systems (Judge0, eval-protocol) put a key, without a scheme."""
WRONG_KEY = (
    "missing or wrong bearer token: send `Authorization: Bearer …` with the server's token or one of its keys; "
    "our clients and commands send what REWARD_API_TOKEN says"
)
_LOOK_SECONDS = 1.0
_log = structlog.get_logger()


class KeysError(ValueError):
    """Keys cannot be used; says which line and why."""


class KeyLine(BaseModel):
    """One key, as it is kept."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    tenant: Annotated[str, Field(pattern=r"^[\w.@-]{1,64}$")]
    """Whose it is; quotas and turns at the sandboxes are the tenant's, shared by all of its keys."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the key, in hexadecimal."""
    cpu_seconds_a_minute: Annotated[float | None, Field(gt=0, allow_inf_nan=False)] = None
    items_a_minute: Annotated[float | None, Field(gt=0, allow_inf_nan=False)] = None
    largest_batch: Annotated[int | None, Field(gt=0)] = None


def digest_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class KeyRing:
    """The keys that open this service; everybody enters where there are none."""

    def __init__(
        self,
        token: SecretStr | None = None,
        keys: SecretStr | None = None,
        file: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the token, lines of keys, and a file of them, whichever there are.

        Raises:
            KeysError: a line cannot be used, or the file cannot be read.
        """
        self.is_open = token is None and keys is None and file is None
        """Whether everybody may enter."""
        self._file, self._clock = file, clock
        self._token = [(digest_of(token.get_secret_value()), ANYBODY)] if token is not None else []
        self._given = _read(keys.get_secret_value(), "REWARD_API_KEYS") if keys is not None else []
        self._next_look, self._seen = clock() + _LOOK_SECONDS, self._stamp()
        self._keys = self._load()

    def holder(self, headers: Mapping[str, str]) -> Tenant | None:
        """Return whose key a request with these headers, in lower case, carries; None for nobody's.

        The scheme's case does not matter. Every key is looked at, each in constant time.
        """
        if self.is_open:
            return ANYBODY
        self._look()
        given = [headers[name] for name in _PLAIN_HEADERS if name in headers]
        for name in _BEARER_HEADERS:
            scheme, _, credentials = headers.get(name, "").partition(" ")
            if scheme.lower() == "bearer":
                given.append(credentials)
        digests = [digest_of(each.strip()) for each in given]
        found = [tenant for kept, tenant in self._keys for each in digests if secrets.compare_digest(kept, each)]
        return found[0] if found else None

    def _load(self) -> list[tuple[str, Tenant]]:
        lines = list(self._given)
        if self._file is not None:
            try:
                lines += _read(self._file.read_text(), "REWARD_API_KEYS_FILE")
            except (OSError, UnicodeDecodeError) as error:
                raise KeysError(f"REWARD_API_KEYS_FILE: {error}") from error
        tenants: dict[str, Tenant] = {}
        for line in lines:
            tenant = Tenant(line.tenant, line.cpu_seconds_a_minute, line.items_a_minute, line.largest_batch)
            if tenants.setdefault(line.tenant, tenant) != tenant:
                raise KeysError(f"the keys of tenant {line.tenant!r} name different quotas")
        return [*self._token, *((line.sha256, tenants[line.tenant]) for line in lines)]

    def _look(self) -> None:
        """Read the file again if it was changed; at most once a second."""
        if self._file is None or self._clock() < self._next_look:
            return
        self._next_look = self._clock() + _LOOK_SECONDS
        stamp = self._stamp()
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._keys = self._load()
        except KeysError as error:
            _log.error("api_keys_not_read", reason=str(error), kept=len(self._keys))
        else:
            _log.info("api_keys_read", keys=len(self._keys))

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._file.stat() if self._file is not None else None
        except OSError:
            return None
        return found and (found.st_mtime_ns, found.st_size, found.st_ino)


def _read(text: str, source: str) -> list[KeyLine]:
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            lines.append(KeyLine.model_validate_json(line))
        except ValidationError as error:
            problem = error.errors()[0]
            field = ".".join(map(str, problem["loc"])) or "line"
            raise KeysError(f"{source}: line {number}: {field}: {said(problem)}") from None
    return lines
