//! Which language to answer in: what the person chose, then what the service asked for, then what the browser
//! prefers, then Polish.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum_extra::extract::cookie::Cookie;

use crate::domain::locale::Locale;
use crate::http::cookies::Kept;
use crate::http::state::Web;
use crate::oidc::parameters::Parameters;

#[derive(Debug, Clone, Copy, Default)]
pub(in crate::http) struct Languages {
    /// By this request's own `ui_locales`: remembered.
    asked_now: Option<Locale>,
    remembered: Option<Locale>,
    accepted: Option<Locale>,
}

impl FromRequestParts<Arc<Web>> for Languages {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Infallible> {
        Ok(Self::of_request(web, &parts.uri, &parts.headers))
    }
}

impl Languages {
    pub(in crate::http) fn of_request(web: &Web, uri: &Uri, headers: &HeaderMap) -> Self {
        let query = Parameters::parse(uri.query().unwrap_or_default());
        Self {
            asked_now: query.get("ui_locales").and_then(Locale::from_preferences),
            remembered: web.cookies.read(headers, Kept::Locale).as_deref().and_then(Locale::from_tag),
            accepted: headers
                .get(ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok())
                .and_then(first_accepted),
        }
    }

    /// The language of the answer; `service` is what the service asked for.
    pub(in crate::http) fn resolve(self, service: Option<Locale>) -> Locale {
        self.asked_now.or(self.remembered).or(service).or(self.accepted).unwrap_or_default()
    }

    /// The cookie that remembers a choice made by this request.
    pub(in crate::http) fn remember(self, web: &Web) -> Option<Cookie<'static>> {
        self.asked_now.map(|locale| web.cookies.locale(locale))
    }
}

/// The language we speak with the highest weight; of equal ones the first (RFC 9110 §12.5.4).
fn first_accepted(header: &str) -> Option<Locale> {
    let weighed = header.split(',').filter_map(|range| {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = match parameters.trim().strip_prefix("q=") {
            Some(weight) => {
                weight.trim().parse::<f32>().ok().filter(|weight| (0.0..=1.0).contains(weight))?
            }
            None => 1.0,
        };
        Some((Locale::from_tag(tag.trim())?, weight))
    });
    let best = weighed
        .filter(|(_, weight)| *weight > 0.0)
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(locale, _)| locale)
}

/// For the fuzz targets.
#[cfg(feature = "fuzzing")]
pub(crate) fn read(header: &str) -> Option<Locale> {
    first_accepted(header)
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn rfc_9110_12_5_4_the_best_language_we_speak() {
        assert_eq!(first_accepted("en-GB,en;q=0.9,pl;q=0.8"), Some(Locale::English));
        assert_eq!(first_accepted("de,pl;q=0.5,en;q=0.1"), Some(Locale::Polish));
        assert_eq!(first_accepted("en;q=0.2, pl;q=0.9"), Some(Locale::Polish));
        assert_eq!(first_accepted("de, fr, en;q=0"), None);
        assert_eq!(first_accepted("\u{0};;;"), None);
    }

    proptest! {
        #[test]
        fn any_header_and_any_wish_has_an_answer(header in crate::arbitrary::text(), list in "[a-zA-Z,;=q0-9. -]{0,40}") {
            for text in [header, list] {
                if let Some(locale) = first_accepted(&text) {
                    prop_assert!(text.to_ascii_lowercase().contains(locale.tag()));
                }
                if let Some(locale) = Locale::from_preferences(&text) {
                    prop_assert!(text.to_ascii_lowercase().contains(locale.tag()));
                }
            }
        }

        #[test]
        fn rfc_9110_12_5_4_the_heavier_one_wins(polish in 1..=1000u32, english in 1..=1000u32) {
            let weight = |thousandths: u32| format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            let header = format!("en;q={}, fr, pl-PL;q={}", weight(english), weight(polish));
            let heavier = if polish > english { Locale::Polish } else { Locale::English };
            prop_assert_eq!(first_accepted(&header), Some(heavier));
        }
    }
}
