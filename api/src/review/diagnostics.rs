//! 打分诊断: what the sheets of a category tell of design, strictness and agreement, and what is worth a second look.

use std::collections::HashMap;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{get, web};
use pingxuan_documents::inspection::content_disposition;
use pingxuan_domain::campaign::definition::{Route, ScoringPolicy};
use pingxuan_domain::review::calibration::screening::{Finding, FindingKind, Surroundings, screen};
use pingxuan_domain::review::calibration::{Agreement, Calibration, Fitted, LambdaStatus, SupervisorScale};
use pingxuan_domain::review::measure::Measure;
use pingxuan_persistence::rankings;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::calibration_view::CalibrationView;
use super::charts;
use super::ranking::Ranked;
use super::report::report;
use super::sentences::{agreement_sentence, finding_sentence, scale_sentence};
use crate::call::{Answer, Call, JSON};
use crate::catalogue::Language;
use crate::drawing::{SVG, varied};
use crate::enums;
use crate::printing::{PDF, file_name};
use crate::problem::Failure;

/// What the sheets of a category tell.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DiagnosticsView {
    campaign_id: Uuid,
    /// The category.
    #[schema(max_length = 60)]
    category_code: String,
    /// The policy of the category. Under another one than `calibrated` what stands here is information.
    #[schema(value_type = enums::ScoringPolicy)]
    scoring_policy: ScoringPolicy,
    /// What the sheets say together; null where the office evaluates.
    calibration: Option<CalibrationView>,
    /// What was fitted to them; null where nothing can be.
    fit: Option<FitView>,
    /// 督导员尺度, the most generous first.
    #[schema(max_items = 10000)]
    supervisors: Vec<ScaleView>,
    /// 疑点: what is worth a second look; a list for people, never a verdict.
    #[schema(max_items = 100_000)]
    findings: Vec<FindingView>,
    /// Where the ranking is.
    #[schema(max_length = 500)]
    ranking_href: String,
}

/// What was fitted to the sheets of a category.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct FitView {
    /// Noise over leniency, in variance.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    lambda: Measure,
    /// How that came about.
    #[schema(value_type = enums::LambdaStatus)]
    lambda_status: LambdaStatus,
    /// The standard deviation of a sheet's noise, in points.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    noise: Measure,
    /// The standard deviation of leniency, in points.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    leniency: Measure,
    /// The standard deviation among the nominees, in points; 0: no distinguishable difference.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    spread: Measure,
    /// How reliable one sheet is, ICC(1); absent where it is not defined.
    #[schema(value_type = Option<String>, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    icc_single: Option<Measure>,
    /// How reliable the mean of a nominee's sheets is, ICC(k); absent where it is not defined.
    #[schema(value_type = Option<String>, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    icc_mean: Option<Measure>,
    /// Krippendorff's alpha of the composites as they were given; absent where it is not defined.
    #[schema(value_type = Option<String>, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    alpha: Option<Measure>,
    /// The same once leniency is taken off; descriptive, as it was fitted to the very same sheets.
    #[schema(value_type = Option<String>, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    alpha_after_leniency: Option<Measure>,
    /// The agreement in one sentence.
    #[schema(max_length = 500)]
    agreement_explanation: Option<String>,
}

/// 督导员尺度: how generous a supervisor is, compared with colleagues who saw the same nominees.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScaleView {
    supervisor_id: Uuid,
    /// Who.
    #[schema(max_length = 100)]
    supervisor_name: String,
    /// Sheets that count.
    #[schema(minimum = 0, maximum = 100_000)]
    sheets: u32,
    /// Points above (+) or below (-) colleagues.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    leniency: Measure,
    /// Its standard error.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    standard_error: Measure,
    /// It in one sentence.
    #[schema(max_length = 500)]
    explanation: String,
}

