//! Files carried out of the store and into another: for backups.

use std::path::Path as FilePath;

use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::{Files, Kept};
use crate::problem::Failure;

impl Files {
    /// The places of everything that is kept.
    ///
    /// # Errors
    /// 503 where the store is away.
    pub async fn listed(&self) -> Result<Vec<String>, Failure> {
        let places = self.store.list(None).map_ok(|file| file.location.to_string());
        Ok(places.try_collect().await?)
    }

    /// Whether the store answers at all.
    ///
    /// # Errors
    /// 503 where the store is away.
    pub async fn answers(&self) -> Result<(), Failure> {
        match self.store.head(&Path::from("none")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Copies what is kept at a place into a file; answers whether it is still there.
    ///
    /// # Errors
    /// 503 where the store is away, [`Failure::Internal`] where the file cannot be written.
    pub async fn carry_out(&self, place: &str, file: &FilePath) -> Result<bool, Failure> {
        let mut pieces = match self.store.get(&Path::from(place)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            found => found?.into_stream(),
        };
        let mut into = tokio::fs::File::create(file).await?;
        while let Some(piece) = pieces.try_next().await? {
            into.write_all(&piece).await?;
        }
        into.flush().await?;
        Ok(true)
    }

    /// Keeps a file at a place of a store that had the same; it is there whole, or not at all.
    ///
    /// # Errors
    /// As [`Files::keep`].
    pub async fn carry_in(&self, place: &str, file: &FilePath) -> Result<(), Failure> {
        self.write(&Path::from(place), file).await
    }

    /// The place of a file.
    #[must_use]
    pub fn place_of(kept: Kept, id: Uuid) -> String {
        kept.place(id).to_string()
    }
}
