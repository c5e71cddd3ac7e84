//! The rules of a selection (docs/rules.md), each with its sentence and the operations that carry it.

use std::fmt;

use crate::operation::{Operation, Operation as O, Standing};

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its number.
    pub number: u16,
    /// What it says, in English.
    pub en: &'static str,
    /// What it says, in Chinese.
    pub zh: &'static str,
    /// What carries it.
    pub carried: Carried,
    /// What it waits for: operations and headers of the contract that nobody has built yet.
    pub awaits: &'static [&'static str],
}

/// What carries a rule.
#[derive(Clone, Copy, Debug)]
pub enum Carried {
    /// These operations.
    By(&'static [Operation]),
    /// Every operation alike.
    Everywhere,
}

/// How much of a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// All that carries it is served.
    Whole,
    /// Some of it is.
    Partly,
    /// Nothing is.
    NotYet,
}

impl Rule {
    /// The rule with this number.
    #[must_use]
    pub fn of(number: u16) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.number == number)
    }

    /// How much of it holds.
    #[must_use]
    pub fn force(&self) -> Force {
        let (served, planned) = match self.carried {
            Carried::Everywhere => (true, false),
            Carried::By(operations) => {
                let planned = |operation: &&Operation| operation.standing() == Standing::Planned;
                let planned = operations.iter().filter(planned).count();
                (planned < operations.len(), planned > 0)
            }
        };
        match (served, planned || !self.awaits.is_empty()) {
            (true, false) => Force::Whole,
            (true, true) => Force::Partly,
            (false, _) => Force::NotYet,
        }
    }

    /// The section of docs/rules.md in which it stands.
    #[must_use]
    pub fn section(&self) -> u16 {
        self.number / 100
    }
}

impl Rule {
    const fn awaiting(self, awaits: &'static [&'static str]) -> Self {
        Self { awaits, ..self }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "D-{}", self.number)
    }
}

/// The sections of docs/rules.md that hold rules: number, English, Chinese.
pub const SECTIONS: &[(u16, &str, &str)] = &[
    (2, "Categories", "评选类别"),
    (3, "The campaign", "评选活动"),
    (4, "The application", "申报"),
    (5, "Declaration", "申报材料"),
    (6, "Verification and scoring", "核查与评分"),
    (7, "Candidates, openness, decision", "候选、公示与审定"),
    (8, "After the decision", "审定之后"),
    (9, "Who may do what", "权限"),
    (10, "Trust", "可信"),
];

const fn rule(number: u16, en: &'static str, zh: &'static str, operations: &'static [Operation]) -> Rule {
    Rule { number, en, zh, carried: Carried::By(operations), awaits: &[] }
}

const fn everywhere(number: u16, en: &'static str, zh: &'static str) -> Rule {
    Rule { number, en, zh, carried: Carried::Everywhere, awaits: &[] }
}

