-- What the database is for, and the check value of the key that seals personal data in it.
CREATE TABLE installation (
    name {text} PRIMARY KEY,
    value {text} NOT NULL
);

-- The county.
CREATE TABLE units (
    id {uuid} PRIMARY KEY,
    code {text} NOT NULL UNIQUE,
    kind {text} NOT NULL CHECK (kind IN ('township', 'zone_committee', 'department', 'county_direct')),
    name {text} NOT NULL,
    short_name {text} NOT NULL,
    active boolean NOT NULL,
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL
);
CREATE INDEX units_by_kind ON units (kind, id);

CREATE TABLE supervisors (
    id {uuid} PRIMARY KEY,
    name {text} NOT NULL,
    unit_id {uuid} REFERENCES units (id),
    post {text},
    citizen_id_masked {text} NOT NULL,
    phone_masked {text} NOT NULL,
    citizen_index {bytes} NOT NULL UNIQUE,
    personal {bytes} NOT NULL,
    is_leading_cadre boolean NOT NULL,
    front_line boolean NOT NULL,
    appointed_from {text} NOT NULL,
    appointed_until {text},
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    CHECK (appointed_until IS NULL OR appointed_until >= appointed_from)
);

-- Accounts and sessions.
CREATE TABLE users (
    id {uuid} PRIMARY KEY,
    username {text} NOT NULL UNIQUE,
    display_name {text} NOT NULL,
    password_hash {text} NOT NULL,
    must_change_password boolean NOT NULL,
    roles {text} NOT NULL,
    unit_id {uuid} REFERENCES units (id),
    supervisor_id {uuid} UNIQUE REFERENCES supervisors (id),
    state {text} NOT NULL CHECK (state IN ('active', 'disabled')),
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL
);

CREATE TABLE sessions (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    created_at {millis} NOT NULL,
    expires_at {millis} NOT NULL,
    ended_at {millis},
    ended_because {text}
);
CREATE INDEX sessions_by_user ON sessions (user_id, id);

CREATE TABLE refresh_tokens (
    hash {bytes} PRIMARY KEY,
    session_id {uuid} NOT NULL REFERENCES sessions (id),
    issued_at {millis} NOT NULL,
    expires_at {millis} NOT NULL,
    used_at {millis}
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE signing_keys (
    kid {text} PRIMARY KEY,
    sealed {bytes} NOT NULL,
    public {bytes} NOT NULL,
    created_at {millis} NOT NULL
);

-- Campaigns.
CREATE TABLE workday_calendars (
    year integer PRIMARY KEY,
    content {json} NOT NULL,
    version bigint NOT NULL,
    updated_at {millis} NOT NULL
);

CREATE TABLE campaigns (
    id {uuid} PRIMARY KEY,
    year integer NOT NULL,
    title {text} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('draft', 'published', 'accepting', 'verifying', 'selecting', 'announced', 'archived', 'cancelled')),
    definition {json} NOT NULL,
    definition_digest {text} NOT NULL,
    opens_at {millis} NOT NULL,
    closes_at {millis} NOT NULL,
    published_at {millis},
    announced_at {millis},
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    CHECK (opens_at < closes_at),
    CHECK (state IN ('draft', 'cancelled') OR published_at IS NOT NULL)
);
CREATE INDEX campaigns_by_year ON campaigns (year, id);
CREATE INDEX campaigns_due ON campaigns (state, opens_at);

