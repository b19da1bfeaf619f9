-- Queries of everybody else: read only, each short.

-- name: get_meta
SELECT value FROM meta WHERE key = :key

-- name: events_after
SELECT seq, epoch, at, ran_s, kind, trial, attempt, body FROM events WHERE seq > :seq ORDER BY seq LIMIT :limit

-- name: last_seq
SELECT COALESCE(MAX(seq), 0) FROM events

-- name: last_events_of_kind
SELECT seq, epoch, at, ran_s, kind, trial, attempt, body FROM events WHERE kind = :kind ORDER BY seq DESC LIMIT :limit

-- name: events_of_trial
SELECT seq, epoch, at, ran_s, kind, trial, attempt, body FROM events WHERE trial = :trial ORDER BY seq

-- name: trials
SELECT * FROM trials ORDER BY number

-- name: trial
SELECT * FROM trials WHERE number = :number

-- name: counts
SELECT status, outcome, COUNT(*) AS n, SUM(intervals) AS intervals FROM trials GROUP BY status, outcome

-- name: verdicts
SELECT * FROM verdicts ORDER BY seq, trial, interval

-- name: verdicts_of_trial
SELECT * FROM verdicts WHERE trial = :trial ORDER BY attempt, interval

-- name: metric_names
SELECT name, COUNT(*) AS n FROM metrics WHERE kind IS NULL GROUP BY name ORDER BY name

-- name: metrics_of_trial
SELECT name, attempt, n, value, special, kind, step, at, rank FROM metrics WHERE trial = :trial ORDER BY attempt, n

-- name: curves
SELECT trial, attempt, n, value, special, step, at FROM metrics
WHERE name = :name AND kind IS NULL AND rank = 0 ORDER BY trial, attempt, n

-- name: curve
SELECT attempt, n, value, special, step, at FROM metrics
WHERE name = :name AND trial = :trial AND kind IS NULL AND rank = 0 ORDER BY attempt, n

-- name: records_in_order
SELECT seq, trial, attempt, n, name, value, special, kind, step, at, rank FROM metrics ORDER BY seq, n

-- name: primary_in_order
SELECT seq, n, name, value, special, kind, step, at, rank FROM metrics WHERE name = :name ORDER BY seq, n

-- name: names_of_trial
SELECT name, MIN(n) AS first FROM metrics WHERE trial = :trial AND attempt = :attempt AND kind IS NULL
GROUP BY name ORDER BY first LIMIT 50

-- name: sweep_events
SELECT seq, epoch, at, ran_s, kind, trial, attempt, body FROM events
WHERE trial IS NULL AND kind <> 'time_passed' ORDER BY seq
