"""What can go wrong between a trainer and the service, sorted by what helps.

RewardClientError
├── RequestRejected   the request is wrong (4xx): fix the row it names; never retried
├── Unavailable       the service gave no answer before the deadline, whatever was tried
├── ProtocolError     the reply is not what the protocol promises; do not train on it
└── Ungradable        one completion has no verdict, in an adapter for a trainer that cannot mask it

To the client itself a completion that cannot be graded is no error: its reward is None.
"""

from collections.abc import Mapping, Sequence

from reward_server.wire import ItemVerdict, Problem


class RewardClientError(Exception):
    """The root of the tree above."""


class RequestRejected(RewardClientError):  # noqa: N818 - named after what the service did
    """The service refused the request; `problems` name the caller's rows and fields."""

    def __init__(self, status: int, detail: str, problems: list[Problem]) -> None:
        super().__init__(status, detail, problems)
        self.status = status
        self.detail = detail
        self.problems = problems

    def __str__(self) -> str:
        return f"HTTP {self.status}: {self.detail}"

    def renumbered(self, rows: Sequence[int], users: Mapping[str, Sequence[int]] | None = None) -> "RequestRejected":
        """Return this error with row i of the request called `rows[i]`, as the caller counts.

        A complaint about a shared task that the caller has not named is one about every row that uses it; `users` says
        which those are, by the task's name.
        """
        problems = []
        for problem in self.problems:
            of_tasks, _, rest = problem.field.partition(".")
            name, _, field = rest.partition(".")
            if problem.row is None and of_tasks == "tasks" and name in (users or {}):
                named = {"field": f"task.{field}" if field else "task"}
                problems += [problem.model_copy(update={**named, "row": rows[use]}) for use in (users or {})[name]]
            else:
                row = None if problem.row is None else rows[problem.row]
                problems.append(problem.model_copy(update={"row": row}))
        if not problems or problems[0].row is None:
            return RequestRejected(self.status, self.detail, problems)
        first = problems[0]
        place = f"items[{first.row}]" + (f".{first.field}" if first.field else "")
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return RequestRejected(self.status, f"{place}: {first.message}{more}", problems)


class Unavailable(RewardClientError):  # noqa: N818 - named after the state, as HTTP does
    """No answer before the deadline; the message carries the last failure."""


class ProtocolError(RewardClientError):
    """Verdicts are missing, doubled, out of order or for other items."""


class Ungradable(RewardClientError):  # noqa: N818 - an outcome's name
    """A completion has no verdict, and its trainer has no way to leave it out but this."""

    def __init__(self, verdict: ItemVerdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict

    def __str__(self) -> str:
        return f"{self.verdict.outcome.value}: {self.verdict.evidence.get('reason', 'no reason given')}"
