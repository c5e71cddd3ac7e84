//! Tests of sheets: what is written is read again, and what people do to a table is understood or told.

use std::fs;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format as CellFormat, Formula, Workbook};
use tempfile::TempDir;
use time::macros::{date, datetime};

use super::*;

const MADE: OffsetDateTime = datetime!(2026-03-01 09:30 +8);

fn column(key: &str, zh: &str, kind: ColumnKind) -> Column {
    Column { key: key.to_owned(), title: Title::new(zh, key), kind, width: 12, required: false }
}

fn choices() -> ColumnKind {
    let choice = |code: &str, zh: &str| Choice { code: code.to_owned(), label: Title::new(zh, code) };
    ColumnKind::Choice(vec![choice("unit", "单位"), choice("person", "个人")])
}

fn all_kinds() -> Vec<Column> {
    let mut name = column("name", "姓名", ColumnKind::Text { most: 50 });
    name.required = true;
    vec![
        name,
        column("count", "人数", ColumnKind::Integer),
        column("score", "得分", ColumnKind::Decimal { places: 2 }),
        column("day", "日期", ColumnKind::Day),
        column("at", "时间", ColumnKind::Instant),
        column("first", "是否首次", ColumnKind::Boolean),
        column("kind", "类别", choices()),
    ]
}

fn full_row() -> Vec<Cell> {
    vec![
        Cell::Text("张三, \"甲\"\n乙".to_owned()),
        Cell::Integer(-12),
        Cell::Decimal(Decimal::new(9550, 2)),
        Cell::Day(date!(2026 - 02 - 28)),
        Cell::Instant(datetime!(2026-03-01 01:30:05 UTC)),
        Cell::Boolean(true),
        Cell::Choice("person".to_owned()),
    ]
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn csv(&self, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file("t.csv");
        fs::write(&path, bytes).unwrap();
        path
    }

    fn workbook(&self, make: impl FnOnce(&mut Workbook)) -> PathBuf {
        let path = self.file("t.xlsx");
        let mut workbook = Workbook::new();
        make(&mut workbook);
        workbook.save(&path).unwrap();
        path
    }
}

fn reads(path: &Path, columns: &[Column]) -> Table {
    read(path, columns, &Limits::default()).unwrap()
}

#[test]
fn what_is_written_is_read_again_in_both_forms_and_languages() {
    let folder = Folder::new();
    for (format, name) in [(Format::Xlsx, "a.xlsx"), (Format::Csv, "a.csv")] {
        for language in [Language::Zh, Language::En] {
            let path = folder.file(name);
            let mut writer = Writer::create(&path, format, language, MADE).unwrap();
            writer.sheet("名单", &all_kinds()).unwrap();
            writer.row(&full_row()).unwrap();
            let mut empty = vec![Cell::Empty; 7];
            empty[0] = Cell::Text("=1+1".to_owned());
            writer.row(&empty).unwrap();
            writer.finish().unwrap();
            let table = reads(&path, &all_kinds());
            assert_eq!(table.faults, []);
            assert_eq!(table.rows[0], Row { number: 2, cells: full_row() }, "{format:?} {language:?}");
            assert_eq!(table.rows[1], Row { number: 3, cells: empty }, "{format:?} {language:?}");
        }
    }
}

#[test]
fn the_same_rows_at_the_same_instant_give_the_same_workbook() {
    let folder = Folder::new();
    let write = |name| {
        let path = folder.file(name);
        let mut writer = Writer::create(&path, Format::Xlsx, Language::Zh, MADE).unwrap();
        writer.sheet("名单", &all_kinds()).unwrap();
        writer.row(&full_row()).unwrap();
        writer.finish().unwrap();
        fs::read(path).unwrap()
    };
    assert_eq!(write("a.xlsx"), write("b.xlsx"));
}

#[test]
fn values_between_commas_are_guarded_quoted_and_marked() {
    let folder = Folder::new();
    let path = folder.file("a.csv");
    let columns = [column("a", "甲", ColumnKind::Text { most: 99 }), column("b", "乙", ColumnKind::Integer)];
    let mut writer = Writer::create(&path, Format::Csv, Language::Zh, MADE).unwrap();
    writer.sheet("x", &columns).unwrap();
    let texts =
        ["=1", "+1", "-1", "@a", "\tx", "\rx", "\0x", "＝1", "－1", "  =1", "a=b", "a,\"b\"", "\u{a0}@x"];
    for text in texts {
        writer.row(&[Cell::Text(text.to_owned()), Cell::Integer(-5)]).unwrap();
    }
    writer.finish().unwrap();
    let written = fs::read_to_string(path).unwrap();
    let expected = "\u{feff}甲,乙\r\n'=1,-5\r\n'+1,-5\r\n'-1,-5\r\n'@a,-5\r\n'\tx,-5\r\n\"'\rx\",-5\r\n'\0x,-5\r\n\
                    '＝1,-5\r\n'－1,-5\r\n'  =1,-5\r\na=b,-5\r\n\"a,\"\"b\"\"\",-5\r\n'\u{a0}@x,-5\r\n";
    assert_eq!(written, expected);
}

