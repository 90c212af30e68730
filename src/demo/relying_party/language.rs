//! Which language to speak: the one chosen by a link, else the one the browser prefers, else Polish.

use crate::domain::locale::Locale;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) struct Language {
    pub locale: Locale,
    /// Chosen by `?lang=`. Such a choice travels along in links: a cookie of its own would be too much for it.
    pub chosen: bool,
}

impl Language {
    pub(in crate::demo) fn negotiate(chosen: Option<&str>, accept_language: Option<&str>) -> Self {
        match chosen.and_then(Locale::from_tag) {
            Some(locale) => Self { locale, chosen: true },
            None => Self { locale: accept_language.and_then(preferred).unwrap_or_default(), chosen: false },
        }
    }

    /// With a choice that was made earlier and remembered.
    pub(super) fn or_remembered(self, remembered: Option<Locale>) -> Self {
        match remembered {
            Some(locale) if !self.chosen => Self { locale, chosen: true },
            _ => self,
        }
    }

    pub(super) fn choice(self) -> Option<Locale> {
        self.chosen.then_some(self.locale)
    }

    /// The address of a page of ours, in this language.
    pub(in crate::demo) fn link(self, path: &str) -> String {
        match self.choice() {
            Some(locale) => format!("{path}?lang={}", locale.tag()),
            None => path.to_owned(),
        }
    }
}

/// The language of `Accept-Language` with the greatest weight that we speak (RFC 9110 §12.5.4).
fn preferred(accept_language: &str) -> Option<Locale> {
    let mut best: Option<(Locale, f32)> = None;
    for range in accept_language.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let Some(locale) = parts.next().and_then(Locale::from_tag) else {
            continue;
        };
        let weight = parts
            .find_map(|parameter| parameter.strip_prefix("q="))
            .map_or(Some(1.0), |weight| weight.parse::<f32>().ok())
            .filter(|weight| (0.0..=1.0).contains(weight))
            .unwrap_or(0.0);
        // Among equals the first one wins: people list what they like best first.
        if weight > best.map_or(0.0, |(_, greatest)| greatest) {
            best = Some((locale, weight));
        }
    }
    best.map(|(locale, _)| locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_is_weighed() {
        for (header, expected) in [
            ("en", Some(Locale::English)),
            ("en-GB,en;q=0.9,pl;q=0.8", Some(Locale::English)),
            ("de-DE, pl;q=0.3, en;q=0.7", Some(Locale::English)),
            ("pl,en", Some(Locale::Polish)),
            ("en;q=0, pl;q=0.1", Some(Locale::Polish)),
            ("en;q=7", None),
            ("de", None),
            ("", None),
            (";;,,q=1", None),
        ] {
            assert_eq!(preferred(header), expected, "{header}");
        }
    }

    #[test]
    fn a_choice_outweighs_the_browser_and_an_unknown_one_is_ignored() {
        let english = Language { locale: Locale::English, chosen: true };
        assert_eq!(Language::negotiate(Some("en"), Some("pl")), english);
        assert_eq!(Language::negotiate(Some("xx"), None), Language { locale: Locale::Polish, chosen: false });
        assert_eq!(Language::negotiate(None, None).or_remembered(Some(Locale::English)), english);
        assert_eq!(english.link("/"), "/?lang=en");
        assert_eq!(Language::negotiate(None, Some("en")).link("/"), "/");
    }
}
