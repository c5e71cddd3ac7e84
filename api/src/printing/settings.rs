//! What the settings say of printed papers: further fonts, and where people reach the service.

use std::path::PathBuf;

/// Fonts and address of what is printed.
#[derive(Clone, Debug, Default)]
pub struct PrintingSettings {
    /// A folder with further fonts.
    pub fonts: Option<PathBuf>,
    /// The font families of titles and of texts.
    pub families: (Option<String>, Option<String>),
    /// Where people reach the service.
    pub public_url: Option<String>,
}

impl PrintingSettings {
    /// Reads what is set.
    ///
    /// # Errors
    /// A sentence that says what to mend.
    pub fn read(text: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let public_url = text("public_url").map(|url| {
            let known = ["http://", "https://"]
                .iter()
                .any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
            let url = url.trim_end_matches('/').to_owned();
            if known && url.len() <= 200 {
                Ok(url)
            } else {
                Err(format!("PINGXUAN_PUBLIC_URL is '{url}': write https://… or http://…."))
            }
        });
        let families = text("print_families").unwrap_or_default();
        let (title, body) = families.split_once(',').unwrap_or((&families, &families));
        let family = |name: &str| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        Ok(Self {
            fonts: text("fonts").map(PathBuf::from),
            families: (family(title), family(body)),
            public_url: public_url.transpose()?,
        })
    }
}
