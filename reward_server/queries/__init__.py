"""SQL queries compared by what they mean: run on the task's database and on generated ones.

The way of a query: completion → `extraction` → one statement in SQLite's words (`reading`) → `harness` in a sandbox on
the databases of `generation` → rows, compared with the gold query's rows in this process (`comparison`). The gold query
runs in runs of its own; no run of the completion's query holds it or its rows.
"""
