-- What stands of a unit is counted whenever it declares. Without this all that it ever wrote and withdrew is read for it.
CREATE INDEX applications_standing_of_unit ON applications (unit_id, campaign_id, category_code, id)
    WHERE state NOT IN ('draft', 'withdrawn', 'rejected');
-- Without this a page of a campaign sorts all of it, or passes by all that others hold before it.
CREATE INDEX applications_by_campaign ON applications (campaign_id, id);
