//! Raw messages: where a message ends is told in one way, and what is too long is refused before anything is done (S-43, S-44).

use pingxuan_tests::{World, both};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The beginning of what is answered to bytes as they are; the connection is left open by the client.
async fn answered(world: &World, message: &[u8]) -> String {
    let mut connection = TcpStream::connect(world.address()).await.unwrap();
    // The server may refuse before it has read everything.
    let _ = connection.write_all(message).await;
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        match connection.read(&mut part).await {
            Ok(0) | Err(_) => break,
            Ok(count) => answer.extend_from_slice(&part[..count]),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// A log-in that ends in one of two ways, and behind it what a smuggler would have read as a message of its own.
fn smuggling(headers: &str) -> Vec<u8> {
    let smuggled = "0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    format!("POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{smuggled}").into_bytes()
}

both! {
    async fn s_43_a_message_ends_in_one_way_or_is_refused(world: World) {
        let table = [
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked, identity",
            "Content-Length: +5",
            "Content-Length: 0x5",
            "Content-Length: 5, 6",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Content-Length : 5",
        ];
        for headers in table {
            let answer = answered(&world, &smuggling(headers)).await;
            assert!(answer.starts_with("HTTP/1.1 400 "), "{headers}: {answer}");
            assert!(!answer.contains("200 OK"), "{headers}: {answer}");
        }
        let old = b"POST /api/v1/auth/login HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
        for (what, message) in [
            ("an old message in pieces", &old[..]),
            ("no host", b"GET /health/live HTTP/1.1\r\n\r\n"),
            ("two hosts", b"GET /health/live HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
            ("a header that goes on in the next line", b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n"),
            ("a control character in a header", b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: b\x00c\r\n\r\n"),
            ("no version", b"GET /health/live\r\nHost: x\r\n\r\n"),
            ("another protocol", b"GET /health/live HTTP/3.0\r\nHost: x\r\n\r\n"),
        ] {
            let answer = answered(&world, message).await;
            assert!(answer.starts_with("HTTP/1.1 400 ") || answer.is_empty(), "{what}: {answer}");
        }
        let whole = answered(&world, b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(whole.starts_with("HTTP/1.1 200 "), "{whole}");
    }

    async fn s_44_headers_and_addresses_have_a_length(world: World) {
        let asked = async |path: &str, headers: &str| {
            answered(&world, format!("GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n").as_bytes()).await
        };
        let long = "a".repeat(9000);
        for path in [format!("/api/v1/public/notices?cursor={long}"), format!("/{long}"), format!("/api/v1/units/{long}")] {
            let answer = asked(&path, "").await;
            assert!(answer.starts_with("HTTP/1.1 414 "), "{answer}");
            assert!(answer.contains("application/problem+json"), "{answer}");
        }
        let just = "a".repeat(8192 - "/api/v1/public/notices?cursor=".len());
        let answer = asked(&format!("/api/v1/public/notices?cursor={just}"), "").await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        let many: String = (0..1000).map(|number| format!("p{number}=1&")).collect();
        let answer = asked(&format!("/api/v1/public/notices?{}", many.trim_end_matches('&')), "").await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        let huge = format!("X-A: {}\r\n", "a".repeat(200_000));
        let crowd: String = (0..150).map(|number| format!("X-{number}: 1\r\n")).collect();
        for headers in [huge, crowd] {
            let answer = asked("/health/live", &headers).await;
            assert!(answer.starts_with("HTTP/1.1 431 ") || answer.starts_with("HTTP/1.1 400 "), "{answer}");
        }
    }
}
