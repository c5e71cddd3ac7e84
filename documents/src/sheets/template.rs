//! The empty table that people fill in: headings, lists to choose from, a format for each column, and a sheet that explains it.

use std::path::Path;

use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Formula, Note, Workbook, Worksheet, XlsxError};
use time::OffsetDateTime;

use super::xlsx_writer::{heading_format, headings, workbook};
use super::{Choice, Column, ColumnKind, Language, WritingFault, letters};

/// How far down lists to choose from reach.
const LAST_ROW: u32 = 20_000;

/// Writes an empty table of these columns, which [`read`](super::read) reads once it is filled in. The notes stand over the explanation.
///
/// # Errors
/// It cannot be written.
pub fn template(
    path: &Path,
    columns: &[Column],
    notes: &[String],
    language: Language,
    made: OffsetDateTime,
) -> Result<(), WritingFault> {
    let words = words(language);
    let mut workbook = workbook(made)?;
    let table = workbook.add_worksheet().set_name(words.table)?;
    headings(table, columns, language)?;
    for (at, column) in (0..).zip(columns) {
        table.insert_note(
            0,
            at,
            &Note::new(explanation(column, language).join("\n")).add_author_prefix(false),
        )?;
        if let Some(format) = format(&column.kind) {
            table.set_column_format(at, &format)?;
        }
        if let ColumnKind::Choice(choices) = &column.kind {
            let list = format!(
                "={}!${letters}$1:${letters}${}",
                words.choices,
                choices.len().max(1),
                letters = letters(at.into())
            );
            let list = DataValidation::new().allow_list_formula(Formula::new(list)).ignore_blank(true);
            table.add_data_validation(1, at, LAST_ROW, at, &list)?;
        }
    }
    explain(workbook.add_worksheet().set_name(words.help)?, columns, notes, language)?;
    if columns.iter().any(|column| matches!(column.kind, ColumnKind::Choice(_))) {
        choices(&mut workbook, columns, language)?;
    }
    Ok(workbook.save(path)?)
}

/// Everything that can be chosen, a column for each, on a sheet that nobody needs to see: a list in the rule itself holds 255 characters.
fn choices(workbook: &mut Workbook, columns: &[Column], language: Language) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet().set_name(words(language).choices)?.set_hidden(true);
    for (at, column) in (0..).zip(columns) {
        for (row, label) in (0..).zip(labels(&column.kind, language)) {
            sheet.write_string(row, at, label)?;
        }
    }
    Ok(())
}

fn explain(
    sheet: &mut Worksheet,
    columns: &[Column],
    notes: &[String],
    language: Language,
) -> Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (at, width) in [(0, 24), (1, 10), (2, 40), (3, 60)] {
        sheet.set_column_width(at, width)?;
    }
    let mut row = 0;
    for note in notes {
        sheet.write_string(row, 0, note)?;
        row += 1;
    }
    for (at, heading) in (0..).zip(words(language).explained) {
        sheet.write_string_with_format(row, at, heading, &heading_format())?;
    }
    for column in columns {
        row += 1;
        let [need, what] = explanation(column, language);
        let choices: Vec<&str> = labels(&column.kind, language).collect();
        let cells = [column.title.of(language).to_owned(), need, what, choices.join("、")];
        for (at, cell) in (0..).zip(cells) {
            sheet.write_string_with_format(row, at, super::xlsx_writer::short(&cell), &wrapped)?;
        }
    }
    Ok(())
}

fn labels(kind: &ColumnKind, language: Language) -> impl Iterator<Item = &str> {
    let choices: &[Choice] = if let ColumnKind::Choice(choices) = kind { choices } else { &[] };
    choices.iter().map(move |choice| choice.label.of(language))
}

/// The format of a column: texts are texts, so that a code keeps its leading noughts.
fn format(kind: &ColumnKind) -> Option<Format> {
    let format = match kind {
        ColumnKind::Text { .. } => "@",
        ColumnKind::Day => "yyyy-mm-dd",
        ColumnKind::Instant => "yyyy-mm-dd hh:mm:ss",
        ColumnKind::Integer | ColumnKind::Decimal { .. } | ColumnKind::Boolean | ColumnKind::Choice(_) => {
            return None;
        }
    };
    Some(Format::new().set_num_format(format))
}

/// Whether a column must be filled in, and with what.
fn explanation(column: &Column, language: Language) -> [String; 2] {
    let zh = language == Language::Zh;
    let pick = |chinese: &str, english: &str| if zh { chinese.to_owned() } else { english.to_owned() };
    let need = if column.required { pick("必填", "required") } else { pick("选填", "optional") };
    let what = match &column.kind {
        ColumnKind::Text { most } if zh => format!("文本，不超过{most}个字符"),
        ColumnKind::Text { most } => format!("text of at most {most} characters"),
        ColumnKind::Integer => pick("整数", "a whole number"),
        ColumnKind::Decimal { places } if zh => format!("数字，至多{places}位小数"),
        ColumnKind::Decimal { places } => format!("a number with at most {places} places"),
        ColumnKind::Day => pick("日期，如2026-03-01", "a day, such as 2026-03-01"),
        ColumnKind::Instant => {
            pick("时间（北京时间），如2026-03-01 09:30", "a time in China, such as 2026-03-01 09:30")
        }
        ColumnKind::Boolean => pick("是或否", "TRUE or FALSE"),
        ColumnKind::Choice(_) => pick("从列表中选择", "one of the list"),
    };
    [need, what]
}

struct Words {
    table: &'static str,
    help: &'static str,
    choices: &'static str,
    explained: [&'static str; 4],
}

const fn words(language: Language) -> Words {
    match language {
        Language::Zh => Words {
            table: "填写",
            help: "说明",
            choices: "选项",
            explained: ["列", "是否必填", "内容", "可选项"],
        },
        Language::En => Words {
            table: "Table",
            help: "Help",
            choices: "Choices",
            explained: ["column", "required", "content", "choices"],
        },
    }
}
