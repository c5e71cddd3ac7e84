//! The columns of review and decision: ties, adjustments, lists, notices, awards, vetting, objections.

use pingxuan_domain::Operation as O;

use super::{ACTED, FILE, PUBLISHING, Personal, Table, VETTING, internal, personal, public, sensitive};

const ORDER: &Personal = &Personal {
    purpose: "to say why one of two equals comes first (D-609)",
    retention: "as long as the selection's file; the audit keeps a copy for good",
    ..FILE
};

/// Who acted, where no answer says it.
const ACTOR: &Personal = &ACTED;

const ADJUSTMENT: &Personal = &Personal {
    purpose: "to give or take points beside the score, and to say why (D-607)",
    read_in: &[O::ExplainRankingEntry, O::GetRanking],
    retention: "as long as the selection's file; the audit keeps a copy for good",
    ..FILE
};

const ADJUSTED: &Personal = &Personal { read_in: &[O::ExplainRankingEntry], ..ACTED };

const RANKING: &Personal = &Personal {
    purpose: "the ranking that the list was made from, frozen: names, figures, and whose sheets they come \
              from",
    read_in: &[O::ListShortlists, O::GetShortlist, O::GetRanking, O::ExplainRankingEntry],
    searchable_by: "campaign (`list_shortlists`)",
    ..FILE
};

const DEPARTURE: &Personal = &Personal {
    purpose: "to say why somebody is passed over, put in, declined or sent back (D-701, D-707)",
    read_in: &[O::ListShortlists, O::GetShortlist],
    searchable_by: "campaign (`list_shortlists`)",
    retention: "as long as the selection's file; the audit keeps a copy for good",
    ..FILE
};

const PROPOSED: &Personal = &Personal { read_in: &[O::ListShortlists, O::GetShortlist], ..ACTED };

const DECISION: &Personal = &Personal {
    purpose: "to prove the decision: document, day, meeting, who was present, who was recused and why, \
              reasons (D-707)",
    read_in: &[O::ListShortlists, O::GetShortlist],
    retention: "as long as the selection's file; the audit keeps a copy for good",
    ..FILE
};

const NO_AWARD: &Personal = &Personal {
    read_in: &[O::ListCategories, O::GetCategory],
    mask: "from everyone outside the house all but document number and day",
    ..*DECISION
};

const REVOCATION: &Personal = &Personal {
    read_in: &[O::ListAwards, O::GetAward, O::ListPublicAwards, O::VerifyCertificate],
    mask: "from everyone all but document number and day",
    retention: "for good: the register of awards says so of a revoked one",
    ..*DECISION
};

const SHOWN: &Personal = &Personal {
    purpose: "to show the public who is proposed: name, unit and post, frozen, in the list's order (D-704)",
    basis: PUBLISHING,
    read_in: &[O::ListPublicNotices, O::GetPublicNotice, O::FollowObjection],
    searchable_by: "campaign, category and state, by anyone (`list_public_notices`)",
    retention: "for good, so far: notices that are over stay public",
    shown_in_notices: "it is the notice; names are whole",
    ..FILE
};

const HONOUREE: &Personal = &Personal {
    purpose: "to say whom the certificate honours: the public register of awards (D-708)",
    basis: PUBLISHING,
    read_in: &[O::ListPublicAwards, O::VerifyCertificate, O::ListAwards, O::GetAward],
    searchable_by: "part of the name, campaign, category and year, and the certificate's number, by anyone",
    retention: "for good: it is the register",
    ..FILE
};

const OPINION: &Personal = &Personal {
    purpose: "to hear what a department holds against a candidate, and what came of it (D-702)",
    basis: VETTING,
    read_in: &[O::ListVettingRequests],
    mask: "who answered and who resolved it: they stand in no answer",
    searchable_by: "campaign, application, department and state (`list_vetting_requests`)",
    retention: "as long as the selection's file; the audit keeps basis, document and resolution for good",
    ..FILE
};

const OBJECTOR: &Personal = &Personal {
    purpose: "name, unit and telephone of whoever objects: to ask further and to report the answer (D-705)",
    basis: "PIPL 13(1), 28: given by the objector, who may leave it out",
    unmasked_in: &[O::RevealObjector],
    mask: "all of it, from everyone but the investigator of the case, who opens it with a reason that the \
           audit keeps",
    encrypted: true,
    ..FILE
};

const OBJECTION: &Personal = &Personal {
    purpose: "to examine what is held against a candidate, and to decide on it (D-705, D-706)",
    basis: VETTING,
    read_in: &[O::ListObjections, O::GetObjection],
    searchable_by: "campaign, notice, category, candidate, state and lateness (`list_objections`)",
    ..FILE
};

const ANSWER: &Personal = &Personal {
    purpose: "to answer the objector (D-705)",
    read_in: &[O::ListObjections, O::GetObjection, O::FollowObjection],
    mask: "from everyone outside the house, but whoever holds the receipt code",
    ..*OBJECTION
};

const CONSEQUENCE: &Personal =
    &Personal { retention: "as long as the selection's file; the audit keeps a copy for good", ..*OBJECTION };

