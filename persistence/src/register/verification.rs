//! The columns of verification: assignments, sheets, visits, duty records, recusals, activities.

use pingxuan_domain::Operation as O;

use super::{FILE, Personal, Table, VETTING, internal, personal, sensitive};

const ASSIGNED: &Personal = &Personal {
    purpose: "to know who is to score whom",
    read_in: &[O::ListAssignments, O::GetScoreSheet, O::ExplainRankingEntry],
    searchable_by: "campaign, category, supervisor, application and state (`list_assignments`)",
    deletion: "`delete_assignment` and a new plan, before the sheet is submitted; else nothing yet",
    ..FILE
};

const PLANNED: &Personal = &Personal {
    purpose: "to let anybody repeat how it was decided who scores whom, and to know who had it decided (D-602)",
    read_in: &[O::GetAssignmentPlan],
    searchable_by: "campaign and category (`get_assignment_plan`)",
    ..FILE
};

const SCORES: &Personal = &Personal {
    purpose: "points and reasons, criterion by criterion, and what was found that would bar the nominee \
              (D-604)",
    basis: VETTING,
    read_in: &[O::GetScoreSheet, O::ExplainRankingEntry, O::GetApplication, O::GetApplicationEvidence],
    mask: "from all but the house and who scores: once verification is over, the others who scored the same \
           application see them too, without who gave them; the declaring unit is told the reasons, without who \
           gave them, once the awards are announced and it is not among them (D-605, D-801)",
    searchable_by: "its assignment",
    retention: "as long as the selection's file; the audit keeps every version for good",
    deletion: "what deletes its assignment, while it is a draft; nothing else yet",
    ..FILE
};

const FIGURE: &Personal = &Personal {
    purpose: "to rank by",
    read_in: &[O::GetScoreSheet, O::ExplainRankingEntry, O::GetRanking],
    searchable_by: "its assignment",
    deletion: "what deletes its assignment, while it is a draft; nothing else yet",
    ..FILE
};

const REMARK: &Personal = &Personal {
    purpose: "what the supervisor says of the whole",
    read_in: &[O::GetScoreSheet, O::ExplainRankingEntry],
    retention: "as long as the selection's file; the audit keeps every version for good",
    ..*FIGURE
};

const VISITED: &Personal = &Personal {
    purpose: "to prove who was there, what was found and what the visited unit says of it (D-601)",
    read_in: &[O::ListSiteVisits, O::GetSiteVisit],
    searchable_by: "campaign and application (`list_site_visits`)",
    retention: "as long as the selection's file; the audit keeps every version for good, names too",
    deletion: "what is recorded anew of the same trip (`record_site_visit`); nothing else yet",
    ..FILE
};

const FOUND: &Personal = &Personal {
    purpose: "to say what was found of each deed that is stated (D-504)",
    read_in: &[O::ListSiteVisits, O::GetSiteVisit, O::GetApplicationEvidence],
    mask: "from the declaring unit, but for the day and the verdict once the awards are announced",
    ..*VISITED
};

const DUTY: &Personal = &Personal {
    purpose: "to know what a supervisor did in a year, and what the office says of it (D-608, D-805)",
    read_in: &[O::ListDutyRecords],
    searchable_by: "supervisor, state, kind and year (`list_duty_records`)",
    retention: "for good, so far; the audit keeps a copy for good",
    ..FILE
};

const RECUSED: &Personal = &Personal {
    purpose: "to keep somebody from a case in which they have a stake, and to know by whose word (D-603)",
    read_in: &[O::ListRecusals],
    searchable_by: "campaign, application, supervisor and state (`list_recusals`)",
    retention: "as long as the selection's file, also when it is lifted; the audit keeps a copy for good",
    ..FILE
};

const RECUSED_LATE: &Personal =
    &Personal { read_in: &[O::ListRecusals, O::ListShortlists, O::GetShortlist], ..*RECUSED };

