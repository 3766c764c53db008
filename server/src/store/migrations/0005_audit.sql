-- Who did what to which account, case or consultation. No names and no transcripts, so that
-- erasing a person's data leaves nothing here that tells who it was.
CREATE TABLE audit (
    id      INTEGER NOT NULL PRIMARY KEY,
    actor   TEXT, -- a user's id, or null for the command line
    action  TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
