//! Every sentence that a person reads, by key and language (`templates/locales/{pl,en}/*.ftl`).
//!
//! There is no fallback from one language to the other: a page half in Polish and half in English is a defect, and the
//! tests render every page in both.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, langid, static_loader};

use crate::domain::locale::Locale;

static_loader! {
    static TEXTS = {
        locales: "./templates/locales",
        fallback_language: "pl",
        // The isolating marks that Fluent puts around arguments are for mixed writing directions. Here they would be
        // invisible characters that get copied along with a login or a request number.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const POLISH: LanguageIdentifier = langid!("pl");
const ENGLISH: LanguageIdentifier = langid!("en");

/// The named values of a text.
pub(super) type Arguments = HashMap<Cow<'static, str>, FluentValue<'static>>;

/// A key without a text, or a text that needs an argument it did not get.
#[derive(Debug, thiserror::Error)]
#[error("the text `{key}` cannot be said in `{locale}`")]
pub(super) struct TextError {
    key: String,
    locale: Locale,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// The text for a key (`message` or `message.attribute`).
///
/// # Errors
/// [`TextError`].
pub(super) fn text(locale: Locale, key: &str, arguments: &Arguments) -> Result<String, TextError> {
    let language = match locale {
        Locale::Polish => POLISH,
        Locale::English => ENGLISH,
    };
    TEXTS.lookup_single_language(&language, key, Some(arguments)).map_err(|source| TextError {
        key: key.to_owned(),
        locale,
        source: Box::new(source),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_text_and_a_missing_argument_are_errors() {
        for locale in Locale::ALL {
            assert!(text(locale, "no-such-text", &Arguments::new()).is_err());
            assert!(text(locale, "error-internal.no-such-attribute", &Arguments::new()).is_err());
            assert!(text(locale, "sign-in-for", &Arguments::new()).is_err(), "$client is missing");
        }
    }

    #[test]
    fn arguments_stand_in_the_text_without_invisible_marks() {
        let arguments = Arguments::from([("name".into(), "Rozliczenia".into())]);
        assert_eq!(text(Locale::Polish, "back-to", &arguments).ok().as_deref(), Some("Wróć do: Rozliczenia"));
        assert_eq!(
            text(Locale::English, "back-to", &arguments).ok().as_deref(),
            Some("Back to: Rozliczenia")
        );
    }
}
