"""The index's tables: a row for each verdict with its place in the log, and sums that every question begins with.

Sums are kept by run, step, kind and outcome (`cells`), so that curves and counts read thousands of rows however many
millions of verdicts there are, and lists are read from cells that are known to hold something. What needs no step is
summed over all of them once more (`spans`). A task stands under each run and under run 0, which is all of them.
"""

VERSION = 4
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE segments (id INTEGER PRIMARY KEY, path TEXT UNIQUE, begins BLOB, read INTEGER, unread INTEGER);
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE verdicts (id INTEGER PRIMARY KEY, segment INTEGER, place INTEGER, size INTEGER, run INTEGER, step INTEGER,
  grp INTEGER, kind INTEGER, outcome INTEGER, reward REAL, score REAL, elapsed_ms REAL, answer TEXT);
CREATE INDEX verdicts_by_cell ON verdicts (run, step, kind, outcome);
CREATE INDEX verdicts_by_group ON verdicts (grp);
CREATE TABLE cells (run INTEGER, step INTEGER, kind INTEGER, outcome INTEGER, n INTEGER, rewarded INTEGER, reward REAL,
  cached INTEGER, elapsed_ms REAL, named INTEGER, newest REAL, PRIMARY KEY (run, step, kind, outcome)) WITHOUT ROWID;
CREATE INDEX cells_by_step ON cells (step, run, kind, outcome, n);
CREATE TABLE spans (run INTEGER, kind INTEGER, outcome INTEGER, named INTEGER, n INTEGER, rewarded INTEGER,
  reward REAL, cached INTEGER, newest REAL, low INTEGER, high INTEGER,
  PRIMARY KEY (run, kind, outcome, named)) WITHOUT ROWID;
CREATE TABLE steps (run INTEGER, step INTEGER, PRIMARY KEY (run, step)) WITHOUT ROWID;
CREATE TABLE parts (run INTEGER, step INTEGER, kind INTEGER, name INTEGER, n INTEGER, total REAL,
  PRIMARY KEY (run, step, kind, name)) WITHOUT ROWID;
CREATE TABLE times (run INTEGER, kind INTEGER, bucket INTEGER, n INTEGER,
  PRIMARY KEY (run, kind, bucket)) WITHOUT ROWID;
CREATE TABLE causes (run INTEGER, kind INTEGER, outcome INTEGER, cause INTEGER, n INTEGER, last INTEGER,
  PRIMARY KEY (run, kind, outcome, cause)) WITHOUT ROWID;
CREATE TABLE groups (id INTEGER PRIMARY KEY, run INTEGER, step INTEGER, kind INTEGER, task INTEGER, n INTEGER,
  rewarded INTEGER, low REAL, high REAL, total REAL, first INTEGER);
CREATE INDEX groups_by_step ON groups (run, step);
CREATE INDEX groups_by_task ON groups (task);
CREATE TABLE tasks (run INTEGER, id INTEGER, kind INTEGER, n INTEGER, scored INTEGER, solved INTEGER, nulls INTEGER,
  last INTEGER, PRIMARY KEY (run, id)) WITHOUT ROWID;
CREATE INDEX tasks_by_nobody ON tasks (run, scored) WHERE solved = 0 AND scored >= 4;
CREATE INDEX tasks_by_everybody ON tasks (run, scored) WHERE solved = scored AND scored >= 4;
CREATE INDEX tasks_by_nulls ON tasks (run, nulls) WHERE nulls >= 2;
CREATE TABLE signals (signal INTEGER, run INTEGER, id INTEGER, PRIMARY KEY (signal, run, id)) WITHOUT ROWID;
CREATE TABLE signal_counts (signal INTEGER, run INTEGER, step INTEGER, kind INTEGER, n INTEGER,
  PRIMARY KEY (signal, run, step, kind)) WITHOUT ROWID;
"""
INSERT_VERDICT = "INSERT INTO verdicts VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
ADD_TO_CELL = """INSERT INTO cells VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
  n = n + excluded.n, rewarded = rewarded + excluded.rewarded, reward = reward + excluded.reward,
  cached = cached + excluded.cached, elapsed_ms = elapsed_ms + excluded.elapsed_ms,
  newest = max(newest, excluded.newest)"""
ADD_TO_SPAN = """INSERT INTO spans VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
  n = n + excluded.n, rewarded = rewarded + excluded.rewarded, reward = reward + excluded.reward,
  cached = cached + excluded.cached, newest = max(newest, excluded.newest),
  low = min(low, excluded.low), high = max(high, excluded.high)"""
ADD_STEP = "INSERT OR IGNORE INTO steps VALUES (?,?)"
ADD_TO_PART = """INSERT INTO parts VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
  n = n + excluded.n, total = total + excluded.total"""
ADD_TO_GROUP = """INSERT INTO groups VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
  n = n + excluded.n, rewarded = rewarded + excluded.rewarded, total = total + excluded.total,
  low = CASE WHEN low IS NULL THEN excluded.low ELSE min(low, ifnull(excluded.low, low)) END,
  high = CASE WHEN high IS NULL THEN excluded.high ELSE max(high, ifnull(excluded.high, high)) END"""
ADD_TO_TASK = """INSERT INTO tasks VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
  n = n + excluded.n, scored = scored + excluded.scored, solved = solved + excluded.solved,
  nulls = nulls + excluded.nulls, last = excluded.last"""
ADD_TO_TIME = """INSERT INTO times VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET n = n + excluded.n"""
ADD_TO_CAUSE = """INSERT INTO causes VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
  n = n + excluded.n, last = excluded.last"""
ADD_SIGNAL = "INSERT OR IGNORE INTO signals VALUES (?,?,?)"
ADD_TO_SIGNAL = """INSERT INTO signal_counts VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET n = n + excluded.n"""
