-- Machine clients: other systems that call in their own name, with scopes; of their secrets digests alone are kept.

-- No account stands for a machine any more: what had this role can do nothing.
UPDATE users SET state = 'disabled', roles = '[]' WHERE roles = '["integration"]';

CREATE TABLE clients (
    id {uuid} PRIMARY KEY,
    name {text} NOT NULL UNIQUE,
    -- A JSON list of codes.
    scopes {json} NOT NULL,
    version bigint NOT NULL,
    created_at {millis} NOT NULL,
    updated_at {millis} NOT NULL
);

CREATE TABLE client_secrets (
    digest {bytes} PRIMARY KEY,
    client_id {uuid} NOT NULL REFERENCES clients (id),
    created_at {millis} NOT NULL,
    -- Until when it is good; none: until the next takes its place.
    expires_at {millis}
);
CREATE INDEX client_secrets_by_client ON client_secrets (client_id);
