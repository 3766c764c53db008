-- Every version of every case, as written; a version never changes once stored.
CREATE TABLE cases (
    id      TEXT    NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    status  TEXT    NOT NULL CHECK (status IN ('draft', 'published', 'retired')),
    toml    TEXT    NOT NULL,
    hash    TEXT    NOT NULL,
    owner   TEXT    REFERENCES users (id) ON DELETE SET NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;
CREATE INDEX cases_by_owner ON cases (owner);
