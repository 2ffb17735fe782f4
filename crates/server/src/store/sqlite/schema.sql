-- Version 1. Times are nanoseconds since 1970, money is picodollars, ids are 16-byte blobs; `pk` never leaves the store.

CREATE TABLE server (
    tenant_id BLOB NOT NULL
);

-- Numbers are never used again: runs of a deleted project may still be there for a while.
CREATE TABLE projects (
    pk INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER,
    description TEXT,
    extra TEXT,
    reference_dataset_id BLOB,
    default_dataset_id BLOB,
    trace_tier TEXT,
    n_llm_runs INTEGER NOT NULL DEFAULT 0,
    n_streamed_runs INTEGER NOT NULL DEFAULT 0
);

-- Deleted, their runs invisible and removed bit by bit between writes.
CREATE TABLE deleted_projects (
    pk INTEGER PRIMARY KEY
);

CREATE TABLE traces (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    n_runs INTEGER NOT NULL DEFAULT 0,
    n_errors INTEGER NOT NULL DEFAULT 0,
    min_start_ns INTEGER,
    max_end_ns INTEGER
);

-- One row per run, narrow: what lists, trees and sums read. Inputs and outputs are in `payload_blocks`.
CREATE TABLE runs (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    project INTEGER NOT NULL,
    trace INTEGER NOT NULL,
    -- The parent's row once it is here; until then its id waits in `waiting_parent`. Neither: a root.
    parent_pk INTEGER,
    waiting_parent BLOB,
    -- How sure project, trace and start are; see write/row.rs.
    ranks INTEGER NOT NULL,
    name TEXT,
    run_type INTEGER,
    status INTEGER NOT NULL,
    status_sent INTEGER,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER,
    -- Null when it equals the start.
    order_us INTEGER,
    -- As sent, without the last segment, while the parent is missing.
    dotted_prefix TEXT,
    own_first_token_ns INTEGER,
    first_token_ns INTEGER,
    error_preview TEXT,
    tags TEXT,
    thread_id TEXT,
    model TEXT,
    provider TEXT,
    reference_example_id BLOB,
    -- Usage of the run itself (JSON), as sent and priced; see model/own_usage.rs.
    own_usage TEXT,
    -- Usage of the run and everything below it; null counts as zero.
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    total_tokens INTEGER,
    prompt_cost INTEGER,
    completion_cost INTEGER,
    total_cost INTEGER,
    -- How many runs contributed: a cost without contributions is unknown, not zero.
    n_prompt_costs INTEGER,
    n_completion_costs INTEGER,
    n_total_costs INTEGER,
    usage_details TEXT,
    n_model_runs INTEGER,
    -- Where the payload's fragments are: (block, offset, length) as varints.
    fragments BLOB,
    -- Of root runs only: lists show roots.
    inputs_preview TEXT,
    outputs_preview TEXT
);

CREATE INDEX runs_by_start ON runs (project, start_ns, id);
CREATE INDEX roots_by_start ON runs (project, start_ns, id) WHERE parent_pk IS NULL AND waiting_parent IS NULL;
CREATE INDEX runs_by_trace ON runs (trace);
CREATE INDEX runs_by_parent ON runs (parent_pk) WHERE parent_pk IS NOT NULL;
CREATE INDEX runs_waiting ON runs (waiting_parent) WHERE waiting_parent IS NOT NULL;
CREATE INDEX runs_by_example ON runs (reference_example_id) WHERE reference_example_id IS NOT NULL;

-- Fragments of many runs, compressed together. A block without live fragments is deleted.
CREATE TABLE payload_blocks (
    pk INTEGER PRIMARY KEY,
    n_live INTEGER NOT NULL,
    raw_bytes INTEGER NOT NULL,
    data BLOB NOT NULL
);

-- By run id, not row: a file may arrive before its run.
CREATE TABLE attachments (
    pk INTEGER PRIMARY KEY,
    run_id BLOB NOT NULL,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (run_id, name)
);

CREATE TABLE feedback (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    run_id BLOB,
    -- As sent, and replaced by the run's own as soon as the run is here.
    trace_id BLOB,
    project INTEGER,
    start_ns INTEGER,
    key TEXT NOT NULL,
    score REAL,
    value TEXT,
    comment TEXT,
    correction TEXT,
    source_kind TEXT NOT NULL,
    source TEXT,
    group_id BLOB,
    comparative_experiment_id BLOB,
    extra TEXT,
    created_ns INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL
);

CREATE INDEX feedback_by_run ON feedback (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX feedback_by_trace ON feedback (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX feedback_by_project ON feedback (project, created_ns);
CREATE INDEX feedback_by_time ON feedback (created_ns);

CREATE TABLE rejections (
    pk INTEGER PRIMARY KEY,
    received_ns INTEGER NOT NULL,
    item TEXT NOT NULL,
    reason TEXT NOT NULL
);
