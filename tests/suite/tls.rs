//! TLS: its versions, plain HTTP at its door, and certificates that are renewed while the server runs (S-61).

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pingxuan_api::running::tls::{Certificates, TlsFiles};
use pingxuan_tests::{World, both};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned, SupportedProtocolVersion,
};

const HOST: &str = "pingxuan.example.org";

/// A certificate of its own, in the two files of a folder.
fn write_pair(folder: &Path) -> (TlsFiles, CertificateDer<'static>) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec![HOST.to_owned()]).unwrap();
    let files = TlsFiles {
        certificate: folder.join("certificate.pem"),
        key: folder.join("key.pem"),
        every: Duration::from_millis(50),
    };
    fs::write(&files.certificate, cert.pem()).unwrap();
    fs::write(&files.key, signing_key.serialize_pem()).unwrap();
    (files, cert.der().clone())
}

/// What the server answers to `GET /health/live`, to a client that trusts one certificate and speaks one version.
fn asked(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
) -> std::io::Result<(String, Option<ProtocolVersion>)> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let host = ServerName::try_from(HOST).unwrap();
    let connection = ClientConnection::new(Arc::new(config), host).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, connect(address));
    let request = format!("GET /health/live HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        // The server may close the connection without saying so first; the answer says itself whether it is whole.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof && !answer.is_empty() => {}
        other => {
            other?;
        }
    }
    Ok((String::from_utf8_lossy(&answer).into_owned(), stream.conn.protocol_version()))
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// All that comes back to what is sent as it is.
fn sent_raw(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = connect(address);
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    // A connection that is reset has been closed too.
    while let Ok(count @ 1..) = stream.read(&mut part) {
        answer.extend_from_slice(&part[..count]);
    }
    answer
}

/// The first words of a client that knows TLS 1.1 and nothing newer.
fn hello_of_1_1() -> Vec<u8> {
    let suites = [0xc0, 0x13, 0xc0, 0x09, 0x00, 0x2f];
    // Groups, point formats, and the ways of signing, without which a newer server does not read on.
    let extensions = [
        0x00, 0x0a, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17, 0x00, 0x0b, 0x00, 0x02, 0x01, 0x00, 0x00, 0x0d, 0x00,
        0x04, 0x00, 0x02, 0x04, 0x03,
    ];
    let mut hello = vec![0x03, 0x02];
    hello.extend([7; 32]);
    hello.push(0);
    hello.extend([0, suites.len() as u8]);
    hello.extend(suites);
    hello.extend([1, 0]);
    hello.extend([0, extensions.len() as u8]);
    hello.extend(extensions);
    let mut record = vec![0x16, 0x03, 0x01, 0, hello.len() as u8 + 4, 0x01, 0, 0, hello.len() as u8];
    record.extend(hello);
    record
}

/// Tells a story to a server that speaks TLS, apart from its own thread.
async fn on_tls(world: &World, files: TlsFiles, story: impl FnOnce(SocketAddr) + Send + 'static) {
    let certificates = Arc::new(Certificates::read(files).unwrap());
    let (_other, running) =
        World::start_with(world.database_url(), |app| app.edge.certificates = Some(certificates)).await;
    let address = running.address;
    let told = actix_web::rt::task::spawn_blocking(move || story(address)).await;
    let app = Arc::clone(&running.app);
    running.stop().await;
    app.db.clone().close().await.unwrap();
    told.unwrap();
}

both! {
    async fn s_61_tls_1_3_and_1_2_are_spoken_and_nothing_older(world: World) {
        let folder = tempfile::tempdir().unwrap();
        let (files, certificate) = write_pair(folder.path());
        on_tls(&world, files, move |address| {
            for (version, name) in [(&TLS13, ProtocolVersion::TLSv1_3), (&TLS12, ProtocolVersion::TLSv1_2)] {
                let (answer, spoken) = asked(address, &certificate, version).unwrap();
                assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(r#"{"status":"ok"}"#), "{answer}");
                assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
                assert_eq!(spoken, Some(name));
            }
            // An alert (21) that is fatal (2): protocol_version (70).
            let refused = sent_raw(address, &hello_of_1_1());
            assert_eq!((refused.first(), refused.get(5..)), (Some(&21), Some([2, 70].as_slice())), "{refused:?}");
        }).await;
    }

    async fn s_61_plain_http_at_the_port_of_tls_gets_no_answer(world: World) {
        let folder = tempfile::tempdir().unwrap();
        let (files, _) = write_pair(folder.path());
        on_tls(&world, files, |address| {
            let answer = sent_raw(address, b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assert!(!String::from_utf8_lossy(&answer).contains("HTTP"), "{answer:?}");
        }).await;
    }

    async fn s_61_a_renewed_certificate_is_shown_without_a_restart(world: World) {
        let folder = tempfile::tempdir().unwrap();
        let (files, first) = write_pair(folder.path());
        let place = folder.path().to_owned();
        on_tls(&world, files.clone(), move |address| {
            asked(address, &first, &TLS13).unwrap();
            // A key that does not fit changes nothing.
            let key = fs::read(&files.key).unwrap();
            let other = generate_simple_self_signed(vec![HOST.to_owned()]).unwrap();
            fs::write(&files.key, other.signing_key.serialize_pem()).unwrap();
            std::thread::sleep(Duration::from_millis(400));
            asked(address, &first, &TLS13).unwrap();
            fs::write(&files.key, key).unwrap();
            let (_, second) = write_pair(&place);
            let shown = || asked(address, &second, &TLS13).is_ok();
            let soon = (0..100).any(|_| {
                std::thread::sleep(Duration::from_millis(100));
                shown()
            });
            assert!(soon, "the renewed certificate is shown");
            assert!(asked(address, &first, &TLS13).is_err(), "and the one before no more");
        }).await;
    }
}

#[test]
fn s_61_a_pair_that_cannot_be_used_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |files: &TlsFiles, said: &[&str]| {
        let sentence = Certificates::read(files.clone()).unwrap_err();
        assert!(said.iter().all(|part| sentence.contains(part)), "{sentence}");
    };
    let (files, _) = write_pair(folder.path());
    Certificates::read(files.clone()).unwrap();
    let other = generate_simple_self_signed(vec![HOST.to_owned()]).unwrap();
    fs::write(&files.key, other.signing_key.serialize_pem()).unwrap();
    refused(&files, &["PINGXUAN_TLS_KEY", "does not fit", "PINGXUAN_TLS_CERTIFICATE"]);
    fs::write(&files.key, "no key").unwrap();
    refused(&files, &["PINGXUAN_TLS_KEY", "no private key"]);
    fs::write(&files.certificate, other.signing_key.serialize_pem()).unwrap();
    refused(&files, &["PINGXUAN_TLS_CERTIFICATE", "no certificate"]);
    fs::remove_file(&files.key).unwrap();
    refused(&files, &["PINGXUAN_TLS_KEY", "cannot be read"]);
    fs::remove_file(&files.certificate).unwrap();
    refused(&files, &["PINGXUAN_TLS_CERTIFICATE", "cannot be read"]);
}
