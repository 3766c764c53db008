-- Cases being written, one draft a teacher and case, with every step of it to go back to.
CREATE TABLE drafts (
    owner TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id    TEXT    NOT NULL, -- of the case
    step  INTEGER NOT NULL, -- the one that stands; later ones were taken back
    talk  TEXT    NOT NULL, -- the questions tried on the patient, as turns of a consultation (JSON)
    PRIMARY KEY (owner, id)
) STRICT;

CREATE TABLE draft_steps (
    owner TEXT    NOT NULL,
    id    TEXT    NOT NULL,
    step  INTEGER NOT NULL,
    toml  TEXT    NOT NULL,
    made  INTEGER NOT NULL,
    PRIMARY KEY (owner, id, step),
    FOREIGN KEY (owner, id) REFERENCES drafts (owner, id) ON DELETE CASCADE
) STRICT;
