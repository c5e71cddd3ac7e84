-- Log-ins by single sign-on that have begun: what stands here is for the way back from the identity provider, and good once.

CREATE TABLE oidc_logins (
    -- Digest of the state that the provider hands back.
    digest {bytes} PRIMARY KEY,
    -- Digest of the cookie of the browser in which it began.
    browser {bytes} NOT NULL,
    -- Sealed: the verifier of the code (PKCE) and the nonce of the ID token.
    sealed {bytes} NOT NULL,
    expires_at {millis} NOT NULL
);
CREATE INDEX oidc_logins_by_age ON oidc_logins (expires_at);
