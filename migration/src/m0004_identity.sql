-- Who is logged in, from where, and until when; and what every node has to know at once.

-- The end of an account's time; none: it has no end.
ALTER TABLE users ADD COLUMN valid_until {text};

-- Where a session came from and what it said it was, for its owner to know it again; when it was last renewed.
ALTER TABLE sessions ADD COLUMN address {text};
ALTER TABLE sessions ADD COLUMN device {text};
ALTER TABLE sessions ADD COLUMN renewed_at {millis} NOT NULL DEFAULT 0;
UPDATE sessions SET renewed_at = created_at;

-- One row, whose figure grows whenever somebody's access may have changed: nodes look at it before they trust what they remember.
CREATE TABLE access_generation (
    one integer PRIMARY KEY CHECK (one = 1),
    generation bigint NOT NULL
);
INSERT INTO access_generation (one, generation) VALUES (1, 0);

-- Passwords have an age, and must differ from the last ones. What was set before counts from its account's last change.
ALTER TABLE users ADD COLUMN password_set_at {millis} NOT NULL DEFAULT 0;
UPDATE users SET password_set_at = updated_at;
CREATE TABLE previous_passwords (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    replaced_at {millis} NOT NULL,
    hash {text} NOT NULL
);
CREATE INDEX previous_passwords_by_user ON previous_passwords (user_id, id);

-- Attempts to log in that were wrong, by account and by source, whether there is such an account or not.
CREATE TABLE login_attempts (
    -- Keyed digest of the name or of the address: neither stands here.
    who {bytes} PRIMARY KEY,
    count bigint NOT NULL,
    first_at {millis} NOT NULL,
    locked_until {millis} NOT NULL,
    locks integer NOT NULL
);
CREATE INDEX login_attempts_by_age ON login_attempts (first_at);
