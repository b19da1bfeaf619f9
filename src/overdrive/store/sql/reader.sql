-- Queries of everybody else: read only, each short.

-- name: get_meta
SELECT value FROM meta WHERE key = :key

-- name: events_after
SELECT seq, epoch, at, ran_s, kind, trial, attempt, body FROM events WHERE seq > :seq ORDER BY seq LIMIT :limit

-- name: last_seq
SELECT COALESCE(MAX(seq), 0) FROM events

-- name: last_events_of_kind
SELECT seq, epoch, at, ran_s, kind, trial, attempt, body FROM events WHERE kind = :kind ORDER BY seq DESC LIMIT :limit

-- name: trials
SELECT number, status, outcome, attempt, configuration, reason, why, suggested_at, started_at, ended_at, exit, intervals, best,
    best_interval, last, bad, threads, CASE WHEN json_valid(exit) THEN json_extract(exit, '$.wall_s') END AS ran_s
FROM trials ORDER BY number

-- name: whole_trials
SELECT * FROM trials ORDER BY number

-- name: trial
SELECT number, status, outcome, attempt, configuration, reason, why, suggested_at, started_at, ended_at, exit, intervals, best,
    best_interval, last, bad, threads, CASE WHEN json_valid(exit) THEN json_extract(exit, '$.wall_s') END AS ran_s
FROM trials WHERE number = :number

-- name: counts
SELECT status, outcome, COUNT(*) AS n, SUM(intervals) AS intervals FROM trials GROUP BY status, outcome

-- name: verdicts
SELECT * FROM verdicts ORDER BY seq, trial, interval

-- name: stops
SELECT * FROM verdicts WHERE stop = 1

-- name: verdicts_of_trial
SELECT * FROM verdicts WHERE trial = :trial ORDER BY attempt, interval

-- name: metric_names
-- The names come one by one from the key (a scan would read every point).
WITH RECURSIVE names (name) AS (
    SELECT MIN(name) FROM metrics
    UNION ALL
    SELECT (SELECT MIN(m.name) FROM metrics AS m WHERE m.name > names.name) FROM names WHERE names.name IS NOT NULL
)
SELECT name FROM names
WHERE EXISTS (SELECT 1 FROM metrics AS m WHERE m.name = names.name AND m.kind IS NULL) ORDER BY name

-- name: metrics_of_trial
-- The names come one by one from the key, then the trial's rows of each: without an index of its own.
WITH RECURSIVE names (name) AS (
    SELECT MIN(name) FROM metrics
    UNION ALL
    SELECT (SELECT MIN(m.name) FROM metrics AS m WHERE m.name > names.name) FROM names WHERE names.name IS NOT NULL
)
SELECT m.name, m.attempt, m.n, m.value, m.special, m.kind, m.step, m.at, m.rank
FROM names CROSS JOIN metrics AS m ON m.name = names.name AND m.trial = :trial ORDER BY m.attempt, m.n

-- name: outline_of_trial
-- The same without the points of curves, of each of which the first one is there: they are many.
WITH RECURSIVE names (name) AS (
    SELECT MIN(name) FROM metrics
    UNION ALL
    SELECT (SELECT MIN(m.name) FROM metrics AS m WHERE m.name > names.name) FROM names WHERE names.name IS NOT NULL
), attempts (attempt) AS (
    SELECT 0
    UNION ALL
    SELECT attempt + 1 FROM attempts WHERE attempt < (SELECT attempt FROM trials WHERE number = :trial)
)
SELECT m.name, m.attempt, m.n, m.value, m.special, m.kind, m.step, m.at, m.rank
FROM names CROSS JOIN metrics AS m ON m.name = names.name AND m.trial = :trial WHERE m.kind IS NOT NULL
UNION ALL
SELECT m.name, m.attempt, m.n, m.value, m.special, m.kind, m.step, m.at, m.rank
FROM names CROSS JOIN attempts AS a CROSS JOIN metrics AS m
    ON m.name = names.name AND m.trial = :trial AND m.attempt = a.attempt AND m.n = (
        SELECT f.n FROM metrics AS f
        WHERE f.name = names.name AND f.trial = :trial AND f.attempt = a.attempt AND f.kind IS NULL AND f.rank = 0
        ORDER BY f.n LIMIT 1
    )
ORDER BY attempt, n

-- name: curves
SELECT trial, attempt, n, value, special, step, at FROM metrics
WHERE name = :name AND kind IS NULL AND rank = 0 ORDER BY trial, attempt, n

-- name: last_values
-- A look into the key for each trial, from its end.
SELECT t.number AS trial, m.value, m.special
FROM trials AS t CROSS JOIN metrics AS m ON m.name = :name AND m.trial = t.number AND m.attempt = t.attempt AND m.n = (
    SELECT l.n FROM metrics AS l
    WHERE l.name = :name AND l.trial = t.number AND l.attempt = t.attempt AND l.kind IS NULL AND l.rank = 0
    ORDER BY l.n DESC LIMIT 1
) ORDER BY t.number

