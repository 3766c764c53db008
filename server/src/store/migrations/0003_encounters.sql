-- Consultations. A finished one has its report; an open one has neither report nor end.
CREATE TABLE encounters (
    id           TEXT    NOT NULL PRIMARY KEY,
    student      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    case_id      TEXT    NOT NULL,
    case_version INTEGER NOT NULL,
    language     TEXT    NOT NULL CHECK (language IN ('en', 'zh')),
    mode         TEXT    NOT NULL CHECK (mode IN ('practice', 'exam')),
    seed         INTEGER NOT NULL, -- unsigned, kept as its two's complement
    started      INTEGER NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'finished', 'abandoned')),
    ended        INTEGER CHECK ((ended IS NULL) = (state = 'open')),
    diagnoses    TEXT    CHECK ((diagnoses IS NOT NULL) = (state = 'finished') AND (diagnoses IS NULL OR json_valid(diagnoses))),
    report       TEXT    CHECK ((report IS NOT NULL) = (state = 'finished') AND (report IS NULL OR json_valid(report))),
    notes        TEXT    NOT NULL DEFAULT '',
    FOREIGN KEY (case_id, case_version) REFERENCES cases (id, version)
) STRICT;
CREATE INDEX encounters_by_student ON encounters (student, started);
CREATE INDEX encounters_by_start ON encounters (started);
CREATE INDEX encounters_by_case ON encounters (case_id, case_version);

-- The student's words are committed first; `reply` stays null until the patient has spoken.
CREATE TABLE turns (
    encounter TEXT    NOT NULL REFERENCES encounters (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL CHECK (position >= 0),
    key       TEXT    NOT NULL,
    said      TEXT    NOT NULL,
    said_at   INTEGER NOT NULL,
    reply     TEXT    CHECK (reply IS NULL OR json_valid(reply)),
    PRIMARY KEY (encounter, position),
    UNIQUE (encounter, key)
) STRICT, WITHOUT ROWID;

-- Examinations made and tests ordered, each once.
CREATE TABLE orders (
    encounter  TEXT    NOT NULL REFERENCES encounters (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL CHECK (position >= 0),
    kind       TEXT    NOT NULL CHECK (kind IN ('examination', 'test')),
    test       TEXT    NOT NULL,
    after_turn INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (encounter, position),
    UNIQUE (encounter, kind, test)
) STRICT, WITHOUT ROWID;
