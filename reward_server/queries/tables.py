"""The tables that a database script creates: columns, keys, and the values it inserts."""

from dataclasses import dataclass, field
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from reward_server.errors import TaskError

_LARGEST_SCRIPT = 2_000_000
_KEPT_VALUES = 200


@dataclass
class Column:
    """A column: its name, its affinity (`int`, `real`, `text`), and what its values must be."""

    name: str
    affinity: str
    nullable: bool = True
    unique: bool = False
    references: tuple[str, str] | None = None
    """Table and column of a foreign key, in lower case."""
    values: list[Any] = field(default_factory=list)
    """Distinct values the script inserts, at most 200."""


@dataclass
class Table:
    """A table as the script creates it."""

    name: str
    columns: list[Column]


def read_tables(script: str, dialect: str) -> tuple[list[Table], str]:
    """Return the tables of a script, and the script in SQLite's words.

    Raises:
        TaskError: the script cannot be read, creates nothing, or is larger than 2 MB.
    """
    if len(script) > _LARGEST_SCRIPT:
        raise TaskError(f"database: a script of {len(script)} characters; at most {_LARGEST_SCRIPT}")
    try:
        statements = [statement for statement in sqlglot.parse(script, read=dialect) if statement is not None]
        translated = script if dialect == "sqlite" else ";\n".join(part.sql(dialect="sqlite") for part in statements)
    except (SqlglotError, RecursionError, ValueError) as error:
        raise TaskError(f"database: {(str(error).splitlines() or ['unreadable'])[0][:200]}") from None
    tables: dict[str, Table] = {}
    for statement in statements:
        if isinstance(statement, exp.Create) and statement.kind == "TABLE" and isinstance(statement.this, exp.Schema):
            table = _table(statement.this)
            tables[table.name.lower()] = table
        elif isinstance(statement, exp.Insert):
            _note_values(statement, tables)
    if not tables:
        raise TaskError("database: the script creates no table")
    return list(tables.values()), translated


def _table(schema: exp.Schema) -> Table:
    columns = [_column(part) for part in schema.expressions if isinstance(part, exp.ColumnDef)]
    by_name = {column.name.lower(): column for column in columns}
    for part in schema.expressions:
        for key in part.find_all(exp.ForeignKey):
            target = key.args["reference"].this
            names = [str(name.name).lower() for name in target.expressions] if isinstance(target, exp.Schema) else []
            for own, other in zip(key.expressions, names, strict=False):
                if own.name.lower() in by_name:
                    by_name[own.name.lower()].references = (target.this.name.lower(), other)
        if isinstance(part, exp.PrimaryKey | exp.UniqueColumnConstraint) or part.find(exp.PrimaryKey):
            named = [identifier.name.lower() for identifier in part.find_all(exp.Identifier)]
            if len(named) == 1 and named[0] in by_name:
                by_name[named[0]].unique, by_name[named[0]].nullable = True, False
    return Table(schema.this.name, columns)


def _column(definition: exp.ColumnDef) -> Column:
    kind = definition.args.get("kind")
    column = Column(definition.name, _affinity(kind.sql("sqlite") if kind is not None else ""))
    for constraint in definition.args.get("constraints") or []:
        what = constraint.args.get("kind")
        if isinstance(what, exp.PrimaryKeyColumnConstraint):
            column.unique, column.nullable = True, False
        elif isinstance(what, exp.UniqueColumnConstraint):
            column.unique = True
        elif isinstance(what, exp.NotNullColumnConstraint):
            column.nullable = bool(what.args.get("allow_null"))
        elif isinstance(what, exp.Reference) and isinstance(what.this, exp.Schema):
            other = what.this.expressions
            column.references = (what.this.this.name.lower(), other[0].name.lower() if other else "")
    return column


def _affinity(kind: str) -> str:
    """Return a type's affinity by SQLite's rules (datatype3, section 3.1), NUMERIC counted with REAL."""
    kind = kind.upper()
    if "INT" in kind or "BOOL" in kind:
        return "int"
    if any(name in kind for name in ("CHAR", "CLOB", "TEXT", "DATE", "TIME", "UUID", "ENUM", "JSON")):
        return "text"
    return "real" if kind else "text"


def _note_values(insert: exp.Insert, tables: dict[str, Table]) -> None:
    target, values = insert.this, insert.expression
    schema = target if isinstance(target, exp.Schema) else None
    table = tables.get((schema.this if schema else target).name.lower())
    if table is None or not isinstance(values, exp.Values):
        return
    named = [name.name.lower() for name in schema.expressions] if schema else [c.name.lower() for c in table.columns]
    by_name = {column.name.lower(): column for column in table.columns}
    for row in values.expressions[:_KEPT_VALUES]:
        for name, value in zip(named, row.expressions, strict=False):
            column = by_name.get(name)
            literal = _literal(value)
            if column is not None and literal is not None and literal not in column.values:
                column.values.append(literal)


def _literal(value: exp.Expression) -> Any:
    if isinstance(value, exp.Neg) and isinstance(value.this, exp.Literal) and not value.this.is_string:
        inner = _literal(value.this)
        return -inner if inner is not None else None
    if not isinstance(value, exp.Literal):
        return None
    if value.is_string:
        return str(value.this)
    try:
        return int(value.this) if str(value.this).isdigit() else float(value.this)
    except (ValueError, OverflowError):
        return None