-- Applications. `shown_*` is what those outside the house see until a decision is announced (D-403).
CREATE TABLE applications (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    category_code {text} NOT NULL,
    nominee_kind {text} NOT NULL CHECK (nominee_kind IN ('unit', 'person', 'supervisor')),
    unit_id {uuid} REFERENCES units (id),
    supervisor_id {uuid} REFERENCES supervisors (id),
    nominee_name {text} NOT NULL,
    nominee_post {text},
    is_leading_cadre boolean NOT NULL,
    front_line boolean NOT NULL,
    form {json} NOT NULL,
    personal {bytes},
    person_index {bytes},
    content_digest {text} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'accepted', 'rejected', 'verified', 'shortlisted',
        'not_shortlisted', 'awarded', 'not_awarded', 'disqualified', 'withdrawn', 'revoked')),
    version bigint NOT NULL,
    shown_state {text} NOT NULL,
    shown_version bigint NOT NULL,
    shown_updated_at {millis} NOT NULL,
    entered_by_office boolean NOT NULL,
    reason {text},
    rejection {json},
    correct_by {text},
    paper {json},
    submitted_at {millis},
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    CHECK ((nominee_kind = 'supervisor') = (supervisor_id IS NOT NULL)),
    CHECK ((nominee_kind = 'supervisor') = (unit_id IS NULL)),
    CHECK (state <> 'returned' OR correct_by IS NOT NULL),
    CHECK (state IN ('draft', 'withdrawn') OR nominee_kind <> 'person' OR person_index IS NOT NULL)
);
CREATE INDEX applications_by_category ON applications (campaign_id, category_code, state, id);
CREATE INDEX applications_by_unit ON applications (unit_id, campaign_id, id);
-- D-204: a unit, a person and a supervisor stand once in a campaign.
CREATE UNIQUE INDEX applications_one_standing_unit ON applications (campaign_id, unit_id)
    WHERE nominee_kind = 'unit' AND state NOT IN ('draft', 'withdrawn', 'rejected');
CREATE UNIQUE INDEX applications_one_standing_person ON applications (campaign_id, person_index)
    WHERE person_index IS NOT NULL AND state NOT IN ('draft', 'withdrawn', 'rejected');

-- Verification.
CREATE TABLE assignments (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    application_id {uuid} NOT NULL REFERENCES applications (id),
    supervisor_id {uuid} NOT NULL REFERENCES supervisors (id),
    state {text} NOT NULL CHECK (state IN ('planned', 'confirmed', 'cleared', 'recused')),
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    UNIQUE (application_id, supervisor_id)
);
CREATE INDEX assignments_by_campaign ON assignments (campaign_id, id);
CREATE INDEX assignments_by_supervisor ON assignments (supervisor_id, campaign_id, id);

CREATE TABLE score_sheets (
    assignment_id {uuid} PRIMARY KEY REFERENCES assignments (id) ON DELETE CASCADE,
    state {text} NOT NULL CHECK (state IN ('draft', 'submitted')),
    scores {json} NOT NULL,
    remark {text},
    counts boolean NOT NULL,
    composite integer,
    version bigint NOT NULL,
    submitted_at {millis},
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    CHECK (state <> 'submitted' OR submitted_at IS NOT NULL)
);

CREATE TABLE site_visits (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    application_id {uuid} NOT NULL REFERENCES applications (id),
    visited_on {text} NOT NULL,
    place {text} NOT NULL,
    others {json} NOT NULL,
    notes {text} NOT NULL,
    photos {json} NOT NULL,
    unit_word {json},
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL
);
CREATE INDEX site_visits_by_campaign ON site_visits (campaign_id, id);

CREATE TABLE site_visit_supervisors (
    site_visit_id {uuid} NOT NULL REFERENCES site_visits (id) ON DELETE CASCADE,
    supervisor_id {uuid} NOT NULL REFERENCES supervisors (id),
    assignment_id {uuid} REFERENCES assignments (id),
    PRIMARY KEY (site_visit_id, supervisor_id)
);
CREATE INDEX site_visit_supervisors_by_supervisor ON site_visit_supervisors (supervisor_id, site_visit_id);
CREATE INDEX site_visit_supervisors_by_assignment ON site_visit_supervisors (assignment_id);

CREATE TABLE annual_assessments (
    year integer NOT NULL,
    unit_id {uuid} NOT NULL REFERENCES units (id),
    score integer CHECK (score BETWEEN 0 AND 10000),
    not_assessed_reason {text},
    version bigint NOT NULL,
    updated_at {millis} NOT NULL,
    PRIMARY KEY (year, unit_id),
    CHECK ((score IS NULL) <> (not_assessed_reason IS NULL))
);

CREATE TABLE duty_records (
    id {uuid} PRIMARY KEY,
    supervisor_id {uuid} NOT NULL REFERENCES supervisors (id),
    kind {text} NOT NULL CHECK (kind IN ('supervision', 'liaison', 'advice', 'publicity')),
    done_on {text} NOT NULL,
    title {text} NOT NULL,
    description {text} NOT NULL,
    adopted boolean NOT NULL,
    state {text} NOT NULL CHECK (state IN ('submitted', 'approved', 'declined')),
    review_reason {text},
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL
);
CREATE INDEX duty_records_by_supervisor ON duty_records (supervisor_id, id);
CREATE INDEX duty_records_by_day ON duty_records (done_on);

