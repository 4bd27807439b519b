"""The program that runs queries inside the sandbox: ours, and all it is told of a query is its text.

`run(script, databases, query, reverse, foreign, cased)` builds the task's database (where `databases` has a null) or a
generated one, and returns JSON: for each `{"rows": [[…]], "columns": n}` or `{"error": "…"}`. The query sees a
connection that may only read: an authorizer refuses writing, attaching, pragmas, loading and chance.
"""

SOURCE = r"""
import json
import sqlite3

_MAX_ROWS = 5000
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}

# What reaches out of the database, and what gives other rows each time: a verdict must not hang on chance.
_REFUSED = ("load_extension", "writefile", "readfile", "random", "randomblob")


def _authorize(action, first, second, *_):
    if action == sqlite3.SQLITE_FUNCTION and second and second.lower() in _REFUSED:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _joined(separator, *parts):
    return None if separator is None else str(separator).join(str(part) for part in parts if part is not None)


def _teach(connection, foreign):
    # Functions of newer SQLites, and for other dialects those whose names sqlglot keeps.
    functions = {"concat": lambda *parts: _joined("", *parts), "concat_ws": _joined}
    if foreign:
        functions |= {
            "left": lambda text, n: None if text is None else str(text)[: max(int(n), 0)],
            "right": lambda text, n: None if text is None else str(text)[-int(n) :] if int(n) > 0 else "",
            "year": lambda day: None if day is None else int(str(day)[:4]),
            "month": lambda day: None if day is None else int(str(day)[5:7]),
            "day": lambda day: None if day is None else int(str(day)[8:10]),
        }
    for name, function in functions.items():
        connection.create_function(name, -1, function, deterministic=True)


def _build(script, database, reverse, foreign, cased):
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _teach(connection, foreign)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.executescript(script)
    if database is not None:
        tables = "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
        for (name,) in connection.execute(tables).fetchall():
            connection.execute('DELETE FROM "%s"' % name.replace('"', '""'))
        for name, rows in database.items():
            for row in (reversed(rows) if reverse else rows):
                marks = ",".join("?" * len(row))
                connection.execute('INSERT OR IGNORE INTO "%s" VALUES (%s)' % (name.replace('"', '""'), marks), row)
    if cased:
        connection.execute("PRAGMA case_sensitive_like=ON")
    if reverse:
        connection.execute("PRAGMA reverse_unordered_selects=ON")
    return connection


def run(script, databases, query, reverse, foreign, cased):
    results = []
    for database in databases:
        connection = _build(script, database, reverse, foreign, cased)
        connection.set_authorizer(_authorize)
        try:
            cursor = connection.execute(query)
            rows = cursor.fetchmany(_MAX_ROWS + 1)
            if len(rows) > _MAX_ROWS:
                results.append({"error": "more than %d rows" % _MAX_ROWS})
            else:
                cells = [[cell.hex() if isinstance(cell, bytes) else cell for cell in row] for row in rows]
                results.append({"rows": cells, "columns": len(cursor.description or ())})
        except (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError) as error:
            results.append({"error": str(error)[:300]})
        finally:
            connection.close()
    return json.dumps(results)
"""
