-- Marking schemes that teachers brought in. A version is its content: the same file is stored once.
CREATE TABLE schemes (
    id      TEXT    NOT NULL,
    hash    TEXT    NOT NULL, -- SHA-256 of the file
    version INTEGER NOT NULL, -- as its author counts
    toml    TEXT    NOT NULL,
    owner   TEXT    REFERENCES users (id) ON DELETE SET NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (id, hash),
    UNIQUE (id, version)
) STRICT;
CREATE INDEX schemes_by_owner ON schemes (owner);

-- Which scheme marks what. A scheme without a hash is one of the program's own.
CREATE TABLE scheme_choices (
    place   TEXT NOT NULL PRIMARY KEY, -- 'practice', 'exam' or 'case:ID'
    scheme  TEXT NOT NULL,
    hash    TEXT,
    chooser TEXT REFERENCES users (id) ON DELETE SET NULL,
    chosen  INTEGER NOT NULL,
    FOREIGN KEY (scheme, hash) REFERENCES schemes (id, hash) ON DELETE CASCADE
) STRICT;
CREATE INDEX scheme_choices_by_chooser ON scheme_choices (chooser);
CREATE INDEX scheme_choices_by_scheme ON scheme_choices (scheme, hash);
