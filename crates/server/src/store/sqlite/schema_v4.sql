-- Version 4: prices that people set, budgets, boards of charts.

CREATE TABLE prices (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    -- As it was set; see wire/src/price.rs.
    json TEXT NOT NULL,
    created_ns INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL
);

-- The last repricing, one row: where it goes on after a stop.
CREATE TABLE repricing (
    pk INTEGER PRIMARY KEY CHECK (pk = 1),
    -- 0: running, 1: done, 2: cancelled.
    state INTEGER NOT NULL,
    -- Null: all.
    project INTEGER,
    from_ns INTEGER,
    until_ns INTEGER,
    -- Rows of runs that are still to be looked at: above the first, up to the last.
    after_pk INTEGER NOT NULL,
    last_pk INTEGER NOT NULL,
    n_runs INTEGER NOT NULL,
    n_changed INTEGER NOT NULL,
    started_ns INTEGER NOT NULL,
    ended_ns INTEGER
);

-- Picodollars a month; null without a budget.
ALTER TABLE projects ADD COLUMN monthly_budget INTEGER;

CREATE TABLE boards (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    project INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- Charts in order; see wire/src/board.rs.
    charts TEXT NOT NULL,
    -- Counts changes: who changes an older one than there is, is told.
    revision INTEGER NOT NULL,
    created_ns INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    UNIQUE (project, name)
);
