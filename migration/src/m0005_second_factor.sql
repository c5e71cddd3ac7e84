-- A second factor for log-ins: a seed, codes for when it is lost, and log-ins that wait for it.

ALTER TABLE users ADD COLUMN second_factor boolean NOT NULL DEFAULT false;

CREATE TABLE totp_seeds (
    user_id {uuid} PRIMARY KEY REFERENCES users (id),
    -- Sealed: the seed in use, and one that waits for its first code.
    seed {bytes},
    offered {bytes},
    -- The last step of thirty seconds of which a code was used; none is used twice.
    last_step bigint NOT NULL
);

CREATE TABLE recovery_codes (
    -- Keyed digest of the code and its owner.
    digest {bytes} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    used_at {millis}
);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

CREATE TABLE pending_logins (
    -- Digest of the token that stands for the password that was right.
    digest {bytes} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    expires_at {millis} NOT NULL,
    tries integer NOT NULL
);
CREATE INDEX pending_logins_by_age ON pending_logins (expires_at);
