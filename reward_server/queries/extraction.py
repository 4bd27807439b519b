"""The query in a completion: its last fenced block in SQL, else the inside of `<answer>`, else the text itself."""

import re

from reward_server.documents.finding import fenced_blocks
from reward_server.extraction.region import final_region

_TAGS = frozenset(("sql", "sqlite", "postgresql", "postgres", "mysql", "duckdb", "tsql", "plsql", "bigquery"))
_QUERY = re.compile(r"\s*+(?:--[^\n]*+\n\s*+)*+\(*+\s*+(?:select|with|values)\b", re.IGNORECASE)


def find_query(completion: str) -> str | None:
    """Return the text of the query, or None where the completion has none."""
    text = final_region(completion).text
    blocks = fenced_blocks(text)
    named = [content for tag, content in blocks if tag in _TAGS]
    if named:
        return named[-1].strip()
    unnamed = [content for tag, content in blocks if not tag and _QUERY.match(content)]
    if unnamed:
        return unnamed[-1].strip()
    _, tag, rest = text.rpartition("<answer>")
    inside = rest.partition("</answer>")[0] if tag else text
    return inside.strip() if _QUERY.match(inside) else None
