//! The columns of the county: units, supervisors, annual assessments, calendars, vetoes.

use pingxuan_domain::Operation as O;

use super::{FILE, IDENTIFYING, Personal, Table, VETTING, internal, personal, public, sensitive};

const SUPERVISOR: &Personal = &Personal {
    purpose: "to know who verifies and scores, to assign them, to keep them from units where they work or \
              worked (D-603), and to keep the shares of leading cadres and front line where they are \
              commended (D-205)",
    read_in: &[O::ListSupervisors, O::GetSupervisor],
    searchable_by: "part of the name, unit, day in office (`list_supervisors`)",
    retention: "for good, so far, also after the term; the audit keeps every version, with digests for \
                citizen ID and telephone",
    deletion: "nothing: no operation and no job deletes a supervisor",
    ..FILE
};

const SUPERVISOR_NAME: &Personal = &Personal {
    purpose: "to say by name who verifies, scores, attends or is recused",
    read_in: &[
        O::ListSupervisors,
        O::GetSupervisor,
        O::ListAssignments,
        O::GetScoreSheet,
        O::ListSiteVisits,
        O::GetSiteVisit,
        O::ListRecusals,
        O::ListThematicActivities,
        O::ExplainRankingEntry,
        O::ListShortlists,
        O::GetShortlist,
    ],
    ..*SUPERVISOR
};

const SUPERVISOR_CITIZEN_ID: &Personal = &Personal {
    purpose: "for people to see whether the citizen ID that was entered is the right one",
    basis: IDENTIFYING,
    mask: "all but the first three and the last four characters (`360***********1234`), from everyone; the \
           mask is kept in clear",
    ..*SUPERVISOR
};

const SUPERVISOR_PHONE: &Personal = &Personal {
    purpose: "to reach a supervisor",
    mask: "all but the first three and the last four digits (`138****5678`), of a landline all but the area \
           code and the last two, from everyone; the mask is kept in clear",
    ..*SUPERVISOR
};

const SUPERVISOR_SEALED: &Personal = &Personal {
    purpose: "citizen ID and telephone whole: to lay a change over them, and to reach the person; nobody can \
              open them yet (`reveal_personal_data` is not built)",
    basis: IDENTIFYING,
    mask: "all of it, from everyone",
    encrypted: true,
    read_in: &[],
    searchable_by: "nothing",
    ..*SUPERVISOR
};

const SUPERVISOR_INDEX: &Personal = &Personal {
    purpose: "to see that nobody is entered twice, judges themselves, stands in two categories or is barred \
              (D-204, D-605, D-703)",
    mask: "the citizen ID: a keyed digest of it alone is kept, the same in all tables",
    encrypted: false,
    searchable_by: "the same citizen ID, by the system",
    ..*SUPERVISOR_SEALED
};

const BARRED: &Personal = &Personal {
    purpose: "to commend nobody who is barred, for what, by whom and until when (D-703)",
    basis: VETTING,
    read_in: &[O::ListVetoes],
    searchable_by: "unit, field, state and whether it is in force (`list_vetoes`); persons by their citizen \
                    ID, by the system",
    retention: "for good, so far, also when it is lifted or over; the audit keeps name, field, basis and \
                document too",
    ..FILE
};

const BARRED_CITIZEN_ID: &Personal = &Personal {
    purpose: "for people to see who of several of one name is barred",
    basis: IDENTIFYING,
    mask: "all but the first three and the last four characters, from everyone; the mask is kept in clear",
    ..*BARRED
};

const BARRED_SEALED: &Personal = &Personal {
    purpose: "the citizen ID whole, as it was entered; nobody can open it yet (`reveal_personal_data` is not \
              built)",
    basis: IDENTIFYING,
    mask: "all of it, from everyone",
    encrypted: true,
    read_in: &[],
    searchable_by: "nothing",
    ..*BARRED
};

const BARRED_INDEX: &Personal = &Personal {
    purpose: "to find the bar where somebody is declared, proposed, shown or commended",
    mask: "the citizen ID: a keyed digest of it alone is kept, the same in all tables. Whoever declares a \
           person learns of a bar on them, and its last day, as what stands in the way",
    encrypted: false,
    searchable_by: "the same citizen ID, by the system",
    ..*BARRED_SEALED
};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "units",
        label_zh: "单位",
        columns: &[
            public("id", "编号"),
            public("code", "统一社会信用代码"),
            public("kind", "单位类别"),
            public("name", "名称"),
            public("short_name", "简称"),
            public("active", "是否有效"),
            public("latitude", "纬度"),
            public("longitude", "经度"),
            public("district", "片区"),
            internal("version", "版本"),
            public("created_at", "创建时间"),
            public("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "supervisors",
        label_zh: "监督员",
        columns: &[
            personal("id", "监督员编号", SUPERVISOR_NAME),
            personal("name", "姓名", SUPERVISOR_NAME),
            personal("unit_id", "工作单位", SUPERVISOR),
            personal("post", "职务", SUPERVISOR),
            sensitive("citizen_id_masked", "公民身份号码(脱敏)", SUPERVISOR_CITIZEN_ID),
            personal("phone_masked", "联系电话(脱敏)", SUPERVISOR_PHONE),
            sensitive("citizen_index", "公民身份号码索引", SUPERVISOR_INDEX),
            sensitive("personal", "公民身份号码和联系电话(加密)", SUPERVISOR_SEALED),
            personal("is_leading_cadre", "是否领导干部", SUPERVISOR),
            personal("front_line", "是否一线人员", SUPERVISOR),
            personal("appointed_from", "聘期起", SUPERVISOR),
            personal("appointed_until", "聘期止", SUPERVISOR),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
            personal("former_units", "曾工作单位", SUPERVISOR),
        ],
    },
    Table {
        name: "annual_assessments",
        label_zh: "年度考评",
        columns: &[
            internal("year", "年度"),
            internal("unit_id", "单位"),
            internal("score", "得分"),
            internal("not_assessed_reason", "不参加考评的原因"),
            internal("version", "版本"),
            internal("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "workday_calendars",
        label_zh: "工作日历",
        columns: &[
            public("year", "年度"),
            public("content", "放假和调休安排"),
            internal("version", "版本"),
            internal("updated_at", "更新时间"),
        ],
    },
    Table {
        name: "vetoes",
        label_zh: "一票否决",
        columns: &[
            internal("id", "编号"),
            internal("unit_id", "被否决单位"),
            sensitive("person_name", "被否决人姓名", BARRED),
            sensitive("citizen_id_masked", "公民身份号码(脱敏)", BARRED_CITIZEN_ID),
            sensitive("person_index", "公民身份号码索引", BARRED_INDEX),
            sensitive("personal", "公民身份号码(加密)", BARRED_SEALED),
            sensitive("field", "否决领域", BARRED),
            internal("department_id", "提供部门"),
            sensitive("document", "决定文书", BARRED),
            sensitive("basis", "事由", BARRED),
            internal("decided_on", "决定日期"),
            internal("until", "截止日期"),
            internal("state", "状态"),
            sensitive("lift_reason", "解除原因", BARRED),
            internal("version", "版本"),
            internal("created_at", "创建时间"),
            internal("updated_at", "更新时间"),
        ],
    },
];
