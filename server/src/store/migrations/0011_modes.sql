-- Kinds of consultation beyond practice and exam, laid beside `encounters.mode`, which keeps the rules they
-- share: a section on its own is practice, a self-test runs under exam conditions. No table is rebuilt, and
-- a consultation without a row here is what its mode says.
CREATE TABLE encounter_modes (
    encounter TEXT NOT NULL PRIMARY KEY REFERENCES encounters (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL -- `skill:SECTION` or `self-test`
) STRICT, WITHOUT ROWID;

-- When the clock of a consultation stood still; one that stands now has no end.
CREATE TABLE pauses (
    encounter TEXT    NOT NULL REFERENCES encounters (id) ON DELETE CASCADE,
    began     INTEGER NOT NULL,
    ended     INTEGER CHECK (ended IS NULL OR ended >= began),
    PRIMARY KEY (encounter, began)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX pauses_running ON pauses (encounter) WHERE ended IS NULL;

-- Help that was asked for, with the turn before which it was given.
CREATE TABLE hints (
    encounter  TEXT    NOT NULL REFERENCES encounters (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL CHECK (position >= 0),
    after_turn INTEGER NOT NULL CHECK (after_turn >= 0),
    help       TEXT    NOT NULL CHECK (json_valid(help)),
    at         INTEGER NOT NULL,
    PRIMARY KEY (encounter, position)
) STRICT, WITHOUT ROWID;

-- What a learner asked the tutor about a finished consultation, and what it answered.
CREATE TABLE tutor_turns (
    encounter TEXT    NOT NULL REFERENCES encounters (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL CHECK (position >= 0),
    question  TEXT    NOT NULL,
    answer    TEXT    NOT NULL CHECK (json_valid(answer)),
    at        INTEGER NOT NULL,
    PRIMARY KEY (encounter, position)
) STRICT, WITHOUT ROWID;
