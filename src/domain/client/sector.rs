//! Which clients may know a person by the same pairwise name (OpenID Connect Core §8.1).

use std::collections::BTreeSet;

use url::Url;

use super::metadata::ClientMetadata;
use super::methods::SubjectType;

/// Why there is no one sector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SectorError {
    #[error("is no address with a host")]
    BadUri,
    #[error("is needed for subject_type pairwise, since the redirect_uris have several hosts, or none")]
    Ambiguous,
}

impl ClientMetadata {
    /// The host that names this client's sector; `None` where people have their public name, or where there are none.
    ///
    /// # Errors
    /// If neither `sector_identifier_uri` nor the redirect URIs name one host.
    pub fn sector(&self) -> Result<Option<String>, SectorError> {
        if self.subject_type == SubjectType::Public {
            return Ok(None);
        }
        if let Some(uri) = &self.sector_identifier_uri {
            return host(uri).map(Some).ok_or(SectorError::BadUri);
        }
        let hosts: Option<BTreeSet<String>> = self.redirect_uris.iter().map(|uri| host(uri)).collect();
        let mut hosts = hosts.ok_or(SectorError::Ambiguous)?.into_iter();
        match (hosts.next(), hosts.next()) {
            (one, None) => Ok(one),
            _ => Err(SectorError::Ambiguous),
        }
    }
}

/// As the URL standard writes it: lower-case, so that spelling makes no sector of its own.
fn host(uri: &str) -> Option<String> {
    // Whoever takes a private-use scheme may write any host behind it: only the web has hosts that are somebody's.
    let url = Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.host_str().filter(|host| !host.is_empty()).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector(metadata: serde_json::Value) -> Result<Option<String>, SectorError> {
        serde_json::from_value::<ClientMetadata>(metadata).expect("metadata").sector()
    }

    #[test]
    fn core_8_1_the_sector_is_one_host() {
        let pairwise = |uris: &[&str], sector_uri: Option<&str>| {
            sector(serde_json::json!({
                "subject_type": "pairwise", "redirect_uris": uris, "sector_identifier_uri": sector_uri
            }))
        };
        let one = Ok(Some("rp.example".to_owned()));
        assert_eq!(pairwise(&["https://rp.example/a", "https://RP.example:444/b"], None), one);
        assert_eq!(
            pairwise(&["https://a.example/", "https://b.example/"], Some("https://rp.example/s.json")),
            one
        );
        assert_eq!(
            pairwise(&["https://a.example/", "https://b.example/"], None),
            Err(SectorError::Ambiguous)
        );
        assert_eq!(pairwise(&["com.example.app:/callback"], None), Err(SectorError::Ambiguous));
        assert_eq!(pairwise(&["com.example.app://rp.example/callback"], None), Err(SectorError::Ambiguous));
        assert_eq!(pairwise(&["https://a.example/"], Some("urn:example:sector")), Err(SectorError::BadUri));
        // Nobody signs in there, so nobody needs a name.
        assert_eq!(pairwise(&[], None), Ok(None));
        let two = serde_json::json!({"redirect_uris": ["https://a.example/", "https://b.example/"]});
        assert_eq!(sector(two), Ok(None), "public");
    }
}
