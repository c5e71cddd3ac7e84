//! The edge: bodies that do not come or swell, and who says where a request comes from.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use pingxuan_api::running::bootstrap::take_sqlite;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::world::{PASSWORD, instant};
use pingxuan_tests::{World, both};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What zeros are packed into: a thousand of them in a byte.
fn packed(zeros: usize) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(b"{\"username\": \"").unwrap();
    packer.write_all(&vec![b'0'; zeros]).unwrap();
    packer.write_all(b"\", \"password\": \"x\"}").unwrap();
    packer.finish().unwrap()
}

both! {
    async fn s_42_a_body_that_drips_is_cut(world: World) {
        let (other, running) = World::start_with(world.database_url(), |app| {
            app.edge.body_deadline = Duration::from_millis(400);
        }).await;
        let mut connection = TcpStream::connect(other.address()).await.unwrap();
        let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
        connection.write_all(head.as_bytes()).await.unwrap();
        let (mut reading, mut writing) = connection.split();
        let mut answer = String::new();
        let drip = async {
            // A byte now and then, for ever: the whole has a deadline, not each part.
            while writing.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            std::future::pending::<()>().await;
        };
        let read = async {
            let mut part = [0; 4096];
            while !answer.contains("request_id") {
                match reading.read(&mut part).await.unwrap() {
                    0 => break,
                    count => answer.push_str(&String::from_utf8_lossy(&part[..count])),
                }
            }
        };
        tokio::select! { () = drip => {}, () = read => {} }
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("\"code\":\"request_timeout\""), "{answer}");
        // Who sends what they have is not held up by it.
        world.office().await;
        other.log_in("office", PASSWORD).await.expect(200);
        let app = std::sync::Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.unwrap();
    }

    async fn s_41_a_body_that_swells_is_refused_by_what_it_swells_to(world: World) {
        let small = packed(20);
        let login = world.public().post("/auth/login").header("content-encoding", "gzip");
        login.body("application/json", small).await.refused(401, "invalid_credentials");
        let bomb = packed(100_000_000);
        assert!(bomb.len() < 200_000, "it is small on the way");
        let login = world.public().post("/auth/login").header("content-encoding", "gzip");
        login.body("application/json", bomb).await.refused(413, "payload_too_large");
    }

    async fn s_40_what_lies_too_deep_is_refused(world: World) {
        let office = world.office().await;
        let deep = format!("{{\"code\": {}1{}}}", "[".repeat(40), "]".repeat(40));
        office.post("/units").body("application/json", deep).await.refused(400, "malformed_json");
        let deepest = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        office.post("/units").body("application/json", deepest).await.refused(400, "malformed_json");
    }

    async fn c_44_security_txt_says_whom_to_tell_of_a_weakness(world: World) {
        const PLACE: &str = "/.well-known/security.txt";
        world.public().get(PLACE).await.refused(404, "not_found");
        let (other, running) = World::start_with(world.database_url(), |app| {
            app.edge.security_contact = Some("mailto:security@example.org".into());
        }).await;
        let told = other.public().get(PLACE).await.expect(200);
        assert_eq!(told.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(told.header("cache-control"), Some("public, max-age=300"));
        let lines: Vec<&str> = told.text.lines().collect();
        assert!(lines.contains(&"Contact: mailto:security@example.org"), "{told}");
        assert!(lines.contains(&"Preferred-Languages: zh, en"), "{told}");
        let expires: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("Expires: ")).collect();
        let [expires] = expires[..] else { panic!("{told}") };
        let expires = instant(expires);
        assert!(expires > other.now() && expires < other.now().plus_seconds(365 * 24 * 60 * 60), "{told}");
        let app = std::sync::Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.unwrap();
    }

    async fn s_68_a_forged_source_counts_for_nothing(world: World) {
        let office = world.office().await;
        let forged = office.post("/units").header("x-forwarded-for", "203.0.113.9").json(COUNTY.unit("江背镇"));
        let id = forged.await.expect(201).id();
        let address = async |object: String| {
            let events = world.auditor().await.get(&format!("/audit-events?object_id={object}")).await.expect(200);
            events.text_at("/items/0/address")
        };
        assert_eq!(address(id.to_string()).await, "127.0.0.1");
        let (other, running) = World::start_with(world.database_url(), |app| {
            app.edge.proxies = vec!["127.0.0.0/8".parse().unwrap()];
        }).await;
        let through = other.bearer(&office.token().await.unwrap());
        let sent = through.post("/units").header("x-forwarded-for", "6.6.6.6, 203.0.113.9").json(COUNTY.unit("高兴镇"));
        assert_eq!(address(sent.await.expect(201).id().to_string()).await, "203.0.113.9");
        // Wrong passwords are counted by that source too: its neighbour is not locked with it.
        let guess = async |source: &str, number: usize| {
            let body = json!({"username": format!("nobody-{number}"), "password": "wrong"});
            other.public().post("/auth/login").header("x-forwarded-for", source).json(body).await
        };
        for number in 0..100 {
            guess("203.0.113.9", number).await.refused(401, "invalid_credentials");
        }
        guess("203.0.113.9", 100).await.refused(429, "too_many_attempts");
        guess("203.0.113.10", 101).await.refused(401, "invalid_credentials");
        let app = std::sync::Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.unwrap();
    }
}

#[cfg(unix)]
#[test]
fn s_62_files_that_the_server_makes_are_its_own_alone() {
    use std::os::unix::fs::PermissionsExt;

    let outside = tempfile::tempdir().unwrap();
    let data = outside.path().join("county").join("data");
    let url = format!("sqlite:{}", data.join("pingxuan.sqlite").display());
    let taken = take_sqlite(&url).unwrap();
    actix_web::rt::System::new().block_on(async {
        let (world, running) = World::start(&url).await;
        world.office().await;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data), 0o700);
        assert_eq!(mode(data.parent().unwrap()), 0o700);
        for name in ["pingxuan.sqlite", "pingxuan.sqlite-wal", "pingxuan.sqlite-shm", "pingxuan.sqlite.lock"]
        {
            assert_eq!(mode(&data.join(name)), 0o600, "{name}");
        }
        let app = std::sync::Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.unwrap();
    });
    drop(taken);
}
