-- What the model said and the check passed, in several variants, for the same facts of a case
-- asked the same way. Holds no words of any student; may be emptied at any time.
CREATE TABLE speech (
    id           INTEGER NOT NULL PRIMARY KEY,
    case_id      TEXT    NOT NULL,
    case_version INTEGER NOT NULL,
    occasion     TEXT    NOT NULL, -- SHA-256 of all else that the words depend on
    sentences    TEXT    NOT NULL CHECK (json_valid(sentences)),
    at           INTEGER NOT NULL,
    UNIQUE (case_id, case_version, occasion, sentences),
    FOREIGN KEY (case_id, case_version) REFERENCES cases (id, version) ON DELETE CASCADE
) STRICT;
CREATE INDEX speech_by_time ON speech (at);

-- What is withdrawn or superseded is not asked any more.
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
