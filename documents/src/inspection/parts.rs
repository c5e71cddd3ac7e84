//! What the parts of a document must not say: macros, embedded objects, links that fetch, fields that run.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::{Kind, Limits, Refusal};
use crate::container::Layout;

/// The families of containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// ISO/IEC 29500.
    OfficeOpenXml,
    /// GB/T 33190.
    Ofd,
}

/// What a part is for, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    ContentTypes,
    Relationships,
    SharedStrings,
    OfdRoot,
    Other,
}

/// Looks out for what must not be there, over all parts of a document.
pub(super) struct Watch<'a> {
    family: Family,
    limits: &'a Limits,
    main: Option<Kind>,
    strings: u64,
    /// The instructions of fields of the part that is read.
    fields: String,
    in_field: bool,
}

const OFFICE_PARTS: [&str; 22] = [
    "xml", "rels", "vml", "png", "jpg", "jpeg", "jfif", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp",
    "webp", "svg", "odttf", "fntdata", "ttf", "otf", "psmdcp", "bin",
];
const OFD_PARTS: [&str; 17] = [
    "xml", "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "jb2", "gbig2", "ttf", "otf", "ttc", "cff",
    "esl", "dat", "xsd",
];
const XML_PARTS: [&str; 5] = ["xml", "rels", "vml", "svg", "xsd"];
/// Folders of what runs or comes from elsewhere, in small letters.
const ACTIVE_FOLDERS: [&str; 6] =
    ["/embeddings/", "/activex/", "/ctrlprops/", "/externallinks/", "/macrosheets/", "/dialogsheets/"];
/// Fields that run a program or fetch a file.
const ACTIVE_FIELDS: [&str; 7] =
    ["DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK", "MACROBUTTON"];
/// The main content types, behind `application/vnd.openxmlformats-officedocument.`.
const MAIN: [(&str, Kind); 2] =
    [("wordprocessingml.document.main+xml", Kind::Docx), ("spreadsheetml.sheet.main+xml", Kind::Xlsx)];
const OPEN_XML: &str = "application/vnd.openxmlformats-officedocument.";
const OFD: &str = "http://www.ofdspec.org";
/// Instructions of fields longer than this are nobody's.
const LONGEST_FIELDS: usize = 1 << 20;

impl<'a> Watch<'a> {
    pub fn new(family: Family, limits: &'a Limits) -> Self {
        Self { family, limits, main: None, strings: 0, fields: String::new(), in_field: false }
    }

    /// Whether a part of this path may be in it.
    pub fn admit(&self, path: &str) -> Result<(), Refusal> {
        let small = format!("/{}", path.to_lowercase());
        let allowed: &[&str] = match self.family {
            Family::OfficeOpenXml => &OFFICE_PARTS,
            Family::Ofd => &OFD_PARTS,
        };
        let printer = small.contains("/printersettings/");
        let active = self.family == Family::OfficeOpenXml
            && (ACTIVE_FOLDERS.iter().any(|folder| small.contains(folder))
                || small.contains("vbaproject")
                || (small.ends_with(".bin") && !printer));
        if active || !allowed.contains(&extension(&small)) {
            return Err(Refusal::active(path));
        }
        Ok(())
    }

    pub fn is_xml(&self, path: &str) -> bool {
        XML_PARTS.contains(&extension(&path.to_lowercase()))
    }

    pub fn part(&self, path: &str) -> Part {
        let small = path.to_lowercase();
        match self.family {
            Family::OfficeOpenXml if small == "[content_types].xml" => Part::ContentTypes,
            Family::OfficeOpenXml if small.ends_with(".rels") => Part::Relationships,
            Family::OfficeOpenXml if small.ends_with("sharedstrings.xml") => Part::SharedStrings,
            Family::Ofd if small == "ofd.xml" => Part::OfdRoot,
            Family::OfficeOpenXml | Family::Ofd => Part::Other,
        }
    }

    /// What the document is, by what its parts said.
    pub fn kind(&self, layout: &Layout) -> Option<Kind> {
        let main = self.main?;
        let (first, second) = match main {
            Kind::Docx => ("[Content_Types].xml", "word/document.xml"),
            Kind::Xlsx => ("[Content_Types].xml", "xl/workbook.xml"),
            Kind::Ofd | Kind::Pdf | Kind::Jpeg | Kind::Png | Kind::Mp4 => ("OFD.xml", "OFD.xml"),
        };
        (layout.find(first).is_some() && layout.find(second).is_some()).then_some(main)
    }