-- name: curve
SELECT attempt, n, value, special, step, at FROM metrics
WHERE name = :name AND trial = :trial AND kind IS NULL AND rank = 0 ORDER BY attempt, n

-- name: records_in_order
SELECT seq, trial, attempt, n, name, value, special, kind, step, at, rank FROM metrics ORDER BY seq, n

-- name: primary_in_order
SELECT seq, n, name, value, special, kind, step, at, rank FROM metrics WHERE name = :name ORDER BY seq, n

-- name: primary_of_event
SELECT seq, n, name, value, special, kind, step, at, rank FROM metrics
WHERE name = :name AND trial = :trial AND attempt = :attempt AND n BETWEEN :first AND :last ORDER BY n

-- name: names_of_trial
WITH RECURSIVE names (name) AS (
    SELECT MIN(name) FROM metrics
    UNION ALL
    SELECT (SELECT MIN(m.name) FROM metrics AS m WHERE m.name > names.name) FROM names WHERE names.name IS NOT NULL
)
SELECT m.name, MIN(m.n) AS first
FROM names CROSS JOIN metrics AS m ON m.name = names.name AND m.trial = :trial AND m.attempt = :attempt
WHERE m.kind IS NULL GROUP BY m.name ORDER BY first LIMIT 50

-- name: sweep_events
SELECT seq, epoch, at, ran_s, kind, trial, attempt, body FROM events
WHERE trial IS NULL AND kind NOT IN ('time_passed', 'earlier') ORDER BY seq

-- name: values_of_trial
-- Without what only other axes than the interval need.
SELECT attempt, value, special FROM metrics
WHERE name = :name AND trial = :trial AND kind IS NULL AND rank = 0 ORDER BY attempt, n

-- name: values_and_steps_of_trial
SELECT attempt, value, special, step FROM metrics
WHERE name = :name AND trial = :trial AND kind IS NULL AND rank = 0 ORDER BY attempt, n

-- name: values_and_times_of_trial
SELECT attempt, value, special, at FROM metrics
WHERE name = :name AND trial = :trial AND kind IS NULL AND rank = 0 ORDER BY attempt, n

-- name: attempts_between
SELECT number, attempt FROM trials WHERE number BETWEEN :first AND :last ORDER BY number LIMIT :limit

-- name: values_since
SELECT n, value, special, step, at FROM metrics
WHERE name = :name AND trial = :trial AND attempt = :attempt AND n >= :first AND kind IS NULL AND rank = 0 ORDER BY n

-- name: judged
-- Each attempt's first and last judged interval, and the event of the last, the latest first: three looks into the key.
WITH RECURSIVE attempts (trial, attempt) AS (
    SELECT number, attempt FROM trials WHERE attempt > 0
    UNION ALL
    SELECT trial, attempt - 1 FROM attempts WHERE attempt > 1
)
SELECT a.trial, a.attempt,
    (SELECT MIN(v.interval) FROM verdicts AS v WHERE v.trial = a.trial AND v.attempt = a.attempt) AS first,
    (SELECT MAX(v.interval) FROM verdicts AS v WHERE v.trial = a.trial AND v.attempt = a.attempt) AS last,
    (SELECT v.seq FROM verdicts AS v WHERE v.trial = a.trial AND v.attempt = a.attempt
     ORDER BY v.interval DESC LIMIT 1) AS seq
FROM attempts AS a ORDER BY seq DESC NULLS LAST

-- name: thresholds_of
SELECT interval, threshold, seq FROM verdicts
WHERE trial = :trial AND attempt = :attempt AND threshold IS NOT NULL ORDER BY interval

-- name: thresholds_since
SELECT interval, threshold FROM verdicts
WHERE trial = :trial AND attempt = :attempt AND interval >= :first AND threshold IS NOT NULL ORDER BY interval

-- name: said_of
-- What scripts logged to another run than their own, in the order in which the engine took it in.
SELECT value FROM metrics WHERE name = :name AND kind = 'child' AND rank = 0 ORDER BY seq, trial, n

-- name: suggestions
-- By their keys, as below.
SELECT seq, trial, body FROM events WHERE key >= 'suggested/' AND key < 'suggested0'

-- name: starts
-- By their keys, which have an index; the events of a long sweep are many.
SELECT seq, trial, attempt, at, CASE WHEN json_valid(body) THEN json_extract(body, '$.slot') END AS slot,
    json_valid(body) AS is_sound
FROM events
WHERE key >= 'planned/' AND key < 'planned0' ORDER BY seq

-- name: ends
SELECT trial, attempt, at FROM events WHERE key >= 'ended/' AND key < 'ended0'
