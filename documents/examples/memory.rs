//! How much memory the heavy work takes: `cargo run --release --example memory -- <what>`, one thing a process, as the peak is the process's.

use std::error::Error;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::Instant;

use pingxuan_documents::archive::{ArchiveWriter, verify};
use pingxuan_documents::inspection::{Kind, Limits, inspect};
use pingxuan_documents::sheets::{self, Cell, Column, ColumnKind, Format, Language, Title, Writer};
use time::macros::datetime;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let what = std::env::args().nth(1).unwrap_or_default();
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("file");
    let prepared: Box<dyn Fn(&Path) -> Outcome> = match what.as_str() {
        "write-xlsx" => Box::new(|path| write(path, Format::Xlsx, 100_000)),
        "write-csv" => Box::new(|path| write(path, Format::Csv, 100_000)),
        "read-xlsx" => {
            write(&path, Format::Xlsx, 20_000)?;
            Box::new(read)
        }
        "pdf" => {
            many_objects(&path)?;
            Box::new(|path| look(path, "a.pdf", Kind::Pdf))
        }
        "pdf-picture" => {
            one_picture(&path)?;
            Box::new(|path| look(path, "a.pdf", Kind::Pdf))
        }
        "archive" => Box::new(archive),
        _ => return Err("write-xlsx, write-csv, read-xlsx, pdf, pdf-picture or archive?".into()),
    };
    let before = peak()?;
    let start = Instant::now();
    prepared(&path)?;
    let taken = start.elapsed().as_millis();
    let size = fs::metadata(&path)?.len() >> 20;
    println!("{what}: {} MiB over {before} MiB before, {size} MiB of file, {taken} ms", peak()? - before);
    Ok(())
}

/// The peak of this process in MiB, as Linux counts it.
fn peak() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? >> 10)
}

fn columns() -> Vec<Column> {
    let column = |number: usize| {
        let kinds =
            [ColumnKind::Text { most: 100 }, ColumnKind::Integer, ColumnKind::Day, ColumnKind::Instant];
        let title = Title::new(format!("第{number}列"), format!("column {number}"));
        let kind = kinds.into_iter().cycle().nth(number).unwrap_or(ColumnKind::Boolean);
        Column { key: format!("c{number}"), title, kind, width: 12, required: false }
    };
    (0..20).map(column).collect()
}

fn write(path: &Path, format: Format, rows: i64) -> Outcome {
    let made = datetime!(2026-03-01 09:30 +8);
    let mut writer = Writer::create(path, format, Language::Zh, made)?;
    writer.sheet("名单", &columns())?;
    for row in 0..rows {
        let cells = [
            Cell::Text(format!("第{row}行的文字内容")),
            Cell::Integer(row),
            Cell::Day(made.date()),
            Cell::Instant(made),
        ];
        let cells: Vec<Cell> = cells.into_iter().cycle().take(20).collect();
        writer.row(&cells)?;
    }
    Ok(writer.finish()?)
}

fn read(path: &Path) -> Outcome {
    let table = sheets::read(path, &columns(), &sheets::Limits::default())?;
    if table.rows.len() == 20_000 { Ok(()) } else { Err("rows are missing".into()) }
}

fn look(path: &Path, name: &str, kind: Kind) -> Outcome {
    let limits = Limits { elements: 50_000_000, ..Limits::default() };
    let inspected = inspect(path, name, None, &limits)?;
    if inspected.kind == kind { Ok(()) } else { Err("it is something else".into()) }
}

/// A PDF of 60 MiB in small objects.
fn many_objects(path: &Path) -> Outcome {
    let mut file = std::io::BufWriter::new(File::create(path)?);
    let mut places = Vec::new();
    let mut at = file.write(b"%PDF-1.7\n")?;
    let fixed = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ];
    for number in 1.. {
        if at > 44 << 20 {
            break;
        }
        let object =
            fixed.get(number - 1).copied().unwrap_or("<< /Kind /Small /Of [1 2 3 (text)] /Next 3 0 R >>");
        places.push(at);
        at += file.write(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes())?;
    }
    let count = places.len() + 1;
    write!(file, "xref\n0 {count}\n0000000000 65535 f \n")?;
    for place in places {
        writeln!(file, "{place:010} 00000 n ")?;
    }
    write!(file, "trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n")?;
    Ok(file.flush()?)
}

/// A PDF of 60 MiB in one picture.
fn one_picture(path: &Path) -> Outcome {
    let mut file = std::io::BufWriter::new(File::create(path)?);
    let objects = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n";
    let length = 60 << 20;
    write!(file, "{objects}4 0 obj\n<< /Type /XObject /Subtype /Image /Length {length} >>\nstream\n")?;
    std::io::copy(&mut std::io::repeat(0x5a).take(length), &mut file)?;
    write!(file, "\nendstream\nendobj\nxref\n0 1\n0000000000 65535 f \n1 4\n")?;
    let places = (1..5).filter_map(|number| objects.find(&format!("{number} 0 obj"))).chain([objects.len()]);
    for place in places {
        writeln!(file, "{place:010} 00000 n ")?;
    }
    let end = objects.len() as u64 + 64 + length;
    write!(file, "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{end}\n%%EOF\n")?;
    Ok(file.flush()?)
}

/// An archive of 200 entries of a mebibyte.
fn archive(path: &Path) -> Outcome {
    let mut writer =
        ArchiveWriter::create(path, serde_json::json!({ "of": "a trial" }), datetime!(2026-03-01 9:30 +8))?;
    for number in 0..200 {
        writer.add(&format!("files/{number}.bin"), std::io::repeat(7).take(1 << 20))?;
    }
    writer.finish()?;
    verify(path).map_err(|faults| format!("{faults:?}"))?;
    Ok(())
}