-- Review and decision.
CREATE TABLE tie_resolutions (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    category_code {text} NOT NULL,
    application_ids {json} NOT NULL,
    reason {text} NOT NULL,
    resolved_by {uuid} NOT NULL REFERENCES users (id),
    resolved_at {millis} NOT NULL
);
CREATE INDEX tie_resolutions_by_category ON tie_resolutions (campaign_id, category_code, id);

CREATE TABLE shortlists (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    category_code {text} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('draft', 'proposed', 'endorsed', 'noticed', 'approved', 'returned')),
    ranking {json} NOT NULL,
    ranking_digest {text} NOT NULL,
    departures {json} NOT NULL,
    proposed_by {uuid} REFERENCES users (id),
    decision {json},
    reason {text},
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL,
    CHECK (state IN ('draft', 'returned') OR proposed_by IS NOT NULL),
    CHECK (state <> 'approved' OR decision IS NOT NULL)
);
CREATE INDEX shortlists_by_campaign ON shortlists (campaign_id, id);
-- One list of a category is alive at a time, and at most one approved.
CREATE UNIQUE INDEX shortlists_one_alive ON shortlists (campaign_id, category_code) WHERE state <> 'returned';

CREATE TABLE shortlist_entries (
    shortlist_id {uuid} NOT NULL REFERENCES shortlists (id) ON DELETE CASCADE,
    application_id {uuid} NOT NULL REFERENCES applications (id),
    position integer NOT NULL CHECK (position >= 1),
    declined_reason {text},
    PRIMARY KEY (shortlist_id, application_id),
    UNIQUE (shortlist_id, position)
);
CREATE INDEX shortlist_entries_by_application ON shortlist_entries (application_id);

CREATE TABLE public_notices (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    shortlist_id {uuid} NOT NULL REFERENCES shortlists (id),
    category_code {text} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('published', 'closed', 'withdrawn')),
    content {json} NOT NULL,
    digest {text} NOT NULL,
    published_at {millis} NOT NULL,
    closes_at {millis} NOT NULL,
    ended_at {millis},
    version bigint NOT NULL,
    CHECK (published_at < closes_at)
);
CREATE INDEX public_notices_by_list ON public_notices (shortlist_id, id);
CREATE INDEX public_notices_by_campaign ON public_notices (campaign_id, id);

CREATE TABLE awards (
    id {uuid} PRIMARY KEY,
    application_id {uuid} NOT NULL UNIQUE REFERENCES applications (id),
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    category_code {text} NOT NULL,
    certificate_number {text} NOT NULL UNIQUE,
    honouree {text} NOT NULL,
    unit_name {text},
    post {text},
    document_number {text} NOT NULL,
    decided_on {text} NOT NULL,
    position integer NOT NULL,
    state {text} NOT NULL CHECK (state IN ('awarded', 'revoked')),
    announced_at {millis} NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX awards_by_category ON awards (campaign_id, category_code, id);

-- Events: written in the business transaction, without a number (D-1002). They only grow.
CREATE TABLE audit_events (
    id {uuid} PRIMARY KEY,
    at {millis} NOT NULL,
    operation {text} NOT NULL,
    actor_id {uuid},
    actor_role {text},
    object_kind {text} NOT NULL,
    object_id {uuid} NOT NULL,
    campaign_id {uuid},
    audience {text} NOT NULL,
    leaf {text} NOT NULL
);
CREATE INDEX audit_events_by_object ON audit_events (object_id, id);
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, id);
CREATE INDEX audit_events_by_campaign ON audit_events (campaign_id, id);

CREATE TABLE outgoing_events (
    id {uuid} PRIMARY KEY,
    at {millis} NOT NULL,
    kind {text} NOT NULL,
    object_kind {text} NOT NULL,
    object_id {uuid} NOT NULL,
    campaign_id {uuid},
    audience {text} NOT NULL,
    leaf {text} NOT NULL
);
CREATE INDEX outgoing_events_by_object ON outgoing_events (object_id, id);
