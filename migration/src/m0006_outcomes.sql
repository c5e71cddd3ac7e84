-- How what was tried has ended, so that refusals and failures are found.

ALTER TABLE audit_events ADD COLUMN outcome {text} NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'failed', 'denied'));
CREATE INDEX audit_events_by_outcome ON audit_events (outcome, id) WHERE outcome <> 'done';
