//! The fonts that papers are printed with: those that are shipped, and those of the office's own folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontInstance, FontVariant, FontVariations};
use typst::utils::LazyHash;

use super::PrintingError;
use super::paper::Language;

/// The families that are shipped: for English, for Chinese, and for marks that those lack.
const LATIN: &str = "Noto Serif";
const HAN: &str = "Noto Serif CJK SC";
const MARKS: &str = "Noto Sans Symbols2";

static FILES: [&[u8]; 5] = [
    include_bytes!("../../fonts/NotoSerifCJKsc-Regular.otf"),
    include_bytes!("../../fonts/NotoSerifCJKsc-Bold.otf"),
    include_bytes!("../../fonts/NotoSerif-Regular.ttf"),
    include_bytes!("../../fonts/NotoSerif-Bold.ttf"),
    include_bytes!("../../fonts/NotoSansSymbols2-Regular.ttf"),
];

/// Fonts that are loaded once and shared: a clone costs a reference.
#[derive(Clone)]
pub struct Fonts(Arc<Loaded>);

#[derive(Clone)]
struct Loaded {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// The same, as they are asked for their glyphs.
    faces: Vec<FontInstance>,
    title: Option<String>,
    body: Option<String>,
}

impl Default for Fonts {
    fn default() -> Self {
        Self::shipped()
    }
}

impl Fonts {
    /// The fonts that are shipped. They stay in the program's own pages and are not copied.
    #[must_use]
    pub fn shipped() -> Self {
        let fonts = FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
        Self::of(fonts, None, None)
    }

    fn of(fonts: Vec<Font>, title: Option<String>, body: Option<String>) -> Self {
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        let face = |font: &Font| {
            font.clone().instantiate(FontVariant::default(), Abs::pt(10.0), &FontVariations::default())
        };
        let faces = fonts.iter().map(face).collect();
        Self(Arc::new(Loaded { book, fonts, faces, title, body }))
    }

    /// Adds all fonts (TTF, OTF, TTC) of a folder, in the order of their file names.
    pub fn with_folder(&self, folder: &Path) -> Result<Self, PrintingError> {
        let unreadable = |error| PrintingError::Folder(folder.to_owned(), error);
        let entries = std::fs::read_dir(folder).map_err(unreadable)?;
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()
            .map_err(unreadable)?;
        files.retain(|file| is_font(file));
        files.sort();
        let mut fonts = self.0.fonts.clone();
        for file in files {
            let before = fonts.len();
            fonts.extend(Font::iter(Bytes::new(std::fs::read(&file).map_err(unreadable)?)));
            if fonts.len() == before {
                return Err(PrintingError::NoFont(file));
            }
        }
        Ok(Self::of(fonts, self.0.title.clone(), self.0.body.clone()))
    }

    /// Names the families for titles and for all else; what they lack is taken from the shipped ones.
    pub fn with_families(&self, title: Option<&str>, body: Option<&str>) -> Result<Self, PrintingError> {
        let unknown = |family: &&str| !self.0.book.contains_family(&family.to_lowercase());
        if let Some(family) = title.into_iter().chain(body).find(unknown) {
            return Err(PrintingError::NoFamily(family.to_owned()));
        }
        Ok(Self::of(self.0.fonts.clone(), title.map(str::to_owned), body.map(str::to_owned)))
    }

    /// Whether a character can be printed: some font has a glyph for it. Marks that are set on the character before count as
    /// missing, as the two are drawn only where one font has both.
    #[must_use]
    pub fn has(&self, character: char) -> bool {
        let drawn = |face: &FontInstance| face.ttf().glyph_index(character).is_some_and(|glyph| glyph.0 != 0);
        !is_combining(character) && self.0.faces.iter().any(drawn)
    }

    /// The family named for titles, or else the one for all.
    pub(crate) fn title(&self) -> Option<&str> {
        self.0.title.as_deref().or(self.body())
    }

    /// The family named for all but titles.
    pub(crate) fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// The families to look into, one after the other.
    pub(crate) fn families<'a>(&self, first: Option<&'a str>, language: Language) -> Vec<&'a str> {
        let latin = match language {
            Language::Zh => None,
            Language::En => Some(LATIN),
        };
        first.into_iter().chain(latin).chain([HAN, MARKS]).collect()
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.0.book
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.0.fonts.get(index).cloned()
    }
}

fn is_font(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["ttf", "otf", "ttc", "otc"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn is_combining(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}'
            | '\u{483}'..='\u{489}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{302a}'..='\u{302f}'
            | '\u{3099}'..='\u{309a}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}
