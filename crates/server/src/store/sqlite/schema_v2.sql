-- Version 2: what filters look at, what search finds, views, retention.

-- `extra.metadata` of runs, without what is bulky; keys in order. Most runs share theirs with others, but the same object
-- may be here twice: only a writer's memory of late tells.
CREATE TABLE metadata_sets (
    pk INTEGER PRIMARY KEY,
    json TEXT NOT NULL
);

-- Null: no metadata.
ALTER TABLE runs ADD COLUMN metadata_set INTEGER;
-- What the error is called; null without error.
ALTER TABLE runs ADD COLUMN error_kind TEXT;
-- Null: for ever.
ALTER TABLE projects ADD COLUMN retention_days INTEGER;

-- Runs whose text is not in `text_blocks` as it is now. The stamp tells one state of a run from the next.
CREATE TABLE text_pending (
    pk INTEGER PRIMARY KEY,
    stamp_ns INTEGER NOT NULL,
    -- Runs that have not ended wait a while: their text is about to change.
    due_ns INTEGER NOT NULL
);

-- The search index, in parts that are written once and merged later; see search/mod.rs.
CREATE TABLE text_segments (
    -- Newer segments have greater numbers.
    pk INTEGER PRIMARY KEY AUTOINCREMENT,
    -- 0: being written, 1: searched, 2: merged into another, to be removed.
    state INTEGER NOT NULL,
    n_runs INTEGER NOT NULL,
    n_bytes INTEGER NOT NULL,
    -- Which runs: ranges of row numbers as varints.
    runs BLOB NOT NULL
);

-- Words in order, with the runs that have them, many to a compressed block.
CREATE TABLE text_blocks (
    segment INTEGER NOT NULL,
    first_word TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (segment, first_word)
) WITHOUT ROWID;

-- Runs that a later segment has again, with newer text.
CREATE TABLE text_stale (
    segment INTEGER NOT NULL,
    pk INTEGER NOT NULL,
    PRIMARY KEY (segment, pk)
) WITHOUT ROWID;

CREATE TABLE views (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    project INTEGER NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created_ns INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    UNIQUE (project, name)
);

-- Runs of version 1 get their metadata, the name of their error and their place in the search index bit by bit.
INSERT INTO text_pending (pk, stamp_ns, due_ns) SELECT pk, 0, 0 FROM runs;