    /// Sees an event of a part.
    pub fn see(&mut self, part: Part, event: &Event<'_>) -> Result<(), Refusal> {
        match event {
            Event::Start(element) | Event::Empty(element) => {
                self.in_field = matches!(event, Event::Start(_))
                    && matches!(element.local_name().as_ref(), "instrText" | "delInstrText");
                self.element(part, element)
            }
            Event::Text(text) if self.in_field => {
                if self.fields.len() + text.len() > LONGEST_FIELDS {
                    return Err(Refusal::TooComplex { what: "fields", most: LONGEST_FIELDS as u64 });
                }
                self.fields.push_str(text);
                Ok(())
            }
            Event::End(_) => {
                self.in_field = false;
                Ok(())
            }
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_)
            | Event::Eof => Ok(()),
        }
    }

    /// Leaves a part.
    pub fn leave(&mut self, _part: Part) -> Result<(), Refusal> {
        instruction(&std::mem::take(&mut self.fields))
    }

    fn element(&mut self, part: Part, element: &BytesStart<'_>) -> Result<(), Refusal> {
        let name = element.local_name();
        match (part, name.as_ref()) {
            (Part::ContentTypes, "Override" | "Default") => self.content_type(element),
            (Part::Relationships, "Relationship") => relationship(element),
            (Part::SharedStrings, "si") => {
                self.strings += 1;
                let most = self.limits.strings;
                if self.strings > most {
                    return Err(Refusal::TooComplex { what: "shared strings", most });
                }
                Ok(())
            }
            (Part::OfdRoot, "OFD") => {
                let namespaces = element.attributes().flatten();
                let mut values = namespaces.filter_map(|attribute| value(&attribute));
                if values.any(|value| value.starts_with(OFD)) {
                    self.main = Some(Kind::Ofd);
                }
                Ok(())
            }
            (_, "fldSimple") => instruction(&attribute(element, "instr").unwrap_or_default()),
            (_, "script" | "foreignObject" | "oleObject" | "OLEObject" | "ddeLink" | "altChunk") => {
                Err(Refusal::active(name.as_ref()))
            }
            _ => Ok(()),
        }
    }

    fn content_type(&mut self, element: &BytesStart<'_>) -> Result<(), Refusal> {
        let declared = attribute(element, "ContentType").unwrap_or_default();
        let small = declared.to_ascii_lowercase();
        if ["macroenabled", "vbaproject", "activex", "oleobject", "html"]
            .iter()
            .any(|bad| small.contains(bad))
        {
            return Err(Refusal::active(declared));
        }
        let main = MAIN.iter().find(|(main, _)| declared.strip_prefix(OPEN_XML) == Some(main));
        if let Some((_, kind)) = main {
            self.main = Some(*kind);
        }
        Ok(())
    }
}

fn extension(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes().flatten();
    attributes.find(|attribute| attribute.key.local_name().as_ref() == name).and_then(|found| value(&found))
}

fn value(attribute: &quick_xml::events::attributes::Attribute<'_>) -> Option<String> {
    attribute.normalized_value(XmlVersion::Explicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// A relationship may point out of the document only as a link that a person follows.
fn relationship(element: &BytesStart<'_>) -> Result<(), Refusal> {
    let kind = attribute(element, "Type").unwrap_or_default();
    let target = attribute(element, "Target").unwrap_or_default();
    let external = attribute(element, "TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
    let kind = kind.rsplit('/').next().unwrap_or_default();
    let scheme = target.trim_start().to_ascii_lowercase();
    let named = scheme.contains(':') || scheme.starts_with("\\\\") || scheme.starts_with("//");
    let known = ["http://", "https://", "mailto:", "tel:"].iter().any(|start| scheme.starts_with(start));
    let followed = kind == "hyperlink" && (known || !named);
    let inside =
        !external && !scheme.contains("://") && !scheme.starts_with("\\\\") && !scheme.starts_with("//");
    let runs = ["oleObject", "vbaProject", "aFChunk", "control", "externalLink", "package"].contains(&kind);
    if runs || !(inside || followed) {
        return Err(Refusal::active(format!("{kind}: {target}")));
    }
    Ok(())
}

/// The instructions of fields: none of them may run or fetch.
fn instruction(text: &str) -> Result<(), Refusal> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    match words.find(|word| ACTIVE_FIELDS.iter().any(|field| word.eq_ignore_ascii_case(field))) {
        Some(word) => Err(Refusal::active(word)),
        None => Ok(()),
    }
}