const ATTENDED: &Personal = &Personal {
    purpose: "to know who attended, where that counts (D-608)",
    read_in: &[O::ListThematicActivities],
    searchable_by: "the activity",
    retention: "for good, so far",
    deletion: "the next list of who attended (`record_attendance`)",
    ..FILE
};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "assignments",
        label_zh: "核查任务",
        columns: &[
            internal("id", "编号"),
            internal("campaign_id", "评选活动"),
            internal("application_id", "申报"),
            personal("supervisor_id", "监督员", ASSIGNED),
            internal("state", "状态"),
            internal("locked", "是否锁定"),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "assignment_plans",
        label_zh: "核查计划",
        columns: &[
            internal("id", "编号"),
            internal("campaign_id", "评选活动"),
            internal("category_code", "类别"),
            internal("method", "编制方法"),
            internal("seed", "随机种子"),
            internal("draw", "公开抽签"),
            personal("inputs", "编制依据", PLANNED),
            internal("inputs_digest", "编制依据摘要"),
            personal("result", "编制结果", PLANNED),
            internal("result_digest", "编制结果摘要"),
            internal("made_at", "编制时间"),
            personal("made_by", "编制人", PLANNED),
        ],
    },
    Table {
        name: "score_sheets",
        label_zh: "评分表",
        columns: &[
            internal("assignment_id", "核查任务"),
            internal("state", "状态"),
            sensitive("scores", "逐项评分、理由和发现的问题", SCORES),
            personal("remark", "总体意见", REMARK),
            internal("counts", "是否计分"),
            personal("composite", "综合得分", FIGURE),
            internal("written_at", "设备上的填写时间"),
            internal("version", "版本"),
            internal("submitted_at", "提交时间"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "site_visits",
        label_zh: "实地核查",
        columns: &[
            internal("id", "编号"),
            internal("campaign_id", "评选活动"),
            internal("application_id", "申报"),
            internal("visited_on", "核查日期"),
            internal("place", "地点"),
            personal("others", "其他参加人员", VISITED),
            personal("notes", "核查情况", VISITED),
            personal("photos", "照片名称和摘要", VISITED),
            personal("findings", "对申报事迹的核查结论", FOUND),
            personal("unit_word", "被核查单位意见和表态人", VISITED),
            internal("written_at", "设备上的填写时间"),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "site_visit_supervisors",
        label_zh: "参加核查的监督员",
        columns: &[
            internal("site_visit_id", "实地核查"),
            personal("supervisor_id", "监督员", VISITED),
            internal("assignment_id", "核查任务"),
        ],
    },
    Table {
        name: "duty_records",
        label_zh: "履职记录",
        columns: &[
            internal("id", "编号"),
            personal("supervisor_id", "监督员", DUTY),
            internal("kind", "类别"),
            internal("done_on", "日期"),
            personal("title", "标题", DUTY),
            personal("description", "内容", DUTY),
            internal("adopted", "是否采纳"),
            internal("state", "状态"),
            personal("review_reason", "审核意见", DUTY),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "recusals",
        label_zh: "回避",
        columns: &[
            internal("id", "编号"),
            internal("campaign_id", "评选活动"),
            internal("application_id", "申报"),
            personal("supervisor_id", "回避的监督员", RECUSED),
            personal("user_id", "回避的账户", RECUSED),
            personal("kind", "回避情形", RECUSED_LATE),
            personal("reason", "原因", RECUSED_LATE),
            internal("state", "状态"),
            personal("declared_by", "声明人", RECUSED),
            internal("after_verification", "核查后提出"),
            personal("lift_reason", "解除原因", RECUSED),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "thematic_activities",
        label_zh: "专题活动",
        columns: &[
            internal("id", "编号"),
            internal("title", "标题"),
            internal("held_on", "日期"),
            internal("description", "内容"),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "attendances",
        label_zh: "专题活动出席",
        columns: &[internal("activity_id", "专题活动"), personal("supervisor_id", "监督员", ATTENDED)],
    },
];
