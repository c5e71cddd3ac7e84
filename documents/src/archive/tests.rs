//! Tests of archives: written, verified, and damaged byte by byte.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use time::macros::datetime;

use super::*;
use crate::container::{Bounds, Layout};

fn write(path: &Path) -> Sealed {
    let about = json!({ "campaign": "2026年度评选", "year": 2026 });
    let mut writer = ArchiveWriter::create(path, about, datetime!(2026-03-01 09:30:14 +8)).unwrap();
    writer.add("名册/单位.csv", "一,二\r\n".as_bytes()).unwrap();
    writer.add("空.txt", [].as_slice()).unwrap();
    writer.add("照片.bin", std::io::repeat(7).take(300)).unwrap();
    writer.finish().unwrap()
}

#[test]
fn the_same_entries_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("a.zip"), folder.path().join("b.zip"));
    assert_eq!(write(&first), write(&second));
    assert_eq!(fs::read(&first).unwrap(), fs::read(&second).unwrap());
    let verified = verify(&first).unwrap();
    assert_eq!(verified.entries.len(), 3);
    assert_eq!(verified.bytes, 9 + 300);
    assert_eq!(verified.about["year"], 2026);
}

#[test]
fn a_changed_byte_is_noticed_wherever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    write(&path);
    let bytes = fs::read(&path).unwrap();
    let bounds = Bounds { entries: 100, unpacked: 1 << 20, ratio: 1 };
    let layout = Layout::read(&mut File::open(&path).unwrap(), &bounds).unwrap();
    let ends: Vec<u64> = layout.entries.iter().skip(1).map(|entry| entry.header).collect();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= [1, 0x80, 0xff][at % 3];
        fs::write(&path, &changed).unwrap();
        let faults = verify(&path).expect_err(&format!("byte {at} was changed and not noticed"));
        for (entry, end) in layout.entries.iter().zip(&ends) {
            if (end - entry.unpacked..*end).contains(&(at as u64)) {
                let named = faults.iter().any(|fault| fault.path() == Some(&entry.path));
                assert!(named, "byte {at} of {} was changed: {faults:?}", entry.path);
            }
        }
    }
}

#[test]
fn what_is_cut_or_added_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    write(&path);
    let bytes = fs::read(&path).unwrap();
    for length in 0..bytes.len() {
        fs::write(&path, &bytes[..length]).unwrap();
        verify(&path).expect_err("it was cut short");
    }
    for added in [[&bytes[..], b"x"].concat(), [b"x", &bytes[..]].concat()] {
        fs::write(&path, added).unwrap();
        verify(&path).expect_err("a byte was added");
    }
}

#[test]
fn paths_that_lead_elsewhere_or_twice_to_the_same_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let made = datetime!(2026-03-01 0:00 +8);
    let mut writer = ArchiveWriter::create(&folder.path().join("a.zip"), json!({}), made).unwrap();
    for path in
        ["", "/a", "../a", "a/../b", "a//b", "c:a", "a\\b", "a/", "a\nb", "Manifest.json", "SHA256SUMS"]
    {
        assert!(matches!(writer.add(path, [].as_slice()), Err(ArchiveError::Path(_))), "{path:?}");
    }
    writer.add("A.txt", [].as_slice()).unwrap();
    assert!(matches!(writer.add("a.txt", [].as_slice()), Err(ArchiveError::Duplicate(_))));
}

#[test]
fn a_package_that_was_put_together_again_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    let file = File::create(&path).unwrap();
    let mut zip = zip::ZipWriter::new(file);
    zip.start_file("x", zip::write::SimpleFileOptions::default()).unwrap();
    zip.finish().unwrap();
    let faults = verify(&path).unwrap_err();
    assert!(faults.contains(&ArchiveFault::Seal), "{faults:?}");
    assert!(faults.contains(&ArchiveFault::Missing { path: "manifest.json".to_owned() }), "{faults:?}");
}

#[test]
fn sha256sum_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    write(&path);
    let mut file = File::open(&path).unwrap();
    let layout = Layout::read(&mut file, &Bounds { entries: 100, unpacked: 1 << 20, ratio: 1 }).unwrap();
    for entry in &layout.entries {
        let to = folder.path().join(&entry.path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        let mut content = Vec::new();
        entry.content(&mut file).unwrap().read_to_end(&mut content).unwrap();
        fs::write(to, content).unwrap();
    }
    let Ok(output) =
        Command::new("sha256sum").args(["--check", "--strict", SUMS]).current_dir(&folder).output()
    else {
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
