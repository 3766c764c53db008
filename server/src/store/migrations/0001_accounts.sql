-- Who may sign in, and how they stay signed in. Instants are microseconds since 1970, UTC.
PRAGMA application_id = 0x414E414D; -- "ANAM", so that a restore can tell our files from others

CREATE TABLE users (
    id            TEXT    NOT NULL PRIMARY KEY,
    login         TEXT    NOT NULL UNIQUE CHECK (login = lower(login) AND login <> ''),
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('student', 'teacher', 'admin')),
    password_hash TEXT    NOT NULL,
    language      TEXT    CHECK (language IN ('en', 'zh')),
    created       INTEGER NOT NULL
) STRICT;

-- Only hashes of the tokens: a stolen database opens no session.
CREATE TABLE sessions (
    token_sha256 BLOB    NOT NULL PRIMARY KEY,
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created      INTEGER NOT NULL,
    expires      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires);

CREATE TABLE tokens (
    id           TEXT    NOT NULL PRIMARY KEY,
    token_sha256 BLOB    NOT NULL UNIQUE,
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    created      INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_by_user ON tokens (user_id);
