//! All that a paper says is in both of its renderings, each time in the same bytes.

use serde_json::Value;

use super::samples::{certificate, commended, declaration, forms, notice};
use super::*;
use crate::printing::{Language, Part, Role, Sheet, Style};

/// Every paper of the office in every language it is made in.
pub(super) fn papers() -> Vec<(String, Paper)> {
    let mut papers: Vec<(String, Paper)> = vec![
        ("certificate-zh".into(), certificate(Language::Zh, Sheet::WideCertificate)),
        ("certificate-upright-zh".into(), certificate(Language::Zh, Sheet::Certificate)),
        ("certificate-en".into(), certificate(Language::En, Sheet::WideCertificate)),
        ("commended-zh".into(), commended()),
        ("notice-zh".into(), notice()),
    ];
    for (number, (form, value)) in forms().iter().enumerate() {
        papers.push((format!("form-{number}-zh"), declaration(form, value, Language::Zh)));
        papers.push((format!("form-{number}-en"), declaration(form, value, Language::En)));
        papers.push((format!("draft-{number}-zh"), declaration(form, &Value::Null, Language::Zh)));
    }
    papers
}

/// All texts of a paper, line by line.
pub(super) fn texts(paper: &Paper) -> Vec<String> {
    let mut texts = Vec::new();
    for part in &paper.parts {
        match part {
            Part::Text(_, text) => texts.push(text.clone()),
            Part::Signatures(labels) => texts.extend(labels.clone()),
            Part::Picture { .. } | Part::NewPage => {}
            Part::Table(table) => {
                for cell in table.rows.iter().flatten() {
                    texts.push(cell.text.clone());
                    match &cell.role {
                        Role::Long(heading) => texts.push(heading.clone()),
                        Role::Seal(closing) => texts.extend(closing.clone()),
                        Role::Label | Role::Value | Role::Band => {}
                    }
                }
            }
        }
    }
    texts.iter().flat_map(|text| text.split('\n')).map(squeezed).filter(|text| !text.is_empty()).collect()
}

/// Everything that a form was filled in with.
fn values(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => text.split('\n').map(squeezed).collect(),
        Value::Number(number) => vec![number.to_string()],
        Value::Array(entries) => entries.iter().flat_map(values).collect(),
        Value::Object(members) => members.values().flat_map(values).collect(),
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}

#[test]
fn every_text_of_every_paper_is_in_its_docx() {
    for (name, paper) in papers() {
        let (_, bytes) = printed(&name, &paper);
        let found = squeezed(&text_of_docx(&bytes));
        for text in texts(&paper) {
            assert!(found.contains(&text), "{name}: {text}");
        }
    }
}

#[test]
fn every_text_of_every_paper_is_in_its_pdf() {
    for (name, paper) in papers() {
        let Some(found) = text_of(&printed(&name, &paper).0) else { return };
        for text in texts(&paper) {
            assert!(is_within(&found, &text), "{name}: {text}");
        }
        assert!(found.contains("PX-7K3M-92QD") && found.contains("9f86d081884c7d65"), "{name}");
    }
}

#[test]
fn a_form_has_all_that_was_filled_in() {
    for (form, value) in forms() {
        let paper = declaration(&form, &value, Language::Zh);
        let texts = texts(&paper).concat();
        let choices = ["female", "party_member"];
        for text in values(&value).into_iter().filter(|text| !choices.contains(&text.as_str())) {
            assert!(texts.contains(&text), "{text}");
        }
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    for (name, paper) in papers() {
        assert!(pdf(&paper, fonts()).unwrap() == pdf(&paper, fonts()).unwrap(), "{name}");
        assert!(docx(&paper, fonts()).unwrap() == docx(&paper, fonts()).unwrap(), "{name}");
    }
}

#[test]
fn threads_print_at_once() {
    let papers = papers().split_off(8);
    let alone: Vec<_> = papers.iter().map(|(name, paper)| printed(name, paper)).collect();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for ((name, paper), alone) in papers.iter().zip(&alone) {
                    assert!(
                        &(pdf(paper, fonts()).unwrap(), docx(paper, fonts()).unwrap()) == alone,
                        "{name}"
                    );
                }
            });
        }
    });
}

#[test]
fn markup_in_a_text_is_a_text() {
    let mark = r#"#panic("x") *fett* $x^2$ = Kopf @quelle <b>&amp;"#;
    let paper = samples::paper("表", Language::Zh, Sheet::Document, vec![samples::text(Style::Body, mark)]);
    let (pdf, docx) = printed("markup", &paper);
    assert!(text_of_docx(&docx).contains(mark));
    if let Some(found) = text_of(&pdf) {
        assert!(found.contains(&squeezed(mark)), "{found}");
    }
}
