-- What is attached to declarations, what was printed of them, and long work; the files themselves are in a store of their own.

CREATE TABLE attachments (
    id {uuid} PRIMARY KEY,
    application_id {uuid} NOT NULL REFERENCES applications (id),
    -- The required attachment that it is.
    code {text},
    -- A JSON list of pointers into the form.
    pointers {json} NOT NULL,
    name {text} NOT NULL,
    kind {text},
    size bigint NOT NULL CHECK (size >= 0),
    digest {text},
    received bigint NOT NULL CHECK (received BETWEEN 0 AND size),
    state {text} NOT NULL CHECK (state IN ('uploading', 'stored', 'quarantined')),
    created_by {uuid} NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    version bigint NOT NULL,
    CHECK (state = 'uploading' OR (digest IS NOT NULL AND received = size))
);
CREATE INDEX attachments_by_application ON attachments (application_id, id);
CREATE INDEX attachments_unfinished ON attachments (updated_at) WHERE state = 'uploading';

-- A JSON list of what is stored: part of what is declared.
ALTER TABLE applications ADD COLUMN attached {json} NOT NULL DEFAULT '[]';
ALTER TABLE application_snapshots ADD COLUMN attached {json} NOT NULL DEFAULT '[]';

CREATE TABLE printed_documents (
    check_code {text} PRIMARY KEY,
    kind {text} NOT NULL,
    object_id {uuid} NOT NULL,
    -- What it was printed from.
    digest {text} NOT NULL,
    printed_at {millis} NOT NULL,
    UNIQUE (kind, object_id, digest)
);

CREATE TABLE jobs (
    id {uuid} PRIMARY KEY,
    kind {text} NOT NULL,
    -- What was asked for, as JSON.
    asked {json} NOT NULL,
    owner_id {uuid} NOT NULL,
    owner_name {text} NOT NULL,
    owner_role {text} NOT NULL,
    language {text} NOT NULL,
    request_id {text} NOT NULL,
    campaign_id {uuid},
    state {text} NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired')),
    progress integer NOT NULL CHECK (progress BETWEEN 0 AND 100),
    attempts integer NOT NULL,
    -- Until when the node that has it is taken to be alive, by the database's clock.
    held_until {millis},
    holder {uuid},
    -- What came of it, as JSON: name, media type, size, digest.
    result {json},
    -- Why it failed: a code.
    fault {text},
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    finished_at {millis},
    expires_at {millis},
    version bigint NOT NULL
);
CREATE INDEX jobs_by_owner ON jobs (owner_id, id);
CREATE INDEX jobs_waiting ON jobs (id) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_ending ON jobs (expires_at) WHERE expires_at IS NOT NULL;

-- A category is written out in order of id, whatever the states.
CREATE INDEX applications_in_order ON applications (campaign_id, category_code, id);
