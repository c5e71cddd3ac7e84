//! Where things are: what is too long flows or breaks, seals stay whole, the QR code can be read.

use serde_json::json;

use super::samples::{URL, certificate, declaration, forms, individual, paper, text};
use super::*;
use crate::printing::{Cell, Language, Part, RASTER, Role, Seal, Sheet, Style, Table, form};

#[test]
fn fields_share_rows_as_their_widths_allow() {
    let (form_of, _) = forms().remove(2);
    let parts = form(&form_of["schema"], &form_of["ui"], &individual(), Language::Zh);
    let [Part::Text(Style::Title, title), Part::Table(first), ..] = parts.as_slice() else {
        panic!("{parts:?}")
    };
    assert_eq!(title, "“五型”政府建设先进个人推荐表");
    let labels = |row: &[Cell]| -> Vec<String> {
        row.iter().filter(|cell| cell.role == Role::Label).map(|cell| cell.text.clone()).collect()
    };
    assert_eq!(labels(&first.rows[0]), ["姓名", "性别", "民族"]);
    assert_eq!(labels(&first.rows[3]), ["公民身份号码", "手机号码"]);
    assert_eq!(first.rows[0][3].text, "女");
    assert_eq!(first.rows[4][1].text, "否");
    for part in &parts {
        if let Part::Table(table) = part {
            for row in &table.rows {
                assert_eq!(row.iter().map(|cell| cell.span).sum::<u8>(), RASTER, "{row:?}");
            }
        }
    }
}

#[test]
fn a_list_is_as_wide_as_the_raster() {
    for shares in [vec![1], vec![1, 1, 1, 1, 1], vec![2, 5, 5], vec![7, 3, 1], vec![1; 24]] {
        let columns: Vec<_> = shares.iter().map(|share| ("列".to_owned(), *share)).collect();
        let table = Table::list(&columns, [Vec::new()]);
        for row in table.rows {
            assert_eq!(row.iter().map(|cell| cell.span).sum::<u8>(), RASTER, "{shares:?}");
        }
    }
}

#[test]
fn what_is_long_flows_over_pages_and_what_cannot_break_breaks() {
    let (form_of, _) = forms().remove(2);
    let mut value = individual();
    let long: String = (0..2000).map(|number| char::from_u32(0x4e00 + number).unwrap()).collect();
    value["deeds"]["criterion_1"] = json!(long);
    value["name"] = json!("1234567890".repeat(10));
    value["resume"] = json!("https://example.org/".to_owned() + &"a".repeat(300));
    let (pdf, _) = printed("long", &declaration(&form_of, &value, Language::Zh));
    let Some(found) = text_of(&pdf) else { return };
    for letter in long.chars() {
        assert!(found.contains(letter), "{letter}");
    }
    assert!(found.matches('a').count() >= 300);
    // Each word tells where it ends: not beyond the table, 538.6 pt, but for the empty half of a last comma.
    let boxes = String::from_utf8(asked("pdftotext", &["-bbox", "-", "-"], &pdf).unwrap()).unwrap();
    let ends =
        boxes.lines().filter_map(|line| line.split("xMax=\"").nth(1)?.split('"').next()?.parse::<f64>().ok());
    for end in ends {
        assert!(end <= 538.6 + 5.25, "{end}");
    }
}

#[test]
fn a_seal_stays_on_one_page() {
    for lines in 20..40 {
        let seal = Seal {
            label: "单位意见".into(),
            text: "同意".into(),
            closing: vec!["盖章".into(), "日期".into()],
        };
        let filling = text(Style::Body, &vec!["行"; lines].join("\n"));
        let parts = vec![filling, Part::Table(Table::seals([vec![seal]]))];
        let (pdf, _) = printed("seal", &paper("表", Language::Zh, Sheet::Document, parts));
        let Some(pages) = asked("pdftotext", &["-", "-"], &pdf) else { return };
        let pages = String::from_utf8(pages).unwrap();
        let with = |word: &str| pages.split('\u{c}').position(|page| squeezed(page).contains(word));
        assert_eq!(with("同意"), with("日期"), "{lines}");
        assert_eq!(with("同意"), with("单位意见"), "{lines}");
    }
}

#[test]
fn the_qr_code_leads_to_the_check() {
    let paper = certificate(Language::Zh, Sheet::WideCertificate);
    let (pdf, docx) = printed("certificate-zh", &paper);
    let read = |side: u32, gray: &dyn Fn(usize, usize) -> u8| {
        let side = usize::try_from(side).unwrap();
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, gray);
        image.detect_grids().first().unwrap().decode().unwrap().1
    };
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&docx)).unwrap();
    let picture =
        archive.file_names().filter_map(Result::ok).find(|name| name.ends_with(".png")).unwrap().into_owned();
    let mut bytes = Vec::new();
    std::io::copy(&mut archive.by_name(&picture).unwrap(), &mut bytes).unwrap();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let width = usize::try_from(frame.width).unwrap();
    assert_eq!(read(frame.width, &|x, y| pixels[y * width + x]), URL);

    let Some(page) = asked("pdftoppm", &["-r", "300", "-gray", "-singlefile", "-"], &pdf) else { return };
    // PGM: "P5", width and height, 255, each followed by a blank; then the pixels.
    let mut fields = page.splitn(5, |byte| byte.is_ascii_whitespace());
    let mut number =
        || fields.next().and_then(|field| std::str::from_utf8(field).ok()?.parse::<usize>().ok());
    number();
    let (width, height) = (number().unwrap(), number().unwrap());
    number();
    let pixels = fields.next().unwrap();
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    assert_eq!(image.detect_grids().first().unwrap().decode().unwrap().1, URL);
}

#[test]
fn a_docx_has_heading_rows_fonts_and_page_numbers() {
    let (_, docx) = printed("commended-zh", &super::samples::commended());
    let document = member(&docx, "word/document.xml");
    assert_eq!(document.matches("<w:tblHeader />").count(), 2);
    assert!(member(&docx, "word/styles.xml").contains(r#"w:eastAsia="宋体""#));
    for foot in ["word/footer1.xml", "word/footer2.xml"] {
        let foot = member(&docx, foot);
        assert!(
            foot.contains("PAGE") && foot.contains("NUMPAGES") && foot.contains("PX-7K3M-92QD"),
            "{foot}"
        );
    }
}
