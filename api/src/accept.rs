//! Which of several media types a caller wants (RFC 9110, section 12.5.1).

use std::cmp::Reverse;

/// Of the media types that there are, the one that an `Accept` header wants most, the first of equals; none where it takes
/// none of them.
#[must_use]
pub fn wanted<'a>(header: Option<&str>, offered: &[&'a str]) -> Option<&'a str> {
    let Some(header) = header.filter(|header| !header.trim().is_empty()) else {
        return offered.first().copied();
    };
    let ranges: Vec<Range<'_>> = header.split(',').map(Range::read).collect();
    let taken = offered.iter().filter_map(|offer| {
        let fitting = ranges.iter().filter_map(|range| Some((range.fits(offer)?, range.quality)));
        let (_, quality) = fitting.max_by_key(|(exactness, _)| *exactness)?;
        (quality > 0).then_some((*offer, quality))
    });
    taken
        .enumerate()
        .max_by_key(|(place, (_, quality))| (*quality, Reverse(*place)))
        .map(|(_, (offer, _))| offer)
}

/// One range of the header, with its quality in thousandths.
struct Range<'a> {
    media_type: &'a str,
    quality: u16,
}

impl<'a> Range<'a> {
    fn read(range: &'a str) -> Self {
        let mut parts = range.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let quality = quality.map_or(Some(1.0), |said| said.trim().parse::<f32>().ok());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
        let thousandths = (quality.unwrap_or(0.0).clamp(0.0, 1.0) * 1000.0).round() as u16;
        Self { media_type, quality: thousandths }
    }

    /// How exactly it names a media type, if it takes it.
    fn fits(&self, offer: &str) -> Option<u8> {
        let (kind, _) = offer.split_once('/')?;
        if self.media_type.eq_ignore_ascii_case(offer) {
            Some(2)
        } else if self.media_type.strip_suffix("/*").is_some_and(|named| named.eq_ignore_ascii_case(kind)) {
            Some(1)
        } else {
            (self.media_type == "*/*").then_some(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn the_best_of_what_there_is_is_answered() {
        let offered = ["application/json", "image/svg+xml"];
        for (header, answer) in [
            (None, Some(offered[0])),
            (Some(""), Some(offered[0])),
            (Some("*/*"), Some(offered[0])),
            (Some("application/*"), Some(offered[0])),
            (Some("image/svg+xml"), Some(offered[1])),
            (Some("IMAGE/*"), Some(offered[1])),
            (Some("image/avif,image/svg+xml,image/*,*/*;q=0.8"), Some(offered[1])),
            (Some("application/json;q=0.2, image/svg+xml; q=0.3"), Some(offered[1])),
            (Some("*/*, application/json;q=0"), Some(offered[1])),
            (Some("image/svg+xml;q=0"), None),
            (Some("text/html"), None),
            (Some("image/svg+xml;q=much"), None),
        ] {
            assert_eq!(wanted(header, &offered), answer, "{header:?}");
        }
    }
}
