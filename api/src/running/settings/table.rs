//! Every setting, once: what `docs/settings.md` is made from, and what the file of settings may name.

use super::Setting;

/// All settings.
pub const SETTINGS: [Setting; 42] = [
    Setting {
        variable: "PINGXUAN_BIND",
        key: "bind",
        default: "127.0.0.1:8080",
        meaning: "Address and port to listen on; port 0 takes a free one.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_METRICS",
        key: "metrics",
        default: "(none: nothing is shown)",
        meaning: "Address and port where Prometheus scrapes `/metrics`, such as `127.0.0.1:9464`. What stands there names nobody, and is \
                  still nothing for the outside: no proxy leads to it.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_OTLP",
        key: "otlp",
        default: "(none: nothing is sent)",
        meaning: "The address of an OpenTelemetry collector that takes OTLP over HTTP as JSON, such as `http://127.0.0.1:4318`: it is sent \
                  a span for each request, named after the operation, in the trace of `traceparent` where the caller sends that.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_STOP_SECONDS",
        key: "stop_seconds",
        default: "0",
        meaning: "For how many seconds, 0 to 15, a server that was told to stop (`SIGTERM`) says that it is not ready and still takes requests, \
                  until its proxy has noticed. Then it answers those that are under way, for ten seconds at most.",
        secret: false,
    },
    Setting {
        variable: "DATABASE_URL",
        key: "database_url",
        default: "a SQLite file in the data folder",
        meaning: "`postgres://user:password@host/database`, or `sqlite:PATH`.",
        secret: true,
    },
    Setting {
        variable: "PINGXUAN_MIGRATION_URL",
        key: "migration_url",
        default: "(DATABASE_URL)",
        meaning: "The same PostgreSQL database for another role, which owns the tables: it brings the schema up to date, and gives the \
                  role of `DATABASE_URL` what it needs and no more, so that nothing written into the audit can be changed by the program \
                  either.",
        secret: true,
    },
    Setting {
        variable: "PINGXUAN_DATA_DIR",
        key: "data_dir",
        default: "./data",
        meaning: "The folder of the SQLite database and of the key file.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_CONFIG",
        key: "(none)",
        default: "(none)",
        meaning: "A TOML file with these settings; the environment goes before it.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_KEY_FILE",
        key: "key_file",
        default: "`pingxuan.key` in the data folder, made at the first start",
        meaning: "The file with the secret that seals personal data: 64 hexadecimal digits. Keep a copy apart from the \
                  database; without it personal data cannot be read. All nodes of one database need the same.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_KEY",
        key: "key",
        default: "(the key file)",
        meaning: "The same secret, given directly.",
        secret: true,
    },
    Setting {
        variable: "PINGXUAN_CONNECTIONS",
        key: "connections",
        default: "4",
        meaning: "Database connections for each processor, 2 to 50: of PostgreSQL, where background work has as many again, half of them are for reading alone, two at least each; of SQLite all are, beside one that writes.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_ALLOWED_ORIGINS",
        key: "allowed_origins",
        default: "none; with `--demo` the ports 3000, 4173, 5173 and 8081 of localhost",
        meaning: "Origins whose pages may call the service (CORS), separated by commas: `https://pingxuan.example.org`.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_PASSWORD_PROFILE",
        key: "password_profile",
        default: "mlps",
        meaning: "What passwords are held to. `mlps`, as assessors of 等保 ask it: 8 characters, three of four kinds, changed every 90 \
                  days, none of the last five. `nist`, as NIST SP 800-63B advises: 12 characters of any kind, never changed without need. \
                  In both, none that is easy to guess.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_SECOND_FACTOR_ROLES",
        key: "second_factor_roles",
        default: "security_admin,admin,office,approver; with `--demo` none",
        meaning: "Roles whose accounts need a second factor (TOTP), separated by commas, or `none`. Whoever has one of them and no \
                  second factor yet can do nothing but enrol it.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_LOGIN_FAILURES",
        key: "login_failures",
        default: "5",
        meaning: "Wrong passwords within a quarter of an hour after which an account is locked: for 10 minutes, then 20, then 30. A \
                  source (an address) is locked after twenty times as many. 3 to 1000000.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_IDLE_MINUTES",
        key: "idle_minutes",
        default: "30",
        meaning: "Minutes after which a session that was not renewed is over, 10 to 30. An access token is good for ten minutes.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_SESSION_HOURS",
        key: "session_hours",
        default: "12",
        meaning: "Hours that a session lives at most, however often it is renewed, 1 to 12.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_SESSIONS",
        key: "sessions",
        default: "10",
        meaning: "Sessions that an account may have at once, 1 to 100; the one that was not renewed for the longest time ends first.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_PUBLIC_URL",
        key: "public_url",
        default: "none: papers lead to the address that is listened on",
        meaning: "The address of this service as browsers see it: `https://pingxuan.example.org`. Printed papers lead there; single \
                  sign-on needs it.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_OIDC_ISSUER",
        key: "oidc_issuer",
        default: "none: there is no single sign-on",
        meaning: "The identity provider (OpenID Connect), as its discovery document names its issuer. It sends browsers back to \
                  `/api/v1/auth/oidc/callback` below PINGXUAN_PUBLIC_URL.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_OIDC_CLIENT_ID",
        key: "oidc_client_id",
        default: "none",
        meaning: "The name that the identity provider has given this service.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_OIDC_CLIENT_SECRET",
        key: "oidc_client_secret",
        default: "none: PKCE alone",
        meaning: "What this service shows the identity provider (client_secret_basic).",
        secret: true,
    },
    Setting {
        variable: "PINGXUAN_OIDC_CLAIM",
        key: "oidc_claim",
        default: "preferred_username",
        meaning: "The claim of the ID token whose value is the username of the account here. Nobody but the identity provider may \
                  be able to choose it.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_OIDC_RETURN_URL",
        key: "oidc_return_url",
        default: "none: the callback answers as `login` does",
        meaning: "The page of the front end to which browsers are sent after single sign-on, with `#refresh_token=…`, \
                  `#pending_token=…` or `#error=…` behind it.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_TRUSTED_PROXIES",
        key: "trusted_proxies",
        default: "none",
        meaning: "Networks of the proxies in front (`10.1.2.0/24,127.0.0.1/32`), whose `X-Forwarded-For` counts for where a request comes \
                  from, in the audit and in counting wrong passwords. From all others the header counts for nothing.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_BODY_SECONDS",
        key: "body_seconds",
        default: "20",
        meaning: "Seconds within which the whole of a body must have come (408 after that), 1 to 300.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_TLS_CERTIFICATE",
        key: "tls_certificate",
        default: "(none: the server speaks HTTP, behind a proxy that speaks TLS)",
        meaning: "A PEM file with the certificate and those between it and the authority's. With it and its key the server speaks TLS \
                  1.2 and 1.3 and nothing else. Renewed files are read within a minute, without a restart.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_TLS_KEY",
        key: "tls_key",
        default: "(none)",
        meaning: "A PEM file with the private key of the certificate.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_SECURITY_CONTACT",
        key: "security_contact",
        default: "(none: there is no `security.txt`)",
        meaning: "Where to report a weakness of this installation: `mailto:`, `tel:` or `https:`. It is told at \
                  `/.well-known/security.txt` (RFC 9116).",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_AUDIT_DAYS",
        key: "audit_days",
        default: "1095",
        meaning: "Days for which events of accounts, sessions and machine clients stay in the audit, 180 to 36500. Events of the selection \
                  stay for good.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_PERSONAL_DATA_DAYS",
        key: "personal_data_days",
        default: "1095",
        meaning: "Days after a selection is announced or cancelled, counted from the last change of the campaign, after which citizen IDs, \
                  telephones and birth dates of its forms are erased, and who objected, 30 to 36500. Masks and digests stay.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_REQUESTS_A_MINUTE",
        key: "requests_a_minute",
        default: "600",
        meaning: "Requests that an account or a machine client may send within a minute, 10 to 1000000, or 0 for no limit; an address \
                  without a token five times as many. Each node counts by itself. 429 beyond that.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_FILES",
        key: "files",
        default: "`files` in the data folder",
        meaning: "Where attachments, exports and archives are kept: a folder, or `s3://bucket` or `s3://bucket/prefix` for a store that \
                  speaks S3. Several nodes need one that all of them reach.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_S3_ENDPOINT",
        key: "s3_endpoint",
        default: "(Amazon's)",
        meaning: "The address of that store, such as `http://garage:3900`.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_S3_REGION",
        key: "s3_region",
        default: "us-east-1",
        meaning: "The region that requests to that store are signed for.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_S3_ACCESS_KEY",
        key: "s3_access_key",
        default: "(none)",
        meaning: "Who we are at that store.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_S3_ACCESS_SECRET",
        key: "s3_access_secret",
        default: "(none)",
        meaning: "What proves it.",
        secret: true,
    },
    Setting {
        variable: "PINGXUAN_CLAMD",
        key: "clamd",
        default: "(none)",
        meaning: "Where the virus scanner clamd listens, `host:port` or `unix:/path`: it is asked about every file, and while it is away no \
                  file is taken.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_FONTS",
        key: "fonts",
        default: "(those that come with the program)",
        meaning: "A folder with further fonts (TTF, OTF, TTC) for what is printed, such as 仿宋 and 小标宋.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_PRINT_FAMILIES",
        key: "print_families",
        default: "(that of the fonts that come with the program)",
        meaning: "The font families of titles and of texts, separated by a comma, such as `FZXiaoBiaoSong-B05S,FangSong`. What one lacks is \
                  printed in the font that comes with the program.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_LOG",
        key: "log",
        default: "warn,pingxuan_api=info",
        meaning: "What is logged: `error`, `warn`, `info`, `debug`, or a filter such as `info,sqlx=warn`; `warn,pingxuan_api=info,\
                  pingxuan_api::gate=warn` leaves out the line for each request.",
        secret: false,
    },
    Setting {
        variable: "PINGXUAN_LOG_FORMAT",
        key: "log_format",
        default: "text",
        meaning: "`text` for people, `json` for log collectors.",
        secret: false,
    },
];
