//! Long work: asked for, waited for, and what came of it opened.

use std::collections::BTreeMap;
use std::io::Read;
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use flate2::read::DeflateDecoder;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::files::{form, form_type};
use crate::people::Person;
use crate::reply::Reply;
use crate::truths::{break_by, get, look};
use crate::world::World;

/// The longest that a job of the suite takes.
const PATIENCE: Duration = Duration::from_secs(900);

/// Asks for an export and waits until it is over.
pub async fn exported(who: &Person, body: Value) -> Reply {
    let asked = who.post("/exports").json(body).await.expect(202);
    over(who, asked.id()).await
}

/// Asks for an import.
pub async fn asks_import(who: &Person, what: &str, mode: &str, file: (&str, &[u8])) -> Reply {
    let (name, bytes) = file;
    let body = form(&[("what", what), ("mode", mode)], Some((name, "application/octet-stream", bytes)));
    who.post("/imports").body(&form_type(), body).await
}

/// Asks for an import and waits until it is over.
pub async fn imported(who: &Person, what: &str, mode: &str, file: (&str, &[u8])) -> Reply {
    let asked = asks_import(who, what, mode, file).await.expect(202);
    over(who, asked.id()).await
}

/// A job, once it is over.
pub async fn over(who: &Person, id: Uuid) -> Reply {
    waited(who, id, |job| !["queued", "running"].contains(&job.state().as_str())).await
}

/// A job, once it is as is wanted.
pub async fn waited(who: &Person, id: Uuid, wanted: impl Fn(&Reply) -> bool) -> Reply {
    let began = Instant::now();
    loop {
        let job = who.get(&format!("/jobs/{id}")).await.expect(200);
        if wanted(&job) {
            return job;
        }
        assert!(began.elapsed() < PATIENCE, "{job}\nand is still not as is wanted");
        sleep(Duration::from_millis(30)).await;
    }
}

/// What came of a job: the bytes of its file.
pub async fn result(who: &Person, job: &Reply) -> Vec<u8> {
    who.get(&job.text_at("/result/href")).await.expect(200).bytes
}

/// The same as text, without the mark at its beginning.
pub async fn text(who: &Person, job: &Reply) -> String {
    let text = String::from_utf8(result(who, job).await).expect("UTF-8");
    text.trim_start_matches('\u{feff}').to_owned()
}

/// The lines of what came of a job as CSV, cells parted by commas; no cell of the suite has a comma in it.
pub async fn lines(who: &Person, job: &Reply) -> Vec<Vec<String>> {
    let text = text(who, job).await;
    let cells = |line: &str| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect();
    text.lines().map(cells).collect()
}

/// The files of a ZIP file, by their paths.
#[must_use]
pub fn unzipped(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let number = |at: usize, bytes: usize| {
        let read = zip.get(at..at + bytes).expect("a whole ZIP file").iter().rev();
        read.fold(0usize, |number, byte| number << 8 | usize::from(*byte))
    };
    let end = (0..zip.len().saturating_sub(21)).rev().find(|at| number(*at, 4) == 0x0605_4b50);
    let end = end.expect("the end of a ZIP file");
    let (count, mut at) = (number(end + 10, 2), number(end + 16, 4));
    let mut files = BTreeMap::new();
    for _ in 0..count {
        let (method, packed) = (number(at + 10, 2), number(at + 20, 4));
        let lengths = [28, 30, 32].map(|place| number(at + place, 2));
        let place = number(at + 42, 4);
        let name = zip.get(at + 46..at + 46 + lengths[0]).expect("a name");
        // A large file has its sizes beside its name: first what it was, then what is there.
        let beside = at + 46 + lengths[0];
        let packed = if packed == 0xffff_ffff { number(beside + 12, 8) } else { packed };
        let content = place + 30 + number(place + 26, 2) + number(place + 28, 2);
        let content = zip.get(content..content + packed).expect("a content");
        let mut opened = Vec::new();
        match method {
            0 => opened.extend_from_slice(content),
            _ => drop(DeflateDecoder::new(content).read_to_end(&mut opened).expect("a content")),
        }
        files.insert(String::from_utf8_lossy(name).into_owned(), opened);
        at += 46 + lengths.iter().sum::<usize>();
    }
    files
}

/// All texts of a workbook, sheet by sheet, as they stand in it.
#[must_use]
pub fn workbook(xlsx: &[u8]) -> String {
    let files = unzipped(xlsx);
    let told = files.iter().filter(|(path, _)| path.starts_with("xl/"));
    told.map(|(_, content)| String::from_utf8_lossy(content).into_owned()).collect()
}

/// What asks for an export of applications as CSV.
#[must_use]
pub fn applications_csv(campaign: Uuid, category: &str) -> Value {
    json!({"what": "applications", "format": "csv", "campaign_id": campaign, "category_code": category})
}

impl World {
    /// Copies the only application so many times behind the server's back, each as of another unit.
    pub async fn copied(&self, times: i64) {
        let (url, sqlite) = (self.database_url(), self.database_url().starts_with("sqlite:"));
        let id = if sqlite { "randomblob(16)" } else { "gen_random_uuid()" };
        let numbers = if sqlite {
            format!("WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {times})")
        } else {
            format!("WITH n AS (SELECT generate_series(1, {times}) AS n)")
        };
        let units = format!(
            "INSERT INTO units (id, code, kind, name, short_name, active, version, created_at, updated_at) {numbers} \
             SELECT {id}, 'copy' || n, 'township', 'copy' || n, 'copy', TRUE, 1, 1, 1 FROM n"
        );
        break_by(url, &units).await;
        let rows = look(url, &columns_of(sqlite)).await;
        let names: Vec<String> = rows.iter().map(|row| get(row, "name")).collect();
        let value = |name: &String| match name.as_str() {
            "id" => id.to_owned(),
            "unit_id" => "u.id".to_owned(),
            // They stand for nobody.
            "state" | "shown_state" => "'rejected'".to_owned(),
            name => format!("a.{name}"),
        };
        let (names, values) = (names.join(", "), names.iter().map(value).collect::<Vec<_>>().join(", "));
        let copies = format!(
            "INSERT INTO applications ({names}) SELECT {values} FROM (SELECT * FROM applications LIMIT 1) a, units u \
             WHERE u.code LIKE 'copy%'"
        );
        break_by(url, &copies).await;
    }

    /// Takes the copies away again: nothing was ever written down of them.
    pub async fn uncopied(&self) {
        break_by(self.database_url(), "DELETE FROM applications WHERE state = 'rejected'").await;
        break_by(self.database_url(), "DELETE FROM units WHERE code LIKE 'copy%'").await;
    }
}

fn columns_of(sqlite: bool) -> String {
    if sqlite {
        "SELECT name FROM pragma_table_info('applications')".to_owned()
    } else {
        "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'applications'"
            .to_owned()
    }
}
