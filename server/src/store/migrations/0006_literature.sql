-- Texts that teachers read for the graph, what was proposed of each, and what they decided.
CREATE TABLE literature_documents (
    id       TEXT    NOT NULL PRIMARY KEY,
    source   TEXT    NOT NULL, -- the source as the graph writes it, JSON; its id is unique
    text     TEXT    NOT NULL,
    sha256   TEXT    NOT NULL UNIQUE, -- of the text: the same text is read once
    added_by TEXT    REFERENCES users (id) ON DELETE SET NULL,
    created  INTEGER NOT NULL
) STRICT;
CREATE INDEX literature_documents_by_reader ON literature_documents (added_by);

CREATE TABLE literature_proposals (
    document TEXT    NOT NULL REFERENCES literature_documents (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    proposal TEXT    NOT NULL, -- as read, JSON
    accepted INTEGER CHECK (accepted IN (0, 1)), -- null until decided
    claim    TEXT,             -- as accepted, JSON
    files    TEXT,             -- what it lays over the graph's content, JSON
    note     TEXT    NOT NULL DEFAULT '',
    reviewer TEXT    REFERENCES users (id) ON DELETE SET NULL,
    decided  INTEGER,
    refused  TEXT,             -- why the last start could not use it
    PRIMARY KEY (document, position)
) STRICT;
CREATE INDEX literature_proposals_by_reviewer ON literature_proposals (reviewer);

-- Versions of cases that somebody looked at again after an edge they rest on had changed.
CREATE TABLE literature_case_reviews (
    case_id  TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    document TEXT    NOT NULL,
    position INTEGER NOT NULL,
    reviewer TEXT    REFERENCES users (id) ON DELETE SET NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (case_id, version, document, position),
    FOREIGN KEY (document, position) REFERENCES literature_proposals (document, position) ON DELETE CASCADE
) STRICT;
CREATE INDEX literature_case_reviews_by_reviewer ON literature_case_reviews (reviewer);
CREATE INDEX literature_case_reviews_by_proposal ON literature_case_reviews (document, position);
