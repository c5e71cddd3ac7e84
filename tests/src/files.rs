//! Files that are sent: forms with one in them, pictures of any size, and what is fetched again.

use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::json;
use uuid::Uuid;

use crate::people::{Person, Request};
use crate::reply::Reply;

/// The media type of Word documents.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The code that stands on a printed paper, as its answer names it.
#[must_use]
pub fn check_code(paper: &Reply) -> String {
    let link = paper.header("link").unwrap_or_else(|| panic!("{paper}\nnames no check"));
    let place = link.strip_prefix('<').and_then(|link| link.split_once('>')).unwrap_or_default().0;
    place.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The boundary of every form.
const BOUNDARY: &str = "one-part-ends-here";

/// The media type of a form.
#[must_use]
pub fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// A form: its texts, and its file with name and media type.
#[must_use]
pub fn form(texts: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, text) in texts {
        let head =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend(head.into_bytes());
    }
    if let Some((name, media_type, bytes)) = file {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    body
}

/// A picture in PNG, so many pixels wide and high, of a colour.
#[must_use]
pub fn png(width: u32, height: u32, grey: u8) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8; 4], data: &[u8]| {
        file.extend(u32::try_from(data.len()).unwrap_or_default().to_be_bytes());
        let mut checked = flate2::Crc::new();
        checked.update(name);
        checked.update(data);
        file.extend_from_slice(name);
        file.extend_from_slice(data);
        file.extend(checked.sum().to_be_bytes());
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes()[..], &[8, 0, 0, 0, 0]].concat();
    chunk(b"IHDR", &head);
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let line = [vec![0], vec![grey; width as usize]].concat();
    for _ in 0..height {
        packed.write_all(&line).expect("in memory");
    }
    chunk(b"IDAT", &packed.finish().expect("in memory"));
    chunk(b"IEND", &[]);
    file
}

impl Person {
    /// Attaches a file as a form, with some texts beside it.
    pub fn attach(&self, application: Uuid, file: (&str, &str, &[u8]), texts: &[(&str, &str)]) -> Request {
        let path = format!("/applications/{application}/attachments");
        self.post(&path).body(&form_type(), form(texts, Some(file)))
    }

    /// Attaches a small picture under a name.
    pub async fn attached(&self, application: Uuid, name: &str) -> Reply {
        self.attach(application, (name, "image/png", &png(3, 2, 200)), &[]).await.expect(201)
    }

    /// Announces a file that comes in pieces.
    pub async fn announce(&self, application: Uuid, name: &str, size: usize) -> Reply {
        let path = format!("/applications/{application}/attachments");
        self.post(&path).json(json!({"name": name, "size": size})).await
    }

    /// Sends a piece of a file.
    pub fn send_piece(&self, attachment: Uuid, offset: usize, piece: &[u8]) -> Request {
        let piece = self
            .patch(&format!("/attachments/{attachment}/upload"))
            .body("application/offset+octet-stream", piece);
        piece.header("upload-offset", &offset.to_string())
    }
}

/// The folder of the files of a world, which lies beside its database where that is a file.
#[must_use]
pub fn folder_of(database_url: &str) -> PathBuf {
    match database_url.strip_prefix("sqlite:") {
        Some(file) => PathBuf::from(format!("{file}.files")),
        None => {
            let name = database_url.rsplit('/').next().unwrap_or(database_url);
            std::env::temp_dir().join("pingxuan-files").join(name.split('?').next().unwrap_or(name))
        }
    }
}
