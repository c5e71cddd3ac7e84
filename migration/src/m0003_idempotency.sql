-- The first answers of requests that named an `Idempotency-Key`, written in the transaction of what they did.

CREATE TABLE idempotent_answers (
    -- Keyed digest of who asked, for what operation, with what key: none of them stands here.
    scope {bytes} PRIMARY KEY,
    -- Keyed digest of what was asked: path, query and body.
    request {bytes} NOT NULL,
    -- Status, headers and body of the answer, sealed.
    answer {bytes} NOT NULL,
    created_at {millis} NOT NULL
);
CREATE INDEX idempotent_answers_by_age ON idempotent_answers (created_at);
