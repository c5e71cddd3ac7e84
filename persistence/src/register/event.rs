//! The columns of events; they only grow.

use pingxuan_domain::Operation as O;

use super::{FILE, GUARDING, Personal, Table, internal, personal, sensitive};

const DOING: &Personal = &Personal {
    purpose: "to know who did what to what: it answers for every change, and proves that nothing was taken \
              back (D-1001, D-1002)",
    basis: GUARDING,
    read_in: &[O::ListAuditEvents],
    searchable_by: "account, object, campaign, operation and time, by the auditor (`list_audit_events`)",
    retention: "for good; events of accounts, sessions and machine clients as long as the settings say (PINGXUAN_AUDIT_DAYS), 180 \
                days at least",
    deletion: "of accounts, sessions and clients the retention job, once a day (`forget_audit_events`); else nothing can: \
               triggers refuse changes and deletions",
    ..FILE
};

const LEAF: &Personal = &Personal {
    purpose: "to know who did what, from where, what changed and why; with names of accounts, and with \
              texts, names and forms as they were written",
    read_in: &[O::ListAuditEvents, O::GetApplicationHistory],
    mask: "citizen IDs, telephones, months of birth, findings and answers: salted digests stand for them. Of \
           an objection's filing who objects, from where and what they say. From everyone but the auditor \
           all but operation, role, states and reason of an application's events",
    ..*DOING
};

const TOLD: &Personal = &Personal {
    purpose: "to tell other systems what moved; nothing reads it yet",
    read_in: &[],
    searchable_by: "nothing",
    ..*DOING
};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "audit_events",
        label_zh: "审计事件",
        columns: &[
            internal("id", "编号"),
            internal("at", "时间"),
            internal("operation", "操作"),
            personal("actor_id", "操作账户", DOING),
            internal("actor_role", "操作角色"),
            internal("object_kind", "对象类型"),
            personal("object_id", "对象(含账户、会话和监督员)", DOING),
            internal("campaign_id", "评选活动"),
            internal("audience", "知悉范围"),
            sensitive("leaf", "事件全文", LEAF),
            internal("outcome", "结果"),
        ],
    },
    Table {
        name: "audit_door",
        label_zh: "审计清理闸门",
        columns: &[internal("one", "行号"), internal("forget_before", "清理截止时间")],
    },
    Table {
        name: "outgoing_events",
        label_zh: "对外事件",
        columns: &[
            internal("id", "编号"),
            internal("at", "时间"),
            internal("kind", "事件类型"),
            internal("object_kind", "对象类型"),
            personal("object_id", "对象(含监督员)", TOLD),
            internal("campaign_id", "评选活动"),
            internal("audience", "知悉范围"),
            personal("leaf", "事件全文(对象、时间和状态)", TOLD),
        ],
    },
];
