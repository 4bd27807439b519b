"""The dialects that are read, and what is not."""

import logging

from sqlglot.errors import SqlglotError

DIALECTS = (
    "sqlite",
    "postgres",
    "mysql",
    "duckdb",
    "bigquery",
    "snowflake",
    "tsql",
    "oracle",
    "spark",
    "hive",
    "presto",
)
CASED = frozenset({"postgres", "duckdb", "bigquery", "snowflake", "oracle", "spark", "hive", "presto"})
"""Those whose LIKE tells upper case from lower; SQLite's does not unless it is told to."""
LONGEST = 20_000
"""Characters of a text that is read."""
UNREADABLE = (
    SqlglotError,
    RecursionError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    ArithmeticError,
    AssertionError,
)
"""What sqlglot raises on texts that it was not written for; who sends one has written no query."""


logging.getLogger("sqlglot").setLevel(logging.ERROR)
"""Its warnings quote what completions wrote."""


class NotAQuery(Exception):  # noqa: N818 - named after what was found
    """The text is not one query; the message says why."""


def first_line(error: BaseException) -> str:
    """Return what an error says of the text, shortly; what sqlglot stumbled over says nothing of it."""
    if not isinstance(error, SqlglotError | NotAQuery):
        return "it cannot be read"
    return (str(error).splitlines() or ["unknown"])[0][:200]
