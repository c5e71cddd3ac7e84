-- Without these a page in such an order, of all campaigns, sorts the whole table.
CREATE INDEX applications_by_name ON applications (nominee_name, id);
CREATE INDEX applications_by_creation ON applications (created_at, id);
CREATE INDEX objections_by_filing ON objections (filed_at, id);
