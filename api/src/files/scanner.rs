//! The virus scanner (clamd, `INSTREAM`): asked about every file before anybody can fetch it; where it is away, nothing is taken.

use std::path::Path;

use pingxuan_domain::ErrorCode;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::problem::Failure;

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// Host and port.
    Tcp(String),
    /// A socket in the file system.
    #[cfg(unix)]
    Unix(std::path::PathBuf),
}

/// What the scanner says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Nothing was found.
    Clean,
    /// This was found.
    Found(String),
}

impl Scanner {
    /// Reads `host:port` or `unix:/path`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        #[cfg(unix)]
        if let Some(path) = text.strip_prefix("unix:") {
            return path.starts_with('/').then(|| Self::Unix(path.into()));
        }
        let (host, port) = text.rsplit_once(':')?;
        (!host.is_empty() && port.parse::<u16>().is_ok()).then(|| Self::Tcp(text.to_owned()))
    }

    /// Asks about a file.
    ///
    /// # Errors
    /// 503 where it is away or answers nothing that it should.
    pub async fn ask(&self, file: &Path) -> Result<Word, Failure> {
        let asked = async {
            match self {
                Self::Tcp(address) => ask(TcpStream::connect(address).await?, file).await,
                #[cfg(unix)]
                Self::Unix(path) => ask(tokio::net::UnixStream::connect(path).await?, file).await,
            }
        };
        asked.await.map_err(|error: std::io::Error| {
            tracing::error!(%error, "the virus scanner is away");
            Failure::of(ErrorCode::ServiceUnavailable)
        })
    }
}

async fn ask(mut clamd: impl AsyncRead + AsyncWrite + Unpin, file: &Path) -> std::io::Result<Word> {
    let mut source = tokio::fs::File::open(file).await?;
    clamd.write_all(b"zINSTREAM\0").await?;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let count = source.read(&mut piece).await?;
        let length = u32::try_from(count).unwrap_or(u32::MAX);
        clamd.write_all(&length.to_be_bytes()).await?;
        if count == 0 {
            break;
        }
        clamd.write_all(piece.get(..count).unwrap_or_default()).await?;
    }
    let mut answer = Vec::new();
    clamd.take(4096).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let answer = answer.trim_end_matches('\0').trim();
    match answer.strip_prefix("stream: ").unwrap_or(answer) {
        "OK" => Ok(Word::Clean),
        other => match other.strip_suffix(" FOUND") {
            Some(name) => Ok(Word::Found(name.to_owned())),
            None => Err(std::io::Error::other(format!("clamd says '{answer}'"))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_30_a_scanner_is_named_by_host_and_port_or_by_its_socket() {
        assert_eq!(Scanner::read("clamav:3310"), Some(Scanner::Tcp("clamav:3310".into())));
        assert_eq!(Scanner::read("unix:/run/clamd.sock"), Some(Scanner::Unix("/run/clamd.sock".into())));
        for bad in ["", "clamav", ":3310", "clamav:", "unix:run", "clamav:99999"] {
            assert_eq!(Scanner::read(bad), None, "{bad}");
        }
    }

    #[tokio::test]
    async fn s_30_what_the_scanner_says_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, vec![7; 200_000]).unwrap();
        for (answer, word) in [
            ("stream: OK\0", Some(Word::Clean)),
            ("stream: Eicar-Test-Signature FOUND\0", Some(Word::Found("Eicar-Test-Signature".into()))),
            ("INSTREAM size limit exceeded. ERROR\0", None),
            ("", None),
        ] {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap().to_string();
            let clamd = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut greeting = [0; 10];
                stream.read_exact(&mut greeting).await.unwrap();
                assert_eq!(&greeting, b"zINSTREAM\0");
                let mut received = 0;
                loop {
                    let length = stream.read_u32().await.unwrap() as usize;
                    if length == 0 {
                        break;
                    }
                    let mut piece = vec![0; length];
                    stream.read_exact(&mut piece).await.unwrap();
                    received += length;
                }
                stream.write_all(answer.as_bytes()).await.unwrap();
                received
            });
            assert_eq!(Scanner::Tcp(address).ask(&file).await.ok(), word, "{answer}");
            assert_eq!(clamd.await.unwrap(), 200_000);
        }
        let nobody = Scanner::Tcp("127.0.0.1:1".into()).ask(&file).await;
        assert!(matches!(nobody, Err(Failure::Plain(fault)) if fault.code == ErrorCode::ServiceUnavailable));
    }
}