/// One thing worth a second look.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// Why.
    #[schema(value_type = enums::FindingKind)]
    kind: FindingKind,
    /// It in one sentence.
    #[schema(max_length = 1000)]
    explanation: String,
    /// Whose sheets.
    #[schema(max_items = 2)]
    supervisor_ids: Vec<Uuid>,
    /// The sheets; none where it is about all of a supervisor's.
    #[schema(max_items = 100_000)]
    sheets: Vec<FoundSheetView>,
    /// The unit whose nominees were favoured or not, where it is about one.
    unit_id: Option<Uuid>,
    /// How far: t of a sheet, points on the mean of a favour, the slope of a scale, the minutes between two sheets.
    #[schema(value_type = Option<String>, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    measure: Option<Measure>,
    /// The chance of as much without a reason, of a favour.
    #[schema(value_type = Option<String>, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    adjusted_p: Option<Measure>,
}

/// A sheet that something was found about.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundSheetView {
    assignment_id: Uuid,
    application_id: Uuid,
    /// Who was scored.
    #[schema(max_length = 200)]
    nominee_name: String,
    /// Where the sheet is read.
    #[schema(max_length = 500)]
    href: String,
}

/// 打分诊断 · Get the diagnostics of a category's scores
///
/// How well the supervisors cross, how generous each of them is, how far they agree, what was fitted, and what is worth a second
/// look: a list for people, never a verdict. Under another policy than `calibrated` all of it is information.
/// `Accept: image/svg+xml` draws the supervisors' scales; `Accept: application/pdf` prints the report of the verification, with the
/// ranking, its intervals and the scales as pictures.
#[utoipa::path(
    tag = "review",
    params(
        ("campaign_id" = Uuid, Path, description = "The campaign"),
        ("category_code" = String, Path, description = "The category", max_length = 60),
    ),
    responses((status = 200, description = "The diagnostics", content((DiagnosticsView = "application/json"), (String = "image/svg+xml"), (Vec<u8> = "application/pdf"))))
)]
#[get("/campaigns/{campaign_id}/categories/{category_code}/ranking/diagnostics")]
pub async fn get_scoring_diagnostics(call: Call, place: web::Path<(Uuid, String)>) -> Answer {
    let (campaign_id, category_code) = place.into_inner();
    let media_type = call.offers(&[JSON, SVG, PDF])?;
    let there = Ranked::find(&call, campaign_id, &category_code).await?;
    let policy = there.category.scoring_policy.value;
    let ranked = calibrated(&call, there).await?;
    if media_type == SVG {
        let (language, version) = (call.language, ranked.digest.clone());
        return call
            .drawn(&version, move || match &ranked.ranking.calibration {
                Some(calibration) => charts::scales(language, &ranked, calibration),
                None => charts::places(language, &ranked),
            })
            .await;
    }
    let found = found(&call, &ranked).await?;
    let view = DiagnosticsView::of(call.language, &ranked, policy, &found);
    if media_type == PDF {
        return printed(&call, &ranked, &view).await;
    }
    Ok(varied(call.ok(&view, &ranked.digest)?))
}

/// The report of the verification.
async fn printed(call: &Call, ranked: &Ranked, view: &DiagnosticsView) -> Answer {
    let paper = report(call, ranked, view).map_err(Failure::Internal)?;
    let name = format!("{}.pdf", file_name(&paper.title));
    let bytes = call.app.press.print(paper, PDF).await?;
    let mut answer = varied(call.tagged(PDF, bytes.to_vec(), &ranked.digest));
    if let Ok(named) = HeaderValue::from_str(&content_disposition(&name)) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    Ok(answer)
}

/// The ranking with what its sheets say together, whatever the policy of the category.
async fn calibrated(call: &Call, there: Ranked) -> Result<Ranked, Failure> {
    if there.ranking.calibration.is_some() || there.category.route.value == Route::OfficeEvaluated {
        return Ok(there);
    }
    let mut supposed = (*there.category).clone();
    supposed.scoring_policy.value = ScoringPolicy::Calibrated;
    there.under(call, &supposed).await
}

async fn found(call: &Call, ranked: &Ranked) -> Result<Vec<Finding>, Failure> {
    if ranked.ranking.calibration.is_none() {
        return Ok(Vec::new());
    }
    let read = call.app.db.read();
    let (campaign, category) = (&ranked.campaign, ranked.category.clone());
    let inputs = rankings::inputs(read, &call.visibility, campaign, &category).await?.material.opened()?;
    let known: Surroundings =
        rankings::surroundings(read, &call.visibility, campaign.id, &category.code).await?;
    let screened = web::block(move || screen(&category, &inputs, &known)).await;
    screened.map_err(|error| Failure::Internal(error.to_string()))
}