const INVESTIGATOR: &Personal = &Personal { read_in: &[O::ListObjections, O::GetObjection], ..ACTED };

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "tie_resolutions",
        label_zh: "同分次序",
        columns: &[
            internal("id", "编号"),
            internal("campaign_id", "评选活动"),
            internal("category_code", "类别"),
            internal("application_ids", "申报次序"),
            personal("reason", "理由", ORDER),
            personal("resolved_by", "确定人", ACTOR),
            internal("resolved_at", "确定时间"),
        ],
    },
    Table {
        name: "point_adjustments",
        label_zh: "加减分",
        columns: &[
            internal("id", "编号"),
            internal("application_id", "申报"),
            personal("points", "分值", ADJUSTMENT),
            personal("reason", "理由", ADJUSTMENT),
            personal("adjusted_by", "登记人", ADJUSTED),
            internal("adjusted_at", "登记时间"),
        ],
    },
    Table {
        name: "shortlists",
        label_zh: "候选名单",
        columns: &[
            internal("id", "编号"),
            internal("campaign_id", "评选活动"),
            internal("category_code", "类别"),
            internal("state", "状态"),
            personal("ranking", "所依据的排名", RANKING),
            internal("ranking_digest", "排名摘要"),
            personal("departures", "偏离排名的理由", DEPARTURE),
            personal("proposed_by", "提出人", PROPOSED),
            personal("decision", "审定记录", DECISION),
            personal("reason", "退回原因", DEPARTURE),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
            personal("substituted_by", "递补办理人", PROPOSED),
        ],
    },
    Table {
        name: "shortlist_entries",
        label_zh: "候选人",
        columns: &[
            internal("shortlist_id", "候选名单"),
            internal("application_id", "申报"),
            internal("position", "名次"),
            personal("declined_reason", "不予同意的理由", DEPARTURE),
            internal("substitutes", "所递补的申报"),
        ],
    },
    Table {
        name: "no_awards",
        label_zh: "不予表彰决定",
        columns: &[
            internal("id", "编号"),
            internal("campaign_id", "评选活动"),
            internal("category_code", "类别"),
            personal("decision", "审定记录", NO_AWARD),
            personal("decided_by", "决定人", ACTOR),
            internal("decided_at", "决定时间"),
        ],
    },
    Table {
        name: "public_notices",
        label_zh: "公示",
        columns: &[
            public("id", "编号"),
            public("campaign_id", "评选活动"),
            internal("shortlist_id", "候选名单"),
            public("category_code", "类别"),
            public("state", "状态"),
            personal("content", "公示内容", SHOWN),
            public("digest", "内容摘要"),
            public("published_at", "发布时间"),
            public("closes_at", "截止时间"),
            public("ended_at", "结束时间"),
            internal("version", "版本"),
        ],
    },
    Table {
        name: "awards",
        label_zh: "表彰",
        columns: &[
            public("id", "编号"),
            public("application_id", "申报"),
            public("campaign_id", "评选活动"),
            public("category_code", "类别"),
            public("certificate_number", "证书编号"),
            personal("honouree", "受表彰对象", HONOUREE),
            personal("unit_name", "单位", HONOUREE),
            personal("post", "职务", HONOUREE),
            public("document_number", "文号"),
            public("decided_on", "决定日期"),
            public("position", "名次"),
            public("state", "状态"),
            public("announced_at", "公布时间"),
            internal("version", "版本"),
            personal("revocation", "撤销决定", REVOCATION),
        ],
    },
    Table {
        name: "vetting_requests",
        label_zh: "征求意见",
        columns: &[
            internal("id", "编号"),
            internal("campaign_id", "评选活动"),
            internal("application_id", "申报"),
            internal("department_id", "部门"),
            internal("state", "状态"),
            internal("due_on", "答复期限"),
            personal("asked_by", "征求人", ACTOR),
            sensitive("opinion", "部门意见", OPINION),
            sensitive("resolution", "办结情况", OPINION),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "objections",
        label_zh: "异议",
        columns: &[
            internal("id", "编号"),
            internal("notice_id", "公示"),
            internal("shortlist_id", "候选名单"),
            internal("campaign_id", "评选活动"),
            internal("category_code", "类别"),
            internal("application_id", "推荐对象"),
            internal("receipt_digest", "回执码摘要"),
            sensitive("objector", "异议人(加密)", OBJECTOR),
            sensitive("content", "异议内容", OBJECTION),
            sensitive("evidence", "证据", OBJECTION),
            internal("late", "逾期提出"),
            internal("state", "状态"),
            personal("investigator_id", "调查人", INVESTIGATOR),
            sensitive("findings", "调查情况", OBJECTION),
            sensitive("answer", "答复", ANSWER),
            internal("consequence", "处理结果"),
            personal("consequence_reason", "处理理由", CONSEQUENCE),
            internal("version", "版本"),
            internal("filed_at", "提出时间"),
            internal("resolved_at", "答复时间"),
            internal("updated_at", "更新时间"),
        ],
    },
];
