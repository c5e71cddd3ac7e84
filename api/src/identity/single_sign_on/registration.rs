//! What the settings say of the identity provider, and of this service as the provider knows it.

use std::net::IpAddr;

use reqwest::Url;
use secrecy::SecretString;

/// The claim that names the account where the settings name none.
const CLAIM: &str = "preferred_username";
/// The page that the provider sends browsers back to, below the address of this service.
const CALLBACK: &str = "/api/v1/auth/oidc/callback";
/// The settings that mean something beside an issuer alone.
const OTHERS: [&str; 4] = ["oidc_client_id", "oidc_client_secret", "oidc_claim", "oidc_return_url"];

/// This service, as the identity provider knows it.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The provider's name for itself: an address, to the letter.
    pub issuer: String,
    /// The provider's name for this service.
    pub client_id: String,
    /// What this service shows to redeem a code, where the provider has given it something.
    pub client_secret: Option<SecretString>,
    /// The claim whose value is the username of the account.
    pub claim: String,
    /// The page of the front end to which browsers are sent in the end.
    pub return_url: Option<String>,
    /// Where the provider sends browsers back to.
    pub redirect_uri: String,
    /// Whether browsers reach this service by TLS.
    pub secure: bool,
}

impl Registration {
    /// Reads the settings by their keys; none where they name no issuer.
    ///
    /// # Errors
    /// A sentence that says what to mend.
    pub fn read(text: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, String> {
        let public_url = text("public_url").map(|url| address("PINGXUAN_PUBLIC_URL", url)).transpose()?;
        let Some(issuer) = text("oidc_issuer") else {
            return match OTHERS.iter().find(|key| text(key).is_some()) {
                Some(key) => Err(format!(
                    "{} is set, and no identity provider is named: write its address in PINGXUAN_OIDC_ISSUER.",
                    variable(key)
                )),
                None => Ok(None),
            };
        };
        let (issuer, _) = address("PINGXUAN_OIDC_ISSUER", issuer)?;
        let client_id = text("oidc_client_id").ok_or(
            "PINGXUAN_OIDC_ISSUER is set, and PINGXUAN_OIDC_CLIENT_ID is not: write the name that the identity provider has \
             given this service.",
        )?;
        let (public_url, url) = public_url.ok_or(
            "PINGXUAN_OIDC_ISSUER is set, and PINGXUAN_PUBLIC_URL is not: write the address of this service as browsers see \
             it, such as https://pingxuan.example.org.",
        )?;
        let return_url = text("oidc_return_url").map(|page| address("PINGXUAN_OIDC_RETURN_URL", page));
        Ok(Some(Self {
            issuer,
            client_id,
            client_secret: text("oidc_client_secret").map(SecretString::from),
            claim: text("oidc_claim").unwrap_or_else(|| CLAIM.to_owned()),
            return_url: return_url.transpose()?.map(|(_, page)| page.to_string()),
            redirect_uri: format!("{}{CALLBACK}", public_url.trim_end_matches('/')),
            secure: url.scheme() == "https",
        }))
    }

    /// The path of the pages of this service that single sign-on uses, as browsers see it.
    #[must_use]
    pub fn path(&self) -> String {
        let path = Url::parse(&self.redirect_uri).map(|url| url.path().to_owned()).unwrap_or_default();
        path.trim_end_matches("/callback").to_owned()
    }
}

fn variable(key: &str) -> String {
    format!("PINGXUAN_{}", key.to_uppercase())
}

/// An address as it was written, where codes and tokens may go there.
fn address(variable: &str, text: String) -> Result<(String, Url), String> {
    let url = Url::parse(&text).ok().filter(|url| {
        let bare = url.query().is_none() && url.username().is_empty() && url.password().is_none();
        url.fragment().is_none() && (bare || variable == "PINGXUAN_OIDC_RETURN_URL")
    });
    let url = url.ok_or_else(|| {
        format!("{variable} is '{text}': write an address such as https://sso.example.org, and nothing behind its path.")
    })?;
    if is_safe(&url) {
        Ok((text, url))
    } else {
        Err(format!(
            "{variable} is '{text}': write an address that begins with https://; http:// is for this machine alone."
        ))
    }
}

/// Whether nobody on the way can read what is sent there: by TLS, or on this machine.
pub(super) fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Whether an address is on this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<Option<Registration>, String> {
        let found =
            |key: &str| settings.iter().find(|(name, _)| *name == key).map(|(_, text)| (*text).to_owned());
        Registration::read(found)
    }

