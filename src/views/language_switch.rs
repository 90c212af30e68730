//! The link in the header that shows the same page in another language.

use serde::Serialize;
use url::form_urlencoded;

use super::texts;
use crate::domain::locale::Locale;

/// Where a page lives: enough to come back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address<'a> {
    /// With a query of its own, if it needs one.
    pub path: &'a str,
    /// The stored authorization request that the page is a part of.
    pub authorization: Option<&'a str>,
}

/// One other language, named in that language.
#[derive(Debug, Serialize)]
pub(super) struct OtherLanguage {
    tag: &'static str,
    name: String,
    href: String,
}

/// A link for every language but the present one.
///
/// # Errors
/// When a language has no name in its own texts.
pub(super) fn other_languages(
    locale: Locale,
    address: Address<'_>,
) -> Result<Vec<OtherLanguage>, texts::TextError> {
    Locale::ALL
        .into_iter()
        .filter(|other| *other != locale)
        .map(|other| {
            Ok(OtherLanguage {
                tag: other.tag(),
                name: texts::text(other, "language-name", &texts::Arguments::new())?,
                href: href(other, address),
            })
        })
        .collect()
}

fn href(locale: Locale, address: Address<'_>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(authorization) = address.authorization {
        query.append_pair("authorization", authorization);
    }
    query.append_pair("ui_locales", locale.tag());
    let joint = if address.path.contains('?') { '&' } else { '?' };
    format!("{}{joint}{}", address.path, query.finish())
}
