-- A teacher's groups, who is in them, what they are to do, what they are told.
CREATE TABLE class_groups (
    id      TEXT    NOT NULL PRIMARY KEY,
    name    TEXT    NOT NULL,
    teacher TEXT    REFERENCES users (id) ON DELETE SET NULL,
    code    TEXT    UNIQUE, -- null while nobody can join
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX class_groups_by_teacher ON class_groups (teacher);

-- Whoever left or was taken out keeps the row, so that it can be undone.
CREATE TABLE group_members (
    group_id   TEXT    NOT NULL REFERENCES class_groups (id) ON DELETE CASCADE,
    student    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    joined     INTEGER NOT NULL,
    ended      INTEGER,
    removed_by TEXT    REFERENCES users (id) ON DELETE SET NULL, -- null when the student left
    PRIMARY KEY (group_id, student)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_student ON group_members (student);
CREATE INDEX group_members_by_remover ON group_members (removed_by);

-- Cases to be played, or any case of a body system, within a time.
CREATE TABLE assignments (
    id        TEXT    NOT NULL PRIMARY KEY,
    group_id  TEXT    NOT NULL REFERENCES class_groups (id) ON DELETE CASCADE,
    title     TEXT    NOT NULL,
    mode      TEXT    NOT NULL CHECK (mode IN ('practice', 'exam')),
    system    TEXT,   -- null where cases are named
    cases     TEXT    NOT NULL CHECK (json_valid(cases)), -- ids, JSON
    opens     INTEGER NOT NULL,
    due       INTEGER NOT NULL CHECK (due > opens),
    made      INTEGER NOT NULL,
    withdrawn INTEGER -- null while it stands
) STRICT;
CREATE INDEX assignments_by_group ON assignments (group_id, due);

-- What a teacher writes to a student about a consultation, or about one exchange of it.
CREATE TABLE comments (
    id        TEXT    NOT NULL PRIMARY KEY,
    encounter TEXT    NOT NULL REFERENCES encounters (id) ON DELETE CASCADE,
    exchange  INTEGER CHECK (exchange >= 0), -- null for the whole consultation
    author    TEXT    REFERENCES users (id) ON DELETE SET NULL,
    text      TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    seen      INTEGER, -- when the student first had it on the screen
    withdrawn INTEGER
) STRICT;
CREATE INDEX comments_by_encounter ON comments (encounter, at);
CREATE INDEX comments_by_author ON comments (author);
CREATE INDEX comments_unseen ON comments (encounter) WHERE seen IS NULL AND withdrawn IS NULL;

-- Topics that a teacher decided to work on, to see afterwards whether it helped.
CREATE TABLE focuses (
    id        TEXT    NOT NULL PRIMARY KEY,
    group_id  TEXT    REFERENCES class_groups (id) ON DELETE CASCADE, -- null for everyone
    topic     TEXT    NOT NULL,
    marked    INTEGER NOT NULL,
    marked_by TEXT    REFERENCES users (id) ON DELETE SET NULL,
    withdrawn INTEGER
) STRICT;
CREATE INDEX focuses_by_group ON focuses (group_id, marked);
CREATE INDEX focuses_by_marker ON focuses (marked_by);

-- One narrow row a finished consultation, as its report counts: what pages about a class are made from.
-- Reports are far too large to be read by the thousand.
CREATE TABLE results (
    encounter    TEXT    NOT NULL PRIMARY KEY REFERENCES encounters (id) ON DELETE CASCADE,
    student      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    case_id      TEXT    NOT NULL,
    case_version INTEGER NOT NULL,
    mode         TEXT    NOT NULL,
    started      INTEGER NOT NULL,
    ended        INTEGER NOT NULL,
    percent      REAL    NOT NULL,
    outcomes     TEXT    NOT NULL -- a letter an item, in the order of the case's rubric: + asked, - missed, ? with an examiner
) STRICT, WITHOUT ROWID;
CREATE INDEX results_by_student ON results (student, ended);
CREATE INDEX results_by_end ON results (ended);

-- Consultations whose row is to be made, or made anew because an examiner has decided.
CREATE TABLE results_due (
    encounter TEXT NOT NULL PRIMARY KEY REFERENCES encounters (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO results_due SELECT id FROM encounters WHERE state = 'finished';
CREATE TRIGGER results_due_when_finished AFTER UPDATE OF state ON encounters WHEN NEW.state = 'finished'
BEGIN
    INSERT INTO results_due (encounter) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER results_due_after_decision AFTER INSERT ON overrides
BEGIN
    INSERT INTO results_due (encounter) VALUES (NEW.encounter) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER results_due_after_undoing AFTER UPDATE OF undone ON overrides
BEGIN
    INSERT INTO results_due (encounter) VALUES (NEW.encounter) ON CONFLICT DO NOTHING;
END;
