//! What a ranking keeps of a calibration: whether it is official, how it came about, how sure it makes (D-607, D-610).
//!
//! `docs/FAIRNESS.md` has the model: a score is the nominee's figure, plus how generous the supervisor is, plus noise.

use std::cmp::Reverse;

use pingxuan_fairness::calibrate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::measure::{Measure, as_text};
use super::scoring::Figure;
use crate::campaign::definition::code_enum;

pub(super) mod fitting;
pub mod screening;

/// How the noise of the scores is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// The seed of the stream: the same seed makes the same probabilities. As a text, since JSON keeps no number of 64 bits.
    #[serde(with = "as_text")]
    pub seed: u64,
    /// How many rounds are drawn, 1 to 1,000,000; 10,000 leave an error of 0.005 at most.
    pub draws: u32,
}

impl Simulation {
    /// Draws of a simulation of which nothing else is said.
    pub const USUAL_DRAWS: u32 = 10_000;

    /// The usual number of draws from a seed.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self { seed, draws: Self::USUAL_DRAWS }
    }
}

impl Default for Simulation {
    fn default() -> Self {
        Self::seeded(0)
    }
}

/// 校准: what the sheets of a category say together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Whether the calibrated figures are the official ones; otherwise the raw means are, and these are information.
    pub official: bool,
    /// Every reason why they are not; none where they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obstacles: Vec<Obstacle>,
    /// 设计质量; none where no sheet counts or there is too much to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignQuality>,
    /// What was fitted; none where nothing can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fitted>,
    /// What the probabilities were drawn with.
    pub simulation: Simulation,
}

impl Calibration {
    /// 督导员尺度, the most generous first; none where nothing was fitted.
    #[must_use]
    pub fn scales(&self) -> Vec<&SupervisorScale> {
        let mut scales: Vec<&SupervisorScale> = self.fit.iter().flat_map(|fit| &fit.supervisors).collect();
        scales.sort_by_key(|scale| (Reverse(scale.leniency), scale.supervisor_id));
        scales
    }
}

/// One reason why a calibration is not official.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obstacle {
    /// What it is.
    pub kind: ObstacleKind,
    /// The supervisor that it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervisor_id: Option<Uuid>,
    /// What there is: parts, sheets or a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Measure>,
    /// What it takes at least, or what is the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Measure>,
}

impl Obstacle {
    const fn of(kind: ObstacleKind) -> Self {
        Self { kind, supervisor_id: None, given: None, limit: None }
    }
}

code_enum! {
    /// Why a calibration is not official, or cannot be made at all.
    ObstacleKind {
        /// The visits fall apart into teams that no supervisor links.
        Disconnected,
        /// Too few sheets beyond the first of each nominee.
        FewDegreesOfFreedom,
        /// A supervisor has too few sheets.
        FewVisits,
        /// Supervisors cross too little, by the share of the best that is possible.
        PoorDesign,
        /// No sheet counts.
        NoSheetCounts,
        /// No nominee has a second sheet: nothing tells supervisors apart.
        SingleVisits,
        /// A supervisor has two sheets of one nominee.
        VisitedTwice,
        /// More nominees or supervisors than can be fitted.
        TooMany,
        /// The sheets do not determine how generous supervisors are.
        NotDetermined,
    }
}

/// 设计质量: how well the supervisors cross.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DesignQuality {
    /// Into how many parts the visits fall; 1 is whole.
    pub components: u32,
    /// Efficiency of the design, 0 to 1.
    pub efficiency: Measure,
    /// The most that a design of as many supervisors and sheets can reach.
    pub efficiency_bound: Measure,
    /// Efficiency over its bound.
    pub share_of_bound: Measure,
    /// What that share is called.
    pub grade: Grade,
}

code_enum! {
    /// What a share of the efficiency bound is called.
    Grade {
        /// 0.8 of the bound and more.
        Good,
        /// 0.5 to 0.8.
        Weak,
        /// Below 0.5, or falling apart.
        Poor,
    }
}

impl From<calibrate::Grade> for Grade {
    fn from(grade: calibrate::Grade) -> Self {
        match grade {
            calibrate::Grade::Good => Self::Good,
            calibrate::Grade::Weak => Self::Weak,
            calibrate::Grade::Poor => Self::Poor,
        }
    }
}

/// What was fitted to the sheets of a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitted {
    /// Noise over leniency, in variance.
    pub lambda: Measure,
    /// How lambda came about.
    pub lambda_status: LambdaStatus,
    /// `sigma_e`: the standard deviation of a sheet's noise, in points.
    pub sigma_e: Measure,
    /// `sigma_b`: the standard deviation of leniency, in points.
    pub sigma_b: Measure,
    /// `sigma_theta`: the standard deviation among the nominees, in points; 0: no distinguishable difference.
    pub sigma_theta: Measure,
    /// How far supervisors agree.
    pub agreement: Agreement,
    /// The line behind the last place by the calibrated figures; none where everybody or nobody has a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<Boundary>,
    /// Where one visit more would help most, the best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_visits: Vec<ExtraVisit>,
    /// 督导员尺度, by supervisor id. A supervisor may know their own alone (D-605).
    pub supervisors: Vec<SupervisorScale>,
}