#[test]
fn a_full_sheet_goes_on_in_another() {
    let folder = Folder::new();
    let path = folder.file("a.xlsx");
    let mut writer = Writer::create(&path, Format::Xlsx, Language::Zh, MADE).unwrap().with_rows(3);
    let columns = [column("a", "甲", ColumnKind::Integer)];
    writer.sheet("名单[1]:a/b?非常非常非常非常非常非常非常非常非常非常长的名字", &columns).unwrap();
    for number in 0..5 {
        writer.row(&[Cell::Integer(number)]).unwrap();
    }
    writer.sheet("", &columns).unwrap();
    writer.finish().unwrap();
    let workbook: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
    let names = calamine::Reader::sheet_names(&workbook);
    assert!(names[0].starts_with("名单 1  a b 非常") && names[0].chars().count() == 31, "{names:?}");
    assert!(names[1].ends_with(" (2)") && names[2].ends_with(" (3)"), "{names:?}");
    assert_eq!(names[3], "Sheet");
    assert_eq!(reads(&path, &columns).rows.len(), 2);
}

#[test]
fn long_texts_are_cut_with_a_mark_and_long_numbers_are_texts() {
    let folder = Folder::new();
    let path = folder.file("a.xlsx");
    let columns =
        [column("a", "甲", ColumnKind::Text { most: 40_000 }), column("b", "乙", ColumnKind::Integer)];
    let mut writer = Writer::create(&path, Format::Xlsx, Language::Zh, MADE).unwrap();
    writer.sheet("x", &columns).unwrap();
    writer.row(&[Cell::Text("😀".repeat(20_000)), Cell::Integer(i64::MAX)]).unwrap();
    writer.finish().unwrap();
    let [Row { cells, .. }] = &reads(&path, &columns).rows[..] else { panic!() };
    let Cell::Text(text) = &cells[0] else { panic!() };
    assert!(text.ends_with("😀…（已截断 cut）") && text.encode_utf16().count() <= 32_767);
    assert_eq!(cells[1], Cell::Integer(i64::MAX));
}

#[test]
fn cells_are_what_people_mean() {
    let folder = Folder::new();
    let day = CellFormat::new().set_num_format("yyyy/m/d");
    let path = folder.workbook(|workbook| {
        workbook.add_worksheet().set_name("hidden").unwrap().set_hidden(true);
        let sheet = workbook.add_worksheet();
        sheet.set_active(true);
        for (at, heading) in (0..).zip(["类别", " 姓名 ", "COUNT", "得分", "日期", "时间", "是否首次"])
        {
            sheet.write_string(0, at, heading).unwrap();
        }
        sheet.write_string(3, 0, "个人").unwrap();
        sheet.write_number(3, 1, 13_812_345_678_f64).unwrap();
        sheet.write_string(3, 2, "１，２３４").unwrap();
        sheet.write_number(3, 3, 0.1 + 0.2).unwrap();
        sheet.write_number_with_format(3, 4, 46_081, &day).unwrap();
        sheet.write_string(3, 5, "2026年3月1日 9:30").unwrap();
        sheet.write_string(3, 6, "√").unwrap();
        sheet.write_string(5, 1, "  \u{3000}").unwrap();
    });
    let table = reads(&path, &all_kinds());
    assert_eq!(table.faults, []);
    let cells = vec![
        Cell::Text("13812345678".to_owned()),
        Cell::Integer(1234),
        Cell::Decimal(Decimal::new(3, 1)),
        Cell::Day(date!(2026 - 02 - 28)),
        Cell::Instant(datetime!(2026-03-01 09:30 +8)),
        Cell::Boolean(true),
        Cell::Choice("person".to_owned()),
    ];
    assert_eq!(table.rows, [Row { number: 4, cells }]);
}

#[test]
fn every_fault_has_its_place() {
    let folder = Folder::new();
    let path = folder.workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        for (at, heading) in (0..).zip(["姓名", "人数", "得分", "日期", "时间", "是否首次", "类别"])
        {
            sheet.write_string(0, at, heading).unwrap();
        }
        let texts = ["", "1.5", "1.234", "2026-02-30", "25:00", "也许", "其他"];
        for (at, text) in (0..).zip(texts) {
            sheet.write_string(1, at, text).unwrap();
        }
        sheet.write_number(2, 0, 1_234_567_890_123_456_f64).unwrap();
        sheet.write_string(2, 1, "一").unwrap();
        sheet.write_formula(2, 2, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_string(3, 0, "很".repeat(51)).unwrap();
    });
    let table = reads(&path, &all_kinds());
    assert_eq!(table.rows, []);
    let told: Vec<_> = table.faults.iter().map(|f| (f.row, f.letters.as_str(), f.reason.code())).collect();
    let expected = [
        (2, "A", "required"),
        (2, "B", "not_an_integer"),
        (2, "C", "too_many_places"),
        (2, "D", "not_a_day"),
        (2, "E", "not_an_instant"),
        (2, "F", "not_a_boolean"),
        (2, "G", "not_a_choice"),
        (3, "A", "precision_lost"),
        (3, "B", "not_a_number"),
        (3, "C", "formula_error"),
        (4, "A", "too_long"),
    ];
    assert_eq!(told, expected);
    assert_eq!(table.faults[6].value, "其他");
}

