-- Version 3: error texts where they can be looked through.

-- Each distinct one once: the same mistake fails many runs.
CREATE TABLE error_texts (
    -- Never used again: the run index in memory names texts by it.
    pk INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Of the whole text; see write/error_texts.rs. Texts with the same one are told apart by looking.
    hash INTEGER NOT NULL,
    -- Runs that have it. Without any, it is deleted.
    n_runs INTEGER NOT NULL,
    n_bytes INTEGER NOT NULL,
    -- Text, or a blob when it was long enough to be compressed.
    data NOT NULL
);

CREATE INDEX error_texts_by_hash ON error_texts (hash);

-- The row of `error_texts`; null without error.
ALTER TABLE runs ADD COLUMN error_text INTEGER;

-- Runs of earlier versions get theirs when the store opens.
CREATE TABLE error_texts_missing (
    pk INTEGER PRIMARY KEY
);

INSERT INTO error_texts_missing (pk) SELECT pk FROM runs WHERE error_preview IS NOT NULL;
