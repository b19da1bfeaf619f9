-- Queries of the engine, the only writer.

-- name: get_meta
SELECT value FROM meta WHERE key = :key

-- name: set_meta
INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value

-- name: last_event
SELECT seq, ran_s FROM events ORDER BY seq DESC LIMIT 1

-- name: add_event
INSERT INTO events (seq, epoch, at, ran_s, kind, trial, attempt, key, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: add_metric
INSERT INTO metrics (name, trial, attempt, n, value, special, kind, step, at, rank, seq)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: add_verdict
INSERT INTO verdicts (trial, attempt, interval, stop, rule, own, threshold, formula, compared, best_trial, seq)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: put_trial
INSERT OR REPLACE INTO trials (
    number, status, outcome, attempt, configuration, reason, why, suggested_at, started_at, ended_at, exit,
    intervals, best, best_interval, last, records, bad, threads, pid)
VALUES (
    :number, :status, :outcome, :attempt, :configuration, :reason, :why, :suggested_at, :started_at, :ended_at, :exit,
    :intervals, :best, :best_interval, :last, :records, :bad, :threads, :pid)
