-- Where units are (WGS 84, in millionths of a degree), and in which part of the county.
ALTER TABLE units ADD COLUMN latitude integer CHECK (latitude BETWEEN -90000000 AND 90000000);
ALTER TABLE units ADD COLUMN longitude integer CHECK (longitude BETWEEN -180000000 AND 180000000);
ALTER TABLE units ADD COLUMN district {text};

-- What is planned and locked is left by the next plan as it is.
ALTER TABLE assignments ADD COLUMN locked boolean NOT NULL DEFAULT false;

-- How it was decided who scores whom, so that anybody can repeat it.
CREATE TABLE assignment_plans (
    id {uuid} PRIMARY KEY,
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id),
    -- Of one category; of all where there is none.
    category_code {text},
    method {text} NOT NULL,
    seed bigint NOT NULL,
    -- The public draw from which the seed follows, as JSON.
    draw {json},
    -- Canonical JSON (RFC 8785), and its SHA-256 in hexadecimal digits.
    inputs {json} NOT NULL,
    inputs_digest {text} NOT NULL,
    result {json} NOT NULL,
    result_digest {text} NOT NULL,
    made_at {millis} NOT NULL,
    made_by {uuid}
);
CREATE INDEX assignment_plans_by_campaign ON assignment_plans (campaign_id, id);