impl DiagnosticsView {
    /// What is worth a second look.
    #[must_use]
    pub fn findings(&self) -> &[FindingView] {
        &self.findings
    }

    fn of(language: Language, ranked: &Ranked, policy: ScoringPolicy, found: &[Finding]) -> Self {
        let calibration: Option<&Calibration> = ranked.ranking.calibration.as_ref();
        let fit = calibration.and_then(|calibration| calibration.fit.as_ref());
        let scales = calibration.map(Calibration::scales).unwrap_or_default();
        let nominees = nominees(ranked);
        Self {
            campaign_id: ranked.campaign.id,
            category_code: ranked.category.code.clone(),
            scoring_policy: policy,
            calibration: calibration
                .map(|calibration| CalibrationView::of(language, calibration, &ranked.supervisors)),
            fit: fit.map(|fit| FitView::of(language, fit)),
            supervisors: scales
                .into_iter()
                .map(|scale| ScaleView::of(language, scale, &ranked.supervisors))
                .collect(),
            findings: found
                .iter()
                .map(|finding| FindingView::of(language, finding, &nominees, &ranked.supervisors))
                .collect(),
            ranking_href: ranked.href(""),
        }
    }
}

/// Whom each sheet is of: application and name, by assignment.
fn nominees(ranked: &Ranked) -> HashMap<Uuid, (Uuid, &str)> {
    let entries = ranked.ranking.entries.iter();
    let of = entries.flat_map(|entry| {
        entry
            .sheets
            .iter()
            .map(|sheet| (sheet.assignment_id, (entry.application_id, entry.nominee_name.as_str())))
    });
    of.collect()
}

impl FitView {
    fn of(language: Language, fit: &Fitted) -> Self {
        let Agreement { icc_single, icc_mean, alpha, alpha_after_leniency } = fit.agreement;
        Self {
            lambda: fit.lambda,
            lambda_status: fit.lambda_status,
            noise: fit.sigma_e,
            leniency: fit.sigma_b,
            spread: fit.sigma_theta,
            icc_single,
            icc_mean,
            alpha,
            alpha_after_leniency,
            agreement_explanation: agreement_sentence(language, &fit.agreement),
        }
    }
}

impl ScaleView {
    fn of(language: Language, scale: &SupervisorScale, names: &HashMap<Uuid, String>) -> Self {
        Self {
            supervisor_id: scale.supervisor_id,
            supervisor_name: names.get(&scale.supervisor_id).cloned().unwrap_or_default(),
            sheets: scale.sheets,
            leniency: scale.leniency,
            standard_error: scale.standard_error,
            explanation: scale_sentence(language, scale),
        }
    }
}

impl FindingView {
    /// It in one sentence.
    #[must_use]
    pub fn explanation(&self) -> &str {
        &self.explanation
    }

    fn of(
        language: Language,
        finding: &Finding,
        nominees: &HashMap<Uuid, (Uuid, &str)>,
        names: &HashMap<Uuid, String>,
    ) -> Self {
        let sheet = |assignment_id: &Uuid| {
            let (application_id, name) = nominees.get(assignment_id)?;
            Some(FoundSheetView {
                assignment_id: *assignment_id,
                application_id: *application_id,
                nominee_name: (*name).to_owned(),
                href: format!("/api/v1/assignments/{assignment_id}/score-sheet"),
            })
        };
        let sheets: Vec<FoundSheetView> = finding.assignment_ids.iter().filter_map(sheet).collect();
        let mut visited: Vec<&str> = sheets.iter().map(|sheet| sheet.nominee_name.as_str()).collect();
        visited.dedup();
        let who = finding.supervisor_ids.iter().filter_map(|id| names.get(id).map(String::as_str));
        Self {
            kind: finding.kind,
            explanation: finding_sentence(language, finding, &who.collect::<Vec<_>>(), &visited),
            supervisor_ids: finding.supervisor_ids.clone(),
            unit_id: finding.unit_id,
            measure: finding.measure,
            adjusted_p: finding.adjusted_p,
            sheets,
        }
    }
}
