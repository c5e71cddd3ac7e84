//! PDF documents of the corpus, with a table or a stream of cross references.

use super::pictures::zlib;

/// A catalogue, its pages and further objects, which are counted from 4. The text is put into the catalogue.
pub(super) fn pdf(catalogue: &str, pages: usize, further: &[&str]) -> Vec<u8> {
    let objects = objects(catalogue, pages, further);
    table(&objects, "")
}

/// The same with something in the trailer.
pub(super) fn pdf_with_trailer(trailer: &str, further: &[&str]) -> Vec<u8> {
    table(&objects("", 1, further), trailer)
}

fn objects(catalogue: &str, pages: usize, further: &[&str]) -> Vec<String> {
    // The first page is object 3, the others come last.
    let number = |page| if page == 0 { 3 } else { 3 + further.len() + page };
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", number(page))).collect();
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>".to_owned();
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>"),
        format!("<< /Type /Pages /Kids [ {kids}] /Count {pages} >>"),
        page.clone(),
    ];
    objects.extend(further.iter().map(|object| (*object).to_owned()));
    objects.extend(vec![page; pages.saturating_sub(1)]);
    objects
}

fn table(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe4\xb8\xad\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(out.len());
        out.extend(format!("{number} 0 obj\n{object}\nendobj\n").into_bytes());
    }
    let start = out.len();
    let count = objects.len() + 1;
    out.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").into_bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    let trailer = format!("trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n");
    out.extend(trailer.into_bytes());
    out
}

/// The same with the objects in a stream and a stream of cross references, as version 1.5 has it. The lengthening is added to the stream.
pub(super) fn packed_pdf(catalogue: &str, further: &[&str], lengthening: usize) -> Vec<u8> {
    let objects = objects(catalogue, 1, further);
    let (mut index, mut body) = (String::new(), String::new());
    for (number, object) in (1..).zip(&objects) {
        index += &format!("{number} {} ", body.len());
        body += &format!("{object}\n");
    }
    let content = [index.as_bytes(), body.as_bytes(), &vec![b' '; lengthening]].concat();
    let stream = objects.len() + 1;
    let mut out = b"%PDF-1.7\n%\xe4\xb8\xad\n".to_vec();
    let place = out.len();
    let packed = zlib(&content);
    let head = format!(
        "{stream} 0 obj\n<< /Type /ObjStm /N {} /First {} /Filter /FlateDecode /Length {} >>\nstream\n",
        objects.len(),
        index.len(),
        packed.len()
    );
    out.extend(head.into_bytes());
    out.extend(packed);
    out.extend(b"\nendstream\nendobj\n");
    let start = out.len();
    let mut rows = vec![0, 0, 0, 0, 0, 0, 0];
    let row = |kind: u8, first: usize, second: usize| {
        let first = u32::try_from(first).unwrap_or_default().to_be_bytes();
        let second = u16::try_from(second).unwrap_or_default().to_be_bytes();
        [&[kind][..], &first, &second].concat()
    };
    for index in 0..objects.len() {
        rows.extend(row(2, stream, index));
    }
    rows.extend(row(1, place, 0));
    rows.extend(row(1, start, 0));
    let (size, rows) = (stream + 2, zlib(&rows));
    let head = format!(
        "{} 0 obj\n<< /Type /XRef /Size {size} /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length {} >>\nstream\n",
        stream + 1,
        rows.len()
    );
    out.extend(head.into_bytes());
    out.extend(rows);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").into_bytes());
    out
}
