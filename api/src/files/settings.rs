//! What the settings say of files: a folder, or a store that speaks S3; and the virus scanner.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::aws::AmazonS3Builder;
use object_store::prefix::PrefixStore;

use super::Files;
use super::scanner::Scanner;
use crate::secret::Secret;

/// Where files are to be kept.
#[derive(Clone, Debug)]
pub struct FilesSettings {
    /// The folder of files, or of those on their way to a store elsewhere.
    pub folder: PathBuf,
    /// The store, where it is no folder.
    pub s3: Option<S3>,
    /// The virus scanner.
    pub scanner: Option<Scanner>,
}

/// A store that speaks S3.
#[derive(Clone, Debug)]
pub struct S3 {
    /// The bucket, and what the names of files begin with in it.
    pub bucket: (String, String),
    /// Its address, where it is not Amazon's.
    pub endpoint: Option<String>,
    /// Its region.
    pub region: String,
    /// Who we are there.
    pub access_key: String,
    /// And what proves it.
    pub access_secret: Secret,
}

impl FilesSettings {
    /// Files in a folder.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), s3: None, scanner: None }
    }

    /// Reads what is set; `folder` is where files are without a word.
    ///
    /// # Errors
    /// A sentence that says what to mend.
    pub fn read(text: impl Fn(&str) -> Option<String>, folder: &Path) -> Result<Self, String> {
        let said = text("files");
        let scanner = text("clamd").map(|clamd| {
            Scanner::read(&clamd)
                .ok_or_else(|| format!("PINGXUAN_CLAMD is '{clamd}': write host:port or unix:/path."))
        });
        let scanner = scanner.transpose()?;
        let Some(bucket) = said.as_deref().and_then(|said| said.strip_prefix("s3://")) else {
            let folder = said.map_or_else(|| folder.to_owned(), PathBuf::from);
            return Ok(Self { folder, s3: None, scanner });
        };
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        if bucket.is_empty() {
            return Err("PINGXUAN_FILES names no bucket: write s3://bucket or s3://bucket/prefix.".into());
        }
        let wanted = |key: &str| {
            let variable = format!("PINGXUAN_{}", key.to_uppercase());
            text(key).ok_or_else(|| {
                format!("PINGXUAN_FILES is a store that speaks S3, and {variable} is not set.")
            })
        };
        let s3 = S3 {
            bucket: (bucket.to_owned(), prefix.trim_matches('/').to_owned()),
            endpoint: text("s3_endpoint"),
            region: text("s3_region").unwrap_or_else(|| "us-east-1".into()),
            access_key: wanted("s3_access_key")?,
            access_secret: wanted("s3_access_secret")?.into(),
        };
        Ok(Self { folder: folder.to_owned(), s3: Some(s3), scanner })
    }

    /// The files themselves.
    ///
    /// # Errors
    /// The operating system's, or that the store cannot be understood.
    pub fn open(&self) -> io::Result<Files> {
        let files = match &self.s3 {
            None => Files::in_folder(&self.folder)?,
            Some(s3) => {
                let mut builder = AmazonS3Builder::new()
                    .with_bucket_name(&s3.bucket.0)
                    .with_region(&s3.region)
                    .with_access_key_id(&s3.access_key)
                    .with_secret_access_key(s3.access_secret.expose())
                    .with_allow_http(true);
                if let Some(endpoint) = &s3.endpoint {
                    builder = builder.with_endpoint(endpoint).with_virtual_hosted_style_request(false);
                }
                let store = builder.build().map_err(io::Error::other)?;
                let store = PrefixStore::new(store, s3.bucket.1.as_str());
                Files::at(Arc::new(store), self.folder.join("spool"))?
            }
        };
        Ok(Files { scanner: self.scanner.clone(), ..files })
    }
}
