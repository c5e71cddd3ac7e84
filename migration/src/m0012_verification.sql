-- What site visits find of stated deeds, the client's time beside the server's, and keys that are kept as long as their
-- operation wants.

-- A JSON list: deed, criterion, verdict, note, attachments, photos.
ALTER TABLE site_visits ADD COLUMN findings {json} NOT NULL DEFAULT '[]';
-- By the clock of whoever wrote it.
ALTER TABLE site_visits ADD COLUMN written_at {millis};
ALTER TABLE score_sheets ADD COLUMN written_at {millis};
CREATE INDEX site_visits_by_application ON site_visits (application_id, id);

-- So far every answer was kept for 24 hours.
ALTER TABLE idempotent_answers ADD COLUMN kept_until {millis} NOT NULL DEFAULT 0;
UPDATE idempotent_answers SET kept_until = created_at + 86400000;
DROP INDEX idempotent_answers_by_age;
CREATE INDEX idempotent_answers_by_end ON idempotent_answers (kept_until);
