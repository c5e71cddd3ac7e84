//! The columns of the selection: campaigns, extensions, applications and what was submitted.

use pingxuan_domain::Operation as O;

use super::{ACTED, FILE, IDENTIFYING, Personal, Table, internal, personal, public, sensitive};

const APPLICATION: Personal = Personal {
    searchable_by: "campaign, category, state and unit (`list_applications`)",
    deletion: "a draft by `delete_application`, of which the audit keeps the form; nothing else yet, lapsed \
               drafts neither",
    ..FILE
};

const NOMINEE: &Personal = &Personal {
    purpose: "to say who is to be commended; for units it is the unit's name",
    read_in: &[
        O::ListApplications,
        O::GetApplication,
        O::ListAssignments,
        O::GetScoreSheet,
        O::ListSiteVisits,
        O::GetSiteVisit,
        O::ListRecusals,
        O::GetRanking,
        O::ExplainRankingEntry,
        O::ListShortlists,
        O::GetShortlist,
        O::ListVettingRequests,
        O::ListObjections,
        O::GetObjection,
    ],
    mask: "of a person empty in a sealed campaign until the seal is opened (D-303)",
    shown_in_notices: "yes: a notice takes a copy",
    ..APPLICATION
};

const ATTACHED: &Personal = &Personal {
    purpose: "to know a file that bears out a declaration by the name that its unit gave it; the file itself is in the store of files",
    read_in: &[O::GetApplication, O::ListAttachments, O::GetAttachment, O::GetApplicationChanges],
    mask: "empty in a sealed campaign until the seal is opened (D-303)",
    deletion: "with the attachment (`delete_attachment`), or with the draft",
    ..APPLICATION
};

const UPLOADED: &Personal =
    &Personal { purpose: "to know who uploaded a file", read_in: &[], searchable_by: "nothing", ..*ATTACHED };

const ASKED: &Personal = &Personal {
    purpose: "to know whose work it is, and to carry it out with their rights alone",
    read_in: &[],
    searchable_by: "the account itself",
    deletion: "nothing yet",
    ..ACTED
};

const POST: &Personal = &Personal {
    purpose: "to say who of one name is meant",
    read_in: &[
        O::ListApplications,
        O::GetApplication,
        O::GetRanking,
        O::ExplainRankingEntry,
        O::ListShortlists,
        O::GetShortlist,
        O::ListVettingRequests,
    ],
    ..*NOMINEE
};

const SHARES: &Personal = &Personal {
    purpose: "to keep the shares of leading cadres and front line (D-205)",
    read_in: &[O::GetRanking, O::ExplainRankingEntry, O::ListShortlists, O::GetShortlist],
    shown_in_notices: "no",
    ..*NOMINEE
};

const EVALUATED: &Personal = &Personal {
    purpose: "to know which supervisor is evaluated",
    read_in: &[O::ListApplications, O::GetApplication],
    ..APPLICATION
};

const FORM: &Personal = &Personal {
    purpose: "what is declared, as the notice's form asks it: of a person sex, ethnicity, political status, \
              education, career, deeds, honours and penalties; of a unit its head and contact",
    basis: "PIPL 13(3), 28, 34: the duty to select and commend; what is needed of a person is what the \
            notice's form asks, which the office answers for (PIPL 6)",
    read_in: &[O::GetApplication],
    mask: "citizen ID and telephone as with supervisors, of a month of birth all but the year (`1985-**`), \
           from everyone; nothing else. In a sealed campaign all of it from the house until the seal is \
           opened (D-303)",
    retention: "as long as the selection's file; the audit keeps every version for good, with digests in the \
                place of what is masked here, of a sealed campaign its digest alone",
    ..APPLICATION
};

const FORM_SEALED: &Personal = &Personal {
    purpose: "citizen ID, telephone and month of birth whole, where the form asks them: to check them, to \
              lay a change over them and to compare submissions",
    unmasked_in: &[O::RevealPersonalData],
    basis: IDENTIFYING,
    mask: "all of it, but where it is opened for a reason, which the audit keeps",
    encrypted: true,
    searchable_by: "nothing",
    ..APPLICATION
};

const PERSON_INDEX: &Personal = &Personal {
    purpose: "to see that nobody stands in two categories, judges themselves or is barred (D-204, D-605, \
              D-703)",
    mask: "the citizen ID: a keyed digest of it alone is kept, the same in all tables. Whoever declares a \
           person learns in which category they stand already, as what stands in the way",
    encrypted: false,
    searchable_by: "the same citizen ID, by the system",
    ..*FORM_SEALED
};

const REASON: &Personal = &Personal {
    purpose: "to say why it was returned, rejected, withdrawn or disqualified",
    read_in: &[O::ListApplications, O::GetApplication, O::GetApplicationHistory],
    mask: "in a sealed campaign all of it from the house until the seal is opened (D-303)",
    ..APPLICATION
};

const PAPER: &Personal = &Personal {
    purpose: "to know who took the sealed copies in, and why missing ones are waived (D-503)",
    read_in: &[O::ListApplications, O::GetApplication],
    mask: "who took them in: it stands in no answer",
    ..APPLICATION
};

const HANDLING: &Personal = &Personal {
    purpose: "to keep apart who wrote, who checked and who confirms (D-505), and to know for what it was \
              disqualified, or by which decision, with who was present and who was recused, its award was \
              revoked",
    read_in: &[O::ListApplications, O::GetApplication],
    mask: "who wrote it, and the decision's names and reasons: they stand in no answer. Check, waiver and \
           reference from everyone outside the house",
    ..APPLICATION
};