code_enum! {
    /// How lambda came about.
    LambdaStatus {
        /// It was given.
        Given,
        /// The likelihood has its peak there.
        Interior,
        /// The likelihood grows towards no noise: the lower end of the search.
        Lower,
        /// The likelihood grows towards no leniency: the upper end of the search.
        Upper,
        /// All sheets of each nominee agree: lambda is 1 and nobody is generous or strict.
        PerfectAgreement,
    }
}

impl From<calibrate::LambdaStatus> for LambdaStatus {
    fn from(status: calibrate::LambdaStatus) -> Self {
        match status {
            calibrate::LambdaStatus::Given => Self::Given,
            calibrate::LambdaStatus::Interior => Self::Interior,
            calibrate::LambdaStatus::Lower => Self::Lower,
            calibrate::LambdaStatus::Upper => Self::Upper,
            calibrate::LambdaStatus::PerfectAgreement => Self::PerfectAgreement,
        }
    }
}

/// How far supervisors agree, 1 being perfect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// ICC(1): how reliable one sheet is; none where it is not defined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icc_single: Option<Measure>,
    /// ICC(k): how reliable the mean of a nominee's sheets is; none where it is not defined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icc_mean: Option<Measure>,
    /// Krippendorff's alpha of the composites as they were given; none where it is not defined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpha: Option<Measure>,
    /// The same once leniency is taken off: descriptive, as the leniencies are fitted to the very same sheets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpha_after_leniency: Option<Measure>,
}

/// The gap between the last nominee with a place and the first one without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boundary {
    /// The last one with a place.
    pub last_in: Uuid,
    /// The first one without.
    pub first_out: Uuid,
    /// The difference of their figures, in points, 0 or more.
    pub gap: Measure,
    /// Its standard error.
    pub standard_error: Measure,
    /// Gap over error; none without any error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub z: Option<Measure>,
    /// Whether the gap is more than chance would make: z of 1.64 and more.
    pub distinguishable: bool,
}

/// What one visit more to a nominee is expected to be worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraVisit {
    /// The nominee's application.
    pub application_id: Uuid,
    /// By how many points the selection is expected to get better.
    pub gain: Measure,
}

/// 督导员尺度: how generous a supervisor is, compared with colleagues who saw the same nominees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupervisorScale {
    /// The supervisor.
    pub supervisor_id: Uuid,
    /// Sheets that count.
    pub sheets: u32,
    /// Points above (+) or below (-) colleagues.
    pub leniency: Measure,
    /// Its standard error.
    pub standard_error: Measure,
}

/// 校准分: a nominee's figure with the leniency of its supervisors off, and how sure its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibrated {
    /// The mean of the adjusted sheets. It is not kept between 0 and 100: what is, is the score.
    pub figure: Measure,
    /// 误差: about how far it would move with other supervisors as careful.
    pub standard_error: Measure,
    /// What the nominee is ranked by where the calibration is official, and would be otherwise: blended with the
    /// assessment, with what the office gives or takes. None where the assessment is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Figure>,
    /// 入选把握: the share of the draws (model B) in which the nominee has a place. None where the teams cannot be
    /// compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<Measure>,
    /// 名次区间: the first and the last rank of nine tenths of the draws. None also where nothing is distinguishable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_interval: Option<(u32, u32)>,
    /// What that probability is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
}

code_enum! {
    /// How sure it is that a nominee has a place.
    Zone {
        /// 稳入: a probability of 0.90 and more.
        Secure,
        /// 临界: 0.10 to 0.90.
        Borderline,
        /// 未入: below 0.10.
        Outside,
    }
}

impl From<calibrate::Zone> for Zone {
    fn from(zone: calibrate::Zone) -> Self {
        match zone {
            calibrate::Zone::In => Self::Secure,
            calibrate::Zone::Borderline => Self::Borderline,
            calibrate::Zone::Out => Self::Outside,
        }
    }
}

/// One sheet in the arithmetic of its nominee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibratedSheet {
    /// How generous its supervisor is.
    pub leniency: Measure,
    /// The composite less that.
    pub adjusted: Measure,
    /// 可疑打分: what neither nominee nor supervisor explains, over its error. None where the sheet alone decides its
    /// fit, or there is no noise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub t: Option<Measure>,
    /// What is asked for it. Nothing is ever taken away for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<SheetFlag>,
}

code_enum! {
    /// What is asked of a sheet that stands out.
    SheetFlag {
        /// |t| above 2.5: the evidence.
        AskForEvidence,
        /// |t| above 3: an explanation.
        MustExplain,
    }
}

impl From<calibrate::Flag> for SheetFlag {
    fn from(flag: calibrate::Flag) -> Self {
        match flag {
            calibrate::Flag::AskForEvidence => Self::AskForEvidence,
            calibrate::Flag::MustExplain => Self::MustExplain,
        }
    }
}
