-- What each learner asks reliably, topic by topic.
CREATE TABLE mastery (
    student        TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    topic          TEXT    NOT NULL,
    section        TEXT    NOT NULL,
    mastery        REAL    NOT NULL CHECK (mastery BETWEEN 0 AND 1),
    asked          INTEGER NOT NULL CHECK (asked >= 0),
    missed         INTEGER NOT NULL CHECK (missed >= 0),
    last           INTEGER NOT NULL,
    last_missed_in TEXT    REFERENCES encounters (id) ON DELETE SET NULL,
    PRIMARY KEY (student, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX mastery_by_encounter ON mastery (last_missed_in);
