-- The tables of one sweep's file. The journal is `events` with the `metrics` that each LOGGED event took in;
-- `trials` and `verdicts` are projections, written in the same transaction and rebuildable from the journal.

-- name: create
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE events (
    seq     INTEGER PRIMARY KEY,
    epoch   INTEGER NOT NULL,
    at      REAL NOT NULL,
    ran_s   REAL NOT NULL,
    kind    TEXT NOT NULL,
    trial   INTEGER,
    attempt INTEGER,
    key     TEXT UNIQUE,        -- what may happen once only, such as 'planned/7/1'; null for the rest
    body    TEXT NOT NULL
);

-- The sweep's own events are few among those of its trials: found without reading them all.
CREATE INDEX own_events ON events (trial) WHERE trial IS NULL;

CREATE TABLE metrics (
    name    TEXT NOT NULL,
    trial   INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    n       INTEGER NOT NULL,   -- number of the record in the attempt's spool
    value,                      -- a finite number; JSON for kinds other than scalars; null where special says more
    special TEXT,               -- 'nan', 'inf', '-inf'
    kind    TEXT,               -- null: a scalar number
    step    REAL,
    at      REAL,
    rank    INTEGER NOT NULL,
    seq     INTEGER NOT NULL,   -- the LOGGED event that took it in
    PRIMARY KEY (name, trial, attempt, n)
) WITHOUT ROWID;

CREATE TABLE trials (
    number         INTEGER PRIMARY KEY,
    status         TEXT NOT NULL,
    outcome        TEXT,
    attempt        INTEGER NOT NULL,
    configuration  TEXT NOT NULL,
    reason         TEXT NOT NULL,
    why            TEXT NOT NULL,
    suggested_at   REAL NOT NULL,
    started_at     REAL,
    ended_at       REAL,
    exit           TEXT,
    intervals      INTEGER NOT NULL,
    best,
    best_interval  INTEGER,
    last,
    records        INTEGER NOT NULL,
    bad            INTEGER NOT NULL,
    threads        INTEGER,
    pid            INTEGER
);

CREATE TABLE verdicts (
    trial      INTEGER NOT NULL,
    attempt    INTEGER NOT NULL,
    interval   INTEGER NOT NULL,
    stop       INTEGER NOT NULL,
    rule       TEXT NOT NULL,
    own,
    threshold,
    formula    TEXT NOT NULL,
    compared   INTEGER NOT NULL,
    best_trial,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (trial, attempt, interval)
) WITHOUT ROWID;
