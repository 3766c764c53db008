-- A draft may be reviewed before it is published. SQLite cannot change a CHECK, so the table is made
-- anew; foreign keys are off while this runs and checked before it is committed.
CREATE TABLE cases_anew (
    id          TEXT    NOT NULL,
    version     INTEGER NOT NULL CHECK (version >= 1),
    status      TEXT    NOT NULL CHECK (status IN ('draft', 'reviewed', 'published', 'retired')),
    toml        TEXT    NOT NULL,
    hash        TEXT    NOT NULL,
    owner       TEXT    REFERENCES users (id) ON DELETE SET NULL,
    created     INTEGER NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;
INSERT INTO cases_anew (id, version, status, toml, hash, owner, created)
    SELECT id, version, status, toml, hash, owner, created FROM cases;
DROP TABLE cases;
ALTER TABLE cases_anew RENAME TO cases;
CREATE INDEX cases_by_owner ON cases (owner);

-- As before; they went with the table.
CREATE TRIGGER speech_of_withdrawn_case AFTER UPDATE OF status ON cases WHEN NEW.status <> 'published'
BEGIN
    DELETE FROM speech WHERE case_id = NEW.id AND case_version = NEW.version;
END;
CREATE TRIGGER speech_of_superseded_case AFTER INSERT ON cases WHEN NEW.status = 'published'
BEGIN
    DELETE FROM speech WHERE case_id = NEW.id AND case_version < NEW.version;
END;
CREATE TRIGGER speech_of_case_superseded_later AFTER UPDATE OF status ON cases WHEN NEW.status = 'published'
BEGIN
    DELETE FROM speech WHERE case_id = NEW.id AND case_version < NEW.version;
END;

-- What simulated students made of a version: the newest dry run of each.
CREATE TABLE dry_runs (
    case_id      TEXT    NOT NULL,
    case_version INTEGER NOT NULL,
    hash         TEXT    NOT NULL, -- of the case's content
    found        TEXT    NOT NULL CHECK (json_valid(found)),
    at           INTEGER NOT NULL,
    PRIMARY KEY (case_id, case_version),
    FOREIGN KEY (case_id, case_version) REFERENCES cases (id, version) ON DELETE CASCADE
) STRICT;
