//! The columns of the installation, of accounts, of sessions and of keys.

use pingxuan_domain::Operation as O;

use super::{ACCESS, FILE, GUARDING, Personal, Table, internal, personal, public, sensitive};

const ACCOUNT: &Personal = &Personal {
    purpose: "to know who may do what, for which unit or as which supervisor",
    read_in: &[O::GetMe, O::ListUsers, O::GetUser],
    searchable_by: "role, state and unit, by the security administrator (`list_users`)",
    ..ACCESS
};

const DISPLAY_NAME: &Personal = &Personal {
    purpose: "to say by name who acts, investigates or is recused",
    read_in: &[
        O::GetMe,
        O::ListUsers,
        O::GetUser,
        O::ListRecusals,
        O::ListShortlists,
        O::GetShortlist,
        O::ListObjections,
        O::GetObjection,
    ],
    retention: "for good, so far; every audit event of the account keeps a copy",
    ..*ACCOUNT
};

const OWNER: &Personal = &Personal {
    purpose: "to know whose it is",
    retention: "as long as the row",
    deletion: "what deletes the row",
    ..ACCESS
};

const PASSWORD: &Personal = &Personal {
    purpose: "to know that whoever logs in is the owner of the account",
    mask: "the password: its Argon2id hash alone is kept",
    retention: "until the next password",
    deletion: "the next password; its hash goes among the previous ones",
    ..ACCESS
};

const PREVIOUS_PASSWORD: &Personal = &Personal {
    purpose: "to see that a new password is none of the last ones",
    retention: "for good, so far",
    deletion: "nothing yet: all are kept, though only the last few are asked",
    ..*PASSWORD
};

const SESSION: &Personal = &Personal {
    purpose: "for its owner to know a session again, and to see one that is not theirs",
    read_in: &[O::ListSessions],
    retention: "for good, so far: sessions that have ended stay; every audit event keeps the address too",
    deletion: "nothing yet: no job deletes it",
    ..ACCESS
};

const REFRESH_TOKEN: &Personal = &Personal {
    purpose: "to renew a session, and to notice a token that is used twice",
    mask: "the token: it is told once, and its SHA-256 digest alone is kept",
    searchable_by: "the token itself",
    retention: "for good, so far: tokens that are used or over stay",
    deletion: "nothing yet: no job deletes it",
    ..ACCESS
};

const SEED: &Personal = &Personal {
    purpose: "to know that whoever logs in holds the owner's telephone",
    mask: "all of it: it is told once, to the owner, where it is offered",
    encrypted: true,
    unmasked_in: &[O::EnrolTotp],
    retention: "as long as the account has the second factor",
    deletion: "the owner (`remove_totp`), a reset where the factor is lost (`reset_user_password`), or the \
               next one",
    ..ACCESS
};

const RECOVERY_CODE: &Personal = &Personal {
    purpose: "to let the owner in where the telephone is lost",
    mask: "the code: it is told once, and a keyed digest of it alone is kept",
    encrypted: false,
    unmasked_in: &[O::ConfirmTotp],
    searchable_by: "the code itself, with its owner",
    ..*SEED
};

const PENDING_LOGIN: &Personal = &Personal {
    purpose: "to let a log-in wait for its second factor",
    mask: "the token: it is told once, and its SHA-256 digest alone is kept",
    searchable_by: "the token itself",
    retention: "five minutes",
    deletion: "its use, five wrong codes, or the next log-in of anybody that waits",
    ..ACCESS
};

const OIDC_LOGIN: &Personal = &Personal {
    purpose: "to know that whoever comes back from the identity provider is the browser that was sent there",
    mask: "state and cookie: each is told once, and its SHA-256 digest alone is kept; nobody is named",
    searchable_by: "the state itself",
    retention: "ten minutes",
    deletion: "its use, right or wrong; the sweeper each minute",
    ..ACCESS
};

const OIDC_SEALED: &Personal = &Personal {
    purpose: "to redeem the provider's code, and to know that its ID token was made for this log-in",
    mask: "all of it: neither is told before the provider has answered",
    encrypted: true,
    searchable_by: "nothing",
    ..*OIDC_LOGIN
};

const ATTEMPTS: &Personal = &Personal {
    purpose: "to lock an account or a source after too many wrong passwords",
    mask: "name and address: a keyed digest of them alone is kept",
    searchable_by: "the name or the address itself",
    retention: "until the account logs in or is unlocked; of a source, and of a name that nobody has, for \
                good so far",
    deletion: "a log-in, or `unlock_user`; no job deletes what is left",
    ..ACCESS
};

const ASKED: &Personal = &Personal {
    purpose: "to carry a request out once, however often it is sent",
    basis: GUARDING,
    mask: "who asks, for what and with what: keyed digests of them alone are kept",
    searchable_by: "the same request",
    retention: "24 hours; 90 days where it may be written offline (D-606)",
    deletion: "the sweeper, four times a second",
    ..FILE
};

