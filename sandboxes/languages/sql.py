"""SQL on SQLite, in memory; a task whose tests bring schema and rows on stdin sets prelude `.read /dev/stdin`."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.sql",
    aliases=(
        *("sqlite", "sqlite3", "mysql", "mariadb", "postgresql", "postgres", "psql", "pgsql", "plpgsql", "redshift"),
        *("mssql", "tsql", "t-sql", "sql server", "sqlserver", "ms sql server", "mssqlserver", "oracle", "oraclesql"),
        *("plsql", "pl/sql", "duckdb", "bigquery", "snowflake"),
    ),
    run=("sqlite3", "-batch", "-bail", ":memory:", ".read {artifact}/solution.sql"),
    version=("sqlite3", "--version"),
    self_test="SELECT rtrim(CAST(readfile('/dev/stdin') AS TEXT), char(10));\n",
)
