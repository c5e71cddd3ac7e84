//! What is drawn on the pages, looked at without any tool: each text, by a glyph of its own, within the margins.

use typst::layout::{Frame, FrameItem};
use typst::text::TextItem;

use super::content::{papers, texts};
use super::samples::{certificate, paper, text};
use super::*;
use crate::printing::pdf::laid_out;
use crate::printing::{Language, Part, Sheet, Style};

/// A run of glyphs and where it begins and ends on its page, in points.
struct Run {
    item: TextItem,
    from: f64,
    to: f64,
}

fn runs(paper: &Paper) -> Vec<Run> {
    let mut runs = Vec::new();
    for page in laid_out(paper, fonts()).unwrap().pages() {
        collect(&page.frame, 0.0, &mut runs);
    }
    runs
}

fn collect(frame: &Frame, left: f64, runs: &mut Vec<Run>) {
    for (at, item) in frame.items() {
        let from = left + at.x.to_pt();
        match item {
            FrameItem::Group(group) => collect(&group.frame, from + group.transform.tx.to_pt(), runs),
            FrameItem::Text(item) => {
                runs.push(Run { item: item.clone(), from, to: from + item.width().to_pt() });
            }
            FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}

#[test]
fn every_text_is_drawn_by_glyphs_that_the_fonts_have() {
    for (name, paper) in papers() {
        let runs = runs(&paper);
        let found = squeezed(&runs.iter().map(|run| run.item.text.as_str()).collect::<String>());
        for text in texts(&paper) {
            assert!(is_within(&found, &text), "{name}: {text}");
        }
        for run in &runs {
            assert!(run.item.glyphs.iter().all(|glyph| glyph.id != 0), "{name}: {}", run.item.text);
        }
    }
}

#[test]
fn every_character_that_is_said_to_be_there_is_drawn() {
    let all = (' '..'\u{3400}').chain('\u{a000}'..'\u{20000}').chain(('\u{3400}'..'\u{323af}').step_by(97));
    let letters: String = all.filter(|letter| fonts().has(*letter)).collect();
    assert!(letters.chars().count() > 2000);
    let paper = paper("表", Language::Zh, Sheet::Document, vec![text(Style::Body, &letters)]);
    for run in runs(&paper) {
        assert!(run.item.glyphs.iter().all(|glyph| glyph.id != 0), "{}", run.item.text);
    }
    let bytes = pdf(&paper, fonts()).unwrap();
    assert!(String::from_utf8_lossy(&bytes).contains("pdfaid:part"), "no PDF/A");
}

#[test]
fn nothing_is_drawn_beyond_the_margins() {
    let long = "Donaudampfschifffahrt0123456789".repeat(8);
    let styles = [
        Style::Title,
        Style::Subtitle,
        Style::Heading,
        Style::Body,
        Style::Plain,
        Style::Closing,
        Style::Note,
    ];
    let parts: Vec<_> = styles.into_iter().map(|style| text(style, &long)).collect();
    let sheets = [Sheet::Document, Sheet::Certificate, Sheet::WideCertificate];
    let of_words =
        sheets.map(|sheet| ("words".to_owned(), paper("words", Language::En, sheet, parts.clone())));
    for (name, paper) in papers().into_iter().chain(of_words) {
        let (width, margin) = match paper.sheet {
            Sheet::Document => (210.0, 20.0),
            Sheet::Certificate => (210.0, 32.0),
            Sheet::WideCertificate => (297.0, 32.0),
        };
        let point = 72.0 / 25.4;
        for run in runs(&paper) {
            // A comma at the end of a line may hang out by its empty half.
            let hanging = run.item.size.to_pt() / 2.0;
            let within = run.from >= margin * point - 0.1 && run.to <= (width - margin) * point + hanging;
            assert!(within, "{name}: {} from {} to {}", run.item.text, run.from, run.to);
        }
    }
}

#[test]
fn a_paper_may_have_no_check() {
    let mut paper = certificate(Language::Zh, Sheet::Certificate);
    paper.check = None;
    let drawn: String = runs(&paper).iter().map(|run| run.item.text.to_string()).collect();
    assert!(squeezed(&drawn).ends_with("第1页共1页"), "{drawn}");
    assert!(!docx(&paper, fonts()).unwrap().is_empty());
}

#[test]
fn a_picture_is_drawn_with_its_letters() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" height=\"120\"><rect width=\"960\" height=\"120\" fill=\"#fff\"/>\
               <text x=\"24\" y=\"60\" font-family=\"&quot;Noto Sans SC&quot;, sans-serif\" font-size=\"20\">名次区间 1</text></svg>";
    let picture = Part::Picture { svg: svg.to_owned(), said: "排名".to_owned() };
    let paper = paper("报告", Language::Zh, Sheet::Document, vec![text(Style::Title, "报告"), picture]);
    let bytes = pdf(&paper, fonts()).unwrap();
    assert!(String::from_utf8_lossy(&bytes).contains("pdfaid:part"), "no PDF/A");
    if let Some(drawn) = text_of(&bytes) {
        assert!(drawn.contains("名次区间1"), "{drawn}");
    }
    assert!(!docx(&paper, fonts()).unwrap().is_empty());
}