const ANSWER: &Personal = &Personal {
    purpose: "to answer a request that is sent again as it was answered first: whatever the answer held, \
              receipt codes of objections too, but for passwords",
    mask: "all of it; it is given again to whoever sends the same request with the same key",
    encrypted: true,
    ..*ASKED
};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "installation",
        label_zh: "安装信息",
        columns: &[internal("name", "名称"), internal("value", "值")],
    },
    Table {
        name: "users",
        label_zh: "账户",
        columns: &[
            personal("id", "账户编号", ACCOUNT),
            personal("username", "登录名", ACCOUNT),
            personal("display_name", "显示姓名", DISPLAY_NAME),
            sensitive("password_hash", "密码散列", PASSWORD),
            internal("must_change_password", "须修改密码"),
            personal("roles", "角色", ACCOUNT),
            personal("unit_id", "所属单位", ACCOUNT),
            personal("supervisor_id", "对应监督员", ACCOUNT),
            internal("state", "状态"),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
            internal("valid_until", "有效期至"),
            internal("password_set_at", "密码设置时间"),
            internal("second_factor", "已登记第二要素"),
        ],
    },
    Table {
        name: "previous_passwords",
        label_zh: "曾用密码",
        columns: &[
            internal("id", "编号"),
            personal("user_id", "账户", OWNER),
            internal("replaced_at", "更换时间"),
            sensitive("hash", "密码散列", PREVIOUS_PASSWORD),
        ],
    },
    Table {
        name: "sessions",
        label_zh: "登录会话",
        columns: &[
            internal("id", "编号"),
            personal("user_id", "账户", OWNER),
            internal("created_at", "登录时间"),
            internal("expires_at", "失效时间"),
            internal("ended_at", "结束时间"),
            internal("ended_because", "结束原因"),
            personal("address", "登录地址", SESSION),
            personal("device", "登录设备", SESSION),
            internal("renewed_at", "续期时间"),
        ],
    },
    Table {
        name: "refresh_tokens",
        label_zh: "续期令牌",
        columns: &[
            sensitive("hash", "令牌摘要", REFRESH_TOKEN),
            internal("session_id", "会话"),
            internal("issued_at", "签发时间"),
            internal("expires_at", "失效时间"),
            internal("used_at", "使用时间"),
        ],
    },
    Table {
        name: "totp_seeds",
        label_zh: "第二要素密钥",
        columns: &[
            personal("user_id", "账户", OWNER),
            sensitive("seed", "使用中的密钥", SEED),
            sensitive("offered", "待确认的密钥", SEED),
            internal("last_step", "最近使用的时间步"),
        ],
    },
    Table {
        name: "recovery_codes",
        label_zh: "恢复码",
        columns: &[
            sensitive("digest", "恢复码摘要", RECOVERY_CODE),
            personal("user_id", "账户", OWNER),
            internal("used_at", "使用时间"),
        ],
    },
    Table {
        name: "pending_logins",
        label_zh: "待验证的登录",
        columns: &[
            sensitive("digest", "令牌摘要", PENDING_LOGIN),
            personal("user_id", "账户", OWNER),
            internal("expires_at", "失效时间"),
            internal("tries", "已试次数"),
        ],
    },
    Table {
        name: "clients",
        label_zh: "机器客户端",
        columns: &[
            internal("id", "编号"),
            internal("name", "名称"),
            internal("scopes", "授权范围"),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "client_secrets",
        label_zh: "机器客户端密钥",
        columns: &[
            internal("digest", "密钥摘要"),
            internal("client_id", "客户端"),
            internal("created_at", "创建时间"),
            internal("expires_at", "失效时间"),
        ],
    },
    Table {
        name: "oidc_logins",
        label_zh: "进行中的单点登录",
        columns: &[
            sensitive("digest", "状态参数摘要", OIDC_LOGIN),
            sensitive("browser", "浏览器凭据摘要", OIDC_LOGIN),
            sensitive("sealed", "验证码与随机数(加密)", OIDC_SEALED),
            internal("expires_at", "失效时间"),
        ],
    },
    Table {
        name: "login_attempts",
        label_zh: "登录失败记录",
        columns: &[
            personal("who", "登录名或来源地址的摘要", ATTEMPTS),
            internal("count", "次数"),
            internal("first_at", "首次时间"),
            internal("locked_until", "锁定至"),
            internal("locks", "锁定次数"),
        ],
    },
    Table {
        name: "access_generation",
        label_zh: "访问变更计数",
        columns: &[internal("one", "行号"), internal("generation", "变更次数")],
    },
    Table {
        name: "signing_keys",
        label_zh: "令牌签名密钥",
        columns: &[
            public("kid", "密钥编号"),
            internal("sealed", "私钥(加密)"),
            public("public", "公钥"),
            internal("created_at", "生成时间"),
        ],
    },
    Table {
        name: "sealing_keys",
        label_zh: "加密密钥",
        columns: &[
            internal("number", "编号"),
            internal("wrapped", "密钥(加密)"),
            internal("active", "是否启用"),
        ],
    },
    Table {
        name: "idempotent_answers",
        label_zh: "幂等应答",
        columns: &[
            personal("scope", "请求人、操作和键的摘要", ASKED),
            personal("request", "请求内容摘要", ASKED),
            sensitive("answer", "应答", ANSWER),
            internal("created_at", "保存时间"),
            internal("kept_until", "保存至"),
        ],
    },
];