    const WHOLE: [(&str, &str); 3] = [
        ("oidc_issuer", "https://sso.example.org/realms/county"),
        ("oidc_client_id", "pingxuan"),
        ("public_url", "https://pingxuan.example.org/"),
    ];

    #[test]
    fn s_10_single_sign_on_is_off_until_an_issuer_is_named() {
        assert!(read(&[]).unwrap().is_none());
        assert!(read(&[("public_url", "https://pingxuan.example.org")]).unwrap().is_none());
        let read = read(&WHOLE).unwrap().unwrap();
        assert_eq!(read.issuer, "https://sso.example.org/realms/county");
        assert_eq!(read.claim, "preferred_username");
        assert_eq!(read.redirect_uri, "https://pingxuan.example.org/api/v1/auth/oidc/callback");
        assert_eq!((read.path().as_str(), read.secure), ("/api/v1/auth/oidc", true));
    }

    #[test]
    fn s_10_settings_that_make_no_sense_are_refused_with_a_sentence() {
        let with = |key: &'static str, text: &'static str| {
            let mut settings: Vec<_> = WHOLE.iter().copied().filter(|(name, _)| *name != key).collect();
            settings.extend((!text.is_empty()).then_some((key, text)));
            read(&settings)
        };
        for (key, text, named) in [
            ("oidc_issuer", "", "PINGXUAN_OIDC_CLIENT_ID is set"),
            ("oidc_issuer", "http://sso.example.org", "PINGXUAN_OIDC_ISSUER"),
            ("oidc_issuer", "ftp://sso.example.org", "PINGXUAN_OIDC_ISSUER"),
            ("oidc_issuer", "sso.example.org", "PINGXUAN_OIDC_ISSUER"),
            ("oidc_issuer", "https://sso.example.org/?realm=county", "PINGXUAN_OIDC_ISSUER"),
            ("oidc_client_id", "", "PINGXUAN_OIDC_CLIENT_ID is not"),
            ("public_url", "", "PINGXUAN_PUBLIC_URL is not"),
            ("public_url", "http://pingxuan.example.org", "PINGXUAN_PUBLIC_URL"),
            ("public_url", "https://who:what@pingxuan.example.org", "PINGXUAN_PUBLIC_URL"),
            ("oidc_return_url", "https://pages.example.org/#in", "PINGXUAN_OIDC_RETURN_URL"),
            ("oidc_return_url", "http://pages.example.org/", "PINGXUAN_OIDC_RETURN_URL"),
        ] {
            let sentence = with(key, text).unwrap_err();
            assert!(sentence.contains(named) && sentence.ends_with('.'), "{key}={text}: {sentence}");
        }
        // What is written into a header is written as headers are.
        let page =
            with("oidc_return_url", "https://评选.example.org/登录").unwrap().unwrap().return_url.unwrap();
        assert!(page.is_ascii() && page.starts_with("https://xn--"), "{page}");
        for (key, text) in [
            ("oidc_issuer", "http://127.0.0.1:4000"),
            ("oidc_issuer", "http://[::1]:4000"),
            ("public_url", "http://localhost:8080"),
            ("oidc_return_url", "https://pages.example.org/in?from=sso"),
        ] {
            assert!(with(key, text).unwrap().is_some(), "{key}={text}");
        }
    }
}
