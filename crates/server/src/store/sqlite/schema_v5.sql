-- Version 5: prompts, their versions and tags.

CREATE TABLE prompts (
    pk INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    description TEXT,
    readme TEXT,
    -- A JSON array of texts.
    tags TEXT NOT NULL,
    is_public INTEGER NOT NULL,
    is_archived INTEGER NOT NULL DEFAULT 0,
    is_liked INTEGER NOT NULL DEFAULT 0,
    n_downloads INTEGER NOT NULL DEFAULT 0,
    n_views INTEGER NOT NULL DEFAULT 0,
    created_ns INTEGER NOT NULL,
    updated_ns INTEGER NOT NULL
);

-- Never changed, but for the counts. Newer versions have greater numbers.
CREATE TABLE prompt_commits (
    pk INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    prompt INTEGER NOT NULL,
    parent INTEGER,
    -- Hexadecimal, so that it can be found by how it begins.
    hash TEXT NOT NULL,
    -- As sent.
    manifest TEXT NOT NULL,
    description TEXT,
    author TEXT,
    client TEXT,
    -- A JSON array of ids.
    example_runs TEXT NOT NULL,
    n_downloads INTEGER NOT NULL DEFAULT 0,
    n_views INTEGER NOT NULL DEFAULT 0,
    created_ns INTEGER NOT NULL,
    UNIQUE (prompt, hash)
);

CREATE INDEX prompt_commits_by_prompt ON prompt_commits (prompt, pk);

CREATE TABLE prompt_tags (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    prompt INTEGER NOT NULL,
    name TEXT NOT NULL,
    commit_pk INTEGER NOT NULL,
    created_ns INTEGER NOT NULL,
    updated_ns INTEGER NOT NULL,
    UNIQUE (prompt, name)
);

CREATE INDEX prompt_tags_by_commit ON prompt_tags (commit_pk);

-- Where tags were put, by whom.
CREATE TABLE prompt_tag_moves (
    pk INTEGER PRIMARY KEY,
    prompt INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- Null: removed.
    commit_pk INTEGER,
    -- Null: was new.
    previous_pk INTEGER,
    author TEXT,
    client TEXT,
    moved_ns INTEGER NOT NULL
);

CREATE INDEX prompt_tag_moves_by_prompt ON prompt_tag_moves (prompt, pk);
