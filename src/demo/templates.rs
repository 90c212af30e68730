//! Templates of the demo's pages, with their texts.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, langid, static_loader};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior};

use crate::domain::locale::Locale;
use crate::views::address::with_whole_post_codes;

static_loader! {
    static TEXTS = {
        locales: "./templates/demo/locales",
        fallback_language: "pl",
        // The marks are for mixed writing directions; here they would be invisible characters in copied numbers.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// With `t("key", name=value)` in the language that `frame.lang` of the page says.
pub(super) fn environment(templates: &[(&'static str, &'static str)]) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    // A misspelt field must fail in the tests instead of leaving a gap in the page.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_filter("address", with_whole_post_codes);
    environment
        .add_function("t", |state: &State<'_, '_>, key: &str, given: Kwargs| translate(state, key, &given));
    for (name, source) in templates {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

fn translate(state: &State<'_, '_>, key: &str, given: &Kwargs) -> Result<String, Error> {
    let frame = state.lookup("frame").unwrap_or_default();
    let lang = frame.get_attr("lang")?;
    let language: LanguageIdentifier =
        if lang.as_str() == Some(Locale::English.tag()) { langid!("en") } else { langid!("pl") };
    let mut arguments: HashMap<Cow<'static, str>, FluentValue<'static>> = HashMap::new();
    for name in given.args() {
        let value: Value = given.get(name)?;
        let value = match value.as_str() {
            Some(text) => text.to_owned().into(),
            None => i64::try_from(value)?.into(),
        };
        arguments.insert(Cow::Owned(name.to_owned()), value);
    }
    TEXTS
        .lookup_single_language(&language, key, Some(&arguments))
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, format!("no text `{key}`: {error}")))
}
