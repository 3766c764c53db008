-- What every estimate of a learner is made from: each graded occasion. Made from the counting report
-- of a finished consultation, which is said to be observed then, or by a drill.
ALTER TABLE encounters ADD COLUMN observed INTEGER NOT NULL DEFAULT 0 CHECK (observed IN (0, 1));
CREATE INDEX encounters_unobserved ON encounters (student) WHERE state = 'finished' AND observed = 0;

CREATE TABLE observations (
    id        INTEGER NOT NULL PRIMARY KEY,
    student   TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    topic     TEXT    NOT NULL,
    section   TEXT    NOT NULL,
    system    TEXT    NOT NULL,
    correct   INTEGER NOT NULL CHECK (correct IN (0, 1)),
    guess     REAL    NOT NULL CHECK (guess >= 0 AND guess < 1),
    encounter TEXT    REFERENCES encounters (id) ON DELETE CASCADE,
    drill     TEXT,
    at        INTEGER NOT NULL,
    CHECK ((encounter IS NULL) <> (drill IS NULL))
) STRICT;
CREATE INDEX observations_by_student ON observations (student, at, id);
CREATE INDEX observations_by_encounter ON observations (encounter);

-- How consultations were held, rule by rule.
CREATE TABLE skill_observations (
    encounter TEXT    NOT NULL REFERENCES encounters (id) ON DELETE CASCADE,
    rule      TEXT    NOT NULL,
    student   TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    area      TEXT    NOT NULL,
    share     REAL    NOT NULL CHECK (share BETWEEN 0 AND 1),
    at        INTEGER NOT NULL,
    PRIMARY KEY (encounter, rule)
) STRICT, WITHOUT ROWID;
CREATE INDEX skill_observations_by_student ON skill_observations (student, at);

-- What an examiner decides counts from then on.
CREATE TRIGGER observed_again_after_decision AFTER INSERT ON overrides
BEGIN
    UPDATE encounters SET observed = 0 WHERE id = NEW.encounter;
END;
CREATE TRIGGER observed_again_after_undoing AFTER UPDATE OF undone ON overrides
BEGIN
    UPDATE encounters SET observed = 0 WHERE id = NEW.encounter;
END;

-- Plans towards an exam, every one that was made: undoing takes the newest away.
CREATE TABLE study_plans (
    id       INTEGER NOT NULL PRIMARY KEY,
    student  TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    exam     TEXT,   -- a day such as 2027-06-12; null when the plan was given up
    per_week INTEGER NOT NULL CHECK (per_week BETWEEN 1 AND 50),
    made     INTEGER NOT NULL
) STRICT;
CREATE INDEX study_plans_by_student ON study_plans (student, id);

-- Suggestions that a learner does not want for now.
CREATE TABLE declined_suggestions (
    student    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    suggestion TEXT    NOT NULL,
    until      INTEGER NOT NULL,
    PRIMARY KEY (student, suggestion)
) STRICT, WITHOUT ROWID;

-- Patients that a student had made for their own practice; nobody else can play them.
CREATE TABLE own_patients (
    case_id TEXT    NOT NULL,
    version INTEGER NOT NULL,
    student TEXT    REFERENCES users (id) ON DELETE SET NULL,
    made    INTEGER NOT NULL,
    PRIMARY KEY (case_id, version),
    FOREIGN KEY (case_id, version) REFERENCES cases (id, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX own_patients_by_student ON own_patients (student, made);
