//! 跨源: which other origins' pages may call the service, and what they may read of its answers (WHATWG Fetch, section 3.2).

use actix_web::http::header::{self, HeaderMap, HeaderValue};

/// What a page of another origin may read beside the body.
const EXPOSED: &str = "ETag, Location, Link, Retry-After, X-Request-Id, Idempotent-Replayed, Deprecation, Sunset, Allow, \
                       Content-Disposition, Content-Language, WWW-Authenticate, traceresponse";
/// What such a page may send.
const TAKEN: &str = "Authorization, Content-Type, Accept, Accept-Language, If-Match, If-None-Match, Idempotency-Key, X-Request-Id, \
                     traceparent, tracestate";
/// Seconds for which a browser may keep what a preflight said.
const KEPT: &str = "600";

/// The origins whose pages may call the service: none but its own where the list is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(Vec<String>);

impl Origins {
    /// Reads a list of origins such as `https://pingxuan.example.org`, separated by commas.
    ///
    /// # Errors
    /// The first that is no origin: scheme, host and port alone, written as browsers write them.
    pub fn read(list: &str) -> Result<Self, String> {
        let named = list.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        let read = named
            .map(|origin| if is_origin(origin) { Ok(origin.to_owned()) } else { Err(origin.to_owned()) });
        Ok(Self(read.collect::<Result<_, _>>()?))
    }

    /// Writes what an allowed origin may do into an answer; to all others the answer is as if nobody else had asked.
    pub fn answer(&self, asked: Option<&HeaderValue>, preflight: Option<&str>, headers: &mut HeaderMap) {
        let Some(origin) = asked.filter(|origin| self.allows(origin)) else { return };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        match preflight.and_then(|methods| HeaderValue::from_str(methods).ok()) {
            Some(methods) => {
                headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
                headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(TAKEN));
                headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(KEPT));
            }
            None => {
                headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
            }
        }
    }

    /// An origin is on the list to the letter, or not at all.
    fn allows(&self, origin: &HeaderValue) -> bool {
        self.0.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes())
    }
}

/// Scheme, host and perhaps a port, in lower case, without a path.
fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let place = rest
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte));
    matches!(scheme, "http" | "https") && !rest.is_empty() && place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_origins_holds_origins_alone() {
        let read = Origins::read(" https://a.example.org, http://localhost:5173 ,").unwrap();
        assert_eq!(read.0, ["https://a.example.org", "http://localhost:5173"]);
        for wrong in [
            "*",
            "null",
            "a.example.org",
            "https://a.example.org/",
            "https://A.example.org",
            "ftp://a",
            "https://",
        ] {
            assert_eq!(Origins::read(wrong), Err(wrong.to_owned()));
        }
    }

    #[test]
    fn an_origin_is_allowed_to_the_letter() {
        let origins = Origins::read("https://a.example.org").unwrap();
        let told = |origin: &str, preflight| {
            let mut headers = HeaderMap::new();
            origins.answer(Some(&HeaderValue::from_str(origin).unwrap()), preflight, &mut headers);
            let text =
                |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
            (text(header::ACCESS_CONTROL_ALLOW_ORIGIN), text(header::ACCESS_CONTROL_ALLOW_METHODS))
        };
        let allowed = Some("https://a.example.org".to_owned());
        assert_eq!(told("https://a.example.org", None), (allowed.clone(), None));
        assert_eq!(told("https://a.example.org", Some("GET, HEAD")), (allowed, Some("GET, HEAD".to_owned())));
        for evil in
            ["https://a.example.org.evil.test", "https://evil-a.example.org", "http://a.example.org", "null"]
        {
            assert_eq!(told(evil, Some("GET")), (None, None), "{evil}");
        }
    }
}
