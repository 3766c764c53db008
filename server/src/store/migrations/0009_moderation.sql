-- What examiners decided of single items, beside the machine's mark. Nothing is overwritten: a decision
-- taken back keeps its row and says when and by whom.
CREATE TABLE overrides (
    id        INTEGER NOT NULL PRIMARY KEY,
    encounter TEXT    NOT NULL REFERENCES encounters (id) ON DELETE CASCADE,
    item      TEXT    NOT NULL,
    asked     INTEGER NOT NULL CHECK (asked IN (0, 1)),
    reason    TEXT    NOT NULL,
    examiner  TEXT    REFERENCES users (id) ON DELETE SET NULL,
    at        INTEGER NOT NULL,
    undone    INTEGER,
    undone_by TEXT    REFERENCES users (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX overrides_by_encounter ON overrides (encounter, at);
CREATE INDEX overrides_by_examiner ON overrides (examiner);
CREATE INDEX overrides_by_undoer ON overrides (undone_by);
-- One decision stands on an item at a time.
CREATE UNIQUE INDEX overrides_standing ON overrides (encounter, item) WHERE undone IS NULL;

-- Reports made later, by other versions. The report in `encounters` stays as it was given.
CREATE TABLE regradings (
    id        INTEGER NOT NULL PRIMARY KEY,
    encounter TEXT    NOT NULL REFERENCES encounters (id) ON DELETE CASCADE,
    report    TEXT    NOT NULL CHECK (json_valid(report)),
    actor     TEXT    REFERENCES users (id) ON DELETE SET NULL, -- null for the command line
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX regradings_by_encounter ON regradings (encounter, id);
CREATE INDEX regradings_by_actor ON regradings (actor);