#[test]
fn values_between_commas_come_in_several_encodings_and_keep_their_row_numbers() {
    let folder = Folder::new();
    let columns =
        [column("a", "姓名", ColumnKind::Text { most: 9 }), column("b", "人数", ColumnKind::Integer)];
    let text = "\r\n姓名,人数\r\n\r\n\"张\r\n三\",1\r\n\r\n,\r\n李四,2\r\n";
    let (national, _, _) = encoding_rs::GB18030.encode(text);
    for bytes in [text.as_bytes().to_vec(), ["\u{feff}", text].concat().into_bytes(), national.into_owned()] {
        let table = reads(&folder.csv(bytes), &columns);
        let numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [4, 7]);
        assert_eq!(table.rows[1].cells[0], Cell::Text("李四".to_owned()));
    }
    let fault = read(&folder.csv(b"\xff\xfea\0"), &columns, &Limits::default()).unwrap_err();
    assert_eq!(fault.code(), "encoding");
}

#[test]
fn headings_and_bounds_are_told() {
    let folder = Folder::new();
    let columns = [column("a", "甲", ColumnKind::Integer), column("b", "乙", ColumnKind::Integer)];
    let fault = read(&folder.csv("甲,丙,a\r\n1,2,3\r\n"), &columns, &Limits::default()).unwrap_err();
    let ReadingFault::Headings { missing, unknown, duplicate } = fault else { panic!("{fault:?}") };
    assert_eq!(missing, ["b"]);
    assert_eq!(unknown, [("B".to_owned(), "丙".to_owned())]);
    assert_eq!(duplicate, [("C".to_owned(), "a".to_owned())]);
    let small = Limits { rows: 1, columns: 2, faults: 1, ..Limits::default() };
    let code = |text: &str| read(&folder.csv(text), &columns, &small).unwrap_err().code();
    assert_eq!(code("甲,乙\n1,2\n3,4\n"), "too_many_rows");
    assert_eq!(code("甲,乙,丙\n"), "too_many_columns");
    assert_eq!(code("甲,乙\n"), "no_rows");
    assert_eq!(code(""), "empty_file");
    let table = read(&folder.csv("甲,乙\nx,y\n"), &columns, &small).unwrap();
    assert_eq!((table.faults.len(), table.more_faults), (1, 1));
}

#[test]
fn a_template_is_empty_and_is_read_once_it_is_filled_in() {
    let folder = Folder::new();
    for language in [Language::Zh, Language::En] {
        let path = folder.file("t.xlsx");
        template(&path, &all_kinds(), &["请勿改动表头".to_owned()], language, MADE).unwrap();
        let fault = read(&path, &all_kinds(), &Limits::default()).unwrap_err();
        assert_eq!(fault.code(), "no_rows");
    }
}

#[test]
fn what_is_wrong_is_marked_in_the_table_and_listed() {
    let folder = Folder::new();
    let path = folder.csv("姓名,人数\r\n张三,x\r\n,2\r\n");
    let mark = |row, column, text: &str| Mark { row, column, text: text.to_owned() };
    let marks = [mark(2, 1, "不是数字"), mark(3, 0, "必填"), mark(3, 0, "重复")];
    let to = folder.file("m.xlsx");
    marked(&path, (&marks, None), &Limits::default(), Language::Zh, MADE, &to).unwrap();
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(&to).unwrap();
    let list = calamine::Reader::worksheet_range(&mut workbook, "问题清单").unwrap();
    let lines: Vec<String> =
        list.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")).collect();
    assert_eq!(lines, ["行|列|列名|内容|问题", "2|B|人数|x|不是数字", "3|A|姓名||必填\n重复"]);
    let columns = [
        column("a", "姓名", ColumnKind::Text { most: 9 }),
        column("b", "人数", ColumnKind::Text { most: 9 }),
    ];
    assert_eq!(reads(&to, &columns).rows.len(), 2);
}

#[test]
fn columns_have_letters() {
    assert_eq!(
        [0, 25, 26, 51, 52, 701, 702, 16_383].map(letters),
        ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]
    );
}
