-- How long what is kept is kept: the door through which alone audit events leave; and keys by which what is sealed is sealed anew.

-- Security events before this instant may go; none: the door is shut. It is opened and shut in one transaction.
CREATE TABLE audit_door (
    one integer PRIMARY KEY CHECK (one = 1),
    forget_before {millis}
);
INSERT INTO audit_door (one, forget_before) VALUES (1, NULL);

-- Events of access by age, for the job that forgets them.
CREATE INDEX audit_events_of_access ON audit_events (at)
    WHERE operation IN ('login', 'verify_second_factor', 'refresh_session', 'logout', 'revoke_session', 'issue_token')
        OR outcome <> 'done';

-- Keys that seal, wrapped by the installation's secret: one in use, and while values are sealed anew the one before.
CREATE TABLE sealing_keys (
    number integer PRIMARY KEY CHECK (number >= 1),
    wrapped {bytes} NOT NULL,
    -- Every node has it, so that what it seals can be opened everywhere.
    active boolean NOT NULL
);
