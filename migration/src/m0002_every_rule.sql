-- What the rules of DOMAIN.md add to the first selection: extensions, seals, snapshots, recusals, thematic activities,
-- adjustments, vetting, vetoes, objections, decisions without an award, substitutions and revocations.

ALTER TABLE campaigns ADD COLUMN seal_opened_at {millis};
ALTER TABLE campaigns ADD COLUMN cancel_reason {text};

ALTER TABLE supervisors ADD COLUMN former_units {json} NOT NULL DEFAULT '[]';

-- Who wrote and checked it, what was opened for correction, waived or held against it.
ALTER TABLE applications ADD COLUMN handling {json} NOT NULL DEFAULT '{}';

ALTER TABLE shortlists ADD COLUMN substituted_by {json} NOT NULL DEFAULT '[]';
ALTER TABLE shortlist_entries ADD COLUMN substitutes {uuid};
-- A vacant place is taken once.
CREATE UNIQUE INDEX shortlist_entries_one_substitute ON shortlist_entries (shortlist_id, substitutes) WHERE substitutes IS NOT NULL;

ALTER TABLE awards ADD COLUMN revocation {json};

CREATE TABLE extensions (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    unit_id {uuid} REFERENCES units (id),
    until {text} NOT NULL,
    document_number {text},
    reason {text} NOT NULL,
    granted_by {uuid} NOT NULL REFERENCES users (id),
    granted_at {millis} NOT NULL,
    CHECK (unit_id IS NOT NULL OR document_number IS NOT NULL)
);
CREATE INDEX extensions_by_campaign ON extensions (campaign_id, id);

-- D-402: what was submitted, kept as it was.
CREATE TABLE application_snapshots (
    application_id {uuid} NOT NULL REFERENCES applications (id),
    number integer NOT NULL CHECK (number >= 1),
    form {json} NOT NULL,
    personal {bytes},
    content_digest {text} NOT NULL,
    submitted_at {millis} NOT NULL,
    PRIMARY KEY (application_id, number)
);

CREATE TABLE recusals (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    application_id {uuid} NOT NULL REFERENCES applications (id),
    supervisor_id {uuid} REFERENCES supervisors (id),
    user_id {uuid} REFERENCES users (id),
    kind {text} NOT NULL CHECK (kind IN ('own_unit', 'former_unit', 'relative', 'superior', 'declared_interest', 'manual')),
    reason {text} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('proposed', 'in_force', 'lifted')),
    declared_by {uuid} REFERENCES users (id),
    after_verification boolean NOT NULL,
    lift_reason {text},
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    CHECK ((supervisor_id IS NULL) <> (user_id IS NULL))
);
CREATE INDEX recusals_by_campaign ON recusals (campaign_id, id);
CREATE INDEX recusals_by_application ON recusals (application_id, state);
-- Nobody is recused twice from one application at a time.
CREATE UNIQUE INDEX recusals_one_of_supervisor ON recusals (application_id, supervisor_id)
    WHERE supervisor_id IS NOT NULL AND state <> 'lifted';
CREATE UNIQUE INDEX recusals_one_of_user ON recusals (application_id, user_id)
    WHERE user_id IS NOT NULL AND state <> 'lifted';

CREATE TABLE thematic_activities (
    id {uuid} PRIMARY KEY,
    title {text} NOT NULL,
    held_on {text} NOT NULL,
    description {text},
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL
);
CREATE INDEX thematic_activities_by_day ON thematic_activities (held_on, id);

CREATE TABLE attendances (
    activity_id {uuid} NOT NULL REFERENCES thematic_activities (id),
    supervisor_id {uuid} NOT NULL REFERENCES supervisors (id),
    PRIMARY KEY (activity_id, supervisor_id)
);
CREATE INDEX attendances_by_supervisor ON attendances (supervisor_id, activity_id);

