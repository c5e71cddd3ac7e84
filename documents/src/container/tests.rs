//! Tests of the map: containers beyond the numbers of the old format. What the corpus holds is tried with the inspection.

use std::io::Write as _;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

#[test]
fn many_entries_are_counted_before_they_are_read() {
    let mut zip = ZipWriter::new(tempfile::tempfile().unwrap());
    for number in 0..100_000 {
        zip.start_file(number.to_string(), SimpleFileOptions::default()).unwrap();
    }
    let mut file = zip.finish().unwrap();
    let few = Bounds { entries: 5_000, unpacked: 1 << 20, ratio: 10 };
    assert!(matches!(Layout::read(&mut file, &few), Err(Damage::Bomb { what: "entries", most: 5_000 })));
    let many = Bounds { entries: 100_000, ..few };
    assert_eq!(Layout::read(&mut file, &many).unwrap().entries.len(), 100_000);
}

#[test]
fn what_was_packed_comes_out_again() {
    let mut zip = ZipWriter::new(tempfile::tempfile().unwrap());
    for large in [false, true] {
        zip.start_file(large.to_string(), SimpleFileOptions::default().large_file(large)).unwrap();
        zip.write_all(&[7; 100_000]).unwrap();
    }
    let mut file = zip.finish().unwrap();
    let bounds = Bounds { entries: 2, unpacked: 200_000, ratio: 2_000 };
    for entry in Layout::read(&mut file, &bounds).unwrap().entries {
        let mut content = Vec::new();
        entry.content(&mut file).unwrap().read_to_end(&mut content).unwrap();
        assert_eq!(content, [7; 100_000]);
    }
    let less = Bounds { unpacked: 199_999, ..bounds };
    assert!(matches!(Layout::read(&mut file, &less), Err(Damage::Bomb { what: "unpacked bytes", .. })));
}