/// Every rule, in order.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    rule(201,
        "A definition gives each category its scope, route, quota, weighted criteria, form, visits and scoring rules.",
        "通知定义逐类别规定评选范围、产生方式、名额、评选条件及权重、申报表、核查次数和计分办法。",
        &[O::CreateCampaign, O::UpdateCampaign, O::GetCategory, O::CreateApplication]),
    rule(202,
        "Every value says whether the notice gives it or the office has set it.",
        "每一项内容都注明出自通知原文还是由评选办补充规定。",
        &[O::CreateCampaign, O::GetCampaign]),
    rule(203,
        "A category without an approval basis, or with a quota above its ceiling, cannot be published.",
        "没有批准依据或名额超过上限的类别不得发布。",
        &[O::AdvanceCampaign]),
    rule(204,
        "A person or unit stands in one category of a campaign only.",
        "同一单位或个人在一次评选中只能参加一个类别。",
        &[O::SubmitApplication]),
    rule(205,
        "Leading cadres are at most a fifth of a list of persons, and the front line has at least its share.",
        "个人名单中领导干部不超过两成，一线人员不低于规定比例。",
        &[O::ProposeShortlist, O::PublishNotice, O::ApproveShortlist, O::SubstituteApplication]),
    rule(206,
        "A list may be shorter than the quota, never longer; the surplus rule and the limit per unit hold.",
        "名单可以少于名额，不得超过名额；差额比例和每单位限额须遵守。",
        &[O::SubmitApplication, O::CreateShortlist, O::UpdateShortlist, O::ProposeShortlist]),
    rule(207,
        "A definition is checked whole: every fault at once, each with its place; it changes only in draft.",
        "通知定义整体校验，一次列出全部问题及其位置；仅草稿阶段可以修改。",
        &[O::CreateCampaign, O::UpdateCampaign, O::DeleteCampaign, O::DryRunCampaign]),

    rule(301,
        "Time is read in the campaign's zone from one clock; a day named as deadline ends at 24:00, and what is due happens by itself.",
        "时间以统一时钟按活动所在时区计算；截止日至当日24时止，到期事项由系统自动办理。",
        &[O::OpenAcceptance, O::LapseApplication, O::OpenEvaluations, O::SubmitApplication]),
    rule(302,
        "The office may extend the deadline for one unit or, by document, for all, with a reason that shows in a list.",
        "评选办可为个别单位或凭文号为全体延长期限，须说明理由并列表公开留痕。",
        &[O::GrantExtension, O::ListExtensions]),
    rule(303,
        "What is declared in a sealed campaign stays closed to the office until the seal is opened after the last deadline.",
        "密封评选在全部截止之后启封；启封之前评选办看不到申报内容。",
        &[O::OpenCampaignSeal]),
    rule(304,
        "A cancelled campaign freezes: states stay, and every action is refused.",
        "活动取消后一切冻结：状态保持不变，任何操作均被拒绝。",
        &[O::CancelCampaign]),
    rule(305,
        "Working days follow the calendar of holidays and make-up days; a year without a calendar is refused.",
        "工作日按节假日及调休日历计算；没有日历的年份不予办理。",
        &[O::PutWorkdayCalendar, O::GetWorkdayCalendar, O::PublishNotice]),
    rule(306,
        "A campaign can be copied to next year's draft; an archived one is read-only but for revoking an award.",
        "活动可复制为下一年度草稿；归档后只读，仅可撤销表彰。",
        &[O::CopyCampaign, O::AdvanceCampaign, O::CreateExport]),

    everywhere(401,
        "Every transition is one transaction: all of it happens or nothing; of two that race, one wins.",
        "每次状态变化是一个事务，要么全部完成，要么都不发生；同时操作只有一个成功。"),
    rule(402,
        "What stood at the deadline is kept; versions can be compared; nobody edits what is not open for editing.",
        "截止时的内容留存快照，各版本可以比对；未开放修改的内容任何人不得修改。",
        &[O::SubmitApplication, O::UpdateApplication, O::GetApplicationChanges]),
    rule(403,
        "What is decided and not announced is invisible outside office, approver and auditor.",
        "已作出而未公布的决定，评选办、审定人和审计以外的人看不到。",
        &[O::GetApplication, O::ListApplications, O::GetApplicationHistory, O::ListAwards]),

    rule(501,
        "Each category's form is a JSON Schema by which the server checks; drafts may be incomplete, submissions not.",
        "每类申报表是一份 JSON Schema，由服务器据此校验；草稿可不完整，提交必须完整。",
        &[O::GetCategoryForm, O::CheckApplication, O::SubmitApplication]),
    rule(502,
        "The forms hold what the notice asks for: deeds against each criterion, 2,000 characters in all; persons their particulars.",
        "申报表载明通知要求的内容：逐条主要事迹，合计不超过2000字；个人另填基本情况。",
        &[O::CreateApplication, O::UpdateApplication, O::SubmitApplication]),
    rule(503,
        "The printed form carries the digest of its content; only paper of the current content counts.",
        "打印的申报表带内容摘要；只有与当前内容一致的纸质材料有效。",
        &[O::RecordPaperReceipt, O::AcceptApplication, O::GetApplicationDocument, O::CheckDocument]),
    rule(504,
        "Each deed can be linked to evidence, to the finding of a visit and to the criterion that it supports.",
        "每项事迹可关联证明材料、核查结论和对应的评选条件。",
        &[O::UploadAttachment, O::ResumeUpload, O::ListAttachments, O::DownloadAttachment, O::DeleteAttachment,
            O::RecordSiteVisit, O::SaveScoreSheet, O::GetApplicationEvidence]),
    rule(505,
        "With two steps, who drafts does not submit and who checks does not confirm.",
        "实行两步办理的，填报人与提交人、审核人与复核人不得为同一人。",
        &[O::SubmitApplication, O::AcceptApplication, O::RejectApplication]),

    rule(601,
        "So many sheets are needed, each by another supervisor; a trip has at least two participants, one of them assigned.",
        "每个推荐对象须有规定数量的评分表，各由不同监督员填写；实地核查至少两人参加，其中至少一名为受派监督员。",
        &[O::RecordSiteVisit, O::GetSiteVisit, O::ListSiteVisits, O::SubmitScoreSheet, O::WaiveVisits]),
    rule(602,
        "Assignments are planned by a seed, balanced and connected; nobody recused is assigned.",
        "核查任务按随机种子生成，负荷均衡、相互连通；应回避者不得受派。",
        &[O::PlanAssignments, O::GetAssignmentPlan, O::ConfirmAssignments, O::CreateAssignment, O::UpdateAssignment,
            O::DeleteAssignment, O::DeclareRecusal]),
    rule(603,
        "Recusals are typed and proposed by the system; an application opens once no conflict is declared.",
        "回避分情形登记，系统可见的自动提出；监督员声明无回避情形后方可查看申报。",
        &[O::DeclareNoConflict, O::ProposeRecusals, O::ListRecusals, O::DeclareRecusal, O::LiftRecusal]),
    rule(604,
        "Each criterion has 0-100 points in steps of 0.5 with a reason; with under half of the weight judged a sheet does not count.",
        "每项条件0至100分、以0.5分为单位并说明理由；评定权重不足一半的评分表不计入。",
        &[O::SaveScoreSheet, O::SubmitScoreSheet, O::ReopenScoreSheet]),
    rule(605,
        "A supervisor sees only their own sheets until verification ends; a candidate has no hand in their category.",
        "核查结束前监督员只能看到自己的评分表；参评者不得参与本类别核查。",
        &[O::GetScoreSheet, O::GetApplicationEvidence, O::PlanAssignments, O::CreateAssignment]),
    rule(606,
        "Visits and sheets can be written offline and synchronised later, with the client's key and time; a conflict is shown, and nothing overwritten.",
        "核查记录和评分表可离线填写、事后同步，保留客户端的幂等键和时间；有冲突的，列明不一致之处，不予覆盖。",
        &[O::RecordSiteVisit, O::SaveScoreSheet, O::SubmitScoreSheet]),
    rule(607,
        "The score is what the category's policy makes of the counting sheets (mean, trimmed mean or calibrated), blended with the annual assessment, then adjusted by recorded points.",
        "得分由有效评分表按类别的计分办法（平均、去掉最高最低、校准）得出，与年度考评按比例合成，再计登记的加减分。",
        &[O::GetRanking, O::WhatIfRanking, O::PutAnnualAssessment, O::AdjustPoints]),
    rule(608,
        "Supervisors are evaluated by approved duty records, attendance and the office's recorded adjustment.",
        "优秀监督员按审核通过的履职记录、活动出勤和评选办登记的调整计分。",
        &[O::GetRanking, O::ReviewDutyRecord, O::RecordAttendance, O::AdjustPoints]),
    rule(609,
        "Equal figures are ordered by the open cascade; a tie across the quota waits for a recorded order; a list's inputs are closed.",
        "同分按公开的顺序规则排列；名额线上仍并列的须登记裁定；名单所依据的数据随即锁定。",
        &[O::GetRanking, O::ResolveTie, O::ProposeShortlist, O::ReturnShortlist]),
    rule(610,
        "Every figure opens down to the sheets and explains itself in one sentence; where scores are calibrated, each rank says how sure it is.",
        "每个分数都能追溯到评分表，并有一句话说明；采用校准的，每个名次注明把握。",
        &[O::GetRanking, O::ExplainRankingEntry, O::GetScoringDiagnostics]),

    rule(701,
        "A list follows the ranking; who is passed over or put in out of rank needs a reason.",
        "名单依排名产生；越过或破格列入的须说明理由。",
        &[O::CreateShortlist, O::UpdateShortlist, O::ProposeShortlist]),
    rule(702,
        "Each candidate is put to the vetting departments; all answers are in, and concerns resolved, before the notice.",
        "每名候选对象须征求有关部门意见；公示前意见须齐全，疑义须已处理。",
        &[O::ListVettingRequests, O::RequestVetting, O::RecordVettingOpinion, O::ResolveVettingConcern]),
    rule(703,
        "A veto bars a unit or person for its time; only the department that supplied it lifts it.",
        "一票否决在有效期内排除单位或个人；只有提出部门可以解除。",
        &[O::ListVetoes, O::RecordVeto, O::LiftVeto]),
    rule(704,
        "A notice shows names, units and posts, no personal data and no scores, for five working days or as defined.",
        "公示只列姓名、单位和职务，不含个人信息和分数，公示五个工作日或按规定天数。",
        &[O::PublishNotice, O::CloseNotice, O::GetPublicNotice, O::ListPublicNotices]),
    rule(705,
        "Anyone may object, named or anonymous; a receipt code follows the case, and only the investigator opens who objects.",
        "任何人可实名或匿名提出异议，凭回执码查询进展；异议人身份仅承办人可查看。",
        &[O::FileObjection, O::FollowObjection, O::RevealObjector, O::ListObjections, O::GetObjection, O::AssignObjection]),
    rule(706,
        "An objection upheld obliges the office to disqualify; the vacant place is filled or forfeited as defined.",
        "异议成立的须取消资格；空缺名额按规定递补或作废。",
        &[O::ResolveObjection, O::DisqualifyApplication, O::SubstituteApplication]),
    rule(707,
        "A list is approved only by an uninvolved approver, after closed notices, with no open objection, and with a complete record.",
        "名单须公示结束、无未决异议、记录完整，并由未参与提名且无须回避的审定人批准。",
        &[O::ApproveShortlist]),
    rule(708,
        "Awards carry certificate numbers that anyone can check once announced; revoked ones say so at once.",
        "表彰公布后任何人可凭证书编号查验；撤销的即时注明。",
        &[O::ListPublicAwards, O::VerifyCertificate, O::ListAwards, O::GetAward, O::RevokeAward]),

    rule(801,
        "Last time's awardees name new deeds where the definition asks; those not chosen get their feedback.",
        "上次受表彰者按规定须有新的事迹；未入选者获得反馈。",
        &[O::SubmitApplication, O::GetApplication]),
    rule(802,
        "Results feed the annual assessment and the recommendations to city and province.",
        "评选结果用于年度考评和向省市推荐。",
        &[O::CreateExport]).awaiting(&["create_recommendation"]),
    rule(803,
        "Leaders and departments are assigned to guide units, and their visits are recorded.",
        "登记领导和部门联系指导的单位及走访情况。",
        &[]).awaiting(&["create_liaison"]),
    rule(804,
        "The archive package of a closed campaign holds everything, with digests, and can be verified alone.",
        "归档包保存全部材料及摘要，可独立验证。",
        &[O::CreateExport, O::DownloadJobResult, O::AdvanceCampaign]),
    rule(805,
        "Supervisors have terms of appointment, duty records with review, and thematic activities with attendance.",
        "监督员有聘期、经审核的履职记录和专题活动出勤。",
        &[O::CreateSupervisor, O::UpdateSupervisor, O::CreateDutyRecord, O::ReviewDutyRecord, O::ListThematicActivities,
            O::CreateThematicActivity, O::RecordAttendance]),

    everywhere(901,
        "Roles say who may do what; no account holds two administrators, who have no part in the selection.",
        "角色决定权限；一个账号不得兼任两种管理员，管理员不参与评选。"),
    rule(902,
        "Who proposed never decides; who has a stake never scores, checks or investigates.",
        "提名者不审定；利害关系人不评分、不审核、不调查。",
        &[O::ApproveShortlist, O::AcceptApplication, O::ReviewDutyRecord, O::SubmitScoreSheet, O::AssignObjection]),
    everywhere(903,
        "A unit sees its own, a supervisor what is assigned; drafts are their writers'; out of reach reads as not there.",
        "单位只看到自己的申报，监督员只看到受派的；草稿仅填报单位可见；无权查看的如同不存在。"),
    everywhere(904,
        "Personal data is sealed at rest, masked in answers and opened for a reason on record; a mask sent back is refused.",
        "个人信息加密存储、处处脱敏，查看须说明理由并留痕；不接受回传的脱敏值。"),
    rule(905,
        "Citizen IDs and credit codes carry valid check digits; names keep rare characters; control characters are refused.",
        "身份证号和统一社会信用代码须通过校验；姓名保留生僻字；拒绝控制字符。",
        &[O::CreateUnit, O::UpdateUnit, O::CreateSupervisor, O::UpdateSupervisor, O::CreateApplication, O::UpdateApplication]),

    everywhere(1001,
        "Every change leaves an audit event: who, when, what, why; personal values stand in it as salted digests.",
        "每次变更都留下审计事件：何人、何时、何事、何因；个人信息只留加盐摘要。"),
    rule(1002,
        "Audit events are written in the business transaction, numbered after it, and built into a Merkle log.",
        "审计事件随业务事务写入，事后编号并构成默克尔日志。",
        &[]).awaiting(&["get_tree_head"]),
    rule(1003,
        "Anyone can check that a published result is in the log and that the log took nothing back.",
        "任何人可验证公布的结果在日志中，且日志从未撤回任何内容。",
        &[]).awaiting(&["get_inclusion_proof", "get_consistency_proof"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_once_in_order_in_a_section() {
        assert!(RULES.is_sorted_by(|one, next| one.number < next.number));
        for rule in RULES {
            assert!(SECTIONS.iter().any(|(section, ..)| *section == rule.section()), "{rule}");
            assert!(rule.en.is_ascii() && !rule.zh.is_ascii(), "{rule}");
        }
    }

    #[test]
    fn what_a_rule_awaits_is_no_operation_yet() {
        for rule in RULES {
            for awaited in rule.awaits {
                assert!(
                    awaited.parse::<Operation>().is_err(),
                    "{rule}: {awaited} is there: it carries the rule"
                );
            }
        }
    }

    #[test]
    fn a_rule_is_in_force_as_far_as_it_is_served() {
        let of = |operations| rule(201, "", "", operations);
        assert_eq!(of(&[]).force(), Force::NotYet);
        assert_eq!(of(&[O::Login]).force(), Force::Whole);
        assert_eq!(of(&[O::OpenAcceptance]).force(), Force::Whole);
        assert_eq!(of(&[O::Login]).awaiting(&["more"]).force(), Force::Partly);
        assert_eq!(of(&[]).awaiting(&["more"]).force(), Force::NotYet);
        assert_eq!(everywhere(401, "", "").force(), Force::Whole);
        assert_eq!(Rule::of(1003).map(Rule::section), Some(10));
    }
}
