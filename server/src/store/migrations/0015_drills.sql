-- Drills: items made from the graph, what teachers made of them. An item is kept as it was made; what a
-- teacher worded anew stands beside it. Figures are of the answers that counted since `counted_from`.
CREATE TABLE drills (
    id             TEXT    NOT NULL PRIMARY KEY,
    kind           TEXT    NOT NULL,
    graph          TEXT    NOT NULL, -- content hash of the graph it was made from
    item           TEXT    NOT NULL CHECK (json_valid(item)),
    guess          REAL    NOT NULL CHECK (guess >= 0 AND guess < 1), -- credit of a blind guess
    made           INTEGER NOT NULL,
    edit           TEXT    CHECK (json_valid(edit)), -- null while nobody edited it
    edited         INTEGER,
    edited_by      TEXT    REFERENCES users (id) ON DELETE SET NULL,
    retired        INTEGER, -- null while it is offered
    retired_by     TEXT    REFERENCES users (id) ON DELETE SET NULL,
    counted_from   INTEGER NOT NULL DEFAULT 0,
    answers        INTEGER NOT NULL DEFAULT 0,
    points         REAL    NOT NULL DEFAULT 0,
    difficulty     REAL    NOT NULL DEFAULT 0, -- logits
    discrimination REAL,   -- null with too few answers
    CHECK ((edit IS NULL) = (edited IS NULL))
) STRICT;
CREATE INDEX drills_by_kind ON drills (kind, made);
CREATE INDEX drills_by_editor ON drills (edited_by);
CREATE INDEX drills_by_retirer ON drills (retired_by);

CREATE TABLE drill_topics (
    drill TEXT NOT NULL REFERENCES drills (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    PRIMARY KEY (drill, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX drill_topics_by_topic ON drill_topics (topic);

-- The next seed to try of each kind: a seed that led to no item is not tried again.
CREATE TABLE drill_seeds (
    kind TEXT    NOT NULL PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What each learner earned in the answers that counted, and the ability they show.
CREATE TABLE drill_learners (
    student TEXT    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    answers INTEGER NOT NULL DEFAULT 0,
    points  REAL    NOT NULL DEFAULT 0,
    ability REAL    NOT NULL DEFAULT 0 -- logits
) STRICT, WITHOUT ROWID;

CREATE TABLE drill_answers (
    id       TEXT    NOT NULL PRIMARY KEY,
    student  TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    drill    TEXT    NOT NULL REFERENCES drills (id) ON DELETE CASCADE,
    answer   TEXT    NOT NULL CHECK (json_valid(answer)),
    points   REAL    NOT NULL CHECK (points BETWEEN 0 AND 1),
    fresh    INTEGER NOT NULL CHECK (fresh IN (0, 1)),   -- not answered a short time before
    counted  INTEGER NOT NULL CHECK (counted IN (0, 1)), -- moved the figures of item and learner
    observed INTEGER NOT NULL CHECK (observed IN (0, 1)), -- taken in as evidence of what its student knows
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX drill_answers_by_student ON drill_answers (student, drill, at);
CREATE INDEX drill_answers_by_drill ON drill_answers (drill, student, at);
CREATE INDEX drill_answers_unobserved ON drill_answers (student) WHERE observed = 0;

-- What learners say is wrong with an item, until a teacher has looked.
CREATE TABLE drill_reports (
    drill   TEXT    NOT NULL REFERENCES drills (id) ON DELETE CASCADE,
    student TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    reason  TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    settled INTEGER, -- null until then
    PRIMARY KEY (drill, student)
) STRICT, WITHOUT ROWID;
CREATE INDEX drill_reports_by_student ON drill_reports (student);
