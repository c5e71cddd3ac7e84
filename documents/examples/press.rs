//! How fast papers are printed once the press is warm: `cargo run --release -p pingxuan-documents --example press [PAPERS]`, on one thread.

use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use pingxuan_documents::printing::{Check, Fonts, Language, Paper, Sheet, docx, form, pdf};
use serde_json::{Value, json};
use time::macros::date;

/// The notice of 2022, whose forms are printed.
const NOTICE: &str = include_str!("../../campaigns/xingguo-2022.json");

fn main() -> Result<(), Box<dyn Error>> {
    let papers = std::env::args().nth(1).map_or(Ok(200), |papers| papers.parse())?;
    let notice: Value = serde_json::from_str(NOTICE)?;
    let of = notice.pointer("/categories/0/form/value").ok_or("no form")?;
    let fonts = Fonts::shipped();
    let began = Instant::now();
    let first = pdf(&paper(of, 0), &fonts)?;
    println!(
        "first PDF: {} ms, {} KiB; {} MiB of memory",
        began.elapsed().as_millis(),
        first.len() >> 10,
        resident()?
    );
    timed("PDF", papers, |number| Ok(pdf(&paper(of, number), &fonts)?.len()))?;
    timed("DOCX", papers, |number| Ok(docx(&paper(of, number), &fonts)?.len()))
}

/// Prints so many papers, each with another content, and says how long one took.
fn timed(
    kind: &str,
    papers: usize,
    print: impl Fn(usize) -> Result<usize, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut taken = Vec::with_capacity(papers);
    for number in 1..=papers {
        let began = Instant::now();
        print(number)?;
        taken.push(began.elapsed());
    }
    taken.sort_unstable();
    let at = |share: usize| taken.get(papers * share / 100).copied().unwrap_or_default().as_secs_f64() * 1e3;
    let all: Duration = taken.iter().sum();
    let rate = f64::from(u32::try_from(papers)?) / all.as_secs_f64();
    println!(
        "{kind}: {rate:.1} a second, p50 {:.1} ms, p99 {:.1} ms; {} MiB of memory at most",
        at(50),
        at(99),
        resident()?
    );
    Ok(())
}

/// The filled-in form of a township, two pages long.
fn paper(of: &Value, number: usize) -> Paper {
    let deed = format!("全年办结群众诉求{number}件，件件有回音，事事有着落。").repeat(8);
    let deeds: serde_json::Map<_, _> =
        (1..=5).map(|deed| format!("criterion_{deed}")).map(|name| (name, json!(deed))).collect();
    let value = json!({
        "name": format!("第{number}乡人民政府"), "head": "王某", "headcount": number, "contact": "李某", "phone": "0797-5320000",
        "deeds": deeds, "honours": [], "penalties": [],
    });
    let null = Value::Null;
    let part = |name: &str| of.get(name).unwrap_or(&null);
    Paper {
        title: "示范乡镇申报表".to_owned(),
        language: Language::Zh,
        sheet: Sheet::Document,
        date: date!(2022 - 11 - 07),
        parts: form(part("schema"), part("ui"), &value, Language::Zh),
        check: Some(Check {
            code: "80NM-V9VC-10W4".to_owned(),
            digest: format!("{number:064x}"),
            url: "https://pingxuan.example/api/v1/public/documents/80NM-V9VC-10W4".to_owned(),
        }),
    }
}

/// The most memory that this process has had, in MiB, as Linux counts it.
fn resident() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? >> 10)
}
