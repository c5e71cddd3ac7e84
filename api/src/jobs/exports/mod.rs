//! Exports: what the operations that read a selection show, as tables.

use pingxuan_documents::sheets::Format;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::job::{Asked, ExportFormat, ExportKind};
use pingxuan_domain::{ErrorCode, Operation};
use pingxuan_persistence::{Page, PageRequest, campaigns};

use super::asking::read_by;
use super::columns::{moment, sheet_language};
use super::imports::XLSX;
use super::pen::Pen;
use super::work::{Made, Work};
use crate::call::Call;
use crate::catalogue::{Language, label};
use crate::problem::Failure;

mod applications;
mod awards;
mod ranking;
mod score_sheets;
mod shortlists;
mod statistics;

const CSV: &str = "text/csv";

/// An export at work.
struct Export<'a> {
    work: &'a Work,
    /// The operation that shows what is written, by whoever asked for it.
    call: Call,
    campaign: Campaign,
    /// The categories that are written out.
    categories: Vec<Category>,
    pen: Pen,
}

/// Whether an export is one table, which CSV can hold.
#[must_use]
pub fn is_one_table(what: ExportKind, campaign: &Campaign, category: Option<&str>) -> bool {
    match what {
        ExportKind::Applications | ExportKind::ScoreSheets | ExportKind::Ranking => {
            category.is_some() || campaign.definition.categories.len() == 1
        }
        ExportKind::Shortlists | ExportKind::Awards => true,
        ExportKind::Statistics | ExportKind::Archive => false,
    }
}

/// Writes out what was asked for.
///
/// # Errors
/// 403 where whoever asked for it may not read it any more, 404 where the campaign is gone, and what the database refuses.
pub async fn make(work: &Work) -> Result<Made, Failure> {
    let Asked::Export { what, format, campaign_id, category_code } = &work.job.asked else {
        return Err(Failure::Internal("no export".into()));
    };
    let call = work.call(read_by(*what)).await?;
    let visibility = call.visibility_of(Operation::GetCampaign);
    let visibility = visibility.ok_or_else(|| Failure::of(ErrorCode::RoleNotPermitted))?;
    let campaign = campaigns::find(call.app.db.read(), &visibility, *campaign_id).await?;
    let campaign = campaign.ok_or_else(Failure::not_found)?;
    let wanted = |category: &&Category| category_code.as_ref().is_none_or(|code| *code == category.code);
    let categories = campaign.definition.categories.iter().filter(wanted).cloned().collect();
    let path = work.app.files.scratch()?;
    let (form, extension, media_type) = match format {
        ExportFormat::Xlsx => (Format::Xlsx, "xlsx", XLSX),
        ExportFormat::Csv => (Format::Csv, "csv", CSV),
        ExportFormat::Zip => return Err(Failure::of(ErrorCode::NotAChoice)),
    };
    let name = format!("{}.{extension}", name(work.language(), *what, &campaign, category_code.as_deref()));
    let pen = Pen::begin(path, form, sheet_language(work.language()), moment(call.now));
    let mut export = Export { work, call, campaign, categories, pen };
    match what {
        ExportKind::Applications => applications::write(&mut export).await?,
        ExportKind::ScoreSheets => score_sheets::write(&mut export).await?,
        ExportKind::Ranking => ranking::write(&mut export).await?,
        ExportKind::Shortlists => shortlists::write(&mut export).await?,
        ExportKind::Awards => awards::write(&mut export).await?,
        ExportKind::Statistics => statistics::write(&mut export).await?,
        ExportKind::Archive => return Err(Failure::of(ErrorCode::NotAChoice)),
    }
    let (path, rows) = export.pen.close().await?;
    Ok(Made { path, name, media_type, rows, faulty: 0, entered: 0 })
}

/// The name of the file: the year, what it is, and of which category.
fn name(language: Language, what: ExportKind, campaign: &Campaign, category: Option<&str>) -> String {
    let category = category.and_then(|code| campaign.definition.category(code));
    let category = category.map(|category| format!("-{}", language.of(&category.title.value)));
    let what = label(language, "export_kind", what.into());
    format!("{}-{what}{}", campaign.year, category.unwrap_or_default())
}

impl Export<'_> {
    /// The page to begin with, which says how many rows there are in all.
    fn first(&self) -> PageRequest {
        PageRequest { limit: self.work.app.jobs.rows, total: true, ..PageRequest::default() }
    }

    /// The page that follows, if one does.
    fn after<T>(&self, page: &Page<T>) -> Option<PageRequest> {
        let after = page.next.clone()?;
        Some(PageRequest { after: Some(after), total: false, ..self.first() })
    }

    /// Which part of the whole a category is, in percent.
    fn part(&self, place: usize) -> (u32, u32) {
        let all = u64::try_from(self.categories.len().max(1)).unwrap_or(u64::MAX);
        let share = |place: usize| u64::try_from(place).unwrap_or_default().saturating_mul(98) / all;
        let percent = |place| u32::try_from(share(place)).unwrap_or_default();
        (percent(place), percent(place + 1))
    }
}
