//! What people read about a client, in their language (OpenID Connect Registration §2.1): `client_name#pl`.

use serde_json::Value;

use super::metadata::ClientMetadata;
use crate::domain::locale::Locale;

/// The members that may carry a language tag.
const LOCALIZED: [&str; 5] = ["client_name", "client_uri", "logo_uri", "policy_uri", "tos_uri"];

/// Splits `client_name#pl` into name and tag; `None` for what is no such member.
pub(super) fn tagged(name: &str) -> Option<(&'static str, &str)> {
    let (base, tag) = name.split_once('#')?;
    LOCALIZED.into_iter().find(|known| *known == base).map(|base| (base, tag))
}

/// BCP 47, as far as a stranger's tag needs to be looked at: letters, digits and hyphens.
pub(super) fn is_language_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl ClientMetadata {
    pub fn name_in(&self, locale: Locale) -> Option<&str> {
        self.in_language("client_name", self.client_name.as_deref(), locale)
    }

    pub fn client_uri_in(&self, locale: Locale) -> Option<&str> {
        self.in_language("client_uri", self.client_uri.as_deref(), locale)
    }

    pub fn logo_uri_in(&self, locale: Locale) -> Option<&str> {
        self.in_language("logo_uri", self.logo_uri.as_deref(), locale)
    }

    pub fn policy_uri_in(&self, locale: Locale) -> Option<&str> {
        self.in_language("policy_uri", self.policy_uri.as_deref(), locale)
    }

    pub fn tos_uri_in(&self, locale: Locale) -> Option<&str> {
        self.in_language("tos_uri", self.tos_uri.as_deref(), locale)
    }

    /// Names that mean nothing to this provider; registered names with a language tag are understood.
    pub fn unknown_names(&self) -> impl Iterator<Item = &str> {
        self.other.keys().map(String::as_str).filter(|name| tagged(name).is_none())
    }

    /// Every value of a member that may carry a tag, with its full name.
    pub(super) fn every_language<'a>(
        &'a self,
        base: &'a str,
        untagged: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let tagged =
            self.other.iter().filter(move |(name, _)| tagged(name).is_some_and(|(own, _)| own == base));
        let tagged = tagged.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        untagged.map(|value| (base, value)).into_iter().chain(tagged)
    }

    /// Tagged exactly so; in that language anyhow (`pl-PL`); without a tag; in whatever language there is.
    fn in_language<'a>(&'a self, base: &str, untagged: Option<&'a str>, locale: Locale) -> Option<&'a str> {
        let tags = || {
            self.other
                .iter()
                .filter_map(|(name, value)| Some((tagged(name)?, value.as_str()?)))
                .filter(|((own, _), _)| *own == base)
                .map(|((_, tag), value)| (tag, value))
        };
        tags()
            .find(|(tag, _)| tag.eq_ignore_ascii_case(locale.tag()))
            .or_else(|| tags().find(|(tag, _)| Locale::from_tag(tag) == Some(locale)))
            .map(|(_, value)| value)
            .or(untagged)
            .or_else(|| tags().next().map(|(_, value)| value))
    }

    /// Tagged members whose tag is none, or whose value is no text.
    pub(super) fn badly_tagged(&self) -> Option<&str> {
        self.other.iter().find_map(|(name, value)| {
            let (_, tag) = tagged(name)?;
            (!is_language_tag(tag) || !matches!(value, Value::String(_))).then_some(name.as_str())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(value: serde_json::Value) -> ClientMetadata {
        serde_json::from_value(value).expect("metadata")
    }

    #[test]
    fn registration_2_1_the_language_that_fits_best() {
        let both = metadata(serde_json::json!({
            "client_name": "Any", "client_name#pl-PL": "Czynsze", "client_name#EN": "Rents", "client_name#de": "Mieten"
        }));
        assert_eq!(both.name_in(Locale::Polish), Some("Czynsze"));
        assert_eq!(both.name_in(Locale::English), Some("Rents"));
        let other = metadata(serde_json::json!({"client_name": "Any", "client_name#de": "Mieten"}));
        assert_eq!(other.name_in(Locale::Polish), Some("Any"));
        let foreign =
            metadata(serde_json::json!({"client_name#de": "Mieten", "tos_uri#pl": "https://rp.example/"}));
        assert_eq!(foreign.name_in(Locale::Polish), Some("Mieten"));
        assert_eq!(foreign.tos_uri_in(Locale::English), Some("https://rp.example/"));
        assert_eq!(foreign.logo_uri_in(Locale::English), None);
    }
}