CREATE TABLE point_adjustments (
    id {uuid} PRIMARY KEY,
    application_id {uuid} NOT NULL REFERENCES applications (id),
    points integer NOT NULL CHECK (points BETWEEN -10000 AND 10000),
    reason {text} NOT NULL,
    adjusted_by {uuid} NOT NULL REFERENCES users (id),
    adjusted_at {millis} NOT NULL
);
CREATE INDEX point_adjustments_by_application ON point_adjustments (application_id, id);

CREATE TABLE no_awards (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    category_code {text} NOT NULL,
    decision {json} NOT NULL,
    decided_by {uuid} NOT NULL REFERENCES users (id),
    decided_at {millis} NOT NULL,
    UNIQUE (campaign_id, category_code)
);

CREATE TABLE vetting_requests (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    application_id {uuid} NOT NULL REFERENCES applications (id),
    department_id {uuid} NOT NULL REFERENCES units (id),
    state {text} NOT NULL CHECK (state IN ('requested', 'no_objection', 'concern', 'veto', 'resolved')),
    due_on {text} NOT NULL,
    asked_by {uuid} NOT NULL REFERENCES users (id),
    opinion {json},
    resolution {json},
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    -- One request for each candidate and department (D-702).
    UNIQUE (application_id, department_id),
    CHECK ((state = 'requested') = (opinion IS NULL)),
    CHECK ((state = 'resolved') = (resolution IS NOT NULL))
);
CREATE INDEX vetting_requests_by_campaign ON vetting_requests (campaign_id, id);
CREATE INDEX vetting_requests_by_department ON vetting_requests (department_id, id);

CREATE TABLE vetoes (
    id {uuid} PRIMARY KEY,
    unit_id {uuid} REFERENCES units (id),
    person_name {text},
    citizen_id_masked {text},
    person_index {bytes},
    personal {bytes},
    field {text} NOT NULL CHECK (field IN ('environment', 'safety', 'discipline', 'public_order', 'petitions', 'credit', 'other')),
    department_id {uuid} REFERENCES units (id),
    document {text} NOT NULL,
    basis {text} NOT NULL,
    decided_on {text} NOT NULL,
    until {text} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('recorded', 'lifted')),
    lift_reason {text},
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    CHECK ((unit_id IS NULL) <> (person_index IS NULL)),
    CHECK ((person_index IS NULL) = (personal IS NULL)),
    CHECK (decided_on <= until)
);
CREATE INDEX vetoes_by_unit ON vetoes (unit_id, state);
CREATE INDEX vetoes_by_person ON vetoes (person_index, state);
CREATE INDEX vetoes_by_department ON vetoes (department_id, id);

CREATE TABLE objections (
    id {uuid} PRIMARY KEY,
    notice_id {uuid} NOT NULL REFERENCES public_notices (id),
    shortlist_id {uuid} NOT NULL REFERENCES shortlists (id),
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    category_code {text} NOT NULL,
    application_id {uuid} REFERENCES applications (id),
    receipt_digest {text} NOT NULL UNIQUE,
    objector {bytes},
    content {text} NOT NULL,
    evidence {json} NOT NULL,
    late boolean NOT NULL,
    state {text} NOT NULL CHECK (state IN ('filed', 'investigating', 'upheld', 'partly', 'rejected')),
    investigator_id {uuid} REFERENCES users (id),
    findings {text},
    answer {text},
    consequence {text} CHECK (consequence IN ('keep', 'disqualify')),
    consequence_reason {text},
    version bigint NOT NULL,
    filed_at {millis} NOT NULL,
    resolved_at {millis},
    updated_at {millis} NOT NULL,
    CHECK ((state = 'filed') = (investigator_id IS NULL)),
    CHECK ((state IN ('upheld', 'partly', 'rejected')) = (answer IS NOT NULL)),
    CHECK ((state = 'partly') = (consequence IS NOT NULL)),
    CHECK ((consequence IS NULL) = (consequence_reason IS NULL)),
    CHECK (state NOT IN ('upheld', 'partly') OR application_id IS NOT NULL)
);
CREATE INDEX objections_by_campaign ON objections (campaign_id, id);
CREATE INDEX objections_by_list ON objections (shortlist_id, state);
CREATE INDEX objections_by_application ON objections (application_id, state);
