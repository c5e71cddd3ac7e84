//! The press: renders papers on threads of their own, a few at a time, and keeps the last ones for whoever asks again.

use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use actix_web::web::Bytes;
use moka::sync::Cache;
use pingxuan_documents::printing::{Fonts, Paper, docx, pdf};
use pingxuan_domain::ErrorCode;
use pingxuan_persistence::{canonical, digest_hex};

use super::PDF;
use super::settings::PrintingSettings;
use crate::problem::Failure;
use crate::queue::Queue;

/// Papers that are rendered at a time: each takes a thread and some tens of megabytes.
const AT_A_TIME: usize = 2;
/// How long somebody waits for the press.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of papers that are kept.
const KEPT: u64 = 16 * 1024 * 1024;

/// The fonts that are shipped, with those that the settings name.
fn named(settings: &PrintingSettings) -> Result<Fonts, String> {
    let mut fonts = Fonts::shipped();
    if let Some(folder) = &settings.fonts {
        fonts = fonts.with_folder(folder).map_err(|error| format!("PINGXUAN_FONTS: {error}."))?;
    }
    let (title, body) = &settings.families;
    if title.is_some() || body.is_some() {
        let families = fonts.with_families(title.as_deref(), body.as_deref());
        fonts = families.map_err(|error| format!("PINGXUAN_PRINT_FAMILIES: {error}."))?;
    }
    Ok(fonts)
}

/// What prints papers. A copy shares everything with it.
#[derive(Clone)]
pub struct Press {
    // To read those that are shipped takes a while and all their pages: whoever prints first does.
    fonts: Arc<OnceLock<Fonts>>,
    queue: Queue,
    kept: Cache<String, Bytes>,
    public_url: Option<String>,
    listening: Arc<RwLock<Option<String>>>,
}

impl fmt::Debug for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Press({} kept)", self.kept.entry_count())
    }
}

impl Press {
    /// A press with the fonts that the settings name beside its own.
    ///
    /// # Errors
    /// A sentence that says which font cannot be had.
    pub fn open(settings: &PrintingSettings) -> Result<Self, String> {
        let fonts = Arc::new(OnceLock::new());
        let (title, body) = &settings.families;
        if settings.fonts.is_some() || title.is_some() || body.is_some() {
            let named = named(settings)?;
            fonts.get_or_init(|| named);
        }
        let weight = |_: &String, bytes: &Bytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Ok(Self {
            fonts,
            queue: Queue::of(AT_A_TIME),
            kept: Cache::builder().max_capacity(KEPT).weigher(weight).build(),
            public_url: settings.public_url.clone(),
            listening: Arc::default(),
        })
    }

    /// What waits to be printed.
    #[must_use]
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Says where the server listens: papers lead there where nothing better is set.
    pub fn listens_at(&self, address: &str) {
        // The last one stays: a demonstration that furnishes itself has listened elsewhere before.
        *self.listening.write().unwrap_or_else(PoisonError::into_inner) = Some(address.to_owned());
    }

    /// Where people reach the service.
    #[must_use]
    pub fn address(&self) -> String {
        let listening = || self.listening.read().unwrap_or_else(PoisonError::into_inner).clone();
        let known = self.public_url.clone().or_else(listening);
        known.unwrap_or_else(|| "http://127.0.0.1:8080".to_owned())
    }

    /// A paper in a media type.
    ///
    /// # Errors
    /// 503 where too many wait, [`Failure::Internal`] where it cannot be rendered.
    pub async fn print(&self, paper: Paper, media_type: &'static str) -> Result<Bytes, Failure> {
        let key = digest_hex(format!("{media_type}{}", canonical(&paper)?).as_bytes());
        if let Some(kept) = self.kept.get(&key) {
            return Ok(kept);
        }
        let turn = tokio::time::timeout(PATIENCE, self.queue.turn()).await;
        let Ok(Ok(turn)) = turn else { return Err(Failure::of(ErrorCode::ServiceUnavailable)) };
        let fonts = Arc::clone(&self.fonts);
        let rendered = tokio::task::spawn_blocking(move || {
            // Whoever goes away leaves the paper to be finished; the next waits until it is.
            let _turn = turn;
            let fonts = fonts.get_or_init(Fonts::shipped);
            if media_type == PDF { pdf(&paper, fonts) } else { docx(&paper, fonts) }
        });
        let rendered = rendered.await.map_err(|error| Failure::Internal(format!("the press: {error}")))?;
        let bytes = Bytes::from(rendered.map_err(|error| Failure::Internal(format!("the press: {error}")))?);
        self.kept.insert(key, bytes.clone());
        Ok(bytes)
    }
}