const SUBMITTED: &Personal = &Personal {
    purpose: "what was submitted, as it was (D-402): to tell what changed since",
    read_in: &[O::GetApplicationChanges],
    searchable_by: "the application",
    deletion: "nothing yet: no job deletes it",
    ..*FORM
};

const SUBMITTED_SEALED: &Personal = &Personal { deletion: "nothing yet: no job deletes it", ..*FORM_SEALED };

const GRANTED: &Personal =
    &Personal { purpose: "to know who granted it", read_in: &[O::ListExtensions], ..ACTED };

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "campaigns",
        label_zh: "评选活动",
        columns: &[
            public("id", "编号"),
            public("year", "年度"),
            public("title", "标题"),
            public("state", "状态"),
            public("definition", "通知定义"),
            internal("definition_digest", "通知定义摘要"),
            public("opens_at", "申报开始"),
            public("closes_at", "申报截止"),
            public("published_at", "发布时间"),
            public("announced_at", "公布时间"),
            internal("version", "版本"),
            public("created_at", "创建时间"),
            public("updated_at", "更新时间"),
            public("seal_opened_at", "启封时间"),
            public("cancel_reason", "取消原因"),
        ],
    },
    Table {
        name: "extensions",
        label_zh: "延期",
        columns: &[
            internal("id", "编号"),
            internal("campaign_id", "评选活动"),
            internal("unit_id", "单位"),
            internal("until", "延至"),
            internal("document_number", "文号"),
            internal("reason", "原因"),
            personal("granted_by", "批准人", GRANTED),
            internal("granted_at", "批准时间"),
        ],
    },
    Table {
        name: "applications",
        label_zh: "申报",
        columns: &[
            internal("id", "编号"),
            internal("campaign_id", "评选活动"),
            internal("category_code", "类别"),
            internal("nominee_kind", "推荐对象类型"),
            internal("unit_id", "申报单位"),
            personal("supervisor_id", "被评监督员", EVALUATED),
            personal("nominee_name", "推荐对象名称", NOMINEE),
            personal("nominee_post", "职务", POST),
            personal("is_leading_cadre", "是否领导干部", SHARES),
            personal("front_line", "是否一线人员", SHARES),
            sensitive("form", "申报表", FORM),
            sensitive("personal", "申报表中的个人信息(加密)", FORM_SEALED),
            sensitive("person_index", "公民身份号码索引", PERSON_INDEX),
            internal("content_digest", "内容摘要"),
            personal("attached", "附件清单", ATTACHED),
            internal("state", "状态"),
            internal("version", "版本"),
            internal("shown_state", "对外状态"),
            internal("shown_version", "对外版本"),
            internal("shown_updated_at", "对外更新时间"),
            internal("entered_by_office", "代单位录入"),
            personal("reason", "退回、不予受理、撤回或取消资格的原因", REASON),
            internal("rejection", "不符合的条件"),
            internal("correct_by", "补正期限"),
            personal("paper", "纸质件登记", PAPER),
            internal("submitted_at", "提交时间"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
            personal("handling", "办理情况", HANDLING),
        ],
    },
    Table {
        name: "application_snapshots",
        label_zh: "历次提交",
        columns: &[
            internal("application_id", "申报"),
            internal("number", "第几次提交"),
            sensitive("form", "申报表", SUBMITTED),
            sensitive("personal", "申报表中的个人信息(加密)", SUBMITTED_SEALED),
            internal("content_digest", "内容摘要"),
            personal("attached", "附件清单", ATTACHED),
            internal("submitted_at", "提交时间"),
        ],
    },
    Table {
        name: "attachments",
        label_zh: "附件",
        columns: &[
            internal("id", "编号"),
            internal("application_id", "申报"),
            internal("code", "必备附件代码"),
            internal("pointers", "对应申报内容"),
            personal("name", "文件名", ATTACHED),
            internal("kind", "文件类型"),
            internal("size", "大小"),
            internal("digest", "摘要"),
            internal("received", "已收字节"),
            internal("state", "状态"),
            personal("created_by", "上传账户", UPLOADED),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
            internal("version", "版本"),
        ],
    },
    Table {
        name: "printed_documents",
        label_zh: "打印件",
        columns: &[
            internal("check_code", "核验码"),
            internal("kind", "材料类型"),
            internal("object_id", "对象"),
            internal("digest", "内容摘要"),
            internal("printed_at", "首次打印时间"),
        ],
    },
    Table {
        name: "jobs",
        label_zh: "后台任务",
        columns: &[
            internal("id", "编号"),
            internal("kind", "任务类型"),
            internal("asked", "任务内容"),
            personal("owner_id", "提交账户", ASKED),
            personal("owner_name", "提交人", ASKED),
            internal("owner_role", "提交角色"),
            internal("language", "语言"),
            internal("request_id", "请求编号"),
            internal("campaign_id", "评选活动"),
            internal("state", "状态"),
            internal("progress", "进度"),
            internal("attempts", "执行次数"),
            internal("held_until", "占用至"),
            internal("holder", "执行节点"),
            internal("result", "结果文件"),
            internal("fault", "失败原因"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
            internal("finished_at", "结束时间"),
            internal("expires_at", "保存至"),
            internal("version", "版本"),
        ],
    },
];
