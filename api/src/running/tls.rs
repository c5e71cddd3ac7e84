//! TLS: the certificate, the key that fits it, and their renewal without a restart.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};

/// How often it is looked whether the files have changed.
pub const EVERY: Duration = Duration::from_secs(60);

/// Where certificate and key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those between it and the authority's, as PEM.
    pub certificate: PathBuf,
    /// Its private key, as PEM.
    pub key: PathBuf,
    /// How often it is looked whether they have changed.
    pub every: Duration,
}

/// The pair that is shown to clients, and the files that it is from.
pub struct Certificates {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    shown: RwLock<Arc<CertifiedKey>>,
    seen: Mutex<Seen>,
}

/// When the files were changed last: the certificate, the key.
type Seen = (Option<SystemTime>, Option<SystemTime>);

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").field("files", &self.files).finish_non_exhaustive()
    }
}

impl Certificates {
    /// Reads the files.
    ///
    /// # Errors
    /// A sentence that says what to mend.
    pub fn read(files: TlsFiles) -> Result<Self, String> {
        // Named here and nowhere the process's: another library brings a second one along.
        let provider = Arc::new(aws_lc_rs::default_provider());
        let seen = Mutex::new(changed(&files));
        let shown = RwLock::new(Arc::new(pair(&files, &provider)?));
        Ok(Self { files, provider, shown, seen })
    }

    /// What the server listens with: TLS 1.2 or 1.3, and nothing older.
    ///
    /// # Errors
    /// A sentence, where the library refuses its own choice.
    pub fn config(self: &Arc<Self>) -> Result<ServerConfig, String> {
        let builder = ServerConfig::builder_with_provider(Arc::clone(&self.provider));
        let builder = builder
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(|error| format!("TLS cannot be set up: {error}."))?;
        let resolver: Arc<dyn ResolvesServerCert> = Arc::clone(self) as _;
        Ok(builder.with_no_client_auth().with_cert_resolver(resolver))
    }

    /// Reads the files again if they have changed. A pair that does not fit is told to the log, and the one before stays.
    pub fn renew(&self) {
        let now = changed(&self.files);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == now {
            return;
        }
        match pair(&self.files, &self.provider) {
            Ok(pair) => {
                *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
                tracing::info!("a renewed certificate is shown from now on");
            }
            // Certificate and key are written one after the other: the second changes what was seen once more.
            Err(sentence) => tracing::warn!("the certificate stays as it was: {sentence}"),
        }
        *seen = now;
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&*self.shown.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Looks again and again whether the files have changed, apart from the requests.
pub async fn keep_renewing(certificates: Arc<Certificates>) {
    loop {
        tokio::time::sleep(certificates.files.every).await;
        let looking = Arc::clone(&certificates);
        if tokio::task::spawn_blocking(move || looking.renew()).await.is_err() {
            tracing::warn!("the certificate could not be looked at");
        }
    }
}

fn changed(files: &TlsFiles) -> Seen {
    let at = |file: &Path| fs::metadata(file).and_then(|about| about.modified()).ok();
    (at(&files.certificate), at(&files.key))
}

fn pair(files: &TlsFiles, provider: &CryptoProvider) -> Result<CertifiedKey, String> {
    let certificate = text("PINGXUAN_TLS_CERTIFICATE", &files.certificate)?;
    let key = text("PINGXUAN_TLS_KEY", &files.key)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&certificate).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| {
        format!(
            "PINGXUAN_TLS_CERTIFICATE, {}: there is no certificate in PEM in it.",
            files.certificate.display()
        )
    })?;
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|_| {
        format!("PINGXUAN_TLS_KEY, {}: there is no private key in PEM in it.", files.key.display())
    })?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| {
        format!(
            "PINGXUAN_TLS_KEY, {}: the key does not fit the certificate of PINGXUAN_TLS_CERTIFICATE, {} ({error}).",
            files.key.display(),
            files.certificate.display()
        )
    })
}

fn text(variable: &str, file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("{variable}, {}: it cannot be read: {error}.", file.display()))
}
